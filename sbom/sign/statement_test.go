package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// TestOneFile: of a model that is one file the reference implementation calls that
// file ".", and the subject has its name.
func TestOneFile(t *testing.T) {
	digest := sha256.Sum256([]byte("x"))
	sum := hex.EncodeToString(digest[:])
	root := func(n int) string {
		h := sha256.New()
		for range n {
			h.Write(digest[:])
		}
		return hex.EncodeToString(h.Sum(nil))
	}
	for _, c := range []struct {
		subject, method, want string
		names                 []string
	}{
		{"model.gguf", `"method":"files"`, "model.gguf", []string{"."}},
		{"model.gguf", `"method":"shards","shard_size":5`, "model.gguf", []string{".:0:5", ".:5:9"}},
		{"model.gguf", `"method":"files"`, "", []string{".", "other"}},
		{"model.gguf", `"method":"files"`, "", []string{".."}},
		{"..", `"method":"files"`, "", []string{"."}},
		{"a/b", `"method":"files"`, "", []string{"."}},
		{".", `"method":"files"`, "", []string{"."}},
	} {
		var list []string
		for _, n := range c.names {
			list = append(list, fmt.Sprintf(`{"name":%q,"digest":%q,"algorithm":"sha256"}`, n, sum))
		}
		s, err := parseStatement(fmt.Appendf(nil, `{"_type":%q,"subject":[{"name":%q,"digest":{"sha256":%q}}],"predicateType":%q,"predicate":{"resources":[%s],"serialization":{"hash_type":"sha256",%s}}}`,
			statementType, c.subject, root(len(c.names)), predicateType, strings.Join(list, ","), c.method))
		switch {
		case c.want == "" && (err == nil || !strings.Contains(err.Error(), "not inside the model's folder")):
			t.Errorf("%q %q: %v", c.subject, c.names, err)
		case c.want != "" && err != nil:
			t.Errorf("%q %q: %v", c.subject, c.names, err)
		case c.want != "" && s.Resources[0].Name != c.want:
			t.Errorf("%q %q: the file is %q", c.subject, c.names, s.Resources[0].Name)
		}
	}
}
