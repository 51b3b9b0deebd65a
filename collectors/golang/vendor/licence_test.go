package vendor

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const mit = `MIT License

Copyright (c) 2020 Someone

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

// TestLicences: the text in a module's folder says what its licence is, and is
// the place of that fact; the module next to it, with another text, has none.
func TestLicences(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{
		"vendor/modules.txt":            {Data: []byte("# example.com/a v1.0.0\n## explicit\nexample.com/a\n# example.com/b v1.0.0\n## explicit\nexample.com/b\n")},
		"vendor/example.com/a/LICENSE":  {Data: []byte(mit)},
		"vendor/example.com/a/a.go":     {Data: []byte("package a\n")},
		"vendor/example.com/b/LICENSE":  {Data: []byte("ask me\n")},
		"vendor/example.com/b/sub/b.go": {Data: []byte("package sub\n")},
	})
	g := sbom.Merge(r)
	a, b := g.Node("pkg:golang/example.com/a@v1.0.0"), g.Node("pkg:golang/example.com/b@v1.0.0")
	if a == nil || len(a.Licenses) != 1 || a.Licenses[0].ID != "MIT" || !a.Licenses[0].Concluded || a.Licenses[0].Confidence < 0.9 || a.Copyright != "Copyright (c) 2020 Someone" {
		t.Errorf("the licence is %+v", a)
	}
	if b == nil || len(b.Licenses) > 0 {
		t.Errorf("a licence out of nothing: %+v", b)
	}
	i := slices.IndexFunc(a.Facts, func(f sbom.Fact) bool { return f.Field == "licenses" })
	if i < 0 || a.Facts[i].Seen[0].Path != "vendor/example.com/a/LICENSE" {
		t.Errorf("the place of the licence is %+v", a.Facts)
	}
}
