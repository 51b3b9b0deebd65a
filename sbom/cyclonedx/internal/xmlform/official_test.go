package xmlform

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// official gives the official documents of a version, with their names.
func official(t testing.TB, version, pattern string) map[string][]byte {
	t.Helper()
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "..", "shared", "official")
	}
	paths, err := filepath.Glob(filepath.Join(dir, "cyclonedx", "test-resources", version, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("the official files are not present (MLBOM_OFFICIAL)")
	}
	all := map[string][]byte{}
	for _, path := range paths {
		if all[filepath.Base(path)], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// bySchema gives what the official schema says against a document, without what it
// says of references.
func bySchema(format, version string, data []byte) error {
	err := schema.Validate(format, version, data)
	var e *schema.Error
	if !errors.As(err, &e) {
		return err
	}
	var kept []schema.Issue
	for _, i := range e.Issues {
		if i.Rule == "" && !strings.Contains(i.Message, "the citation points to") {
			kept = append(kept, i)
		}
	}
	if kept == nil {
		return nil
	}
	return &schema.Error{Issues: kept}
}

func TestOfficialXML(t *testing.T) {
	for _, version := range versions {
		for name, data := range official(t, version, "valid-*.xml") {
			t.Run(version+"/"+name, func(t *testing.T) {
				asJSON, left, err := ToJSON(data)
				if err != nil {
					t.Fatal(err)
				}
				checkLeft(t, name, left, leftOfXML)
				if err := bySchema(schema.FormatJSON, version, asJSON); err != nil && !excepted(t, invalidJSON, name, err.Error()) {
					t.Errorf("the JSON is not valid: %v", err)
				}
				for _, indent := range []bool{true, false} {
					asXML, left, err := ToXML(asJSON, indent)
					if err != nil || left != nil {
						t.Fatal(left, err)
					}
					if err := bySchema(schema.FormatXML, version, asXML); err != nil {
						t.Errorf("the XML is not valid: %v\n%s", err, asXML)
					}
					again, left, err := ToJSON(asXML)
					if err != nil || left != nil {
						t.Fatal(left, err)
					}
					if want, got := canonical(t, asJSON), canonical(t, again); want != got {
						t.Errorf("not stable:\n%s", sbomtest.Difference(want, got))
					}
				}
			})
		}
	}
}

func TestOfficialJSON(t *testing.T) {
	for _, version := range versions {
		for name, data := range official(t, version, "valid-*.json") {
			t.Run(version+"/"+name, func(t *testing.T) {
				asXML, left, err := ToXML(data, true)
				if err != nil {
					t.Fatal(err)
				}
				checkLeft(t, name, left, leftOfJSON)
				if err := bySchema(schema.FormatXML, version, asXML); err != nil && !excepted(t, invalidXML, name, err.Error()) {
					t.Errorf("the XML is not valid: %v\n%s", err, asXML)
				}
				again, left, err := ToJSON(asXML)
				if err != nil || left != nil {
					t.Fatal(left, err)
				}
				if want, got := canonical(t, data), canonical(t, again); want != got && !excepted(t, changed, name, sbomtest.Difference(want, got)) {
					t.Errorf("changed:\n%s", sbomtest.Difference(want, got))
				}
			})
		}
	}
}

// leftOfXML is what XML says and JSON cannot, by the document's name without its
// version: each place must hold one of the words.
var leftOfXML = map[string][]string{}

// leftOfJSON is what JSON says and XML cannot.
var leftOfJSON = map[string][]string{}

var invalidJSON, invalidXML, changed = map[string]string{}, map[string]string{}, map[string]string{}

func checkLeft(t *testing.T, name string, left []string, known map[string][]string) {
	t.Helper()
next:
	for _, place := range left {
		for _, word := range known[plainName(name)] {
			if strings.Contains(place, word) {
				continue next
			}
		}
		t.Errorf("left out: %s", place)
	}
}

// excepted tells whether a difference is a known one of that document.
func excepted(t *testing.T, known map[string]string, name, what string) bool {
	word := known[plainName(name)]
	return word != "" && strings.Contains(what, word)
}

// plainName is the name of a document without its version.
func plainName(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".xml"), ".json")
	if i := strings.LastIndex(name, "-1."); i > 0 {
		name = name[:i]
	}
	return strings.TrimPrefix(name, "valid-")
}

// canonical is the JSON without what says nothing: the order of members, the way a
// number is written, and what the converter takes from elsewhere.
func canonical(t testing.TB, data []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	if m, ok := v.(map[string]any); ok {
		delete(m, "$schema")
	}
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

var _ = reflect.DeepEqual
