package hfcache

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "models--a--b/refs/main", []byte(strings.Repeat("1", 40)))
}

// cache is a cache with one commit of org/name: a card and weights, as links to
// what blobs holds.
func cache(card, weights string) fstest.MapFS {
	commit, repo := strings.Repeat("a", 40), "hub/models--org--name/"
	small := sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", 4, "card"))
	large := sha256.Sum256([]byte("weights"))
	etags := [2]string{hex.EncodeToString(small[:]), hex.EncodeToString(large[:])}
	link := func(up, etag string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(up + "../../blobs/" + etag), Mode: fs.ModeSymlink}
	}
	return fstest.MapFS{
		repo + "refs/main":                                   {Data: []byte(commit)},
		repo + "blobs/" + etags[0]:                           {Data: []byte(card)},
		repo + "blobs/" + etags[1]:                           {Data: []byte(weights)},
		repo + "snapshots/" + commit + "/README.md":          link("", etags[0]),
		repo + "snapshots/" + commit + "/model.safetensors":  link("", etags[1]),
		repo + "snapshots/" + commit + "/tokenizer/vocab.xx": link("../", etags[1]),
	}
}

// TestLinks: what a link names is the digest of a large file, and the Git blob id
// of a small one, which is compared.
func TestLinks(t *testing.T) {
	for card, want := range map[string]int{"card": 0, "cart": 1} {
		r := sbomtest.Collect(t, &Collector, cache(card, "weights"))
		if len(r.Problems) != 0 || len(r.Sightings) != 3 {
			t.Fatalf("%+v", r)
		}
		m := r.Sightings[0]
		if m.Keys.PURL != "pkg:huggingface/org/name@"+strings.Repeat("a", 40) || m.Keys.Path != "hub/models--org--name/snapshots/"+strings.Repeat("a", 40)+"/" || len(m.Links) != 1 || m.Links[0].Note != "auxiliary" {
			t.Errorf("%+v", m)
		}
		if len(m.Findings) != want || want == 1 && m.Findings[0].Rule != sbom.RuleDigest {
			t.Errorf("%q: findings %+v", card, m.Findings)
		}
		sum := sha256.Sum256([]byte("weights"))
		if f := r.Sightings[1]; f.Keys.SHA256 != "" || f.Hashes[0].Value != hex.EncodeToString(sum[:]) || f.Basis != sbom.Resolved {
			t.Errorf("%+v", f)
		}
	}
}
