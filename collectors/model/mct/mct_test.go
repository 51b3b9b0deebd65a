package mct

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/model_card.json", []byte(`{"model_details":{"name":"a"},"model_parameters":{"data":[{"name":"train"}]}}`))
}

func FuzzProto(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/model_card.proto", []byte("model_details { name: \"a\" }"), []byte("\x0a\x03\x0a\x01a"))
}

// The three forms of one card, of which two are written by the Model Card Toolkit
// itself, say the same.
func TestForms(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/forms.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var want string
	for _, folder := range []string{"json", "text", "wire"} {
		tree := fstest.MapFS{}
		for _, f := range archive.Files {
			if name, ok := strings.CutPrefix(f.Name, folder+"/"); ok {
				data := f.Data
				if base, isHex := strings.CutSuffix(name, ".hex"); isHex {
					name, data = base, unhex(t, string(data))
				}
				tree[name] = &fstest.MapFile{Data: data}
			}
		}
		var got []string
		for _, s := range sbomtest.Collect(t, &Collector, tree).Sightings {
			for i := range s.Links {
				s.Links[i].Line = 0
			}
			for i, p := range s.Properties {
				if p.Name == "mlbom:mct:schema_version" { // which the protocol buffer does not have
					s.Properties = append(s.Properties[:i:i], s.Properties[i+1:]...)
					break
				}
			}
			text, _ := json.Marshal([]any{s.Component, s.Links})
			got = append(got, string(text))
		}
		if text := strings.Join(got, "\n"); want == "" {
			want = text
		} else if text != want {
			t.Errorf("%s:\n%s\nwant\n%s", folder, text, want)
		}
	}
	if !strings.Contains(want, `"path":"weights/"`) || strings.Contains(want, "secret") {
		t.Error(want)
	}
}

func unhex(t *testing.T, s string) (data []byte) {
	t.Helper()
	s = strings.Join(strings.Fields(s), "")
	for i := 0; i+1 < len(s); i += 2 {
		var b byte
		for _, c := range []byte(s[i : i+2]) {
			b = b<<4 | byte(strings.IndexByte("0123456789abcdef", c))
		}
		data = append(data, b)
	}
	return data
}
