package condaenv

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

var (
	selector    = pattern.Lazy(`^\[([^\]]+)\]`)
	beforeRange = pattern.Lazy(`^[A-Za-z0-9_.:/-]+`)
	choice      = pattern.Lazy(`^sel\(([^)]+)\)$`)
)

// dependency reads one element of the list: a specification, the list of pip, or
// a choice by platform (micromamba's "sel(linux): spec").
func (r *reader) dependency(v *yamllines.Value, marker string) {
	if v.IsMap() {
		for _, e := range v.Entries() {
			r.keyed(e)
		}
		return
	}
	text := v.Text()
	if text == "" {
		r.Problem(v.Line(), "a dependency is expected to be a text")
		return
	}
	if m := selector.FindStringSubmatch(v.Comment()); m != nil && marker == "" {
		marker = m[1]
	}
	if strings.Contains(text, "{{") {
		r.Problem(v.Line(), "%.100q is a template, which is not evaluated; its name alone is taken", conda.Redact(text))
		text = beforeRange.FindString(text)
	}
	s, err := conda.ParseSpec(text)
	if err != nil {
		r.Problem(v.Line(), "%.100q is no specification of conda: %v", conda.Redact(text), err)
		if !s.IsName() || sbom.Conda(s.Name, "") == "" {
			return
		}
	}
	if s.Marker == "" {
		s.Marker = marker
	}
	r.spec(s, text, v.Line())
}

// keyed reads a mapping in the list.
func (r *reader) keyed(e yamllines.Entry) {
	switch m := choice.FindStringSubmatch(e.Key); {
	case e.Key == "pip":
		r.pip(e.Value)
	case m != nil:
		if e.Value.IsScalar() {
			r.dependency(e.Value, m[1])
		}
		for _, d := range e.Value.Items() {
			if !r.step(d.Line()) {
				return
			}
			r.dependency(d, m[1])
		}
	case e.Value.IsScalar(): // "name: version", a slip that conda takes for no package
		r.Problem(e.Line, "%.50q: %.50q is a mapping where a text is expected", conda.Redact(e.Key), conda.Redact(e.Value.Text()))
	default:
		r.Problem(e.Line, "%.50q names no package manager that is known; what it lists is left out", conda.Redact(e.Key))
	}
}

// spec adds a package of conda.
func (r *reader) spec(s conda.Spec, text string, line int) {
	if len(r.conda) >= maxDependencies {
		if !r.full {
			r.full = true
			r.Problem(line, "more than %d packages; the rest is not read", maxDependencies)
		}
		return
	}
	got := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	c := &got.Component
	c.Kind, c.Name, c.Version = conda.Kind(s.Name), s.Name, s.Exact()
	if c.Version == "" && release.MatchString(s.Requirement) {
		c.Version = s.Requirement[1:]
	}
	c.Package = &sbom.Package{Groups: r.groups, Extras: s.Extras}
	c.Keys.PURL = sbom.Conda(s.Name, c.Version)
	if s.URL != "" {
		r.file(&got, s)
	}
	if c.Keys == (sbom.Keys{}) {
		r.Problem(line, "%.100q names no single package", conda.Redact(text))
		return
	}
	describe(c, s)
	r.conda = append(r.conda, got)
	to := sbom.Component{Kind: c.Kind, Name: c.Name, Version: c.Version, Keys: c.Keys}
	note := s.Requirement
	if s.Marker != "" {
		note += "; " + s.Marker
	}
	r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.TrimSpace(note), Line: line})
}

// release is a release that is named in full, as "conda env export --no-builds"
// does. To conda "=1.26.4" is 1.26.4.*, but nothing else is published under it.
var release = pattern.Lazy(`^=\d+(\.\d+){2,}$`)

// describe keeps what the specification says beside name and version.
func describe(c *sbom.Component, s conda.Spec) {
	if s.Requirement != "" && s.URL == "" {
		c.Package.Requirements = []string{s.Requirement}
	}
	if s.Marker != "" {
		c.Package.Markers = []string{s.Marker}
	}
	if at := conda.ChannelURL(s.Channel); at != "" && c.Package.Source == (sbom.Source{}) {
		c.Package.Source = sbom.Source{Type: "registry", URL: at}
	}
	facts := append([]conda.Pair{{Key: "build", Value: s.Build}, {Key: "subdir", Value: s.Subdir}}, s.Rest...)
	if s.Channel == "defaults" {
		facts = append(facts, conda.Pair{Key: "channel", Value: s.Channel})
	}
	for _, p := range facts {
		if p.Value != "" {
			c.Properties = append(c.Properties, sbom.Property{Name: "mlbom:conda:" + p.Key, Value: p.Value})
		}
	}
	if s.URL == "" {
		c.Package.Integrity = s.Digests
	}
}

// file adds where the file of a package lies. A file of a channel is the package
// of that name; one from elsewhere is what lies at its address.
func (r *reader) file(got *sbom.Sighting, s conda.Spec) {
	c := &got.Component
	line := got.Where.Line
	if !strings.Contains(s.URL, "://") || strings.HasPrefix(s.URL, "file:") {
		r.Problem(line, "%.200q is a file of one machine, which is not looked into", s.URL)
		return
	}
	if c.Name == "*" {
		c.Name = s.URL[strings.LastIndexByte(s.URL, '/')+1:]
	}
	ref := sbom.Ref{Type: "distribution", URL: s.URL, Comment: strings.Trim(s.Subdir+"/"+s.Build, "/")}
	for _, d := range s.Digests {
		alg, value, _ := strings.Cut(d, ":")
		ref.Hashes = append(ref.Hashes, sbom.Hash{Alg: map[string]string{"md5": "MD5", "sha256": "SHA-256"}[alg], Value: value})
	}
	c.Refs = []sbom.Ref{ref}
	if s.Channel == "" {
		c.Keys = sbom.Keys{URL: s.URL}
		c.Package.Source = sbom.Source{Type: "url", URL: s.URL}
	}
	rule, message := sbom.RuleDirectURL, " is taken from "+s.URL+", past the channels"
	if conda.Insecure(s.URL) {
		rule, message = sbom.RuleInsecureIndex, " is taken from "+s.URL+", without transport security"
	}
	got.Findings = append(got.Findings, sbom.Finding{Rule: rule, Message: c.Name + message, Where: sbom.Place{Line: line}})
}
