package reqfile

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
)

// Requirement is what a line asks for.
type Requirement struct {
	pep508.Requirement
	Editable bool
	Path     string       // of a folder or an archive, as written, without extras; not of a URL
	Archive  bool         // Path is a wheel or another archive
	File     *pep508.File // what the name of a wheel or source distribution says
}

var (
	schemes = pattern.Lazy(`(?i)^(?:https?|file|ftp|bzr\+(?:https?|ssh|sftp|ftp|lp|file)|git\+(?:https?|ssh|git|file)|hg\+(?:file|https?|ssh|static-http)|svn\+(?:ssh|https?|svn|file)):`)
	vcs     = pattern.Lazy(`(?i)^(?:git|hg|svn|bzr)\+`)
	bareVCS = pattern.Lazy(`(?i)^(?:git|hg|svn|bzr):`)
	extras  = pattern.Lazy(`(?s)^(.+)(\[[^\]]+\])$`)
	archive = pattern.Lazy(`(?i)\.(?:zip|whl|tar\.bz2|tbz|tar\.gz|tgz|tar|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$`)
	egg     = pattern.Lazy(`[#&]egg=([^&]*)`)
	// What follows the name was taken once: extras, and the version that a link stands for.
	project = pattern.Lazy(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(\[[^\]]*\])?(?:==.*)?$`)
)

// Parse reads the requirement of a line. isDir knows the folders by the path as
// written, for a text with a slash in it is one only where it exists.
func Parse(text string, isDir func(string) bool) (Requirement, error) {
	if len(text) > pep508.MaxLength {
		return Requirement{}, fmt.Errorf("the requirement is longer than %d bytes", pep508.MaxLength)
	}
	var r Requirement
	separator := ";"
	if bareVCS.MatchString(text) { // "git://h/r.git", which pip takes after -e alone
		text = text[:strings.Index(text, ":")] + "+" + text
	}
	isURL := schemes.MatchString(text)
	if isURL {
		separator = "; "
	}
	name, marker, _ := strings.Cut(text, separator)
	if r.Marker = strings.TrimSpace(marker); r.Marker != "" {
		if err := pep508.CheckMarker(r.Marker); err != nil {
			return r, err
		}
	}
	if name = strings.TrimSpace(name); isURL {
		r.URL = name
		return r, r.named()
	}
	at, some := stripExtras(name)
	switch {
	case looksLikePath(name) && isDir(at):
		r.Path = at
	case archive.MatchString(at) && !named(name):
		r.Path, r.Archive = at, true
		if err := r.file(path.Base(strings.ReplaceAll(at, `\`, "/"))); err != nil {
			return r, err
		}
	default:
		parsed, err := pep508.Parse(name)
		if err != nil && looksLikePath(name) {
			err = fmt.Errorf("no folder of that name is in the tree, and as a requirement: %w", err)
		}
		parsed.Marker = r.Marker
		r.Requirement = parsed
		return r, err
	}
	var err error
	r.Extras, err = convert(some)
	return r, err
}

// ParseEditable reads what -e names: a repository or a folder.
func ParseEditable(text string, isDir func(string) bool) (Requirement, error) {
	if direct, err := pep508.Parse(text); err == nil && direct.URL != "" {
		return Requirement{Requirement: direct, Editable: true}, nil
	}
	r := Requirement{Editable: true}
	at, some := stripExtras(text)
	var err error
	switch {
	case isDir(at):
		r.Path = at
	case strings.HasPrefix(strings.ToLower(at), "file:"):
		r.URL = at
	case bareVCS.MatchString(text):
		r.URL = strings.ToLower(text[:strings.Index(text, ":")]) + "+" + text
		return r, r.named()
	case vcs.MatchString(text):
		r.URL = text
		return r, r.named()
	case strings.Contains(text, "://"):
		return r, errors.New("-e takes a repository or a folder, and no file from the network")
	default:
		r.Path = at
	}
	if r.Extras, err = convert(some); err == nil && r.URL != "" {
		err = r.named()
	}
	return r, err
}

// named takes the name out of the URL: of the wheel, or as the fragment says.
func (r *Requirement) named() error {
	at, _, _ := strings.Cut(r.URL, "#")
	at, _, _ = strings.Cut(at, "?")
	base := path.Base(at)
	if plain, err := url.PathUnescape(base); err == nil {
		base = plain
	}
	if !vcs.MatchString(r.URL) && archive.MatchString(base) {
		if err := r.file(base); err != nil {
			return err
		}
		if strings.HasSuffix(strings.ToLower(base), ".whl") {
			return nil
		}
	}
	m := egg.FindStringSubmatch(r.URL)
	if m == nil {
		return nil
	}
	parts := project.FindStringSubmatch(m[1])
	if parts == nil {
		return fmt.Errorf("%.60q after \"egg=\" is no name of a package", m[1])
	}
	r.Name = parts[1]
	more, err := convert(parts[2])
	r.Extras = append(r.Extras, more...)
	return err
}

// file reads the name of an archive. That of a wheel has to be right; another one
// says something where it is.
func (r *Requirement) file(base string) error {
	f, err := pep508.ParseFile(base)
	if err == nil {
		r.File, r.Name = &f, f.Name
	}
	if strings.HasSuffix(strings.ToLower(base), ".whl") {
		if err == nil {
			r.Specifier = "==" + f.Version.String()
		}
		return err
	}
	return nil
}

func stripExtras(s string) (at, some string) {
	if m := extras.FindStringSubmatch(s); m != nil {
		return strings.TrimRight(m[1], " \t"), m[2]
	}
	return s, ""
}

func convert(some string) ([]string, error) {
	if some == "" || some == "[]" {
		return nil, nil
	}
	r, err := pep508.Parse("x" + strings.ToLower(some))
	return r.Extras, err
}

func looksLikePath(s string) bool { return strings.ContainsAny(s, `/\`) || strings.HasPrefix(s, ".") }

// named knows "x @ https://h/x.zip", which ends like an archive and is none.
func named(s string) bool {
	before, _, ok := strings.Cut(s, "@")
	return ok && !looksLikePath(before)
}
