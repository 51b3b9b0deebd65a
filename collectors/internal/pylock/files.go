package pylock

import (
	"encoding/hex"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Artefact is one file that a package can be installed from.
type Artefact struct {
	URL, Name string   // one of the two at least
	Digests   []string // "sha256:HEX"
	Uploaded  string   // RFC 3339
	Sort      string   // "sdist", "wheel", "archive"
	Size      string   // in bytes, as written
	Line      int
}

// comment says what sort of file it is, and how large.
func (a Artefact) comment() string {
	if n, err := strconv.ParseUint(strings.ReplaceAll(a.Size, "_", ""), 10, 63); err == nil {
		return strings.TrimPrefix(fmt.Sprintf("%s, %d bytes", a.Sort, n), ", ")
	}
	return a.Sort
}

// Artefact adds a file: as a reference with its digest where it has a URL, else
// as integrity data.
func (l *Lock) Artefact(p *Package, a Artefact) {
	if p.files >= maxFiles {
		if p.files == maxFiles {
			l.limit(a.Line, "%s has more than %d files; the rest is left out", p.Name, maxFiles)
			p.files++
		}
		return
	}
	if len(a.Digests) > maxNotes {
		l.limit(a.Line, "a file of %s has more than %d digests; the rest is left out", p.Name, maxNotes)
		a.Digests = a.Digests[:maxNotes]
	}
	hashes, others := l.digests(p, a)
	if p.files++; !slices.ContainsFunc(hashes, strong) && len(others) == 0 {
		p.bare++
	}
	p.released(a)
	if p.single && len(p.Hashes) == 0 && len(hashes) > 0 {
		p.Hashes = hashes
		p.at("hashes", a.Line)
	}
	at := Clean(a.URL)
	if strings.Contains(at, "://") {
		if !p.single && Plain(at) {
			scheme, rest, _ := strings.Cut(at, "://")
			host, _, _ := strings.Cut(rest, "/")
			l.index(scheme+"://"+host, a.Line)
		}
		p.Refs = append(p.Refs, sbom.Ref{Type: "distribution", URL: at, Comment: a.comment(), Hashes: hashes})
		p.first("refs", a.Line)
		l.sums(p, a, others)
		return
	}
	if !p.single {
		l.sums(p, a, a.Digests)
	}
}

// sums keeps digests as integrity data, with the name of the file.
func (l *Lock) sums(p *Package, a Artefact, digests []string) {
	for _, text := range digests {
		sum := strings.ToLower(strings.TrimSpace(text))
		name, _, _ := strings.Cut(sum, ":")
		alg, _ := algorithm(name)
		if _, ok := Digest(sum); !ok && (alg != "" || !someDigest.MatchString(sum)) {
			continue
		}
		if name := path.Base(or(a.Name, a.URL)); name != "." {
			sum += " " + name
		}
		p.Package.Integrity = append(p.Package.Integrity, sum)
		p.first("package.integrity", a.Line)
	}
}

var someDigest = pattern.Lazy(`^[a-z][a-z0-9_-]*:(?:[0-9a-f]{2})+$`)

// strong tells whether a digest ties a file to its bytes: of MD5 and SHA-1, two
// files with one digest can be made.
func strong(h sbom.Hash) bool { return h.Alg != "MD5" && h.Alg != "SHA-1" }

// digests gives those that the vocabulary knows, and as written those of other
// algorithms of Python's hashlib.
func (l *Lock) digests(p *Package, a Artefact) (hashes []sbom.Hash, others []string) {
	for _, text := range a.Digests {
		if text == "" {
			continue
		}
		h, ok := Digest(text)
		name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), ":")
		alg, _ := algorithm(name)
		switch {
		case ok:
			hashes = append(hashes, h)
		case alg == "" && someDigest.MatchString(strings.ToLower(strings.TrimSpace(text))):
			others = append(others, text)
		default:
			l.Problem(a.Line, "a digest of %s is not one: want the algorithm, a colon and hexadecimal digits", p.Name)
		}
	}
	return hashes, others
}

func (p *Package) first(field string, line int) {
	if p.Lines[field] == 0 {
		p.at(field, line)
	}
}

// released keeps the time of the first upload: then the version was there. It is
// kept to the second, since indexes and locks differ in how much finer they tell.
func (p *Package) released(a Artefact) {
	at, err := time.Parse(time.RFC3339Nano, a.Uploaded)
	if err != nil {
		return
	}
	at = at.UTC().Truncate(time.Second)
	if old, err := time.Parse(time.RFC3339, p.Released); err != nil || at.Before(old) {
		p.Released = at.Format(time.RFC3339)
		p.at("released", a.Line)
	}
}

// Digest reads "sha256:HEX", of an algorithm of Python's hashlib.
func Digest(s string) (sbom.Hash, bool) {
	name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), ":")
	alg, size := algorithm(name)
	raw, err := hex.DecodeString(value)
	if alg == "" || err != nil || len(raw) != size {
		return sbom.Hash{}, false
	}
	return sbom.Hash{Alg: alg, Value: value}, true
}

// algorithm gives CycloneDX's name of an algorithm of Python's hashlib, and the
// size of its digest in bytes.
func algorithm(name string) (alg string, size int) {
	switch name {
	case "sha256":
		return "SHA-256", 32
	case "sha384":
		return "SHA-384", 48
	case "sha512":
		return "SHA-512", 64
	case "sha3_256":
		return "SHA3-256", 32
	case "sha3_384":
		return "SHA3-384", 48
	case "sha3_512":
		return "SHA3-512", 64
	case "blake2b":
		return "BLAKE2b-512", 64
	case "sha1":
		return "SHA-1", 20
	case "md5":
		return "MD5", 16
	}
	return "", 0
}
