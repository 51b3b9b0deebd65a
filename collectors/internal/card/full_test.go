package card

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestFull: a list that is too long is cut, and says so once.
func TestFull(t *testing.T) {
	c := &Card{}
	d := c.NewDraft(sbom.KindModel, 1)
	for i := range maxList + 5 {
		name := fmt.Sprint("n", i)
		d.Add("tags", &d.Component.Tags, name, 2)
		d.Add("tags", &d.Component.Tags, "n0", 3) // known, so nothing is lost
		d.Property("p", name, 4)
		d.Ref("other", "https://x.example/"+name, 5)
		d.Link(sbom.TrainedOn, sbom.Component{Kind: sbom.KindDataset, Name: name}, "", 6)
	}
	if len(d.Component.Tags) != maxList || len(d.Properties) != maxList || len(d.Refs) != maxList || len(d.Links) != maxList {
		t.Errorf("%d tags, %d properties, %d references, %d links", len(d.Component.Tags), len(d.Properties), len(d.Refs), len(d.Links))
	}
	lines := strings.Split(d.Err().Error(), "\n")
	if len(lines) != 4 || !strings.Contains(lines[0], "more than 2000 tags") {
		t.Errorf("%q", lines)
	}
	if err := c.NewDraft(sbom.KindModel, 1).Err(); err != nil {
		t.Error(err)
	}
}
