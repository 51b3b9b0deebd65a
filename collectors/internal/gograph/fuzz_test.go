package gograph

import (
	"context"
	"testing"
	"testing/fstest"

	"golang.org/x/mod/modfile"
)

// FuzzCache: whatever lies in the module cache and in go.sum, the graph is complete
// or says why it is not, and it is the same each time.
func FuzzCache(f *testing.F) {
	f.Add("module a.b/x\ngo 1.16\nrequire a.b/y v1.0.0\n", "a.b/x v1.0.0/go.mod h1:x\n", "go 1.17\nrequire a.b/x v1.0.0\n")
	f.Add("module a.b/x\nretract [v1.0.0, v9.0.0]\nrequire a.b/x v1.1.0\nrequire m v1.0.0", "", "require a.b/x v1.0.0\nreplace a.b/x => ./x\n")
	f.Add("module (\n", "a a a\n", "go 1.21\ntoolchain go1.99\nrequire a.b/x v1.0.0\nexclude a.b/x v1.0.0\n")
	f.Fuzz(func(t *testing.T, mod, sum, main string) {
		file, err := modfile.Parse("go.mod", []byte("module m\n"+main), nil)
		if err != nil {
			return
		}
		cache := fstest.MapFS{}
		for _, name := range []string{"x/@v/v1.0.0", "x/@v/v1.1.0", "y/@v/v1.0.0"} {
			cache["cache/download/a.b/"+name+".mod"] = &fstest.MapFile{Data: []byte(mod)}
		}
		tree := fstest.MapFS{"go.sum": {Data: []byte(sum)}, "x/go.mod": {Data: []byte(mod)}}
		say := func() string {
			g := Build(context.Background(), Input{Mains: []Main{{".", file}}, Tree: tree, Cache: cache, Sums: ReadSums(tree, "go.sum")})
			Latest(cache, nil, "a.b/x")
			text := names(g.Modules())
			for _, m := range g.Missing {
				text += "; " + m.String()
			}
			return text
		}
		if a, b := say(), say(); a != b {
			t.Errorf("%q, and then %q", a, b)
		}
	})
}
