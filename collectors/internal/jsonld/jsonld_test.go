package jsonld

import (
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

func parse(t *testing.T, text string) *Document {
	t.Helper()
	root, err := jsonlines.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return New(root, Words{{"mlcommons.org/croissant/", "cr:"}, {"schema.org/", "sc:"}, {"purl.org/dc/terms/", "dct:"}})
}

// Each context gives the property "name" of the first node the text "a".
func TestContexts(t *testing.T) {
	for _, c := range []string{
		`{"@context": "https://schema.org", "name": "a"}`,
		`{"@context": {"@vocab": "https://schema.org/"}, "name": "a"}`,
		`{"@context": {"s": "http://schema.org/"}, "s:name": "a"}`,
		`{"sc:name": "a"}`,
		`{"name": "a"}`,
		`{"http://schema.org/name": [{"@value": "a"}]}`,
		`{"@context": {"titel": "http://schema.org/name"}, "titel": "a"}`,
		`{"@context": {"s": "http://schema.org/", "titel": {"@id": "s:name"}, "wert": "@value"}, "titel": {"wert": "a"}}`,
		`{"@context": [{"x": "http://x.example/"}, {"x": "http://schema.org/"}], "x:name": "a"}`,
		`{"@context": {"@vocab": "http://x.example/", "name": "http://schema.org/name"}, "name": "a"}`,
		`{"@context": {"@vocab": "https://schema.org/", "@language": "fr"}, "name": [{"@value": "b", "@language": "en"}, {"@value": "a", "@language": "fr"}]}`,
		`{"@context": {"@language": "de"}, "name": {"en": "b", "de": "a"}}`,
		`{"@context": {"rest": "@nest"}, "rest": {"name": "a"}}`,
		`{"@context": {"name": {"@id": "http://schema.org/name", "@container": "@index"}}, "name": {"one": "a"}}`,
		`{"@context": {"type": "@type", "Thing": {"@id": "http://schema.org/Thing", "@context": {"n": "http://schema.org/name"}}}, "type": "Thing", "n": "a"}`,
		`{"@context": {"name": {"@id": "http://schema.org/name", "@container": "@set"}}, "name": {"@list": [{"@set": ["a"]}]}}`,
	} {
		d := parse(t, c)
		if got, line := d.Text(d.Root, "name"); got != "a" || line != 1 {
			t.Errorf("%s: %q at line %d", c, got, line)
		}
	}
	for _, c := range []string{
		`{"@context": {"@vocab": "http://x.example/"}, "name": "a"}`,
		`{"@context": {"name": null, "@vocab": "https://schema.org/"}, "name": "a"}`,
		`{"@context": {"name": {"@reverse": "http://schema.org/name"}}, "name": "a"}`,
		`{"x:name": "a", "http://x.example/name": "a"}`,
	} {
		d := parse(t, c)
		if got, _ := d.Text(d.Root, "name"); got != "" {
			t.Errorf("%s: %q", c, got)
		}
	}
}

func TestReferences(t *testing.T) {
	d := parse(t, `[{"@context": {"id": "@id", "@base": "http://b.example/", "ex": "http://e.example/"}},
{"id": "one", "sc:hasPart": [{"id": "./two"}, {"id": "http://b.example/three"}, "ex:four", {"id": "http://e.example/five"}]},
{"id": "two", "name": "2"}, {"id": "three", "name": "3"}, {"@graph": [{"id": "http://e.example/four", "name": "4"}, {"id": "ex:five", "name": "5"}]}]`)
	var got []string
	for _, v := range d.Nodes(d.Root.Items[1], "haspart") {
		name, _ := d.Text(v, "name")
		got = append(got, name)
	}
	if !slices.Equal(got, []string{"2", "3", "4", "5"}) {
		t.Errorf("names %q", got)
	}
	if n := len(d.Tops()); n != 7 {
		t.Errorf("%d nodes at the top", n)
	}
}

// A context of a node or of a property holds for what is in it.
func TestScopes(t *testing.T) {
	d := parse(t, `{"@context": {"@vocab": "https://schema.org/", "p": {"@id": "https://schema.org/part", "@context": {"n": "name"}}},
"p": {"n": "a"}, "q": {"@context": {"name": "http://x.example/n", "m": "sc:name"}, "name": "b", "m": "c"}, "r": {"@context": null, "name": "d", "n": "e"}, "n": "f"}`)
	at := func(key string) string {
		text, _ := d.Text(d.Root.Get(key), "name")
		return text
	}
	if at("p") != "a" || at("q") != "c" || at("r") != "d" {
		t.Errorf("%q %q %q", at("p"), at("q"), at("r"))
	}
	if name, _ := d.Text(d.Root, "name"); name != "" {
		t.Errorf("a word of another scope counts: %q", name)
	}
}

func TestEmbedded(t *testing.T) {
	page := "<html>\n<SCRIPT id=x type='application/ld+json' nonce=1>\n{\"name\": 1}\n</script><script>x</script><script type=\"application/ld+json\">[]</script>"
	docs := slices.Collect(Embedded(page))
	if len(docs) != 2 || strings.TrimSpace(docs[0]) != `{"name": 1}` {
		t.Fatalf("%q", docs)
	}
	if v, err := jsonlines.Parse(docs[0]); err != nil || v.Line != 3 {
		t.Errorf("line %d, %v", v.Line, err)
	}
}

// What is nested deep, goes in rings or defines itself comes to an end.
func TestHostile(t *testing.T) {
	deep := strings.Repeat(`{"@context":{"a":"b","b":"a"},"a":`, 150) + `{"name":"x"}` + strings.Repeat("}", 150)
	for _, text := range []string{deep, `{"@context": {"a": "a:b", "b": "b"}, "a:c": 1, "b": 2}`, `{"@id": "x", "p": {"@id": "x"}, "@graph": [[[[[[[[[[[[1]]]]]]]]]]]]}`, `[[[{"@context": [[[[]]]]}]]]`} {
		root, _ := jsonlines.Parse(text)
		d := New(root, nil)
		d.Tops()
		d.Text(d.Root, "name")
		d.Nodes(d.Root, "p")
	}
}
