package tensorflow

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/saved_model.pb") }

func FuzzGraph(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/graph.pb") }

func FuzzIndex(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/ckpt.index") }

func FuzzText(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/saved_model.pbtxt") }

// TestAnyOrder has messages whose fields stand in another order than the library
// writes them in, which it reads all the same.
func TestAnyOrder(t *testing.T) {
	f := func(number byte, content string) string {
		return string([]byte{number<<3 | 2, byte(len(content))}) + content
	}
	node := f(2, "WriteFile") + f(1, "w")
	graph := f(1, node)
	for name, c := range map[string]struct{ data, format string }{
		"m/saved_model.pb": {f(2, f(2, graph)), formatSaved},
		"m/x.pb":           {f(2, f(2, graph)) + "\x08\x01", formatSaved},
		"m/graph.pb":       {f(1, node) + f(1, node), formatGraph},
		"m/graph.meta":     {f(2, graph), formatMeta},
		"m/text.pb":        {f(1, "some text") + f(2, "more"), ""},
		"m/ops.pb":         {f(1, f(1, "x")+f(2, "no operator")), ""},
	} {
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(fstest.MapFS{name: {Data: []byte(c.data)}}, name))
		if c.format == "" {
			if len(seen) > 0 || err != nil {
				t.Errorf("%s: %+v, %v", name, seen, err)
			}
			continue
		}
		if err != nil || len(seen) != 2 || seen[0].File.Format != c.format || len(seen[0].Findings) != 1 {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
}

// TestSharedBlocks has a table whose index names one block again and again.
func TestSharedBlocks(t *testing.T) {
	var err error
	tb := &table{r: bytes.NewReader(make([]byte, 100)), size: 100}
	for range 3 {
		_, err = tb.block(extent{0, 40})
	}
	if err == nil || !strings.Contains(err.Error(), "twice") {
		t.Error(err)
	}
}
