package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/license"
)

// official is the folder of the standards' own files, which are not part of this
// repository; the tests that need it skip without it.
func official(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "official")
	}
	dir = filepath.Join(dir, "cyclonedx")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the official files are not present (MLBOM_OFFICIAL)")
	}
	return dir
}

func TestEmbeddedEqualsOfficial(t *testing.T) {
	dir := official(t)
	entries, err := files.ReadDir("cyclonedx")
	if err != nil || len(entries) != 18 {
		t.Fatalf("%d embedded files, want 18 (%v)", len(entries), err)
	}
	for _, e := range entries {
		if name, packed := strings.CutSuffix(e.Name(), ".gz"); packed {
			ours, err1 := unpacked(name)
			theirs, err2 := os.ReadFile(filepath.Join(dir, "schema", name))
			if err1 != nil || err2 != nil || !bytes.Equal(ours, theirs) {
				t.Errorf("%s differs from the published schema (%v, %v)", e.Name(), err1, err2)
			}
			continue
		}
		ours, err1 := files.ReadFile("cyclonedx/" + e.Name())
		theirs, err2 := os.ReadFile(filepath.Join(dir, "schema", e.Name()))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		var a, b any
		if err := json.Unmarshal(ours, &a); err != nil {
			t.Fatal(e.Name(), err)
		}
		if err := json.Unmarshal(theirs, &b); err != nil {
			t.Fatal(e.Name(), err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s differs from the published schema", e.Name())
		}
	}
}

func TestLicenceList(t *testing.T) {
	data, err := files.ReadFile("cyclonedx/spdx.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct{ Enum []string }
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../sbom/license/ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(doc.Enum)
	var got []string
	for line := range strings.Lines(string(list)) {
		id, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if e, ok := license.Find(id); !ok || e.ID != id {
			t.Errorf("%q is not found: %+v", id, e)
		} else if !e.Newer {
			got = append(got, id)
		}
	}
	if !slices.Equal(got, doc.Enum) {
		t.Errorf("sbom/license/ids.txt has %d ids that are not newer, the schema %d; they must be equal and sorted", len(got), len(doc.Enum))
	}
	for _, id := range []string{"Apache-2.0", "OpenMDW-1.0"} {
		if !slices.Contains(doc.Enum, id) {
			t.Errorf("%s is not among the ids", id)
		}
	}
}

// TestExceptionList: the XML schema has the licences first and then, from a to z
// again, the exceptions.
func TestExceptionList(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(official(t), "schema", "spdx.xsd"))
	if err != nil {
		t.Fatal(err)
	}
	exception := false
	n := 0
	for _, m := range regexp.MustCompile(`enumeration value="([^"]+)"`).FindAllStringSubmatch(string(data), -1) {
		exception = exception || m[1] == "389-exception"
		if e, ok := license.Find(m[1]); !ok || e.Exception != exception {
			t.Errorf("%s: %+v, %v", m[1], e, ok)
		}
		n++
	}
	if n < 800 || !exception {
		t.Errorf("%d ids", n)
	}
}

// broken are official documents with references that lead nowhere or names that
// stand twice, in places where that is noted only. The value is what the note says.
var broken = map[string]string{
	"valid-evidence-1.5.json":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-evidence-1.6.json":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-evidence-1.7.json":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-formulation-1.5.json":                       `/formulation/0/workflows/0/resourceReferences/0/ref: the reference "component-a" leads nowhere`,
	"valid-formulation-1.6.json":                       `/formulation/0/workflows/0/resourceReferences/0/ref: the reference "component-a" leads nowhere`,
	"valid-formulation-1.7.json":                       `/formulation/0/workflows/0/resourceReferences/0/ref: the reference "component-a" leads nowhere`,
	"valid-attestation-1.6.json":                       `"counterClaim-1" leads nowhere`,
	"valid-attestation-1.7.json":                       `"counterClaim-1" leads nowhere`,
	"valid-cryptography-full-1.6.json":                 `"bom-ref-to-encr" leads nowhere`,
	"valid-cryptography-full-1.7.json":                 `"bom-ref-to-algorithm" leads nowhere`,
	"valid-cryptography-full-deprecated-1.7.json":      `"bom-ref-to-algorithm" leads nowhere`,
	"valid-cryptography-certificate-1.7.json":          `"6b00f384-6c39-420f-91eb-94de0f7be569RR" leads nowhere`,
	"valid-cryptography-certificate-advanced-1.7.json": `"aes-256-gcm-ref" leads nowhere`,
	"valid-citations-1.7.json":                         `the bom-ref "workflow-1" is also that of /formulation/0/bom-ref`,

	"valid-evidence-1.5.xml":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-evidence-1.6.xml":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-evidence-1.7.xml":                          `"bom-ref-of-tool-that-performed-analysis" leads nowhere`,
	"valid-formulation-1.5.xml":                       `resourceReference/ref: the reference "component-a" leads nowhere`,
	"valid-formulation-1.6.xml":                       `resourceReference/ref: the reference "component-a" leads nowhere`,
	"valid-formulation-1.7.xml":                       `resourceReference/ref: the reference "component-a" leads nowhere`,
	"valid-attestation-1.6.xml":                       `"requirement-1" leads nowhere`,
	"valid-attestation-1.7.xml":                       `"requirement-1" leads nowhere`,
	"valid-cryptography-full-1.6.xml":                 `"bom-ref-to-algorithm" leads nowhere`,
	"valid-cryptography-full-1.7.xml":                 `"bom-ref-to-algorithm" leads nowhere`,
	"valid-cryptography-full-deprecated-1.7.xml":      `"bom-ref-to-algorithm" leads nowhere`,
	"valid-cryptography-certificate-1.7.xml":          `6b00f384-6c39-420f-91eb-94de0f7be569RR`,
	"valid-cryptography-certificate-advanced-1.7.xml": `"aes-256-gcm-ref" leads nowhere`,
}

func TestOfficialJSON(t *testing.T) {
	dir := official(t)
	for _, version := range []string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"} {
		paths, err := filepath.Glob(filepath.Join(dir, "test-resources", version, "*.json"))
		if err != nil || len(paths) < 40 {
			t.Fatalf("%d official documents of %s (%v)", len(paths), version, err)
		}
		for _, path := range paths {
			name := version + "/" + filepath.Base(path)
			t.Run(name, func(t *testing.T) { checkOfficial(t, FormatJSON, version, name, path) })
		}
	}
}

func TestOfficialXML(t *testing.T) {
	dir := official(t)
	for _, version := range []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"} {
		paths, err := filepath.Glob(filepath.Join(dir, "test-resources", version, "valid-*.xml"))
		wrong, _ := filepath.Glob(filepath.Join(dir, "test-resources", version, "*invalid-*.xml"))
		if version != "1.0" && len(wrong) < 17 {
			t.Fatalf("%d invalid documents of %s", len(wrong), version)
		}
		paths = append(paths, wrong...)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%d official documents of %s (%v)", len(paths), version, err)
		}
		for _, path := range paths {
			name := version + "/" + filepath.Base(path)
			t.Run(name, func(t *testing.T) { checkOfficial(t, FormatXML, version, name, path) })
		}
	}
}

func checkOfficial(t *testing.T, format, version, name, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	err = Validate(format, version, data)
	invalid := strings.Contains(name, "invalid-")
	switch want, excepted := broken[filepath.Base(path)]; {
	case excepted:
		list, _ := xmlReferenceNotes(version, data)
		if format == FormatJSON {
			tree, _ := parse(data)
			list, _ = referenceNotes(tree)
		}
		notes := (&Error{Issues: list}).Error()
		if err != nil || !strings.Contains(notes, want) {
			t.Errorf("got %v and notes\n%s\nwant a note with %q", err, notes, want)
		}
	case invalid && err == nil:
		t.Error("an invalid document passed")
	case !invalid && err != nil:
		t.Error(err)
	}
	if gotFormat, gotVersion, err := Detect(data); !invalid && (err != nil || gotFormat != format || gotVersion != version) {
		t.Errorf("Detect gives %s %s, %v", gotFormat, gotVersion, err)
	}
}
