package cyclonedx

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// TestRandomGraphsComeBack holds the document against the graph's own inverse,
// also where the sightings contest each other's keys, and where all of the graph
// is the word of one document.
func TestRandomGraphsComeBack(t *testing.T) {
	for i, o := range versions() {
		t.Run(fmt.Sprintf("%s xml=%v", o.Version, o.XML), func(t *testing.T) {
			sbomtest.Graphs(t, uint64(3+i), func(g *sbom.Graph, tenth bool) error {
				if o.XML && !tenth {
					return nil
				}
				return comesBack(g, o, tenth)
			})
		})
	}
}

func comesBack(g *sbom.Graph, o Options, validated bool) error {
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, o); err != nil {
		return err
	}
	format, version, err := schema.Detect(b.Bytes())
	if err == nil && validated {
		err = schema.Validate(format, version, b.Bytes())
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, b.Bytes())
	}
	r, err := Decode(b.Bytes(), "bom.json")
	if err != nil {
		return err
	}
	return sbomtest.Comes(g, sbom.Merge(r))
}
