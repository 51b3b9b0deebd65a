package pylock

import (
	"encoding/hex"
	"path"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// Artefact is one file that a package can be installed from.
type Artefact struct {
	URL, Name string   // one of the two at least
	Digests   []string // "sha256:HEX"
	Uploaded  string   // RFC 3339
	Sort      string   // "sdist", "wheel", "archive"
	Line      int
}

// Artefact adds a file: as a reference with its digest where it has a URL, else
// as integrity data.
func (l *Lock) Artefact(p *Package, a Artefact) {
	if len(p.Refs)+len(p.Package.Integrity) >= maxFiles {
		if len(p.Refs)+len(p.Package.Integrity) == maxFiles {
			l.Problem(a.Line, "%s has more than %d files; the rest is left out", p.Name, maxFiles)
			p.Package.Integrity = append(p.Package.Integrity, "incomplete")
		}
		return
	}
	hashes := l.digests(p, a)
	p.released(a)
	if p.single && len(p.Hashes) == 0 && len(hashes) > 0 {
		p.Hashes = hashes
		p.at("hashes", a.Line)
	}
	at := Clean(a.URL)
	if strings.Contains(at, "://") {
		p.Refs = append(p.Refs, sbom.Ref{Type: "distribution", URL: at, Comment: a.Sort, Hashes: hashes})
		p.first("refs", a.Line)
		return
	}
	if p.single {
		return
	}
	for _, text := range a.Digests {
		if _, ok := digest(text); !ok {
			continue
		}
		sum := strings.ToLower(strings.TrimSpace(text))
		if a.Name != "" {
			sum += " " + path.Base(a.Name)
		}
		p.Package.Integrity = append(p.Package.Integrity, sum)
		p.first("package.integrity", a.Line)
	}
}

func (l *Lock) digests(p *Package, a Artefact) []sbom.Hash {
	var hashes []sbom.Hash
	for _, text := range a.Digests {
		if text == "" {
			continue
		}
		if h, ok := digest(text); ok {
			hashes = append(hashes, h)
		} else {
			l.Problem(a.Line, "a digest of %s is not one: want the algorithm, a colon and hexadecimal digits", p.Name)
		}
	}
	return hashes
}

func (p *Package) first(field string, line int) {
	if p.Lines[field] == 0 {
		p.at(field, line)
	}
}

// released keeps the time of the first upload: then the version was there.
func (p *Package) released(a Artefact) {
	at, err := time.Parse(time.RFC3339Nano, a.Uploaded)
	if err != nil {
		return
	}
	if old, err := time.Parse(time.RFC3339Nano, p.Released); err != nil || at.Before(old) {
		p.Released = a.Uploaded
		p.at("released", a.Line)
	}
}

// digest reads "sha256:HEX".
func digest(s string) (sbom.Hash, bool) {
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
