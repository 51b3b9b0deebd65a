package sbom

import (
	"reflect"
	"strings"
	"testing"
)

var zeros = strings.Repeat("0", 64)

// TestTreeLines: what is written is read, and nothing else is.
func TestTreeLines(t *testing.T) {
	for path, want := range map[string]string{
		"a/b c.txt":     `a/b c.txt`,
		`a"b`:           `a"b`,
		`"a`:            `"\"a"`,
		" a":            `" a"`,
		"a ":            `"a "`,
		"a\nb":          `"a\nb"`,
		"größe/模型.bin":  `größe/模型.bin`,
		"a\u202eb":      `"a\u202eb"`,
		"a\ufffeb":      `"a\ufffeb"`,
		`back\slash`:    `back\slash`,
		"a\U000e0001b":  `"a\U000e0001b"`,
		"</text>\tnull": `"</text>\tnull"`,
	} {
		f := TreeFile{path, zeros, 7}
		if got := f.String(); got != zeros+" 7 "+want {
			t.Errorf("%q: %s", path, got)
		}
		if got, err := ParseTreeFile(f.String()); err != nil || got != f {
			t.Errorf("%q comes back as %q: %v", path, got, err)
		}
		l := TreeLink{path, "../" + path}
		if got, err := ParseTreeLink(l.String()); err != nil || got != l {
			t.Errorf("%q comes back as %q: %v", path, got, err)
		}
	}
	for _, text := range []string{
		"", "x", zeros, zeros + " 1", zeros + " 1 ", zeros + " -1 a", zeros + " +1 a", zeros + " 01 a", zeros + "  1 a", zeros + " 1 /a", zeros + " 1 ../a", zeros + " 1 a/../b",
		zeros + " 1 .", zeros + " 1 a//b", zeros + ` 1 "a"`, zeros + ` 1 "\x61"`, zeros + ` 1 "a`, zeros + " 1 a\nb", zeros + " 9223372036854775808 a",
		strings.Repeat("A", 64) + " 1 a", zeros[1:] + " 1 a", zeros + " 1 " + strings.Repeat("a", 5000), zeros + ` 1 "\x00"`, zeros + ` 1 "\xff"`,
	} {
		if f, err := ParseTreeFile(text); err == nil {
			t.Errorf("%q is taken for %q", text, f)
		}
	}
	for _, text := range []string{"", "[]", `["a"]`, `["a","b","c"]`, `["../a","b"]`, `["a",""]`, `["a", "b"]`, `["\u0061","b"]`, `["a","\u0000"]`, `["a",1]`, `{"a":"b"}`} {
		if l, err := ParseTreeLink(text); err == nil {
			t.Errorf("%q is taken for %q", text, l)
		}
	}
}

func TestReadTree(t *testing.T) {
	want := Tree{Files: []TreeFile{{"a", zeros, 1}, {"b/c", zeros, 2}}, Links: []TreeLink{{"d", "a"}}, Exclude: []string{"*.log"}}
	got, err := ReadTree(&Component{Properties: append(want.Properties(), Property{"other", "x"})})
	if err != nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if files, err := TreeFiles(&Component{Properties: want.Properties()}); err != nil || len(files) != 2 {
		t.Errorf("%v, %v", files, err)
	}
	if got, err := ReadTree(&Component{Properties: []Property{{TreeExcludeProperty, "x"}}}); got != nil || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	for name, tree := range map[string]Tree{
		"twice":        {Files: []TreeFile{{"a", zeros, 1}, {"a", zeros, 2}}},
		"file, link":   {Files: []TreeFile{{"a", zeros, 1}}, Links: []TreeLink{{"a", "b"}}},
		"below a file": {Files: []TreeFile{{"a", zeros, 1}, {"a/b", zeros, 1}}},
		"both":         {Files: []TreeFile{{"a", zeros, 1}}, None: "x"},
	} {
		if got, err := ReadTree(&Component{Properties: tree.Properties()}); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestWithoutTrees: what another document says of its tree is not taken for ours.
func TestWithoutTrees(t *testing.T) {
	shared := []Property{{"keep", "1"}, {TreeFileProperty, zeros + " 1 a"}, {TreeNoneProperty, "x"}}
	r := Report{Sightings: []Sighting{{Component: Component{Properties: shared}}}}
	r.WithoutTrees()
	if got := r.Sightings[0].Properties; !reflect.DeepEqual(got, []Property{{"keep", "1"}}) || len(shared) != 3 || shared[2].Name != TreeNoneProperty {
		t.Errorf("%v, %v", got, shared)
	}
}

// FuzzTreeLines: a line that is read is written in the same bytes.
func FuzzTreeLines(f *testing.F) {
	f.Add(zeros + " 1 a/b")
	f.Add(zeros + ` 1 "\"a\n"`)
	f.Add(`["a","../b"]`)
	f.Add(`["a\ufffe","\ud83d\ude00"]`)
	f.Fuzz(func(t *testing.T, text string) {
		if file, err := ParseTreeFile(text); err == nil && file.String() != text {
			t.Errorf("%q is written as %q", text, file)
		}
		if link, err := ParseTreeLink(text); err == nil && link.String() != text {
			t.Errorf("%q is written as %q", text, link)
		}
	})
}
