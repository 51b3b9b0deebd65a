package cyclonedx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx/internal/xmlform"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// official is the folder of the standards' own documents.
func official(t *testing.T) string {
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = "../../../shared/official"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the official documents are not there: MLBOM_OFFICIAL names their folder")
	}
	return dir
}

// TestOfficialRoundTrip: every valid document of CycloneDX comes out at its own
// version with all that it says.
func TestOfficialRoundTrip(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(official(t), "cyclonedx/test-resources/1.[2-7]/valid-*.[jx]*[nl]"))
	if len(files) < 400 {
		t.Fatalf("%d files", len(files))
	}
	for _, name := range some10(files) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name), func(t *testing.T) { roundTripsWhole(t, data) })
	}
}

// TestRoundTripsWhole: the same of documents of our own, at each version that has all
// that they say.
func TestRoundTripsWhole(t *testing.T) {
	for name, document := range map[string]string{"plain": plainBOM, "records": recordsBOM} {
		for _, version := range []string{"1.6", "1.7"} {
			t.Run(name+" "+version, func(t *testing.T) {
				roundTripsWhole(t, []byte(strings.Replace(document, `"specVersion":"1.6"`, `"specVersion":"`+version+`"`, 1)))
			})
		}
	}
}

// roundTripsWhole holds what is written of a document against the document.
func roundTripsWhole(t *testing.T, data []byte) {
	format, version, err := schema.Detect(data)
	if err != nil {
		t.Fatal(err)
	}
	xml := format == schema.FormatXML
	r, err := Decode(data, "in.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(r)
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, Options{Version: version, XML: xml}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(format, version, b.Bytes()); err != nil {
		t.Errorf("not valid: %v\n%s", err, b.Bytes())
	}
	in, out := canonicalDocument(asJSON(t, data)), canonicalDocument(asJSON(t, b.Bytes()))
	var lost []string
	if len(lost) == 0 {
		missing(in, out, "", &lost)
	}
	var more []string
	missing(out, in, "", &more)
	if len(lost)+len(more) > 0 {
		t.Errorf("lost:\n  %s\nadded:\n  %s", strings.Join(lost, "\n  "), strings.Join(more, "\n  "))
		if testing.Verbose() {
			t.Logf("%s", b.Bytes())
		}
	}
	if version == "1.2" {
		return // it has no properties, so what carries the graph has no place
	}
	r2, err := Decode(b.Bytes(), "other.json")
	if err != nil {
		t.Fatal(err)
	}
	if want, got := sbomtest.JSON(g), sbomtest.JSON(sbom.Merge(r2)); want != got {
		t.Errorf("the graph changes on its way:\n%s", sbomtest.Difference(want, got))
	}
}

// notModelled are the parts that are of one document and its bytes: signatures
// sign bytes that change, and citations count places that change.
var notModelled = []string{"$schema", "serialNumber", "version", "signature", "citations"}

// some10 is every tenth with -short: under the race detector all take minutes.
func some10(files []string) []string {
	if !testing.Short() {
		return files
	}
	var some []string
	for i := 0; i < len(files); i += 10 {
		some = append(some, files[i])
	}
	return some
}

// asJSON gives the JSON form of a document.
func asJSON(t *testing.T, data []byte) []byte {
	if !bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		return data
	}
	text, _, err := xmlform.ToJSON(data)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var ours = regexp.MustCompile(`^mlbom:`)

// canonicalDocument drops what every document says for itself.
func canonicalDocument(data []byte) any {
	var v map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	_ = dec.Decode(&v)
	for _, key := range notModelled {
		delete(v, key)
	}
	if d, ok := v["declarations"].(map[string]any); ok {
		delete(d, "signature")
		if strings.Contains(jsonText(d["affirmation"]), `{"name":"Tom","role":"CEO"}`) {
			delete(d, "affirmation") // of XML, without the signature that makes it whole: it is in a carrier
		}
	}
	list, _ := v["dependencies"].([]any)
	for _, one := range list {
		d, _ := one.(map[string]any)
		to, _ := d["dependsOn"].([]any)
		d["dependsOn"] = slices.DeleteFunc(to, func(ref any) bool { return ref == d["ref"] }) // nothing depends on itself
	}
	if m, ok := v["metadata"].(map[string]any); ok {
		delete(m, "timestamp")
		modernTools(m)
		tools, _ := m["tools"].(map[string]any)
		if list, ok := tools["components"].([]any); ok {
			tools["components"] = slices.DeleteFunc(list, func(v any) bool {
				name := v.(map[string]any)["name"]
				return name == "mlbom" || name == "cyclonedx"
			})
		}
	}
	return tidy(v)
}

// tidy drops our properties and what is empty.
func tidy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, w := range v {
			if w = tidy(w); w == nil {
				delete(v, key)
			} else {
				v[key] = w
			}
		}
		if digest, ok := v["content"].(string); ok && v["alg"] != nil {
			v["content"] = strings.ToLower(digest) // the same digest
		}
		if name, ok := v["name"].(string); ok && ours.MatchString(name) || len(v) == 0 {
			return nil
		}
	case string:
		if v == "" {
			return nil
		}
	case []any:
		var list []any
		for _, w := range v {
			if w = tidy(w); w != nil {
				list = append(list, w)
			}
		}
		if len(list) == 0 {
			return nil
		}
		return list
	}
	return v
}

// missing lists what one value says and another does not; lists are sets.
func missing(want, have any, at string, into *[]string) {
	say := func(format string, args ...any) { *into = append(*into, at+": "+fmt.Sprintf(format, args...)) }
	switch w := want.(type) {
	case map[string]any:
		h, ok := have.(map[string]any)
		if !ok {
			say("%s", jsonText(w))
			return
		}
		for key, v := range w {
			if key == "bom-ref" && h[key] == nil && h["name"] != nil {
				continue // what had no reference gets one
			}
			missing(v, h[key], at+"/"+key, into)
		}
	case []any:
		h, _ := have.([]any)
		for i, v := range w {
			best := []string{"x", "x", "x", "x", "x", "x"}
			for _, o := range h {
				var now []string
				missing(v, o, fmt.Sprint(at, "/", i), &now)
				if len(now) < len(best) {
					best = now
				}
			}
			if len(h) == 0 || len(best) == 6 {
				say("%s", jsonText(v))
			} else {
				*into = append(*into, best...)
			}
		}
	default:
		if fmt.Sprint(want) != fmt.Sprint(have) {
			say("%s, not %s", jsonText(want), jsonText(have))
		}
	}
}
