package croissant

import (
	"fmt"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/sbom"
)

// stated reads sha256 and md5. Much that stands there is no digest: a word, a
// branch, an issue's address, a digest of another kind; why then says so.
func (s *draft) stated(p *part) (hashes []sbom.Hash, why string, line int) {
	line = p.node.Line
	for _, key := range []string{"sha256", "md5"} {
		text, at := s.Doc.Text(p.node, key)
		if text == "" {
			continue
		}
		line = at
		if name, value, ok := datadesc.Digest(key, text); ok {
			hashes = append(hashes, sbom.Hash{Alg: name, Value: value})
		} else {
			why = fmt.Sprintf(": its %s %s is no %s digest in hexadecimal", key, quoted(text), name)
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
		s.Mark("hashes", line)
		if h.Alg == "SHA-256" && !shared[h.Value] && h.Value != datadesc.EmptyDigest {
			s.Keys.SHA256 = h.Value
		}
	}
	if len(hashes) == 0 && (len(p.in) == 0 || why != "") {
		s.Finding(sbom.RuleNoHash, line, "no digest ties the file %s to its bytes%s", p.title(), why)
	}
}

// sharedDigests finds the digests that are stated for several files: copied by
// mistake, they would make one of what are many.
func (d *document) sharedDigests() map[string]bool {
	of, shared := map[string]string{}, map[string]bool{}
	for _, p := range d.parts {
		text, line := d.Text(p.node, "sha256")
		_, value, ok := datadesc.Digest("sha256", text)
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
