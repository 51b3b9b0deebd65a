package tomllines

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const sample = `# a comment
title = "x"

[[package]]
name = "a"
deps = [
    { name = "b" },
    # between
    { name = "c", extra = ["d",
        "e"] },
]
[package.source]
url = 'u'

[[package]]
name = "b"
a.b.c = 1
`

func TestLines(t *testing.T) {
	v, err := Parse(sample)
	if err != nil {
		t.Fatal(err)
	}
	packages := v.Get("package").Items()
	if len(packages) != 2 {
		t.Fatalf("%d packages", len(packages))
	}
	deps := packages[0].Get("deps").Items()
	for name, c := range map[string]struct {
		v    *Value
		text string
		line int
	}{
		"scalar":         {v.Get("title"), "x", 2},
		"entry":          {packages[0], "", 4},
		"second entry":   {packages[1], "", 15},
		"sub-table":      {packages[0].Get("source", "url"), "u", 13},
		"inline":         {deps[0].Get("name"), "b", 7},
		"inline table":   {deps[1], "", 9},
		"inline array":   {deps[1].Get("extra").Items()[1], "e", 10},
		"dotted":         {packages[1].Get("a", "b", "c"), "1", 17},
		"what is absent": {packages[1].Get("no", "such"), "", 0},
	} {
		text := ""
		if c.v != nil {
			text = c.v.Text
		}
		if text != c.text || c.v.Line() != c.line {
			t.Errorf("%s: %q at %d, want %q at %d", name, text, c.v.Line(), c.text, c.line)
		}
	}
}

func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		lines []int
		want  string // value of z.k
	}{
		"conflict": {"[a]\nk = 1\n<<<<<<< HEAD\nk = 2\n[z]\nk = 'v'\n", []int{3}, "v"},
		"open":     {"[z]\nk = 'v'\n[y]\nk = [\n", []int{4}, "v"},
		"twice":    {"[z]\nk = 'v'\nk = 'w'\n", []int{3}, "v"},
		"scalar":   {"z = 1\n[z]\nk = 'v'\n", []int{2}, ""},
		"deep":     {"z.k = 'v'\nb = " + strings.Repeat("[", 70) + strings.Repeat("]", 70), []int{2}, "v"},
		"deeper":   {"z.k = 'v'\nb = " + strings.Repeat("[", 20000), []int{2}, "v"},
		"long key": {"z.k = 'v'\n" + strings.Repeat("a.", 100) + "b = 1", []int{2}, "v"},
	} {
		v, err := Parse(c.text)
		problems := sbom.Problems(err)
		if len(problems) != len(c.lines) || (len(problems) > 0 && problems[0].Line != c.lines[0]) {
			t.Errorf("%s: problems %+v, want lines %v", name, problems, c.lines)
		}
		if got := v.Get("z", "k").Str(); got != c.want {
			t.Errorf("%s: z.k = %q, want %q", name, got, c.want)
		}
	}
}

func Fuzz(f *testing.F) {
	f.Add(sample)
	f.Add("[a\n[[b]]\nc = [{d=1},\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, _ := Parse(text)
		for _, k := range v.Keys() {
			if v.Get(k) == nil || v.Get(k).Line() < 1 {
				t.Errorf("key %q has no value or line", k)
			}
		}
	})
}

// TestManyKeys: a table answers by each of its keys, however many there are, and
// the first of two equal ones counts.
func TestManyKeys(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "k%d = %d\n", i, i)
	}
	v, err := Parse(b.String() + "k50 = 0\n")
	if err == nil || !strings.Contains(err.Error(), `key "k50" stands twice`) {
		t.Errorf("two equal keys: %v", err)
	}
	for i := range 100 {
		if got := v.Get(fmt.Sprintf("k%d", i)); got == nil || got.Text != strconv.Itoa(i) || got.Line() != i+1 {
			t.Errorf("k%d is %+v", i, got)
		}
	}
	if len(v.Keys()) != 100 || v.Get("k100") != nil {
		t.Errorf("%d keys", len(v.Keys()))
	}
}

func TestCompact(t *testing.T) {
	v, err := Parse("a = [1_0, 2.5, \"x\\\"y\", {b = true, c = 2025-01-01}]\n[d]\n")
	if got := v.Compact(); err != nil || got != `{"a":[1_0,2.5,"x\"y",{"b":true,"c":2025-01-01}],"d":{}}` {
		t.Errorf("%s, %v", got, err)
	}
}

// TestTooManySigns: what would take far more room than the file is not read, and
// what stands before it is.
func TestTooManySigns(t *testing.T) {
	for name, text := range map[string]string{
		"elements": "[a]\nb = 1\n[c]\nd = [" + strings.Repeat("{},", maxSigns/2) + "]\n",
		"key":      "[a]\nb = 1\n[c]\n" + strings.Repeat("d.", maxSigns+1) + "d = 1\n",
		"depth":    "[a]\nb = 1\n[c]\nd = " + strings.Repeat("[", maxSigns+1),
	} {
		v, err := Parse(text)
		var p *sbom.Problem
		if !errors.As(err, &p) || p.Line != 4 || !strings.Contains(p.Reason, "signs; the rest is left out") {
			t.Errorf("%s: %v", name, err)
		}
		if v.Get("a", "b") == nil || v.Get("c") != nil {
			t.Errorf("%s: read %.100s", name, v.Compact())
		}
	}
}
