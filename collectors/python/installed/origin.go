package installed

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// origin is direct_url.json (PEP 610).
type origin struct {
	URL          string `json:"url"`
	Subdirectory string `json:"subdirectory"`
	VCS          *struct {
		VCS      string `json:"vcs"`
		Revision string `json:"requested_revision"`
		Commit   string `json:"commit_id"`
	} `json:"vcs_info"`
	Archive *struct {
		Hash   string            `json:"hash"`
		Hashes map[string]string `json:"hashes"`
	} `json:"archive_info"`
	Dir *struct {
		Editable bool `json:"editable"`
	} `json:"dir_info"`
}

func indexKeys(name, version string) sbom.Keys {
	return sbom.Keys{PURL: sbom.PyPI(pylock.Normalize(name), version)}
}

// originAt reads where a package was installed from; nil for an index. What a
// builder of conda packages leaves speaks of its own machine only.
func originAt(fsys fs.FS, dir string) *origin {
	o, _ := parseOrigin(small(fsys, path.Join(dir, "direct_url.json"), maxBeside))
	if o != nil && strings.EqualFold(firstLine(small(fsys, path.Join(dir, "INSTALLER"), maxHead)), "conda") {
		return nil
	}
	return o
}

func parseOrigin(text string) (*origin, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	o := &origin{}
	if err := json.Unmarshal([]byte(text), o); err != nil {
		return nil, fmt.Errorf("direct_url.json cannot be read: %w", err)
	}
	if o.URL == "" {
		return nil, fmt.Errorf("direct_url.json has no url")
	}
	return o, nil
}

func (o *origin) local() bool { return strings.HasPrefix(strings.ToLower(o.URL), "file:") }

// keys gives a package that is none of an index its key, spelt as the lock files'
// collectors do. A local archive is the package that its metadata says.
func (o *origin) keys(c *sbom.Component, dir string) {
	at := pylock.Clean(o.URL)
	sub := ""
	if s := strings.Trim(o.Subdirectory, "/"); s != "" && s != "." {
		sub = "#subdirectory=" + (&url.URL{Path: s}).EscapedPath()
	}
	switch {
	case o.local() && o.Archive != nil:
	case o.local() || at == "":
		c.Keys = sbom.Keys{Path: dir + "/"}
	case o.VCS != nil:
		pin := strings.ToLower(o.VCS.Commit)
		if !sbom.IsCommit(pin) {
			pin = o.VCS.Commit
		}
		c.Keys = sbom.Keys{URL: o.VCS.VCS + "+" + at}
		if pin != "" {
			c.Keys.URL += "@" + url.PathEscape(pin)
		}
		c.Keys.URL += sub
	default:
		c.Keys = sbom.Keys{URL: at + sub}
	}
}

// origin reads direct_url.json into the sighting.
func (r *reader) origin(s *sbom.Sighting) {
	if r.folder == "" {
		return
	}
	if _, err := parseOrigin(r.beside("direct_url.json")); err != nil {
		r.problems = append(r.problems, &sbom.Problem{Reason: err.Error()})
		return
	}
	o := originAt(r.file.FS, r.folder)
	if o == nil {
		return
	}
	o.keys(&s.Component, r.folder)
	source := &s.Package.Source
	at := pylock.Clean(o.URL)
	if o.local() {
		at = ""
	}
	switch {
	case o.VCS != nil && at != "":
		*source = sbom.Source{Type: o.VCS.VCS, URL: at, Ref: o.VCS.Revision, Commit: strings.ToLower(o.VCS.Commit)}
		s.Refs = append(s.Refs, sbom.Ref{Type: "vcs", URL: at})
		if !sbom.IsCommit(source.Commit) {
			source.Commit = ""
			find(s, sbom.RuleUnpinned, s.Name+" was installed from a repository, and the commit is not recorded")
		}
	case o.Archive != nil && at != "":
		*source = sbom.Source{Type: "url", URL: at}
		s.Refs = append(s.Refs, sbom.Ref{Type: "distribution", URL: at, Hashes: o.hashes()})
		find(s, sbom.RuleDirectURL, s.Name+" was installed from "+at)
	case o.Archive != nil:
		*source = sbom.Source{Type: "path"}
		for _, h := range o.hashes() {
			s.Package.Integrity = append(s.Package.Integrity, strings.ToLower(strings.ReplaceAll(h.Alg, "-", ""))+":"+h.Value+" "+fileOf(o.URL))
		}
	default:
		*source = sbom.Source{Type: "path"}
		s.Package.Editable = o.Dir != nil && o.Dir.Editable
	}
	if strings.HasPrefix(at, "http://") {
		find(s, sbom.RuleInsecureIndex, s.Name+" was installed from "+at+", without transport security")
	}
}

func find(s *sbom.Sighting, rule, message string) {
	s.Findings = append(s.Findings, sbom.Finding{Rule: rule, Message: message})
}

// fileOf gives the name of a file, without the folders of the machine it was on.
func fileOf(at string) string {
	u, err := url.Parse(at)
	if err != nil {
		return ""
	}
	return path.Base(strings.ReplaceAll(u.Path, "\\", "/"))
}

func (o *origin) hashes() []sbom.Hash {
	all := o.Archive.Hashes
	if len(all) == 0 {
		if alg, value, ok := strings.Cut(o.Archive.Hash, "="); ok {
			all = map[string]string{alg: value}
		}
	}
	var list []sbom.Hash
	for _, alg := range []string{"sha256", "sha384", "sha512"} {
		if h, ok := pylock.Digest(alg + ":" + all[alg]); ok {
			list = append(list, h)
		}
	}
	return list
}
