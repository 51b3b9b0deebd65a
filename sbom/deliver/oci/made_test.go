package oci

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/schema"
)

// TestMade: the time is that which reading the whole document finds, for all the
// documents of the schemas' tests and examples, and those of the standards.
func TestMade(t *testing.T) {
	roots := []string{"../../../schema/testdata", "../../../sbom", "../../../examples"}
	if official := os.Getenv("MLBOM_OFFICIAL"); official != "" {
		roots = append(roots, official)
	}
	compared := map[string]int{}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil || len(data) > 4<<20 {
				return err
			}
			format, _, err := schema.Detect(data)
			if err != nil {
				return nil
			}
			read, err := document.Decode(data, document.Options{Name: name})
			if err != nil {
				return nil
			}
			if got := Made(format, data); !got.Equal(read.Report.Origin.Time) {
				t.Errorf("%s: %v, want %v", name, got, read.Report.Origin.Time)
			}
			if compared[format]++; read.Report.Origin.Time.Equal(time.Time{}) {
				compared[format]--
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Log(compared)
}
