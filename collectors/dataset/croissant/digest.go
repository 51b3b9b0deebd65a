package croissant

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// digest gives a digest in lower case where it has the length of its algorithm
// in bytes and is not one digit over and over.
func digest(text string, size int) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	if len(text) != 2*size || strings.Trim(text, "0123456789abcdef") != "" || strings.Count(text, text[:1]) == len(text) {
		return "", false
	}
	return text, true
}

// stated reads sha256 and md5. Much that stands there is no digest: a word, a
// branch, an issue's address, a digest of another kind; why then says so.
func (s *draft) stated(p *part) (hashes []sbom.Hash, why string, line int) {
	line = p.node.Line
	for _, alg := range []struct {
		key, name string
		size      int
	}{{"sha256", "SHA-256", 32}, {"md5", "MD5", 16}} {
		text, at := s.doc.text(p.node, alg.key)
		if text == "" {
			continue
		}
		line = at
		if value, ok := digest(text, alg.size); ok {
			hashes = append(hashes, sbom.Hash{Alg: alg.name, Value: value})
		} else {
			why = fmt.Sprintf(": its %s %s is no %s digest in hexadecimal", alg.key, quoted(text), alg.name)
		}
	}
	return hashes, why, line
}

// digests fills the digests of a file. One that is stated for several files is
// no key, nor is that of an empty file.
func (s *draft) digests(p *part, shared map[string]bool) {
	hashes, why, line := s.stated(p)
	for _, h := range hashes {
		s.Hashes = append(s.Hashes, h)
		s.mark("hashes", line)
		if h.Alg == "SHA-256" && !shared[h.Value] && h.Value != emptyDigest {
			s.Keys.SHA256 = h.Value
		}
	}
	if len(hashes) == 0 && (len(p.in) == 0 || why != "") {
		s.finding(sbom.RuleNoHash, fmt.Sprintf("no digest ties the file %s to its bytes%s", p.title(), why), line)
	}
}

// sharedDigests finds the digests that are stated for several files: copied by
// mistake, they would make one of what are many.
func (d *document) sharedDigests() map[string]bool {
	of, shared := map[string]string{}, map[string]bool{}
	for _, p := range d.parts {
		text, line := d.text(p.node, "sha256")
		value, ok := digest(text, 32)
		if !ok || p.repository() {
			continue
		}
		if other, seen := of[value]; seen && other != p.url {
			if !shared[value] {
				d.problem(line, "the sha256 of %s is also that of another file, so it identifies neither", p.title())
			}
			shared[value] = true
		}
		of[value] = p.url
	}
	return shared
}
