package pylock

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Sort says what a package is taken from.
type Sort int

// The sorts of origin.
const (
	Index  Sort = iota // a package index
	Git                // a repository
	Direct             // a file at a URL
	File               // a file in the tree
	Folder             // a project in the tree
)

// Origin is where a package is taken from, as the lock says.
type Origin struct {
	Sort        Sort
	At          string // URL or path
	System      string // of a repository: "hg", "svn", "bzr"; "" is git
	Ref, Commit string // of a repository
	Subfolder   string
	Editable    bool
	Line        int
}

// Place gives the package its keys and its source. An index that is not named
// is PyPI.
func (l *Lock) Place(p *Package, o Origin) {
	s := &p.Package.Source
	at := Clean(o.At)
	if o.At != "" && at == "" {
		l.Problem(o.Line, "the source of %s is no usable address", p.Name)
	}
	if o.Sort != Folder { // a folder is what its key says, by whatever way
		p.Set("package.source.url", &s.URL, at, o.Line)
	}
	if p.Package.Editable = o.Editable; o.Editable {
		p.at("package.editable", o.Line)
	}
	p.single = o.Sort == Direct || o.Sort == File
	switch o.Sort {
	case Index:
		if p.Keys.PURL = sbom.PyPI(Normalize(p.Name), p.Version); p.Keys.PURL == "" {
			l.Problem(p.Where.Line, "%.100q can be no name of a package in an index", p.Name)
		}
		if at != "" {
			p.Set("package.source.type", &s.Type, "registry", o.Line)
		}
		l.index(at, o.Line)
	case Git:
		l.git(p, o, at)
	case Direct:
		p.Set("package.source.type", &s.Type, "url", o.Line)
		if at != "" {
			p.Keys.URL = at + subfolder(o.Subfolder)
		}
		p.insecure(at, o.Line)
	case File, Folder:
		l.path(p, o)
	}
}

// index tells, once, of an index without transport security.
func (l *Lock) index(at string, line int) {
	if !Plain(at) || l.insecure[at] {
		return
	}
	l.insecure[at] = true
	l.Project.Findings = append(l.Project.Findings, sbom.Finding{
		Rule:    sbom.RuleInsecureIndex,
		Message: "packages are taken from " + at + ", without transport security",
		Where:   sbom.Place{Line: line},
	})
}

func (p *Package) insecure(at string, line int) {
	if Plain(at) {
		p.find(sbom.RuleInsecureIndex, p.Name+" is taken from "+at+", without transport security", line)
	}
}

func (p *Package) find(rule, message string, line int) {
	p.Findings = append(p.Findings, sbom.Finding{Rule: rule, Message: Redact(message), Where: sbom.Place{Line: line}})
}

// Plain tells whether an address goes over the network in the clear.
func Plain(at string) bool {
	scheme, host, ok := strings.Cut(at, "://")
	if !ok || !slices.Contains([]string{"http", "git", "ftp"}, strings.ToLower(scheme)) {
		return false
	}
	if end := strings.IndexAny(host, ":/"); end >= 0 {
		host = host[:end]
	}
	return host != "localhost" && host != "127.0.0.1"
}

func (l *Lock) git(p *Package, o Origin, at string) {
	s := &p.Package.Source
	system := or(o.System, "git")
	p.Set("package.source.type", &s.Type, system, o.Line)
	pin := strings.ToLower(o.Commit)
	pinned := sbom.IsCommit(pin) || pin != "" && system != "git"
	if !pinned {
		o.Ref = or(o.Ref, o.Commit) // a branch in the place of a commit
	}
	p.Set("package.source.ref", &s.Ref, o.Ref, o.Line)
	if pinned {
		p.Set("package.source.commit", &s.Commit, pin, o.Line)
	} else {
		p.find(sbom.RuleUnpinned, p.Name+" is taken from a repository without a commit", o.Line)
		pin = o.Ref
	}
	p.insecure(at, o.Line)
	if !strings.Contains(at, "://") { // a repository on the machine that locked
		return
	}
	p.Keys.URL = system + "+" + at
	if pin != "" {
		p.Keys.URL += "@" + url.PathEscape(pin)
	}
	p.Keys.URL += subfolder(o.Subfolder)
	p.Refs = append(p.Refs, sbom.Ref{Type: "vcs", URL: at})
	p.at("refs", o.Line)
}

func subfolder(name string) string {
	if name = strings.Trim(name, "/"); name == "" || name == "." {
		return ""
	}
	return "#subdirectory=" + (&url.URL{Path: name}).EscapedPath()
}

// path places what lies in the tree.
func (l *Lock) path(p *Package, o Origin) {
	target, ok := l.inside(path.Join(strings.TrimPrefix(o.At, "file://"), o.Subfolder))
	if o.Sort == Folder {
		p.Kind = sbom.KindApplication
	}
	if o.Sort == File || !ok {
		p.Set("package.source.type", &p.Package.Source.Type, "path", o.Line)
		p.Set("package.source.url", &p.Package.Source.URL, Clean(o.At), o.Line)
	}
	switch {
	case !ok:
		p.find(sbom.RulePathEscape, p.Name+" is taken from "+Clean(o.At)+", which is outside of the tree", o.Line)
	case o.Sort == Folder:
		p.Keys.Path = sbom.Project(path.Join(target, "pyproject.toml"), "python")
	default:
		p.Keys.Path = target
	}
}

// inside gives the path below the scan root that a path in the lock means.
func (l *Lock) inside(target string) (string, bool) {
	if path.IsAbs(target) || strings.ContainsAny(target, "\\:\x00") {
		return "", false
	}
	target = path.Join(path.Dir(l.File), target)
	return target, target != ".." && !strings.HasPrefix(target, "../")
}

var scp = pattern.Lazy(`^([\w.-]+@[\w.-]+):([^/].*)$`)

// Clean gives an address or a path without credentials; "" for what is neither.
// A user alone is kept for ssh, where it is part of the address.
func Clean(at string) string {
	at = strings.TrimSpace(at)
	if m := scp.FindStringSubmatch(at); m != nil {
		at = "ssh://" + m[1] + "/" + m[2]
	}
	if !strings.Contains(at, "://") {
		return at
	}
	if scheme, _, _ := strings.Cut(at, "://"); !strings.HasSuffix(strings.ToLower(scheme), "ssh") {
		at = Redact(at) // before the parser, which takes no "${PASSWORD}"
	}
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	if u.User != nil && strings.HasSuffix(u.Scheme, "ssh") {
		u.User = url.User(u.User.Username())
	} else {
		u.User = nil
	}
	return u.String()
}

var userinfo = pattern.Lazy(`([A-Za-z][A-Za-z0-9+.-]*://)[^/\s"'<>]*@`)

// Redact takes the credentials out of every address in a text: all up to the last
// "@" of the host, for a password may hold one.
func Redact(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return userinfo.ReplaceAllString(text, "$1")
}
