package safetensors

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

type tensor struct {
	name, dtype string
	shape       []int
	data        []byte
}

func tensors() []tensor {
	rng := rand.New(rand.NewPCG(5, 5))
	var all []tensor
	for i, shape := range [][]int{{}, {3}, {2, 5}, {4, 1, 2}, {0, 7}, {16, 16}, {1}, {9}} {
		for j, dtype := range []string{"F32", "BF16", "U8"} {
			n := []int{4, 2, 1}[j]
			for _, d := range shape {
				n *= d
			}
			t := tensor{fmt.Sprintf("layers.%d.w\u00e9ight.%d", i, j), dtype, shape, make([]byte, n)}
			for k := range t.data {
				t.data[k] = byte(rng.Uint32())
			}
			all = append(all, t)
		}
	}
	return all
}

// write makes a file of these tensors in this order.
func write(list []tensor, metadata map[string]string) []byte {
	header := map[string]any{}
	if metadata != nil {
		header["__metadata__"] = metadata
	}
	var data []byte
	for _, t := range list {
		header[t.name] = map[string]any{"dtype": t.dtype, "shape": t.shape, "data_offsets": []int{len(data), len(data) + len(t.data)}}
		data = append(data, t.data...)
	}
	text, _ := json.Marshal(header)
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...), data...)
}

func model(t *testing.T, tree fs.FS, h sbom.Hashing) *sbom.Node {
	t.Helper()
	r, err := scan.Run(context.Background(), tree, []*sbom.Collector{&Collector}, scan.Options{Settings: sbom.Settings{Hashing: h}})
	if err != nil || len(r.Problems) > 0 {
		t.Fatal(err, r.Problems)
	}
	for _, n := range sbom.Merge(r).Nodes {
		if n.Kind == sbom.KindModel {
			return n
		}
	}
	t.Fatal("there is no model")
	return nil
}

// shards spreads tensors over n files, with an index.
func shards(list []tensor, n int) fstest.MapFS {
	tree := fstest.MapFS{}
	of := map[string]string{}
	for i := range n {
		name := fmt.Sprintf("model-%05d-of-%05d.safetensors", i+1, n)
		var part []tensor
		for j, t := range list {
			if j%n == i {
				part, of[t.name] = append(part, t), name
			}
		}
		tree[name] = &fstest.MapFile{Data: write(part, map[string]string{"format": "pt", "shard": name})}
	}
	index, _ := json.Marshal(map[string]any{"weight_map": of})
	tree["model.safetensors.index.json"] = &fstest.MapFile{Data: index}
	return tree
}

// TestFingerprints: one model in one file and in five shards, in another order and
// with other metadata, has the same ids.
func TestFingerprints(t *testing.T) {
	list := tensors()
	one := fstest.MapFS{"model.safetensors": {Data: write(list, nil)}}
	ids := model(t, one, sbom.Hashing{}).Model.Fingerprints
	want := sbom.Fingerprints{Content: "c", Header: "h", Shapes: "s"}
	if ids.Content == "" || ids.Header == "" || ids.Shapes == "" || ids == want {
		t.Fatalf("%+v", ids)
	}
	oracle(t, ids, one)
	mixed := slices.Clone(list)
	slices.Reverse(mixed)
	five := shards(mixed, 5)
	n := model(t, five, sbom.Hashing{})
	if n.Model.Fingerprints != ids {
		t.Errorf("five shards have %+v, one file %+v", n.Model.Fingerprints, ids)
	}
	oracle(t, ids, five)
	g := sbom.Merge((&sbom.Graph{Nodes: []*sbom.Node{n}}).Report())
	if got := g.Nodes[0].Model.Fingerprints; got != ids {
		t.Errorf("the graph that was taken apart has %+v", got)
	}
	missing := shards(mixed, 5)
	delete(missing, "model-00003-of-00005.safetensors")
	if got := model(t, missing, sbom.Hashing{}).Model.Fingerprints; got != (sbom.Fingerprints{}) {
		t.Errorf("a part of the model has the ids %+v", got)
	}
	for name, h := range map[string]sbom.Hashing{"none": {None: true}, "no content": {NoContent: true}} {
		if got := model(t, five, h).Model.Fingerprints; got.Content != "" || got.Header != ids.Header || got.Shapes != ids.Shapes {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestFingerprintsDiffer: whatever changes in a tensor changes the ids that speak
// of it.
func TestFingerprintsDiffer(t *testing.T) {
	of := func(change func(*tensor)) sbom.Fingerprints {
		list := tensors()
		list[5].data = slices.Clone(list[5].data)
		change(&list[5])
		return model(t, fstest.MapFS{"model.safetensors": {Data: write(list, nil)}}, sbom.Hashing{}).Model.Fingerprints
	}
	base := of(func(*tensor) {})
	for name, c := range map[string]struct {
		change                  func(*tensor)
		content, header, shapes bool // the same
	}{
		"a byte":  {func(t *tensor) { t.data[0]++ }, false, true, true},
		"type":    {func(t *tensor) { t.dtype = "I8" }, false, false, true},
		"shape":   {func(t *tensor) { t.shape = []int{3, 1} }, false, false, false},
		"name":    {func(t *tensor) { t.name = "x" }, false, false, false},
		"nothing": {func(*tensor) {}, true, true, true},
	} {
		got := of(c.change)
		if (got.Content == base.Content) != c.content || (got.Header == base.Header) != c.header || (got.Shapes == base.Shapes) != c.shapes {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// oracle compares with the script that says how others compute the ids.
func oracle(t *testing.T, ids sbom.Fingerprints, tree fstest.MapFS) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Log("MLBOM_ORACLE_PYTHON is not set, so that the ids are not compared with testdata/ids.py")
		return
	}
	args := []string{"../../internal/fingerprint/testdata/ids.py"}
	dir := t.TempDir()
	for name, f := range tree {
		if strings.HasSuffix(name, ".safetensors") {
			file := filepath.Join(dir, name)
			if err := os.WriteFile(file, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, file)
		}
	}
	out, err := exec.Command(python, args...).CombinedOutput()
	if want := ids.Content + " " + ids.Header + " " + ids.Shapes + "\n"; err != nil || string(out) != want {
		t.Errorf("the script gives %s, want %s (%v)", out, want, err)
	}
}
