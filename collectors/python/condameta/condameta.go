// Package condameta reads conda-meta/*.json, one record for each package that
// conda, mamba or pixi installed into an environment, after conda's PrefixRecord
// (https://docs.conda.io/projects/conda/en/stable/dev-guide/specs/index.html and
// conda/models/records.py).
//
// What a package needs is found among the names of the records beside it, so that
// an edge leads to the version that is installed. A package that somebody asked
// for (requested_spec) is what the environment depends on; the environment is the
// project of the folder that holds conda-meta.
//
// Not understood: the files that a package consists of, which are counted; what
// pip installed, which has records of its own (*.dist-info). The files "history",
// "pinned" and "state" are no records of packages: the log of commands repeats
// what the records say and may hold paths and tokens, pins only bind later
// changes, and variables may be secrets.
package condameta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the records of installed conda packages.
var Collector = sbom.Collector{
	Name: "python/condameta",
	Doc: "Installed conda packages (conda-meta/*.json)\n\n" +
		"Packages that are installed in an environment with version, build, channel, file, digests and\n" +
		"licence, the edges between them, and which were asked for.",
	Match:   []string{"conda-meta/*.json"},
	Collect: collect,
}

// Bounds on one record.
const (
	maxDepends = 2000
	maxBeside  = 20_000 // records in one folder
)

// record is what is read of a record.
type record struct {
	Name           string     `json:"name"`
	Version        string     `json:"version"`
	Build          string     `json:"build"`
	BuildString    string     `json:"build_string"`
	Channel        channel    `json:"channel"`
	Schannel       string     `json:"schannel"`
	Subdir         string     `json:"subdir"`
	URL            string     `json:"url"`
	SHA256         string     `json:"sha256"`
	MD5            string     `json:"md5"`
	License        string     `json:"license"`
	LicenseFamily  string     `json:"license_family"`
	Depends        []string   `json:"depends"`
	Files          []anything `json:"files"`
	Noarch         anything   `json:"noarch"`
	RequestedSpec  string     `json:"requested_spec"`
	RequestedSpecs []string   `json:"requested_specs"`
	Purls          []string   `json:"purls"`
}

// anything skips a value, and keeps it where it is a text.
type anything struct{ text string }

// UnmarshalJSON takes any value.
func (a *anything) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &a.text)
	}
	return nil
}

// channel is a text, or what older versions of conda wrote.
type channel string

// UnmarshalJSON takes a text or an object with a name.
func (c *channel) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*c = channel(text)
		return nil
	}
	var old struct{ Scheme, Location, Name string }
	if json.Unmarshal(data, &old) == nil && old.Location != "" {
		*c = channel(old.Scheme + "://" + old.Location + "/" + old.Name)
	}
	return nil
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	var r record
	var odd error
	if err := json.Unmarshal(data, &r); err != nil {
		var kind *json.UnmarshalTypeError
		if !errors.As(err, &kind) || kind.Field == "" {
			return nil, &sbom.Problem{Line: lineOf(data, err), Reason: "the record of a package is no JSON object: " + err.Error()}
		}
		odd = &sbom.Problem{Line: lineOf(data, err), Reason: fmt.Sprintf("the value of %.50q is of another kind than conda writes; it is left out", kind.Field)}
	}
	file, ok := conda.SplitName(strings.TrimSuffix(path.Base(f.Path), ".json"))
	if r.Name == "" && ok && r.Version == "" && r.URL == "" {
		return nil, &sbom.Problem{Reason: "the record has neither a name nor a version nor an address of its package"}
	}
	if at, found := conda.ParseArchive(r.URL); found && r.Subdir == "" {
		r.Subdir = at.Subdir
	}
	if r.Name == "" || r.Version == "" {
		if !ok {
			return nil, nil // no record of a package
		}
		r.Name, r.Version = file.Name, file.Version
	}
	s, problems := r.sighting(f)
	problems = append(problems, odd)
	if s.Keys.PURL == "" {
		return nil, errors.Join(problems...)
	}
	seen := []sbom.Sighting{s}
	if env, ok := r.environment(f, s); ok {
		seen = append([]sbom.Sighting{env}, seen...)
	}
	return seen, errors.Join(problems...)
}

// lineOf gives the line of a fault, from 1.
func lineOf(data []byte, err error) int {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(0)
	switch {
	case errors.As(err, &syntax):
		at = syntax.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	return 1 + strings.Count(string(data[:min(int64(len(data)), at)]), "\n")
}

func (r *record) sighting(f *sbom.File) (sbom.Sighting, []error) {
	name := strings.ToLower(r.Name)
	s := sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Line: 1}}
	s.Kind, s.Name, s.Version = conda.Kind(name), name, r.Version
	if s.Keys.PURL = sbom.Conda(name, r.Version); s.Keys.PURL == "" {
		return s, []error{&sbom.Problem{Reason: fmt.Sprintf("%.100q can be no name of a conda package", r.Name)}}
	}
	s.Package = &sbom.Package{Dependencies: "complete"}
	if l := r.License; l != "" {
		s.Licenses = []sbom.License{sbom.ParseLicense(l)}
	}
	if at := r.channel(); at != "" {
		s.Package.Source = sbom.Source{Type: "registry", URL: at}
		if conda.Insecure(at) {
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleInsecureIndex, Message: name + " was taken from " + at + ", without transport security"})
		}
	}
	r.file(&s)
	r.properties(&s)
	return s, r.needs(f, &s)
}

// channel gives the address that the package came from.
func (r *record) channel() string {
	for _, c := range []string{string(r.Channel), r.Schannel} {
		if at := conda.ChannelURL(c); strings.Contains(c, "://") && at != "" {
			return at
		}
	}
	if a, ok := conda.ParseArchive(r.URL); ok && a.Channel != "" {
		return a.Channel
	}
	return conda.ChannelURL(string(r.Channel))
}

// file adds the file that was installed. The record says which one it was, and
// nobody hashed it again.
func (r *record) file(s *sbom.Sighting) {
	ref := sbom.Ref{Type: "distribution", URL: conda.Clean(r.URL), Comment: strings.Trim(r.Subdir+"/"+r.build(), "/")}
	for _, d := range []string{"sha256:" + r.SHA256, "md5:" + r.MD5} {
		d = conda.Digest(d)
		alg, value, ok := strings.Cut(d, ":")
		if !ok {
			continue
		}
		if ref.URL == "" || !strings.Contains(ref.URL, "://") || strings.HasPrefix(ref.URL, "file:") {
			s.Package.Integrity = append(s.Package.Integrity, d+" "+r.Name+"-"+r.Version+"-"+r.build())
			continue
		}
		ref.Hashes = append(ref.Hashes, sbom.Hash{Alg: map[string]string{"sha256": "SHA-256", "md5": "MD5"}[alg], Value: value})
	}
	if strings.Contains(ref.URL, "://") && !strings.HasPrefix(ref.URL, "file:") {
		s.Refs = []sbom.Ref{ref}
	}
}

func (r *record) build() string {
	if r.Build != "" {
		return r.Build
	}
	return r.BuildString
}

func (r *record) properties(s *sbom.Sighting) {
	add := func(name, value string) {
		if value != "" {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:conda:" + name, Value: value})
		}
	}
	add("build", r.build())
	add("subdir", r.Subdir)
	add("noarch", r.Noarch.text)
	add("license-family", r.LicenseFamily)
	if len(r.Files) > 0 {
		add("files", strconv.Itoa(len(r.Files)))
	}
	for _, p := range r.Purls {
		add("provides", p)
	}
}
