package textproto

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// show writes a tree on one line.
func show(v *Value) string {
	if !v.Is {
		if v.Quoted {
			return fmt.Sprintf("%q", v.Text)
		}
		return v.Text
	}
	var parts []string
	for _, f := range v.Fields {
		parts = append(parts, f.Name+":"+show(f.Value))
	}
	return "{" + strings.Join(parts, " ") + "}"
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		`name: "a"`: `{name:"a"}`,
		"# c\nname: \"a\" 'b' # d\n  \"\\n\\x41\\101\\u00e9\\'\"":            `{name:"ab\nAAé'"}`,
		`dims: [ -1, 3, 0x10 ] dims: 5`:                                      `{dims:-1 dims:3 dims:0x10 dims:5}`,
		`input [ { name: "x" }, { name: "y" } ] output <name: "z";>`:         `{input:{name:"x"} input:{name:"y"} output:{name:"z"}}`,
		`input: { a: 1, b: 1.5e-3, c: inf; d: -nan e: 1.0f f: .5 }`:          `{input:{a:1 b:1.5e-3 c:inf d:-nan e:1.0f f:.5}}`,
		`[com.example.ext]: true any { [type.googleapis.com/a.B] { x: 1 } }`: `{com.example.ext:true any:{type.googleapis.com/a.B:{x:1}}}`,
		`kind: KIND_GPU empty: [] m {}`:                                      `{kind:KIND_GPU m:{}}`,
		``:                                                                   `{}`,
	} {
		v, err := Parse(text)
		if got := show(v); err != nil || got != want {
			t.Errorf("%s\ngives %s, %v\nwant  %s", text, got, err, want)
		}
	}
}

func TestFaults(t *testing.T) {
	for text, line := range map[string]int{"a: 1\nb\nc: 2": 3, "a {\n b: 1\n": 3, "a: \"x\ny": 1, "a: [1, 2": 1, "a: [1 2]": 1, "}": 1, "a: >": 1, "a: 1\n: 2": 2, "a: \"\\q\" b: :": 1} {
		v, err := Parse(text)
		p := sbom.Problems(err)
		if v == nil || len(p) != 1 || p[0].Line != line {
			t.Errorf("%q gives %v", text, err)
		}
	}
	deep := strings.Repeat("a{", 1000)
	if _, err := Parse(deep); err == nil || !strings.Contains(err.Error(), "deep") {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("name: \"a\" input [ { dims: [ -1 ] } ] <x>")
	f.Fuzz(func(t *testing.T, text string) {
		if v, _ := Parse(text); v == nil {
			t.Error("no tree")
		}
	})
}
