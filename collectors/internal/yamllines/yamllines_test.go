package yamllines

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const sample = `# a comment
version: 1.10
list:
  - a # [linux]
  - {k: v}
base: &base
  x: 1
  y: ~
again: *base
version: 2
`

func TestValues(t *testing.T) {
	v, err := Parse(sample)
	problems := sbom.Problems(err)
	if len(problems) != 1 || problems[0].Line != 10 {
		t.Errorf("problems %+v", problems)
	}
	items := v.Get("list").Items()
	for name, c := range map[string]struct {
		v    *Value
		text string
		line int
	}{
		"last counts": {v.Get("version"), "2", 10},
		"item":        {items[0], "a", 4},
		"flow":        {items[1].Get("k"), "v", 5},
		"alias":       {v.Get("again", "x"), "1", 7},
		"null":        {v.Get("base", "y"), "", 8},
		"absent":      {v.Get("no", "such"), "", 0},
	} {
		if c.v.Text() != c.text || c.v.Line() != c.line {
			t.Errorf("%s: %q at %d, want %q at %d", name, c.v.Text(), c.v.Line(), c.text, c.line)
		}
	}
	if c := items[0].Comment(); c != "[linux]" {
		t.Errorf("comment %q", c)
	}
	if e := v.Entries(); len(e) != 4 || e[0].Key != "version" || e[0].Value.Text() != "2" {
		t.Errorf("entries %+v", e)
	}
	if v.Get("version").IsMap() || !v.Get("again").IsMap() || !v.Get("list").IsList() || v.Get("base", "y").IsScalar() {
		t.Error("kinds are wrong")
	}
	if one, _ := Parse("version: 1.10"); one.Get("version").Text() != "1.10" {
		t.Error("1.10 is not kept")
	}
}

func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		line int
		want string // value of k
	}{
		"conflict": {"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\nk: v\n", 2, "v"},
		"open":     {"k: v\nb: [1,\nc: 2\n", 2, "v"},
		"tab 2":    {"a:\n  - x\n\t- y\nk: v\n", 3, "v"},
		"tab":      {"k: v\n\tb: 2\n", 2, "v"},
		"control":  {"k: v\nb: \x00\n", 2, "v"},
		"nothing":  {"@", 1, ""},
	} {
		v, err := Parse(c.text)
		problems := sbom.Problems(err)
		if len(problems) == 0 || problems[0].Line != c.line {
			t.Errorf("%s: problems %+v, want line %d", name, problems, c.line)
		}
		if got := v.Get("k").Text(); got != c.want {
			t.Errorf("%s: k = %q, want %q", name, got, c.want)
		}
	}
}

// TestHostile: aliases are not copied, and what is deep is cut.
func TestHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x]\n")
	for i := 1; i < 60; i++ {
		n := string(rune('a'+i%26)) + strings.Repeat("z", i)
		p := "a0"
		if i > 1 {
			p = string(rune('a'+(i-1)%26)) + strings.Repeat("z", i-1)
		}
		bomb.WriteString(n + ": &" + n + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 20), ",") + "]\n")
	}
	if v, err := Parse(bomb.String()); err != nil || len(v.Entries()) != 60 {
		t.Errorf("%v", err)
	}
	v, err := Parse("k: v\nd: " + strings.Repeat("[", 500) + strings.Repeat("]", 500))
	if len(sbom.Problems(err)) != 1 || v.Get("k").Text() != "v" {
		t.Errorf("%v", err)
	}
	if v, _ := Parse("a: &a\n  b: *a\n"); v.Get("a", "b", "b", "b", "b") == nil {
		t.Error("a circle does not lead back")
	}
	var none *Value
	if none.Get("x") != nil || none.Items() != nil || none.Text() != "" || none.Comment() != "" || none.True() {
		t.Error("an absent value has something")
	}
}

func Fuzz(f *testing.F) {
	f.Add(sample)
	f.Add("- [a\n- *b\n? k\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, _ := Parse(text)
		for _, e := range v.Entries() {
			if e.Line < 1 || v.Get(e.Key) == nil {
				t.Errorf("key %q has no value or line", e.Key)
			}
			e.Value.Texts()
		}
	})
}
