package deptracktest

import (
	"fmt"
	"strings"
	"testing"
)

// TestImport: what the server does to a document that was not made for it.
func TestImport(t *testing.T) {
	const shard = `{"bom-ref":"%d","type":"file","name":"model.safetensors","purl":"%s","properties":[{"name":"a:b:c","value":"%s"},{"name":"a:b:c","value":"%[3]s"},{"name":"d","value":" v "}],"components":[]}`
	doc := func(components ...string) []byte {
		return fmt.Appendf(nil, `{"metadata":{"component":{"bom-ref":"r","name":"n","version":"1"}},"components":[%s],"dependencies":[{"ref":"r","dependsOn":["1"]}]}`, strings.Join(components, ","))
	}
	im, err := Import(doc(fmt.Sprintf(shard, 1, "", strings.Repeat("😀", 600)), fmt.Sprintf(shard, 2, "no purl", "x"), fmt.Sprintf(shard, 3, "pkg:pypi/A_B@1", "x"), fmt.Sprintf(shard, 4, "pkg:pypi/a-b@1", "x")))
	if err != nil || len(im.Components) != 2 || im.Collapsed != 2 || im.Reached != 1 || !im.Rooted || im.Name != "n" {
		t.Fatalf("%+v, %v", im, err)
	}
	c := im.Components[0]
	if len(c.Properties) != 2 || c.Properties[0].Group != "a" || c.Properties[0].Name != "b:c" || !strings.HasSuffix(c.Properties[0].Value, "...") || !c.Has("", "d", "v") {
		t.Errorf("%+v", c)
	}
	if im.Components[1].PURL != "pkg:pypi/a-b@1" {
		t.Errorf("%+v", im.Components[1])
	}
	if _, err := Import(doc(fmt.Sprintf(shard, 1, "", `\u0000`))); err == nil {
		t.Error("a NUL is taken")
	}
}
