package installed

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one RECORD and on the files that are held against it.
const (
	maxEntries  = 500_000
	maxChecked  = 400      // files of one package
	maxFile     = 1 << 20  // bytes of one of them
	maxBytes    = 16 << 20 // of all of them
	maxTold     = 10       // findings of one package
	maxBadLines = 20
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
	c.read(text)
	if len(c.s.Links) == 0 && len(c.s.Findings) == 0 {
		return nil, errors.Join(c.problems...)
	}
	return []sbom.Sighting{c.s}, errors.Join(c.problems...)
}

// vendored tells whether the folder is one in which a package keeps copies of
// others: who copies changes imports and leaves out tests.
func vendored(site string) bool {
	i := strings.LastIndex("/"+site+"/", "-packages/")
	return i >= 0 && !strings.HasSuffix(site, "-packages") || vendorFolder.MatchString(site)
}

var vendorFolder = regexp.MustCompile(`(?i)(^|/)_?vendor(ed)?(/|$)`)

type checker struct {
	file     *sbom.File
	site     string // the folder that paths start from
	s        sbom.Sighting
	trusted  bool // conda puts its own prefix into files after they were recorded
	checked  int
	bytes    int64
	differ   int
	problems []error
	bad      int
}

func (c *checker) problem(line int, format string, args ...any) {
	if c.bad++; c.bad <= maxBadLines {
		c.problems = append(c.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

func (c *checker) read(text string) {
	rows := csv.NewReader(strings.NewReader(text))
	rows.FieldsPerRecord, rows.ReuseRecord = -1, true
	for n := 0; ; n++ {
		row, err := rows.Read()
		if err == io.EOF {
			return
		}
		var bad *csv.ParseError
		switch {
		case errors.As(err, &bad):
			c.problem(bad.Line, "the line is no comma-separated list: %v", bad.Err)
			continue
		case err != nil:
			c.problem(0, "%v", err)
			return
		case n == maxEntries:
			c.problem(0, "more than %d files; the rest is not read", maxEntries)
			return
		}
		line, _ := rows.FieldPos(0)
		c.entry(row, line)
	}
}

func (c *checker) entry(row []string, line int) {
	if len(row) != 3 {
		c.problem(line, "%.80q: want a path, a digest and a size", strings.Join(row, ","))
		return
	}
	name := strings.ReplaceAll(row[0], "\\", "/")
	if name == "" || path.IsAbs(name) {
		return // a script or data somewhere on the machine
	}
	if _, err := strconv.ParseUint(row[2], 10, 63); row[2] != "" && err != nil {
		c.problem(line, "%.80q: %.40q is no size", name, row[2])
	}
	full := path.Join(c.site, name)
	if full == ".." || strings.HasPrefix(full, "../") {
		return
	}
	if strings.HasSuffix(strings.ToLower(name), ".pth") && !strings.Contains(name, "/") {
		to := sbom.Component{Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{Path: full}}
		c.s.Links = append(c.s.Links, sbom.Link{Rel: sbom.Contains, To: to, Line: line})
	}
	if row[1] == "" {
		return
	}
	alg, digest, _ := strings.Cut(row[1], "=")
	want, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(digest, "="))
	sum := sumOf(alg)
	switch {
	case sum == nil:
		c.problem(line, "%.80q: digests of kind %.20q are not known or not safe", name, alg)
	case err != nil || len(want) != sum.Size():
		c.problem(line, "%.80q: the digest is not in base64 or not complete", name)
	case c.trusted && matters(name):
		c.check(full, name, sum, string(want), line)
	}
}

func sumOf(alg string) hash.Hash {
	switch alg {
	case "sha256":
		return sha256.New()
	case "sha384":
		return sha512.New384()
	case "sha512":
		return sha512.New()
	}
	return nil
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
func (c *checker) check(full, name string, sum hash.Hash, want string, line int) {
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
	n, err := io.Copy(sum, io.LimitReader(h, maxFile+1))
	if err != nil {
		return
	}
	c.checked++
	c.bytes += n
	if string(sum.Sum(nil)) == want {
		return
	}
	switch c.differ++; {
	case c.differ <= maxTold:
		c.find(name+" is not the file that was installed", line)
	case c.differ == maxTold+1:
		c.find("more files are not those that were installed", line)
	}
}

func (c *checker) find(message string, line int) {
	c.s.Findings = append(c.s.Findings, sbom.Finding{Rule: sbom.RuleDigest, Message: message, Where: sbom.Place{Line: line}})
}
