package schema

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the .want files anew")

// Each file of testdata names what it must give on the lines of its .want file;
// none, or an empty one, means that the document is valid.
func TestData(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.[jx]*[nl]")
	if err != nil || len(paths) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := os.ReadFile(path + ".want")
			format, version, err := Detect(data)
			if err == nil {
				err = Validate(format, version, data)
			}
			got := ""
			if err != nil {
				got = err.Error() + "\n"
			}
			if *update && got != "" {
				want = []byte(got)
				if err := os.WriteFile(path+".want", want, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(want) {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func bom(rest string) []byte {
	return []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1` + rest + "}")
}

func TestValidateJSON(t *testing.T) {
	deep := strings.Repeat(`[`, maxDepth+1)
	for _, c := range []struct{ name, rest, want string }{
		{"plain", ``, ""},
		{"duplicate", ",\n\"version\":2", `line 2: /version: duplicate key "version"`},
		{"duplicate, escaped", `,"\u0076ersion":2`, `/version: duplicate key "version"`},
		{"invalid UTF-8", ",\n\n\"x\":\"\xff\"", "line 3: invalid UTF-8 (byte 0xff at offset 64)"},
		{"half surrogate", `,"x":"\ud800"`, "half of a surrogate pair"},
		{"control", ",\"x\":\"\n\"", "control character 0x0a in a string"},
		{"deep", `,"x":` + deep, "nested more than 256 deep"},
		{"long key", `,"` + strings.Repeat("k", maxKey+1) + `":1`, "a key of 257 bytes, the bound is 256"},
		{"number bomb", `,"x":1e999999999`, "the exponent of \"1e999999999\" is beyond 400"},
		{"long number", `,"x":` + strings.Repeat("1", maxNumber+1), "a number of 401 digits, the bound is 400"},
		{"bad number", `,"x":01`, `/x: not a number: "01"`},
		{"cut off", `,"x":[1,`, "/x/1: "},
		{"trailing", `} {`, "text after the end of the document"},
		{"comma", `,`, "expected a key in double quotes"},
		{"unknown property", `,"models":[]`, `/models: unknown property "models"; remove it`},
		{"terminal", `,"a\u001b[2J":1`, `unknown property "a\x1b[2J"`},
		{"type", `,"components":{}`, "/components: is object, want array"},
		{"enum case", `,"components":[{"type":"Library","name":"a"}]`, `write "library"`},
		{"licence case", `,"components":[{"type":"library","name":"a","licenses":[{"license":{"id":"mit"}}]}]`, `; write "MIT"`},
		{"licence both", `,"components":[{"type":"library","name":"a","licenses":[{"license":{"id":"MIT","name":"x"}}]}]`, `give either id or name, not both`},
		{"licence none", `,"components":[{"type":"library","name":"a","licenses":[{"license":{}}]}]`, `/components/0/licenses/0/license: missing "id" or "name"`},
		{"email", `,"metadata":{"supplier":{"contact":[{"email":"nobody"}]}}`, `"nobody" is not a valid idn-email`},
		{"dangling", `,"dependencies":[{"ref":"a"}]`, `/dependencies/0/ref: the reference "a" leads nowhere`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Validate(FormatJSON, "1.6", bom(c.rest))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	for _, c := range []struct{ format, version, want string }{
		{"spdx-n3", "2.3", `unknown format "spdx-n3": want cyclonedx-json, cyclonedx-xml, spdx-json, spdx-yaml, spdx-tag-value, spdx-rdf or spdx-xml`},
		{FormatJSON, "1.1", `no schema for CycloneDX "1.1" in JSON: want 1.2 to 1.7`},
		{FormatXML, "1.8", `no schema for CycloneDX "1.8" in XML: want 1.0 to 1.7`},
	} {
		var e *Error
		if err := Validate(c.format, c.version, nil); err == nil || err.Error() != c.want || errors.As(err, &e) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	big := make([]byte, maxSize+1)
	const want = "the document has 209715201 bytes, the bound is 209715200 (200 MiB)"
	_, _, err := Detect(big)
	for _, err := range []error{err, CheckReferences(big), Validate(FormatJSON, "1.6", big), Validate(FormatXML, "1.6", big)} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestIssuesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, ",\n{\"type\":\"nonsense\",\"name\":\"%d\"}", i)
	}
	data := bom(`,"components":[` + b.String()[1:] + `]`)
	first := Validate(FormatJSON, "1.6", data)
	var e *Error
	if !errors.As(first, &e) || len(e.Issues) != MaxIssues || e.More != 150 {
		t.Fatalf("%d issues and %d more, want %d and 150", len(e.Issues), e.More, MaxIssues)
	}
	if e.Issues[49].Pointer != "/components/49/type" || e.Issues[49].Line != 51 {
		t.Errorf("the last issue is %+v", e.Issues[49])
	}
	for range 5 {
		if again := Validate(FormatJSON, "1.6", data); again.Error() != first.Error() {
			t.Fatal("the same bytes give another error")
		}
	}
}

func TestConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for v := range compiled {
				doc := strings.Replace(string(bom("")), "1.6", v, 1)
				if err := Validate(FormatJSON, v, []byte(doc)); err != nil {
					t.Error(v, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestReferences(t *testing.T) {
	for _, c := range []struct{ name, doc, want string }{
		{"fine", `{"components":[{"bom-ref":"a"}],"dependencies":[{"ref":"a","dependsOn":["urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1#b"]}]}`, ""},
		{"twice", `{"components":[{"bom-ref":"a","components":[{"bom-ref":"a"}]}]}`, `/components/0/components/0/bom-ref: the bom-ref "a" is also that of /components/0/bom-ref`},
		{"licence", `{"metadata":{"component":{"bom-ref":"a","licenses":[{"license":{"bom-ref":"a"}}]}}}`, `the bom-ref "a" is also that of /metadata/component/bom-ref`},
		{"dependsOn", `{"dependencies":[{"dependsOn":["x"]}]}`, `/dependencies/0/dependsOn/0: the reference "x"`},
		{"provides", `{"dependencies":[{"provides":["x"]}]}`, `/dependencies/0/provides/0: the reference "x"`},
		{"assemblies", `{"compositions":[{"assemblies":["x"]}]}`, `/compositions/0/assemblies/0: the reference "x"`},
		{"compositions", `{"compositions":[{"dependencies":["x"]}]}`, `/compositions/0/dependencies/0: the reference "x"`},
		{"datasets", `{"components":[{"modelCard":{"modelParameters":{"datasets":[{"ref":"x"}]}}}]}`, `/datasets/0/ref: the reference "x"`},
		{"tools 1.5", `{"components":[{"evidence":{"identity":{"tools":["x"]}}}]}`, `/identity/tools/0: the reference "x"`},
		{"tools 1.6", `{"components":[{"evidence":{"identity":[{"tools":["x"]}]}}]}`, `/identity/0/tools/0: the reference "x"`},
		{"legacy tools", `{"metadata":{"tools":[{"name":"x"}]}}`, ""},
		{"subjects", `{"annotations":[{"subjects":["x"]}]}`, `/annotations/0/subjects/0: the reference "x"`},
		{"affects", `{"vulnerabilities":[{"affects":[{"ref":"x"}]}]}`, `/vulnerabilities/0/affects/0/ref: the reference "x"`},
		{"attributedTo", `{"citations":[{"attributedTo":"x"}]}`, `/citations/0/attributedTo: the reference "x"`},
		{"process", `{"citations":[{"process":"x"}]}`, `/citations/0/process: the reference "x"`},
		{"pointer", `{"a/b":[{"~":1}],"citations":[{"pointers":["","/a~1b/0/~0","/a~1b/1"]}]}`, `/citations/0/pointers/2: the citation points to "/a~1b/1"`},
		{"pointer, leading zero", `{"a":[1],"citations":[{"pointers":["/a/00"]}]}`, `the citation points to "/a/00"`},
		{"formulation", `{"formulation":[{"workflows":[{"taskDependencies":[{"ref":"x"}]}]}]}`, `/taskDependencies/0/ref: the reference "x"`},
		{"asserter", `{"components":[{"patentAssertions":[{"asserter":"x"}]}]}`, `/asserter: the reference "x"`},
		{"not JSON", `[`, "the document ends too early"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckReferences([]byte(c.doc))
			if tree, bad := parse([]byte(c.doc)); bad == nil && slices.Contains([]string{"tools 1.5", "tools 1.6", "formulation"}, c.name) {
				if err != nil {
					t.Errorf("%v, want a note only", err)
				}
				list, more := referenceNotes(tree)
				err = toError(list, more)
			}
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
