package tables

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
	"github.com/mlbom/mlbom/sbom"
)

func TestOwnerOf(t *testing.T) {
	tree := fstest.MapFS{}
	for _, name := range []string{"spark/_SUCCESS", "tests/spark/_SUCCESS"} {
		tree[name] = &fstest.MapFile{}
	}
	for file, want := range map[string]string{
		"sales/year=2024/month=1/0.parquet": "sales/",
		"year=2024/0.parquet":               "./",
		"sales.parquet/part-0.parquet":      "sales.parquet/",
		"spark/part-00000-c000.parquet":     "spark/",
		"data/one.parquet":                  "data/one.parquet",
		"out/one.parquet":                   "",
		"tests/year=2024/0.parquet":         "",
		"tests/spark/0.parquet":             "",
	} {
		tree[file] = &fstest.MapFile{}
		if got := OwnerOf(sbom.NewFile(tree, file)).Keys.Path; got != want {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
}

func TestPartitionOf(t *testing.T) {
	keys, values := PartitionOf("x/year=2024/city=S%C3%A3o%20Paulo/=/b=/f.parquet")
	if !slices.Equal(keys, []string{"year", "city"}) || !slices.Equal(values, []string{"2024", "São Paulo"}) {
		t.Errorf("%q %q", keys, values)
	}
}

func TestRead(t *testing.T) {
	m := Read("x", []arrowipc.Pair{
		{Key: "huggingface", Value: `{"info": {"features": {"l": {"names": ["a", "b"], "_type": "ClassLabel"}, "i": {"_type": "Image"}, "s": [{"a": {"dtype": "int32"}}]}}, "fingerprint": "f"}`},
		{Key: "pandas", Value: "no JSON"}, {Key: "ARROW:schema", Value: "x"}, {Key: "b"}, {Key: "a"},
	})
	want := []sbom.Property{{Name: "mlbom:x:fingerprint", Value: "f"}, {Name: "mlbom:x:metadata", Value: "a, b, pandas"}}
	if !slices.Equal(m.Properties, want) || !slices.Equal(m.Classes["l"], []string{"a", "b"}) || !slices.Equal(m.Modalities, []string{"image"}) {
		t.Errorf("%+v", m)
	}
}
