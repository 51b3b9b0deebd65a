package gosource

import (
	"go/parser"
	"go/token"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

func nopOpen(text string) func(string) (io.ReadCloser, error) {
	return func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

func paths(h head) (list []string) {
	for _, s := range h.specs {
		list = append(list, s.path)
	}
	return list
}

// TestLongHeads: imports that lie behind the first bytes that are read, or across
// their end, are found.
func TestLongHeads(t *testing.T) {
	for _, n := range []int{0, 10, 8180, 8185, 8190, 8191, 8192, 8193, 8200, 65500, 65530, 65536, 70000, maxHeader - 100} {
		for _, text := range []string{
			"// " + strings.Repeat("x", n) + "\npackage p\nimport (\n\t\"a\"\n\t. \"b\"\n)\nimport _ `c`\nvar x = 1\n",
			"package p\nimport (\"a\"; . \"b\")\n/*" + strings.Repeat("y", n) + "*/ import _ `c`\n",
		} {
			var buf []byte
			h, _, err := readHead(fstest.MapFS{"x.go": {Data: []byte(text)}}, "x.go", &buf)
			if got := paths(h); err != nil || !slices.Equal(got, []string{"a", "b", "c"}) {
				t.Errorf("%d bytes: %v, %v", n, got, err)
			}
		}
	}
	var buf []byte
	if _, _, err := readHead(fstest.MapFS{"x.go": {Data: []byte("//" + strings.Repeat("x", maxHeader) + "\npackage p")}}, "x.go", &buf); err == nil {
		t.Error("a head without end was taken")
	}
}

func TestBrokenFilesAreToldAndTheRestIsRead(t *testing.T) {
	fsys := tree("-- a.go --\nimport \"x\"\n-- b.go --\npackage b\nimport \"a.example/b\"\nimport 7\n-- c.go --\n-- d.go --\npackage d\nimport (\n\t\"a.example/d\"\n-- vendor/a.example/b/b.go --\npackage b\n-- vendor/a.example/d/d.go --\npackage d\n")
	r := analyze(t, vendored(fsys, "a.example/b", "a.example/d"))
	if len(r.Problems) != 4 {
		t.Errorf("problems %v", r.Problems)
	}
	if said(r.Uses["a.example/b"]) != "main direct" || said(r.Uses["a.example/d"]) != "main direct" {
		t.Errorf("uses %+v", r.Uses)
	}
}

// Fuzz reads what is no Go as well as what is: it must not panic, and what Go's
// own parser accepts must give the same imports.
func Fuzz(f *testing.F) {
	for _, s := range []string{"package p\nimport \"a\"\n", "// +build x\n\npackage p; import (a \"b\"; . `c`; _ \"d\")\nfunc f() {}", "package", "package p\nimport (", "/*", "\xef\xbb\xbfpackage p", "package p\nimport \"C\"", "//go:build !(a||b)\npackage x\n", "package p\nimport \"\\x61\"\n", "package p\nimport 'a'"} {
		f.Add([]byte(s))
	}
	pl := newPlatforms()
	f.Fuzz(func(t *testing.T, text []byte) {
		h, complete, err := parseHead(text, true)
		if !complete && err == nil {
			t.Error("a whole text is not complete")
		}
		pl.condition("x_linux.go", text)
		file, fault := parser.ParseFile(token.NewFileSet(), "", text, parser.ImportsOnly)
		if fault != nil {
			return
		}
		var want []string
		for _, i := range file.Imports {
			if p, _ := strconv.Unquote(i.Path.Value); p != "C" {
				want = append(want, p)
			}
		}
		if got := paths(h); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v; Go's parser says %v", text, got, err, want)
		}
		for cut := range len(text) { // with less of the text there is never less to come
			if part, complete, err := parseHead(text[:cut], false); complete && err == nil && len(part.specs) != len(h.specs) {
				t.Errorf("%q is taken as complete", text[:cut])
			}
		}
	})
}
