package datacite

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/datacite.xml", []byte(`<resource><creators><creator><creatorName>a</creatorName></creator></creators><titles><title>t</title></titles><resourceType resourceTypeGeneral="Dataset"/></resource>`))
}

func FuzzJSON(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/datacite.json", []byte(`{"types":{"resourceTypeGeneral":"Dataset"},"creators":[{"name":"a"}],"titles":[{"title":"t"}],"relatedIdentifiers":[{"relatedIdentifier":"10.1/x","relationType":"IsDerivedFrom"}]}`))
}
