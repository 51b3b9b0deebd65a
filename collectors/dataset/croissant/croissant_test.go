package croissant

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/croissant.json",
		[]byte(`{"@context":{"cr":"http://mlcommons.org/croissant/","name":"cr:a"},"@type":"Dataset","@graph":[{"@id":"a","name":1}]}`))
}

func read(t *testing.T, name, text string) sbom.Report {
	t.Helper()
	return sbomtest.Collect(t, &Collector, fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}})
}

// croissant is a dataset with the given members.
func croissant(members string) string {
	return `{"@context": {"@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"}, "@type": "Dataset", "name": "a"` + members + `}`
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		url  string
		want sbom.Keys
	}{
		{"https://huggingface.co/datasets/a/b", sbom.Keys{Path: "m/", URL: "https://huggingface.co/datasets/a/b"}},
		{"https://huggingface.co/a/b", sbom.Keys{Path: "m/"}},
		{"https://github.com/a/b", sbom.Keys{Path: "m/"}},
		{"a/b", sbom.Keys{Path: "m/"}},
	} {
		r := read(t, "m/croissant.json", croissant(`, "url": "`+c.url+`"`))
		if len(r.Sightings) != 1 || r.Sightings[0].Keys != c.want || len(r.Problems) != 0 {
			t.Errorf("url %s: got %+v", c.url, r)
		}
	}
}

// Other JSON, and a plain schema.org dataset, are none of ours.
func TestOthers(t *testing.T) {
	for _, text := range []string{
		"", "[]", "{", "null", `{"mlcommons.org": 1}`, `{"@context": "https://schema.org", "@type": "Dataset", "name": "mlcommons.org"}`,
		`{"@context": {"x": "https://mlcommons.org/other"}, "@type": "Dataset", "name": "a"}`,
	} {
		if r := read(t, "metadata.json", text); len(r.Sightings)+len(r.Problems) != 0 {
			t.Errorf("%s: got %+v", text, r)
		}
	}
}

// What stands before the break still counts.
func TestBroken(t *testing.T) {
	text := strings.TrimSuffix(croissant(`, "license": "mit"`), "}")
	if r := read(t, "metadata.json", text+`, "url":`); len(r.Problems) != 1 || len(r.Sightings) != 1 || r.Sightings[0].Name != "a" {
		t.Errorf("got %+v", r)
	}
	if r := read(t, "croissant.json", `{"see": "mlcommons.org"`); len(r.Problems) != 1 || len(r.Sightings) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestFiles(t *testing.T) {
	sum := strings.Repeat("ab", 32)
	for _, c := range []struct {
		name, members string
		keys          sbom.Keys
		hashes        int
		rule          string
	}{
		{"local", `"contentUrl": "d/x.csv", "sha256": "` + sum + `"`, sbom.Keys{SHA256: sum, Path: "m/d/x.csv"}, 1, ""},
		{"dotted", `"contentUrl": "./d/../x.csv", "md5": "` + sum[:32] + `"`, sbom.Keys{Path: "m/x.csv"}, 1, ""},
		{"remote", `"contentUrl": "https://example.org/x.csv", "sha256": "` + strings.ToUpper(sum) + `"`, sbom.Keys{SHA256: sum}, 1, ""},
		{"issue 80", `"contentUrl": "x", "sha256": "https://github.com/mlcommons/croissant/issues/80"`, sbom.Keys{Path: "m/x"}, 0, sbom.RuleNoHash},
		{"short", `"contentUrl": "x", "sha256": "` + sum[:32] + `"`, sbom.Keys{Path: "m/x"}, 0, sbom.RuleNoHash},
		{"empty", `"contentUrl": "x", "sha256": "` + datadesc.EmptyDigest + `"`, sbom.Keys{Path: "m/x"}, 1, ""},
		{"escape", `"contentUrl": "../x", "sha256": "` + sum + `"`, sbom.Keys{SHA256: sum}, 1, sbom.RulePathEscape},
		{"absolute", `"contentUrl": "/x", "sha256": "` + sum + `"`, sbom.Keys{SHA256: sum}, 1, sbom.RulePathEscape},
		{"drive", `"contentUrl": "C:\\x", "sha256": "` + sum + `"`, sbom.Keys{SHA256: sum}, 1, sbom.RulePathEscape},
		{"folder", `"contentUrl": ".", "sha256": "` + sum + `"`, sbom.Keys{SHA256: sum}, 1, ""},
		{"inside", `"contentUrl": "x", "containedIn": "z"`, sbom.Keys{}, 0, ""},
		{"slip", `"contentUrl": "../x", "containedIn": "z"`, sbom.Keys{}, 0, sbom.RulePathEscape},
	} {
		r := read(t, "m/croissant.json", croissant(`, "distribution": {"@type": "cr:FileObject", "@id": "f", "encodingFormat": "text/csv", `+c.members+`}`))
		if len(r.Sightings) != 2 {
			t.Fatalf("%s: got %+v", c.name, r)
		}
		f := r.Sightings[1]
		rule := ""
		for _, x := range f.Findings {
			rule = x.Rule
		}
		if f.Kind != sbom.KindFile || f.Keys != c.keys || len(f.Hashes) != c.hashes || rule != c.rule || !f.File.Asserted {
			t.Errorf("%s: got %+v, %v", c.name, f.Component, f.Findings)
		}
		if l := r.Sightings[0].Links; len(l) != 1 || l[0].Rel != sbom.Contains || l[0].To.Keys != c.keys || l[0].To.Name != f.Name {
			t.Errorf("%s: links = %+v", c.name, l)
		}
	}
}

func TestPersonal(t *testing.T) {
	for text, want := range map[string]string{`"none"`: "", `"None"`: "", `"No."`: "no", `"Gender"`: "yes", `"It holds no names."`: "", `["no", "Age"]`: "yes"} {
		r := read(t, "croissant.json", croissant(`, "personalSensitiveInformation": `+text))
		got := ""
		if d := r.Sightings[0].Dataset; d != nil {
			got = d.Personal
		}
		if got != want {
			t.Errorf("%s = %q, want %q", text, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	r := read(t, "croissant.json", "{\"@context\": \"http://mlcommons.org/croissant/1.1\",\n\"@type\": \"Dataset\",\n\"name\": \"a\",\n\"license\":\n \"mit\",\n\"sha256\": 1}")
	if l := r.Sightings[0].Lines; l["name"] != 3 || l["licenses"] != 5 {
		t.Errorf("lines = %v", l)
	}
}

// A file of any name is Croissant by its context; of another's JSON nothing is said.
func TestAnyName(t *testing.T) {
	text := croissant("")
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/minimal.json": {Data: []byte(text)}, "d/package.json": {Data: []byte(`{"name": "mlcommons.org"}`)}, "d/far.json": {Data: []byte(strings.Repeat(" ", beginning) + text)}})
	if len(r.Sightings) != 1 || r.Sightings[0].Where.Path != "d/minimal.json" || len(r.Problems) != 0 {
		t.Errorf("%+v", r)
	}
}
