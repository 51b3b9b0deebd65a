package croissant

import (
	"strings"
	"testing"
	"testing/fstest"

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
		{"empty", `"contentUrl": "x", "sha256": "` + emptyDigest + `"`, sbom.Keys{Path: "m/x"}, 1, ""},
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

func TestBytesOf(t *testing.T) {
	for text, want := range map[string]int64{
		"10585 B": 10585, "1 MB": 1000000, "3.1 TiB": 3408486046105, "36.809 KB": 36809, "12": 12, "1,234 bytes": 1234, "0 B": 0,
		"9223372036854775807 B": 1<<63 - 1, "": -1, " B": -1, "-1 B": -1, "1e9 B": -1, "9223372036854775808 B": -1, "99999999 EB": -1,
		"1 XB": -1, "1,23 B": -1, "5 files": -1,
	} {
		n, ok := bytesOf(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q = %d, want %d", text, n, want)
		}
	}
}

func TestLicense(t *testing.T) {
	for _, c := range []struct {
		text, address, id, name string
	}{
		{"https://creativecommons.org/licenses/by/4.0/", "", "CC-BY-4.0", ""},
		{"http://creativecommons.org/licenses/by-nc-sa/3.0/deed.en", "", "CC-BY-NC-SA-3.0", ""},
		{"https://creativecommons.org/licenses/by/3.0/us/", "", "CC-BY-3.0-US", ""},
		{"https://creativecommons.org/publicdomain/zero/1.0/", "", "CC0-1.0", ""},
		{"https://spdx.org/licenses/Apache-2.0.html", "", "Apache-2.0", ""},
		{"https://www.apache.org/licenses/LICENSE-2.0.txt", "", "Apache-2.0", ""},
		{"https://opensource.org/license/mit/", "", "MIT", ""},
		{"https://choosealicense.com/licenses/odc-by/", "", "ODC-By-1.0", ""},
		{"https://opendatacommons.org/licenses/odbl/1-0/", "", "ODbL-1.0", ""},
		{"https://cdla.dev/permissive-2-0/", "", "CDLA-Permissive-2.0", ""},
		{"Creative Commons", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", ""},
		{"cc0-1.0", "", "CC0-1.0", ""},
		{"https://example.org/terms", "", "", "https://example.org/terms"},
		{"House terms", "https://example.org/terms", "", "House terms"},
		{"unknown", "", "", ""},
		{"https://choosealicense.com/licenses/undefined/", "", "", ""},
	} {
		l, ok := license(c.text, c.address)
		if l.ID != c.id || l.Name != c.name || ok != (c.id != "" || c.name != "") {
			t.Errorf("%s %s = %+v, %v", c.text, c.address, l, ok)
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

func TestCleanURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?download=1":  "https://a.example/x?download=1",
		"https://u:p@a.example/x":         "https://a.example/x",
		"https://a.example/x?Signature=1": "https://a.example/x",
		"javascript:alert(1)":             "",
		"file:///etc/passwd":              "",
		"x/y":                             "",
	} {
		if got := cleanURL(in); got != want {
			t.Errorf("%s = %q, want %q", in, got, want)
		}
	}
}

func TestLines(t *testing.T) {
	r := read(t, "croissant.json", "{\"@context\": \"http://mlcommons.org/croissant/1.1\",\n\"@type\": \"Dataset\",\n\"name\": \"a\",\n\"license\":\n \"mit\",\n\"sha256\": 1}")
	if l := r.Sightings[0].Lines; l["name"] != 3 || l["licenses"] != 5 {
		t.Errorf("lines = %v", l)
	}
}
