package registry_test

import (
	"strings"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

// TestNestedIndex: the manifests of an index in an index are found, each once; what
// is too deep is told of.
func TestNestedIndex(t *testing.T) {
	host := memory(t, nil)
	p := pusher{t: t, host: host, repo: "acme/nested"}
	model := p.manifest("", manifest(p.blob("application/vnd.cncf.model.config.v1+json", []byte("{}")), p.blob("application/vnd.cncf.model.weight.v1.raw", []byte("w"))), ocispec.MediaTypeImageManifest)
	over := func(tag string, of ...ocispec.Descriptor) ocispec.Descriptor {
		index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: of}
		index.SchemaVersion = 2
		return p.manifest(tag, index, ocispec.MediaTypeImageIndex)
	}
	one := over("v1", model, model)
	deep := over("v3", over("v2", one, model))
	over("v4", model, over("", deep))
	for tag, problems := range map[string]int{"v1": 0, "v2": 0, "v3": 0, "v4": 1} {
		a, err := open(t, newClient(), "oci://"+host+"/acme/nested:"+tag, registry.Options{})
		if err != nil || len(a.Problems) != problems || a.Fact.Kind != sbom.KindModel {
			t.Errorf("%s: %+v, %v", tag, a, err)
			continue
		}
		if problems > 0 && !strings.Contains(a.Problems[0].Reason, "too deep") {
			t.Errorf("%s: %v", tag, a.Problems)
		}
	}
}
