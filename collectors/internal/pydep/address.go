package pydep

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

var (
	subfolder = pattern.Lazy(`(?:^|&)subdirectory=([^&]+)`)
	egg       = pattern.Lazy(`(?:^|&)egg=([A-Za-z0-9._-]+)`)
	digest    = pattern.Lazy(`(?:^|&)(sha256|sha384|sha512|sha1|md5)=([0-9a-fA-F]+)`)
	vcs       = pattern.Lazy(`^(?i)(git|hg|svn|bzr)\+`)
	user      = pattern.Lazy(`^([A-Za-z][A-Za-z0-9+.-]*://)([^/@?#]*@)+`)
	plainUser = pattern.Lazy(`^([A-Za-z][A-Za-z0-9+.-]*ssh://[\w.-]+@)`)
	scp       = pattern.Lazy(`^([a-z0-9+.-]*ssh://(?:[\w.-]+@)?[\w.-]+):([^0-9/@][^/@]*(?:/.*)?)$`)
	// addressed is an address in a text, which may be cut off
	addressed = pattern.Lazy(`://[^\s"]*`)
	// variable is a variable of the environment as pip knows it: "${TOKEN}".
	variable = pattern.Lazy(`\$\{[A-Za-z0-9_]+\}`)
)

// Address gives an address without credentials. Unlike [pylock.Clean] it keeps
// one that hangs on variables of the environment: "https://${HOST}/simple".
func Address(at string) string {
	at = scp.ReplaceAllString(strings.TrimSpace(at), "$1/$2") // git+ssh://git@host:a/b, which is no URL
	if !variable.MatchString(at) {
		return pylock.Clean(at)
	}
	if !plainUser.MatchString(at) {
		at = user.ReplaceAllString(at, "$1")
	}
	if !variable.MatchString(at) {
		return pylock.Clean(at)
	}
	return at
}

// clean takes credentials out of what a message is made of, before it is cut to its
// length. Errors have been cut already: they lose the address.
func clean(args []any) {
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = pylock.Redact(a)
		case error:
			args[i] = addressed.ReplaceAllString(a.Error(), "://…")
		}
	}
}

// Variables lists the variables of the environment that a text names.
func Variables(text string) []string {
	all := variable.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// address keys a package by the repository or the file that it is taken from. It
// tells whether that can be known at all: what hangs on a variable has no key.
func (m *Manifest) address(s *sbom.Sighting, n Need) bool {
	at, fragment, _ := strings.Cut(n.URL, "#")
	if e := egg.FindStringSubmatch(fragment); e != nil && s.Name == "" {
		s.Name = e[1]
	}
	if kind := vcs.FindStringSubmatch(at); kind != nil {
		m.repository(s, n, strings.ToLower(kind[1]), at[len(kind[0]):], fragment)
	} else {
		m.download(s, n, at, fragment)
	}
	if missing := Variables(s.Package.Source.URL + s.Keys.URL); len(missing) > 0 {
		m.Problem(n.Line, "the address of %s hangs on %s, which is not expanded", s.Name, strings.Join(missing, ", "))
		s.Keys.URL = ""
		return false
	}
	return true
}

// download is a file from the network. Where one digest is known it is that file.
func (m *Manifest) download(s *sbom.Sighting, n Need, at, fragment string) {
	source := &s.Package.Source
	source.Type, source.URL = "url", Address(at)
	s.Keys.URL = source.URL
	if sub := subfolder.FindStringSubmatch(fragment); sub != nil && source.URL != "" {
		s.Keys.URL += "#subdirectory=" + strings.Trim(sub[1], "/")
	}
	base := path.Base(at)
	if plain, err := url.PathUnescape(base); err == nil {
		base = plain
	}
	if f, err := pep508.ParseFile(base); err == nil {
		if s.Version = f.Version.String(); s.Name == "" {
			s.Name = f.Name
		}
	}
	if s.Name == "" {
		s.Name = path.Base(source.URL)
	}
	for _, d := range digest.FindAllStringSubmatch(fragment, -1) {
		if sum := strings.ToLower(d[1] + ":" + d[2]); !slices.Contains(s.Package.Integrity, sum) {
			s.Package.Integrity = append(s.Package.Integrity, sum)
		}
	}
	single(s)
	switch {
	case strings.HasPrefix(source.URL, "http://") || strings.HasPrefix(source.URL, "ftp://"):
		m.Finding(sbom.RuleInsecureIndex, n.Line, "%s is taken from %s without transport security", s.Name, source.URL)
	case strings.HasPrefix(source.URL, "https://") && !strong(s) && !s.Hint:
		m.find(s, sbom.RuleDirectURL, n.Line, s.Name+" is taken from "+source.URL+", past any index and without a strong digest")
	}
}

// strong tells whether a digest ties the package to its bytes.
func strong(s *sbom.Sighting) bool {
	return len(s.Hashes) > 0 || slices.ContainsFunc(s.Package.Integrity, func(sum string) bool {
		return strings.HasPrefix(sum, "sha2") || strings.HasPrefix(sum, "sha3") || strings.HasPrefix(sum, "sha5")
	})
}

// single moves the one digest of a package that is one file to its hashes.
func single(s *sbom.Sighting) {
	if len(s.Package.Integrity) != 1 {
		return
	}
	algorithm, hex, _ := strings.Cut(s.Package.Integrity[0], ":")
	size := map[string]int{"sha256": 64, "sha384": 96, "sha512": 128}[algorithm]
	if size > 0 && len(hex) == size && strings.Trim(hex, "0123456789abcdef") == "" {
		s.Hashes = []sbom.Hash{{Alg: "SHA-" + algorithm[3:], Value: hex}}
		s.Package.Integrity = nil
	}
}

func (m *Manifest) find(s *sbom.Sighting, rule string, line int, message string) {
	s.Findings = append(s.Findings, sbom.Finding{Rule: rule, Message: message, Where: sbom.Place{Path: m.place, Line: line}})
}

// repository is a checkout: of git, Mercurial, Subversion or Bazaar.
func (m *Manifest) repository(s *sbom.Sighting, n Need, kind, at, fragment string) {
	source := &s.Package.Source
	source.Type = kind
	host := min(strings.Index(at, "://")+3, len(at))
	if slash := strings.IndexByte(at[host:], '/'); slash >= 0 {
		if i := strings.LastIndexByte(at, '@'); i > host+slash { // a reference can have slashes
			at, source.Ref = at[:i], at[i+1:]
		}
	}
	source.URL = Address(at)
	if source.URL == "" {
		return
	}
	if s.Name == "" {
		s.Name = strings.TrimSuffix(path.Base(source.URL), ".git")
	}
	s.Keys.URL = kind + "+" + source.URL
	if pinned(kind, source.Ref) {
		source.Commit, source.Ref = source.Ref, ""
		s.Keys.URL += "@" + source.Commit
	} else {
		if source.Ref != "" {
			s.Keys.URL += "@" + url.PathEscape(source.Ref)
		}
		if !s.Hint {
			m.find(s, sbom.RuleUnpinned, n.Line, s.Name+" is taken from "+source.URL+" without a commit, so what it is can change")
		}
	}
	if sub := subfolder.FindStringSubmatch(fragment); sub != nil {
		s.Keys.URL += "#subdirectory=" + strings.Trim(sub[1], "/")
	}
	if strings.HasPrefix(source.URL, "http://") || strings.HasPrefix(source.URL, "git://") || strings.HasPrefix(source.URL, "svn://") {
		m.Finding(sbom.RuleInsecureIndex, n.Line, "%s is taken from %s without transport security", s.Name, source.URL)
	}
}

// pinned tells whether a reference means the same for ever: a commit of git or
// Mercurial, a revision of Subversion.
func pinned(kind, ref string) bool {
	if kind == "svn" {
		return ref != "" && strings.Trim(ref, "0123456789") == ""
	}
	return kind != "bzr" && sbom.IsCommit(ref)
}
