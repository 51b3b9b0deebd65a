package installed

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pyrecord"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the files that are held against a RECORD.
const (
	maxChecked = 400      // files of one package
	maxFile    = 1 << 20  // bytes of one of them
	maxBytes   = 16 << 20 // of all of them
	maxTold    = 10       // findings of one package
	maxLinks   = 1000
)

// record reads RECORD, lines of "path,algorithm=digest,size", and holds it
// against the files that matter most.
func record(f *sbom.File) ([]sbom.Sighting, error) {
	owner, ok := ownerOf(f)
	if !ok {
		return nil, nil
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	c := &checker{file: f, site: path.Dir(path.Dir(f.Path))}
	c.s = sbom.Sighting{Component: owner, Basis: sbom.Observed, Hint: true, Where: sbom.Place{Line: 1}}
	c.trusted = !strings.EqualFold(firstLine(small(f.FS, path.Join(path.Dir(f.Path), "INSTALLER"), maxHead)), "conda")
	c.trusted = c.trusted && !vendored(c.site)
	list, problems := pyrecord.Parse(text)
	for _, e := range list {
		c.entry(e)
	}
	if len(c.s.Links) == 0 && len(c.s.Findings) == 0 {
		return nil, errors.Join(problems...)
	}
	return []sbom.Sighting{c.s}, errors.Join(problems...)
}

// vendored tells whether the folder is one in which a package keeps copies of
// others: who copies changes imports and leaves out tests.
func vendored(site string) bool {
	i := strings.LastIndex("/"+site+"/", "-packages/")
	return i >= 0 && !strings.HasSuffix(site, "-packages") || vendorFolder.MatchString(site)
}

var vendorFolder = pattern.Lazy(`(?i)(^|/)_?vendor(ed)?(/|$)`)

type checker struct {
	file    *sbom.File
	site    string // the folder that paths start from
	s       sbom.Sighting
	trusted bool // conda puts its own prefix into files after they were recorded
	checked int
	bytes   int64
	differ  int
}

func (c *checker) entry(e pyrecord.Entry) {
	full := path.Join(c.site, e.Name)
	if path.IsAbs(e.Name) || full == ".." || strings.HasPrefix(full, "../") {
		return // a script or data somewhere on the machine
	}
	if strings.HasSuffix(strings.ToLower(e.Name), ".pth") && !strings.Contains(e.Name, "/") {
		to := sbom.Component{Kind: sbom.KindFile, Name: e.Name, Keys: sbom.Keys{Path: full}}
		c.s.Links = append(c.s.Links, sbom.Link{Rel: sbom.Contains, To: to, Line: e.Line})
	}
	if dir := path.Dir(full); path.Base(full) == "METADATA" && strings.HasSuffix(dir, ".dist-info") && path.Dir(dir) != c.site && len(c.s.Links) < maxLinks {
		if to, ok := packageAt(c.file.FS, dir); ok { // a copy of another package
			c.s.Links = append(c.s.Links, sbom.Link{Rel: sbom.Contains, To: to, Note: "vendored", Line: e.Line})
		}
	}
	if e.Digest != "" && c.trusted && matters(e.Name) {
		c.check(full, e)
	}
}

// matters tells which files are held against their digests: those that run at
// startup or at the first import, and the metadata.
func matters(name string) bool {
	if strings.Contains(name, "../") {
		return false
	}
	depth := strings.Count(name, "/")
	folder, _, _ := strings.Cut(name, "/")
	switch {
	case strings.HasSuffix(folder, ".dist-info"):
		return depth == 1
	case strings.HasSuffix(name, ".pth"):
		return depth == 0
	}
	return strings.HasSuffix(name, ".py") && depth <= 1
}

// check reads one file and tells whether it is the recorded one. A file that is
// not there was taken away to save space, and runs no code.
func (c *checker) check(full string, e pyrecord.Entry) {
	if c.checked >= maxChecked || c.bytes >= maxBytes {
		return
	}
	info, err := fs.Stat(c.file.FS, full)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return
	}
	h, err := c.file.FS.Open(full)
	if err != nil {
		return
	}
	defer h.Close()
	same, n, err := e.Matches(h, maxFile+1)
	if err != nil {
		return
	}
	c.checked++
	c.bytes += n
	if same {
		return
	}
	switch c.differ++; {
	case c.differ <= maxTold:
		c.find(e.Name+" is not the file that was installed", e.Line)
	case c.differ == maxTold+1:
		c.find("more files are not those that were installed", e.Line)
	}
}

func (c *checker) find(message string, line int) {
	c.s.Findings = append(c.s.Findings, sbom.Finding{Rule: sbom.RuleDigest, Message: message, Where: sbom.Place{Line: line}})
}
