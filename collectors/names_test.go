package collectors

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// TestSharedNames: several libraries write files of one ending, and none of them is
// disguised.
func TestSharedNames(t *testing.T) {
	lightgbm := "tree\nversion=v4\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\nmax_feature_idx=1\nobjective=binary sigmoid:1\nfeature_names=a b\nfeature_infos=[0:1] [0:1]\ntree_sizes=\n\nend of trees\n"
	safetensors := "\x40\x00\x00\x00\x00\x00\x00\x00" + `{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}` + strings.Repeat(" ", 64-53) + "abcd"
	for name, data := range map[string]string{"mushroom.bst": lightgbm, "sd-v1.ckpt": safetensors, "model.ckpt": safetensors} {
		r, err := scan.Run(t.Context(), fstest.MapFS{name: {Data: []byte(data)}}, All(), scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		models := 0
		for _, s := range r.Sightings {
			if s.Kind == sbom.KindModel {
				models++
			}
			for _, f := range s.Findings {
				t.Errorf("%s: %s: %s", name, f.Rule, f.Message)
			}
		}
		if models == 0 || len(r.Problems) > 0 {
			t.Errorf("%s: %d models, problems %v", name, models, r.Problems)
		}
	}
}
