package frontmatter

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func parse(t *testing.T, text string) (Map, error) {
	t.Helper()
	b, _, _, ok := Split(text)
	if !ok {
		t.Fatalf("no front matter in %q", text)
	}
	return Parse(b)
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text, block, body string
		line, bodyLine    int
		ok                bool
	}{
		{"---\na: 1\n---\nbody", "a: 1\n", "body", 2, 4, true},
		{"\n\n--- \na: 1\n---  \nbody\n", "a: 1\n", "body\n", 4, 6, true},
		{"---\n---\n", "", "", 2, 3, true},
		{"---\na: 1\n---", "a: 1\n", "", 2, 4, true},
		{"---\na ruler only\n", "", "---\na ruler only\n", 0, 1, false},
		{"text\n---\na: 1\n---\n", "", "text\n---\na: 1\n---\n", 0, 1, false},
		{"", "", "", 0, 1, false},
	} {
		b, body, bodyLine, ok := Split(c.text)
		if b.Text != c.block || b.Line != c.line || body != c.body || bodyLine != c.bodyLine || ok != c.ok {
			t.Errorf("Split(%q) = %q, %d, %q, %d, %v", c.text, b.Text, b.Line, body, bodyLine, ok)
		}
	}
}

func TestRawScalars(t *testing.T) {
	m, err := parse(t, "---\nlanguage: no\nversion: 1.10\ndate: 2024-01-01\nn: 1e3\nlist:\n- 010\n-\n- ~\nbig: {a: [1, x, null], b: \"2\"}\n---\n")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"language": "no", "version": "1.10", "date": "2024-01-01", "n": "1e3", "big": `{"a":[1,"x",null],"b":"2"}`, "absent": ""} {
		if got := m.Get(key).JSON(); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
	if list := m.Get("list").Strings(); len(list) != 1 || list[0] != (Item{"010", 7}) {
		t.Errorf("list = %+v", list)
	}
}

func TestDuplicate(t *testing.T) {
	m, err := parse(t, "---\nlicense: mit\ntags: [a]\nlicense: apache-2.0\n---\n")
	if m.Get("license").Text() != "apache-2.0" || m.Line("license") != 4 {
		t.Errorf("license = %q in line %d", m.Get("license").Text(), m.Line("license"))
	}
	if p := sbom.Problems(err); len(p) != 1 || p[0].Line != 4 {
		t.Errorf("problems = %+v", p)
	}
}

func TestSalvage(t *testing.T) {
	m, err := parse(t, "---\nlicense: mit\nwidget:\n\t- text: a: b\nbase_model: @org/base\ndatasets:\n- a/b\n- @c/d\n<<<<<<< HEAD\npipeline_tag: fill-mask\n---\n")
	if p := sbom.Problems(err); len(p) == 0 || p[0].Line < 2 {
		t.Fatalf("problems = %+v", p)
	}
	if m.Get("license").Text() != "mit" || m.Get("base_model").Text() != "@org/base" || m.Line("base_model") != 5 || m.Get("pipeline_tag").Text() != "fill-mask" {
		t.Errorf("got %+v", m.Entries())
	}
	if d := m.Get("datasets").Strings(); len(d) != 2 || d[1] != (Item{"@c/d", 8}) {
		t.Errorf("datasets = %+v", d)
	}
}

func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("---\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		b.WriteString(strings.NewReplacer("N", string(rune('a'+i)), "M", string(rune('a'+i-1))).Replace("aN: &N [*M, *M, *M, *M, *M, *M, *M, *M]\n"))
	}
	b.WriteString("---\n")
	m, _ := parse(t, strings.Replace(b.String(), "&a0", "&a", 1))
	for _, e := range m.Entries() {
		if s := m.Get(e.Key).JSON(); len(s) > maxNodes*10 {
			t.Errorf("%s grew to %d bytes", e.Key, len(s))
		}
	}
}
