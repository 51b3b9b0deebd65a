package card

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestStored: a card that says no more than its licence is of what the cache of the
// hub says that the repository is.
func TestStored(t *testing.T) {
	commit := strings.Repeat("a", 40)
	const plain, data, space = "---\nlicense: mit\n---\n# It\n", "---\ntask_categories: [x]\nsize_categories: [n<1K]\n---\n# It\n", "---\nsdk: gradio\nlicense: mit\n---\n# It\n"
	for name, c := range map[string]struct {
		text string
		want Kind
	}{
		"h/datasets--a--b/snapshots/" + commit + "/README.md":   {plain, Dataset},
		"models--a--b/snapshots/" + commit + "/README.md":       {plain, Vague},
		"h/models--a--b/snapshots/" + commit + "/README.md":     {data, Model},
		"h/spaces--a--b/snapshots/" + commit + "/README.md":     {space, None},
		"h/datasets--a--b/snapshots/" + commit + "/x/README.md": {plain, Vague},
		"README.md": {plain, Vague},
	} {
		tree := fstest.MapFS{name: {Data: []byte(c.text)}}
		got := None
		for _, want := range []Kind{Model, Dataset} {
			if card, err := Read(sbom.NewFile(tree, name), want); err != nil {
				t.Fatal(err)
			} else if card != nil {
				got = card.Kind
			}
		}
		if got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
