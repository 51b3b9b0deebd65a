package iceberg

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "t/metadata/v1.metadata.json",
		[]byte(`{"format-version":2,"table-uuid":"x","current-schema-id":0,"schemas":[{"type":"struct","schema-id":0,"fields":[{"name":"a","type":{"type":"map","key":"string","value":{"type":"list","element":"int"}}}]}],"current-snapshot-id":1,"snapshots":[{"snapshot-id":1,"summary":{"total-records":"5"}}]}`))
}
