package condaenv

import (
	"path"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// pip reads the list of pip, whose elements are lines of a requirements file:
// https://pip.pypa.io/en/stable/reference/requirements-file-format/.
func (r *reader) pip(list *yamllines.Value) {
	items := list.Items()
	if list.IsScalar() {
		items = []*yamllines.Value{list}
	}
	for _, v := range items {
		text, line := v.Text(), v.Line()
		if !r.step(line) {
			return
		}
		if text == "" {
			r.Problem(line, "a requirement of pip is expected to be a text")
			continue
		}
		for part := range strings.Lines(text) { // a block of several lines
			if len(part) > pep508.MaxLength || !r.step(line) {
				r.Problem(line, "a requirement of pip is longer than %d bytes, or there are too many; the rest is left out", pep508.MaxLength)
				break
			}
			r.line(strings.TrimSpace(comment.ReplaceAllString(strings.TrimSpace(part), "")), line)
		}
	}
}

var (
	comment      = regexp.MustCompile(`(^|\s)#.*$`)
	perLine      = regexp.MustCompile(`\s--(hash|config-settings?|global-option|install-option)[= ]`)
	hash         = regexp.MustCompile(`--hash[= ]\s*((?:sha256|sha384|sha512):[0-9a-fA-F]+)`)
	trailing     = regexp.MustCompile(`\s(-[if]|--(index-url|extra-index-url|find-links|trusted-host|no-deps|pre|no-binary|only-binary|no-cache-dir))([= ]|$)`)
	scheme       = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9+.-]*://`)
	requirements = regexp.MustCompile(`^(requirements.*|.*requirements|constraints.*)\.(txt|in)$`)
	packed       = regexp.MustCompile(`\.(whl|tar\.gz|zip)$`)
	local        = regexp.MustCompile(`^(\.{1,2}(/|$|\[)|/|~)|\.(whl|tar\.gz|zip)$`)
)

func (r *reader) line(text string, line int) {
	switch {
	case text == "":
	case strings.HasPrefix(text, "-"):
		r.option(text, line)
	default:
		r.requirement(text, line, false)
	}
}

// valued are the options whose value is one word.
var valued = map[string]bool{"-r": true, "--requirement": true, "-c": true, "--constraint": true, "-i": true, "--index-url": true,
	"--extra-index-url": true, "-f": true, "--find-links": true, "--trusted-host": true}

// option reads an element that begins with an option.
func (r *reader) option(text string, line int) {
	name, value := text, ""
	if i := strings.IndexAny(text, "= \t"); i > 0 {
		name, value = text[:i], strings.TrimSpace(text[i+1:])
	} else if len(text) > 2 && text[1] != '-' { // -rfile
		name, value = text[:2], text[2:]
	}
	value = strings.Trim(value, `"'`)
	if i := strings.IndexAny(value, " \t"); i > 0 && valued[name] { // packages after an option
		defer r.line(strings.TrimSpace(value[i:]), line)
		value = value[:i]
	}
	switch name {
	case "-e", "--editable":
		r.requirement(value, line, true)
	case "-r", "--requirement", "-c", "--constraint":
		if !requirements.MatchString(strings.ToLower(path.Base(value))) {
			r.Problem(line, "the requirements of %.200q are not read from here; they are where the name of that file says that it holds requirements", conda.Clean(value))
		}
	case "-i", "--index-url", "--extra-index-url", "-f", "--find-links":
		r.index(name, value, line)
	case "--trusted-host":
		r.Finding(sbom.RuleInsecureIndex, line, "the certificate of %s is not checked", value)
	case "--pre", "--no-deps", "--no-index", "--no-binary", "--only-binary", "--prefer-binary", "--require-hashes", "--use-feature",
		"--no-cache-dir", "--no-build-isolation", "-U", "--upgrade", "--user", "--ignore-installed", "--force-reinstall", "--use-pep517", "--no-use-pep517":
	default:
		r.Problem(line, "the option %.50q of pip is not known", conda.Redact(name))
	}
}

// index judges a package index of pip.
func (r *reader) index(option, at string, line int) {
	at = pylock.Clean(at)
	if conda.Insecure(at) {
		r.Finding(sbom.RuleInsecureIndex, line, "packages are taken from %s, without transport security", at)
	}
	if option == "--extra-index-url" {
		r.Finding(sbom.RuleConfusion, line, "packages are taken from %s or from another index, whichever has the higher version", at)
	}
	r.property("pip-index", at, line)
}

// requirement reads one package with its own options.
func (r *reader) requirement(text string, line int, editable bool) {
	n := pydep.Need{Line: line, Groups: r.groups, Editable: editable}
	if i := perLine.FindStringIndex(text); i != nil {
		for _, h := range hash.FindAllStringSubmatch(text[i[0]:], -1) {
			n.Integrity = append(n.Integrity, strings.ToLower(h[1]))
		}
		text = strings.TrimSpace(text[:i[0]])
	}
	if i := trailing.FindStringIndex(text); i != nil { // options after a package, which pip itself refuses
		r.option(strings.TrimSpace(text[i[0]:]), line)
		text = strings.TrimSpace(text[:i[0]])
	}
	switch {
	case scheme.MatchString(text):
		n.URL, n.Marker, _ = strings.Cut(text, " ;")
		n.Marker = strings.TrimSpace(n.Marker)
	case local.MatchString(text) && !strings.Contains(text, "@ "), editable && !strings.Contains(text, "@"):
		r.local(text, n)
		return
	default:
		parsed, err := pep508.Parse(text)
		if err != nil {
			r.Problem(line, "%.100q is no requirement of pip: %v", conda.Redact(text), err)
			return
		}
		n.Requirement = parsed
	}
	if strings.HasPrefix(n.URL, "file:") {
		if n.URL = ""; n.Name == "" {
			r.Problem(line, "a package is taken from a file of one machine")
			return
		}
		r.Problem(line, "%s is taken from a file of one machine", n.Name)
	}
	r.Add(n)
}

// local reads a package of the tree: a folder, or a file that is not looked into.
func (r *reader) local(text string, n pydep.Need) {
	at, extras, _ := strings.Cut(text, "[")
	for e := range strings.SplitSeq(strings.TrimSuffix(extras, "]"), ",") {
		if e = strings.TrimSpace(e); e != "" {
			n.Extras = append(n.Extras, e)
		}
	}
	if at = strings.TrimSpace(at); packed.MatchString(at) || strings.HasPrefix(at, "~") {
		r.Problem(n.Line, "%.100q is a package file or lies on one machine; it is not looked into", conda.Redact(at))
		return
	}
	n.Folder = at
	r.Add(n)
}

// isPythonEnv knows MLflow's python_env.yaml.
func isPythonEnv(doc *yamllines.Value) bool {
	return doc.Get("python").IsScalar() && doc.Get("dependencies").IsList() && doc.Get("build_dependencies").IsList() && doc.Get("channels") == nil
}

// pythonEnv reads python_env.yaml.
func (r *reader) pythonEnv(doc *yamllines.Value) {
	r.groups = []string{"build"}
	r.pip(doc.Get("build_dependencies"))
	r.groups = []string{"main"}
	r.pip(doc.Get("dependencies"))
	v := doc.Get("python")
	got := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: v.Line()}}
	got.Kind, got.Name = sbom.KindPlatform, "python"
	got.Package = &sbom.Package{Groups: r.groups}
	key := "pkg:generic/python"
	if fullVersion.MatchString(v.Text()) {
		got.Version = v.Text()
		key += "@" + got.Version
	} else {
		got.Package.Requirements = []string{v.Text()}
	}
	got.Keys.PURL = key
	r.conda = append(r.conda, got)
	to := sbom.Component{Kind: got.Kind, Name: got.Name, Version: got.Version, Keys: got.Keys}
	r.App.Links = append(r.App.Links, sbom.Link{Rel: sbom.DependsOn, To: to, Note: strings.Join(got.Package.Requirements, ""), Line: v.Line()})
}

var fullVersion = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
