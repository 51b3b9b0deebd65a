package croissant

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// accepted: the reference refuses this in its own tests, where no more than this is in
// the document, or only in version 0.8.
const accepted = "-"

// broken are the ways in which the reference implementation refuses a document, in
// the words of both: that of its tests, and ours.
var broken = []struct{ name, members, reference, problem string }{
	{"wrong type of the dataset", `"@type": "sc:WRONG", "name": "a"`, "doesn't extend https://schema.org/Dataset", "its @type is sc:WRONG and not sc:Dataset"},
	{"no name", `"@type": "sc:Dataset"`, accepted, "the dataset has no name"},
	{"wrong type of a file", files(`{"@type": "sc:WRONG", "@id": "f", "name": "f", "contentUrl": "f.csv", "encodingFormat": "text/csv"}`),
		`"@type": "http://mlcommons.org/croissant/FileObject" or`, `"f" in the distribution has @type sc:WRONG`},
	{"no contentUrl", files(`{"@type": "cr:FileObject", "@id": "f", "name": "f", "encodingFormat": "text/csv"}`), `"https://schema.org/contentUrl" is mandatory`, `file "f" has no contentUrl`},
	{"no encodingFormat", files(`{"@type": "cr:FileSet", "@id": "f", "name": "f", "includes": "*.csv"}`), `"https://schema.org/encodingFormat" is mandatory`, `file set "f" has no encodingFormat`},
	{"no includes", files(`{"@type": "cr:FileSet", "@id": "f", "name": "f", "encodingFormat": "text/csv"}`), `"http://mlcommons.org/croissant/includes" is mandatory`, `file set "f" has no includes`},
	{"contained in nothing", files(`{"@type": "cr:FileObject", "@id": "f", "name": "f", "description": "d", "contentUrl": "f.csv", "encodingFormat": "text/csv", "sha256": "x", "containedIn": {"@id": "NONE"}}`) + `, "recordSet": {"@type": "cr:RecordSet", "@id": "r", "name": "r", "field": ` + column("a", "f") + `}`,
		accepted, `file "f" is contained in "NONE"`},
	{"an id with spaces", files(`{"@type": "cr:FileObject", "@id": "with spaces", "name": "f", "contentUrl": "f.csv", "encodingFormat": "text/csv"}`),
		"contains a wrong `@id`", `the @id "with spaces" has spaces`},
	{"wrong type of a record set", sets(`{"@type": "sc:WRONG", "@id": "r", "name": "r", "field": []}`), `"@type": "http://mlcommons.org/croissant/RecordSet"`, `record set "r" has @type sc:WRONG`},
	{"wrong type of a field", fields(`{"@type": "sc:WRONG", "@id": "r/a", "name": "a", "dataType": "sc:Text", "source": {"fileObject": {"@id": "f"}, "extract": {"column": "a"}}}`),
		`"@type": "http://mlcommons.org/croissant/Field"`, `field "r/a" has @type sc:WRONG`},
	{"a field without a source", fields(`{"@type": "cr:Field", "@id": "r/a", "name": "a", "dataType": "sc:Text"}`), "does not define `source` or `value`", `field "r/a" has neither a source nor a value`},
	{"a source that is not there", fields(`{"@type": "cr:Field", "@id": "r/a", "name": "a", "dataType": "sc:Text", "source": {"fileObject": {"@id": "NONE"}, "extract": {"column": "a"}}}`),
		"does not refer to any existing node", `a source of field "r/a" is "NONE", which the document does not have`},
	{"a source of nothing", fields(`{"@type": "cr:Field", "@id": "r/a", "name": "a", "dataType": "sc:Text", "source": {"extract": {"column": "a"}}}`),
		"Source should have one of the following properties", `a source of field "r/a" names no file`},
	{"a shape and no array", fields(`{"@type": "cr:Field", "@id": "r/a", "name": "a", "dataType": "sc:Text", "cr:arrayShape": "2,2", "source": {"fileObject": {"@id": "f"}, "extract": {"column": "a"}}}`),
		"defines `array_shape`, but `is_array` is False", `field "r/a" has an arrayShape, but is no array`},
	{"an array without a length", fields(`{"@type": "cr:Field", "@id": "r/a", "name": "a", "dataType": "sc:Text", "cr:isArray": true, "cr:arrayShape": "x,2", "source": {"fileObject": {"@id": "f"}, "extract": {"column": "a"}}}`),
		"", `the arrayShape "x,2" of field "r/a" is no list of numbers`},
	{"no join", `"@type": "sc:Dataset", "name": "a", "distribution": [` + file("f") + `, ` + file("g") + `], "recordSet": {"@type": "cr:RecordSet", "@id": "r", "name": "r", "field": [` +
		column("a", "f") + `, ` + column("b", "g") + `]}`, "you didn't declare a join between them", `record set "r" takes its fields from several sources (f, g) without a reference that joins them`},
	{"a field without a name", `"@type": "sc:Dataset", "name": "a", "distribution": ` + file("f") + `, "recordSet": {"@type": "cr:RecordSet", "@id": "r", "name": "r", "field": {"@type": "cr:Field", "dataType": "sc:Text"}}`,
		"", `a field of record set "r" has neither @id nor name`},
	{"a file without a name", files(`{"@type": "cr:FileObject", "contentUrl": "f.csv", "encodingFormat": "text/csv"}`), "", `a file in the distribution has neither @id nor name`},
}

func file(id string) string {
	return `{"@type": "cr:FileObject", "@id": "` + id + `", "name": "` + id + `", "contentUrl": "` + id + `.csv", "encodingFormat": "text/csv", "sha256": "x"}`
}

func column(name, of string) string {
	return `{"@type": "cr:Field", "@id": "r/` + name + `", "name": "` + name + `", "dataType": "sc:Text", "source": {"fileObject": {"@id": "` + of + `"}, "extract": {"column": "a"}}}`
}

func files(parts string) string {
	return `"@type": "sc:Dataset", "name": "a", "distribution": ` + parts
}

func sets(list string) string {
	return files(file("f")) + `, "recordSet": ` + list
}

func fields(list string) string {
	return sets(`{"@type": "cr:RecordSet", "@id": "r", "name": "r", "field": ` + list + `}`)
}

// whole is a document of version 1.0 with the context that its specification gives.
func whole(members string) string {
	return `{"@context": {"@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "dct": "http://purl.org/dc/terms/",
"conformsTo": "dct:conformsTo", "column": "cr:column", "containedIn": "cr:containedIn", "extract": "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
"includes": "cr:includes", "recordSet": "cr:recordSet", "references": "cr:references", "source": "cr:source", "data": {"@id": "cr:data", "@type": "@json"},
"dataType": {"@id": "cr:dataType", "@type": "@vocab"}}, "conformsTo": "http://mlcommons.org/croissant/1.0", ` + members + `}`
}

// Each way to be broken is a problem that names it.
func TestNegative(t *testing.T) {
	for _, c := range broken {
		r := read(t, "croissant.json", whole(c.members))
		var reasons []string
		for _, p := range r.Problems {
			reasons = append(reasons, p.Reason)
		}
		if all := strings.Join(reasons, "\n"); !strings.Contains(all, c.problem) {
			t.Errorf("%s: problems %q, want %q", c.name, all, c.problem)
		}
	}
	r := read(t, "croissant.json", whole(fields(column("a", "f"))))
	if len(r.Problems) > 0 {
		t.Errorf("nothing is broken, and yet: %v", r.Problems)
	}
}

const refusals = `
import json, logging, sys
logging.disable(logging.CRITICAL)
import mlcroissant
out = []
for name in sys.argv[1:]:
    try:
        mlcroissant.Dataset(jsonld=name)
        out.append("")
    except Exception as e:
        out.append(str(e))
print(json.dumps(out))
`

// TestNegativeOracle holds the list above against the reference implementation.
func TestNegativeOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_MLCROISSANT")
	if python == "" {
		t.Skip("MLBOM_ORACLE_MLCROISSANT is not set: name a Python that has the package mlcroissant")
	}
	args := []string{"-c", refusals}
	for i, c := range broken {
		name := filepath.Join(t.TempDir(), string(rune('a'+i))+".json")
		if err := os.WriteFile(name, []byte(whole(c.members)), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	out, err := exec.Command(python, args...).Output()
	var said []string
	if err == nil {
		err = json.Unmarshal(out, &said)
	}
	if err != nil || len(said) != len(broken) {
		t.Fatalf("%v: %s", err, out)
	}
	for i, c := range broken {
		if c.reference == accepted {
			if said[i] != "" {
				t.Errorf("%s: the reference says %q, and used to accept it", c.name, said[i])
			}
			continue
		}
		if said[i] == "" || !strings.Contains(said[i], c.reference) {
			t.Errorf("%s: the reference says %q, want %q", c.name, said[i], c.reference)
		}
	}
}
