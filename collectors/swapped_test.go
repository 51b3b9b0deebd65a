package collectors_test

import (
	"context"
	"maps"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/sign"
)

// datasetOf scans a tree and gives its dataset of a path.
func datasetOf(t *testing.T, tree fstest.MapFS, key string) *sbom.Node {
	t.Helper()
	r, err := scan.Run(context.Background(), tree, collectors.All(), scan.Options{After: sign.Roots})
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindDataset && n.Keys.Path == key {
			return n
		}
	}
	t.Fatalf("no dataset %s: %+v", key, g.Problems)
	return nil
}

// TestSwappedData: other bytes show as another root digest, of a dataset in a folder and of
// one of one file; other columns show as another digest of the schema, and other rows do
// not. Size, rows, splits and features follow from the files.
func TestSwappedData(t *testing.T) {
	tree := sbomtest.Tree(t, "dataset/parquet/testdata/hub.txtar")
	other := sbomtest.Tree(t, "dataset/parquet/testdata/kinds.txtar")
	const train, test = "hub/data/train-00000-of-00001.parquet", "hub/data/test-00000-of-00001.parquet"
	was := datasetOf(t, tree, "hub/").Dataset
	if was.RootDigest == "" || was.SchemaDigest == "" || was.Rows != 7 || was.Size != int64(len(tree[train].Data)+len(tree[test].Data)) {
		t.Fatalf("%+v", was)
	}
	if len(was.Splits) != 2 || was.Splits[0] != (sbom.Split{Name: "test", Rows: 2, Bytes: int64(len(tree[test].Data))}) || was.Splits[1].Rows != 5 {
		t.Errorf("splits %+v", was.Splits)
	}
	if len(was.Features) != 3 || was.Features[0].Name != "label" || len(was.Features[0].Labels) != 2 || was.Features[2].Type != "string" {
		t.Errorf("features %+v", was.Features)
	}
	again := maps.Clone(tree)
	again[test] = &fstest.MapFile{Data: tree[train].Data} // the same columns
	if now := datasetOf(t, again, "hub/").Dataset; now.RootDigest == was.RootDigest || now.SchemaDigest != was.SchemaDigest || now.Rows != 10 || len(now.Splits) != 0 { // one file that is part of both
		t.Errorf("other rows: %+v", now)
	}
	changed := maps.Clone(tree)
	changed[test] = other["sales/year=2025/part-0.parquet"]
	if now := datasetOf(t, changed, "hub/").Dataset; now.RootDigest == was.RootDigest || now.SchemaDigest == was.SchemaDigest {
		t.Errorf("other columns: %+v", now)
	}
	one := fstest.MapFS{"data/x.parquet": tree[train]}
	first := datasetOf(t, one, "data/x.parquet").Dataset
	one["data/x.parquet"] = tree[test]
	if now := datasetOf(t, one, "data/x.parquet").Dataset; first.RootDigest == "" || now.RootDigest == first.RootDigest || now.SchemaDigest != first.SchemaDigest {
		t.Errorf("one file: %+v and %+v", first, now)
	}
	pointers := maps.Clone(tree)
	pointers[test] = sbomtest.Tree(t, "dataset/parquet/testdata/hostile.txtar")["data/pointer.parquet"]
	if now := datasetOf(t, pointers, "hub/"); now.Dataset.RootDigest != "" || now.Dataset.Rows != 0 || now.Dataset.SchemaDigest == "" {
		t.Errorf("with a pointer: %+v, %+v", now.Dataset, now.Properties)
	}
}
