package dcat

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/dataset.jsonld",
		[]byte(`{"@context":"https://schema.org","@type":"Dataset","name":"a","distribution":[{"contentUrl":"x","sha256":"a"}],"usageInfo":{"name":"u"}}`),
		[]byte(`{"result":{"name":"a","license_id":"x","resources":[{"name":"r","hash":"md5:1"}]}}`))
}
