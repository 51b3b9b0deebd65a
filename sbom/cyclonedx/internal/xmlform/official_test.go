package xmlform

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
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
				if err := bySchema(schema.FormatJSON, version, asJSON); err != nil && !excepted(invalidJSON, name, err.Error()) {
					t.Errorf("the JSON is not valid: %v", err)
				}
				for _, indent := range []bool{true, false} {
					asXML, left, err := ToXML(asJSON, indent)
					if err != nil || left != nil {
						t.Fatal(left, err)
					}
					if err := bySchema(schema.FormatXML, version, asXML); err != nil {
						t.Errorf("the XML is not valid: %v", err)
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
				if err := bySchema(schema.FormatXML, version, asXML); err != nil {
					t.Errorf("the XML is not valid: %v", err)
				}
				again, left, err := ToJSON(asXML)
				if err != nil || left != nil {
					t.Fatal(left, err)
				}
				if want, got := canonical(t, data), canonical(t, again); want != got {
					t.Errorf("changed:\n%s", sbomtest.Difference(want, got))
				}
			})
		}
	}
}

// TestOfficialPairs compares documents that are there in both forms.
func TestOfficialPairs(t *testing.T) {
	pairs := 0
	for _, version := range versions {
		all := official(t, version, "valid-*.json")
		for name, data := range official(t, version, "valid-*.xml") {
			other, ok := all[strings.TrimSuffix(name, ".xml")+".json"]
			if !ok {
				continue
			}
			pairs++
			t.Run(version+"/"+name, func(t *testing.T) {
				asJSON, _, err := ToJSON(data)
				if err != nil {
					t.Fatal(err)
				}
				var want, got any
				if json.Unmarshal([]byte(canonical(t, other)), &want) != nil || json.Unmarshal([]byte(canonical(t, asJSON)), &got) != nil {
					t.Fatal("no JSON")
				}
			next:
				for _, d := range differences("", want, got) {
					for _, known := range pairsDiffer[plainName(name)] {
						if strings.HasPrefix(d, known) {
							continue next
						}
					}
					t.Error(d)
				}
			})
		}
	}
	t.Logf("%d pairs", pairs)
}

// pairsDiffer are the places where the two files of a pair do not say the same: other
// names, times and versions, typing errors, indented text, a part that one of them has
// not. By the name of the pair, in some or all versions.
var pairsDiffer = map[string][]string{
	"annotation":                      {"/annotations/0/timestamp:", "/annotations/1/text:", "/annotations/1/timestamp:", "/annotations/2/timestamp:", "/annotations/3/annotator/service/data/0/classification:", "/annotations/3/annotator/service/provider/contact:", "/annotations/3/timestamp:"},
	"bom":                             {"/components:", "/dependencies:", "/metadata/timestamp:"},
	"citations":                       {"/citations/1/attributedTo:", "/citations/1/process:", "/citations/2/attributedTo:", "/citations/2/expressions/0:", "/citations/2/process:", "/citations/3/expressions/0:", "/formulation/0/bom-ref:"},
	"component-external-with-version": {"/components/0/description:", "/components/0/version:"},
	"component-ref":                   {"/components/0/components:", "/components/1/bom-ref:"},
	"compositions":                    {"/components/1/version:", "/compositions/2/assemblies:", "/compositions/2/vulnerabilities:"},
	"cryptography-certificate":        {"/components/2/cryptoProperties/relatedCryptoMaterialProperties/value:"},
	"cryptography-full":               {"/components/0/cryptoProperties/algorithmProperties/curve:", "/components/1/cryptoProperties/certificateProperties/certificateExtensions/9/commonExtensionValue:", "/components/1/cryptoProperties/protocolProperties:", "/components/2/cryptoProperties/protocolProperties/cryptoRefArray:", "/components/2/cryptoProperties/protocolProperties/ikev2TransformTypes:"},
	"cryptography-full-deprecated":    {"/components/1/cryptoProperties/protocolProperties:", "/components/2/cryptoProperties/protocolProperties/cryptoRefArray:", "/components/2/cryptoProperties/protocolProperties/ikev2TransformTypes:"},
	"cryptography-implementation":     {"/components:", "/dependencies:", "/metadata/component/bom-ref:", "/metadata/component/name:", "/metadata/timestamp:"},
	"dependency":                      {"/components/0/name:", "/components/1/name:", "/components/2/name:"},
	"external-reference":              {"/components/0/externalReferences/1/hashes/0/content:", "/components/0/publisher:"},
	"formulation":                     {"/formulation/0/workflows/0/taskTypes/0:", "/formulation/0/workflows/0/tasks/0/runtimeTopology/0/dependsOn/0:", "/formulation/0/workflows/0/tasks/0/runtimeTopology/0/ref:", "/formulation/0/workflows/0/timeEnd:", "/formulation/0/workflows/0/trigger/event/data/content:", "/formulation/0/workflows/0/trigger/event/data/contentType:", "/formulation/0/workflows/0/trigger/uid:", "/formulation/0/workflows/0/workspaces/0/bom-ref:"},
	"license-choice":                  {"/components/0/purl:"},
	"license-declared-concluded-mix":  {"/version:"},
	"license-expression":              {"/components/0/description:", "/components/0/hashes:", "/components/0/purl:", "/components/0/scope:", "/components/0/type:"},
	"license-expression-with-text":    {"/components/0/description:", "/components/0/licenses/0/expressionDetails/1/text/content:", "/components/0/licenses/0/expressionDetails/4/text/content:"},
	"license-id":                      {"/components/0/description:", "/components/0/hashes:", "/components/0/purl:", "/components/0/scope:", "/components/0/type:"},
	"license-name":                    {"/components/0/description:", "/components/0/hashes:", "/components/0/purl:", "/components/0/scope:", "/components/0/type:"},
	"machine-learning":                {"/components/0/modelCard/considerations/technicalLimitations/0:", "/components/0/modelCard/modelParameters/outputs/0/format:", "/components/0/publisher:"},
	"metadata-timestamp":              {"/metadata/timestamp:"},
	"properties":                      {"/components/0/properties:", "/services/0/properties:"},
	"release-notes":                   {"/components/0/releaseNotes/resolves/1/description:", "/services/0/provider/contact/0/email:", "/services/0/releaseNotes/resolves/1/description:"},
	"saasbom":                         {"/services/0/data/0/governance:", "/services/0/name:", "/services/0/services/0/data/0/governance:", "/services/0/services/0/description:", "/services/0/services/0/version:", "/services/0/services/1/data/0/classification:", "/services/0/services/1/description:", "/services/0/services/1/version:", "/services/0/services/2/data/0/classification:", "/services/0/services/2/description:", "/services/0/services/2/version:", "/services/0/version:"},
	"service":                         {"/components/0/publisher:", "/services/0/provider/contact/0/email:"},
	"service-empty-objects":           {"/services/0/externalReferences:", "/services/0/licenses:"},
	"vulnerability":                   {"/vulnerabilities/0/ratings/0/vector:", "/vulnerabilities/0/references:", "/vulnerabilities/0/tools/services/0/provider/name:"},
}

// differences lists the places whose values differ, JSON first.
func differences(at string, a, b any) []string {
	var all []string
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			for _, key := range slices.Sorted(maps.Keys(mergedKeys(x, y))) {
				all = append(all, differences(at+"/"+key, x[key], y[key])...)
			}
			return all
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				all = append(all, differences(fmt.Sprint(at, "/", i), x[i], y[i])...)
			}
			return all
		}
	}
	if reflect.DeepEqual(a, b) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %.100q in JSON, %.100q in XML", at, fmt.Sprint(a), fmt.Sprint(b))}
}

func mergedKeys(a, b map[string]any) map[string]any {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// leftOfXML is what XML says and JSON cannot, by the document's name without its
// version: each place must hold one of the words.
var leftOfXML = map[string][]string{
	"external-elements": {"/fruit"}, // of another namespace
	"random-attributes": {"/@foo", "/@bar"},
	"xml-signature":     {"/Signature"},
	"attestation":       {"/Signature"},
	"standard":          {"/Signature"},
}

// leftOfJSON is what JSON says and XML cannot.
var leftOfJSON = map[string][]string{
	"signatures":  {"/signature"},
	"attestation": {"/signature"},
	"standard":    {"/signature"},
}

// invalidJSON are documents in XML that no JSON can say.
var invalidJSON = map[string]string{"attestation": `missing "externalReference" or "organization" or "signature"`} // it has the signature of XML only

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
func excepted(known map[string]string, name, what string) bool {
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
	simplify(v)
	out, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// repeatedOnly are lists that have no element of their own in XML: an empty one is
// like none.
var repeatedOnly = sync.OnceValue(func() map[string]bool {
	keys := map[string]bool{"dependsOn": true, "provides": true}
	for _, version := range versions {
		f, err := formOf(version)
		if err != nil {
			panic(err)
		}
		for _, s := range f.made {
			for _, m := range s.members {
				if m.list {
					keys[m.key] = true
				}
			}
		}
	}
	return keys
})

func simplify(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "signature") // named as left out
		if one, ok := v["identity"].(map[string]any); ok {
			v["identity"] = []any{one} // from 1.6 on the old form of a list of one
		}
		if list, ok := v["tools"].([]any); ok && len(list) == 0 {
			v["tools"] = map[string]any{} // from 1.5 on
		}
		if v["name"] == "" {
			delete(v, "name") // XML demands that of a property
		}
		for key, inner := range v {
			if list, ok := inner.([]any); ok && len(list) == 0 && repeatedOnly()[key] {
				delete(v, key)
			}
			simplify(inner)
		}
	case []any:
		for _, inner := range v {
			simplify(inner)
		}
	}
}
