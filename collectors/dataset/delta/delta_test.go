package delta

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "t/_delta_log/00000000000000000000.json",
		[]byte("{\"metaData\":{\"id\":\"x\",\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"long\\\"}]}\"}}\n{\"add\":{\"path\":\"a%20b.parquet\",\"size\":3,\"stats\":\"{\\\"numRecords\\\":2}\"}}\n{\"remove\":{\"path\":\"b\"}}\n"))
}
