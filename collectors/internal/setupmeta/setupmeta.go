// Package setupmeta fills in what a Python project says of itself by the keywords
// of setuptools, which setup.py and setup.cfg share:
// https://setuptools.pypa.io/en/latest/references/keywords.html. It keeps what
// is stated first, with its line, and drops placeholders.
package setupmeta

import (
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pyterms"
	"github.com/mlbom/mlbom/sbom"
)

const maxLicenseText = 64 << 10 // bytes

// Project is a project that is being described.
type Project struct {
	*pydep.Manifest
	File string // the path of the manifest
	// classified keeps licences of classifiers until it is known that nothing
	// else states one.
	classified []sbom.License
	line       int
}

// New begins a project.
func New(f *sbom.File) *Project {
	p := &Project{Manifest: pydep.New(f), File: f.Path}
	p.App.Package = &sbom.Package{}
	return p
}

// at keeps the line of a field's first value.
func (p *Project) at(field string, line int) {
	if p.App.Lines[field] == 0 && line > 0 {
		p.App.Lines[field] = line
	}
}

func (p *Project) set(field string, into *string, value string, line int) {
	if *into == "" && value != "" {
		*into = value
		p.at(field, line)
	}
}

// Text takes the value of a keyword with one text; false where it knows none of
// that name.
func (p *Project) Text(keyword, value string, line int) bool {
	value = strings.TrimSpace(value)
	known := true
	if value == "" || strings.EqualFold(value, "unknown") || strings.HasPrefix(value, "TODO") {
		return true
	}
	switch keyword {
	case "name":
		p.set("name", &p.App.Name, value, line)
	case "version":
		p.set("version", &p.App.Version, value, line)
	case "description", "summary":
		p.set("description", &p.App.Description, value, line)
	case "python_requires", "requires_python":
		p.set("package.requiresPython", &p.App.Package.RequiresPython, value, line)
	case "license", "license_expression":
		p.license(value, line)
	case "license_file":
		p.LicenseFile(value, line)
	case "url", "home_page":
		p.URL("homepage", value, line)
	case "download_url":
		p.URL("download", value, line)
	default:
		known = false
	}
	return known
}

// license keeps a licence; of a whole text the first line names it.
func (p *Project) license(value string, line int) {
	first, rest, _ := strings.Cut(value, "\n")
	l := sbom.ParseLicense(strings.TrimSpace(first))
	if rest = strings.TrimSpace(rest); rest != "" && len(value) <= maxLicenseText {
		l.Text = value
	}
	if l != (sbom.License{}) && !slices.Contains(p.App.Licenses, l) {
		p.App.Licenses = append(p.App.Licenses, l)
		p.at("licenses", line)
	}
}

// LicenseFile keeps the path of a file that holds a licence; patterns name none.
func (p *Project) LicenseFile(name string, line int) {
	if name == "" || strings.ContainsAny(name, "*?[\\") || path.IsAbs(name) || strings.HasPrefix(path.Clean(name), "..") {
		return
	}
	p.ref("license", path.Join(path.Dir(p.File), name), "", line)
}

// Author keeps a person: names and addresses come as two keywords, each of
// which may list several.
func (p *Project) Author(names, emails string, line int) {
	n, e := fields(names), fields(emails)
	if len(n) > 1 && len(e) != len(n) && len(e) != 0 { // whose address is not said
		for _, mail := range e {
			p.person(sbom.Party{Email: mail}, line)
		}
		e = nil
	}
	for i := range max(len(n), len(e)) {
		var party sbom.Party
		if i < len(n) {
			party.Name = n[i]
		}
		if i < len(e) {
			party.Email = e[i]
		}
		if name, mail, ok := strings.Cut(party.Email, "<"); ok {
			party.Email = strings.Trim(mail, "> ")
			if name = strings.Trim(name, `" `); name != "" {
				party.Name = name
			}
		}
		p.person(party, line)
	}
}

func (p *Project) person(party sbom.Party, line int) {
	if party != (sbom.Party{}) && !slices.Contains(p.App.Authors, party) {
		p.App.Authors = append(p.App.Authors, party)
		p.at("authors", line)
	}
}

// fields cuts a list at commas that no company's form stands behind.
func fields(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		switch low := strings.ToLower(strings.TrimSuffix(part, ".")); {
		case part == "":
		case len(out) > 0 && slices.Contains([]string{"inc", "ltd", "llc", "gmbh", "jr", "phd", "corp", "co"}, low):
			out[len(out)-1] += ", " + part
		default:
			out = append(out, strings.TrimPrefix(part, "and "))
		}
	}
	return out
}

// Tags keeps keywords.
func (p *Project) Tags(list []string, line int) {
	for _, k := range list {
		if k = strings.TrimSpace(k); k != "" && !slices.Contains(p.App.Tags, k) {
			p.App.Tags = append(p.App.Tags, k)
			p.at("tags", line)
		}
	}
}

// URL keeps an address by its label.
func (p *Project) URL(label, at string, line int) {
	at = pylock.Clean(at)
	if !strings.Contains(at, "://") {
		return
	}
	kind, comment := pyterms.URL(label)
	p.ref(kind, at, comment, line)
}

func (p *Project) ref(kind, at, comment string, line int) {
	for _, old := range p.App.Refs {
		if old.Type == kind && old.URL == at {
			return
		}
	}
	p.App.Refs = append(p.App.Refs, sbom.Ref{Type: kind, URL: at, Comment: comment})
	p.at("refs", line)
}

// Classifier keeps the licence that a trove classifier names.
func (p *Project) Classifier(text string, line int) {
	l, ok := pyterms.License(text)
	if !ok {
		return
	}
	if len(p.classified) == 0 {
		p.line = line
	}
	p.classified = append(p.classified, l)
}

// Finish takes the licence of the classifiers where nothing else states one.
func (p *Project) Finish() {
	if len(p.App.Licenses) == 0 && len(p.classified) > 0 {
		p.App.Licenses = p.classified
		p.at("licenses", p.line)
	}
	if reflect.ValueOf(*p.App.Package).IsZero() {
		p.App.Package = nil
	}
}

// Section takes the name of a section of extras apart: "extra", "extra:marker"
// or ":marker", as setuptools has it.
func Section(key string) (extra, marker string) {
	extra, marker, _ = strings.Cut(key, ":")
	return strings.TrimSpace(extra), strings.TrimSpace(marker)
}

// Requirement adds a requirement, under one more marker.
func (p *Project) Requirement(text string, line int, marker string, groups ...string) {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "#") {
		return
	}
	r, err := pep508.Parse(text)
	if err != nil {
		p.Problem(line, "%.100q is no requirement: %v", text, err)
		return
	}
	if marker != "" {
		if err := pep508.CheckMarker(marker); err != nil {
			p.Problem(line, "%.100q is no marker: %v", marker, err)
		} else if r.Marker != "" {
			r.Marker = "(" + r.Marker + ") and " + grouped(marker)
		} else {
			r.Marker = marker
		}
	}
	if p.App.Name != "" && pep508.Normalize(r.Name) == pep508.Normalize(p.App.Name) {
		return // itself, with its extras
	}
	p.Add(pydep.Need{Requirement: r, Line: line, Groups: groups})
}

func grouped(marker string) string {
	if strings.Contains(marker, " or ") {
		return "(" + marker + ")"
	}
	return marker
}
