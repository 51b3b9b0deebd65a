package signature

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// pieces is a bundle over the pieces of m.bin, whose signature fits no key: what is
// signed is compared all the same.
func pieces(t *testing.T, content string, ranges ...[2]int) []byte {
	t.Helper()
	var list []map[string]string
	var signed []sign.Resource
	for _, r := range ranges {
		sum := sha256.Sum256([]byte(content[r[0]:r[1]]))
		list = append(list, map[string]string{"name": fmt.Sprintf("m.bin:%d:%d", r[0], r[1]), "digest": hex.EncodeToString(sum[:]), "algorithm": "sha256"})
		signed = append(signed, sign.Resource{Digest: sum[:]})
	}
	payload, err := json.Marshal(map[string]any{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://model_signing/signature/v1.0",
		"subject":   []any{map[string]any{"name": "m", "digest": map[string]string{"sha256": sign.Root(signed)}}},
		"predicate": map[string]any{"resources": list, "serialization": map[string]any{"method": "shards", "hash_type": "sha256", "shard_size": 10, "allow_symlinks": false}}})
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := json.Marshal(map[string]any{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
		"verificationMaterial": map[string]any{"publicKey": map[string]string{"hint": strings.Repeat("0", 64)}},
		"dsseEnvelope":         map[string]any{"payload": payload, "payloadType": "application/vnd.in-toto+json", "signatures": []any{map[string]any{"sig": []byte("none")}}}})
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

// TestPieces: pieces may stand in the order of their names, as the specification has
// it; bytes between them that nobody signed are told of.
func TestPieces(t *testing.T) {
	content := strings.Repeat("0123456789", 10) + "abcde"
	var all [][2]int
	for at := 0; at < len(content); at += 10 {
		all = append(all, [2]int{at, min(at+10, len(content))})
	}
	byName := append([][2]int{all[0], all[1], all[10]}, all[2:10]...)
	gap := append(append([][2]int{}, all[:4]...), all[5:]...)
	for name, c := range map[string]struct {
		ranges [][2]int
		want   string
	}{"by place": {all, "equal"}, "by name": {byName, "equal"}, "gap": {gap, "not compared"}, "no start": {all[1:], "not compared"}, "no end": {all[:10], "differ"}} {
		tree := fstest.MapFS{"m/m.bin": {Data: []byte(content)}, "m/model.sig": {Data: pieces(t, content, c.ranges...)}}
		r := run(t, tree, sbom.Settings{})
		if got := property(r, "oms:files"); got != c.want || len(r.Problems) > 0 {
			t.Errorf("%s: %q, want %q; %v, %v", name, got, c.want, findings(r), r.Problems)
		}
	}
}

// TestLinks: a link that came after signing is no part of what was signed, whether
// the signature allows links or not; files that became links with the same content are.
func TestLinks(t *testing.T) {
	for name, c := range map[string]struct {
		link, to, want string
	}{
		"a file more":      {"m/pytorch_model.bin", "unet/weights.bin", "there and not signed: pytorch_model.bin"},
		"a folder more":    {"m/more", "unet", "there and not signed: more"},
		"the same content": {"m/unet/weights.bin", "../../blobs/w", ""},
	} {
		tree := signed(t, "p256.sig")
		tree["blobs/w"] = &fstest.MapFile{Data: tree["m/unet/weights.bin"].Data}
		tree[c.link] = &fstest.MapFile{Data: []byte(c.to), Mode: fs.ModeSymlink}
		r := run(t, tree, sbom.Settings{Trust: trusted(t, []string{"p256.pub"}, nil)})
		if got := strings.Join(findings(r), "; "); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
