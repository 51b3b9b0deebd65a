package pytable

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

func TestFrom(t *testing.T) {
	for table, want := range map[string]pydep.Need{
		`git = "https://u:p@example.org/r", tag = "v1"`:         {Requirement: pep508.Requirement{URL: "git+https://example.org/r@v1"}},
		`git = "https://example.org/r", subdirectory = "x/y"`:   {Requirement: pep508.Requirement{URL: "git+https://example.org/r#subdirectory=x/y"}},
		`url = "https://example.org/a.whl"`:                     {Requirement: pep508.Requirement{URL: "https://example.org/a.whl"}},
		`path = "../a", editable = true`:                        {Folder: "../a", Editable: true},
		`path = ".", subdirectory = "b"`:                        {Folder: "b"},
		`index = "mine"`:                                        {Index: "https://mine.example.org/simple"},
		`index = "https://u:p@other.example.org/simple"`:        {Index: "https://other.example.org/simple"},
		`index = "nobody", marker = "sys_platform == 'darwin'"`: {Requirement: pep508.Requirement{Marker: "sys_platform == 'darwin'"}},
	} {
		doc, err := tomllines.Parse("a = {" + table + "}")
		if err != nil {
			t.Fatal(err)
		}
		got := From(pydep.Need{}, doc.Get("a"), map[string]string{"mine": "https://mine.example.org/simple"})
		if got.URL != want.URL || got.Folder != want.Folder || got.Index != want.Index || got.Editable != want.Editable || got.Marker != want.Marker {
			t.Errorf("%s:\ngot  %+v\nwant %+v", table, got, want)
		}
	}
}

func TestJudgement(t *testing.T) {
	m := pydep.New(sbom.NewFile(fstest.MapFS{}, "a.toml"))
	doc, _ := tomllines.Parse("s = 'unsafe-best-match'\nf = 'first-index'")
	Index(m, "http://u:p@example.org/simple", 3)
	Index(m, "https://example.org/simple", 4)
	Strategy(m, doc.Get("s"))
	Strategy(m, doc.Get("f"))
	if f := m.App.Findings; len(f) != 2 || f[0].Rule != sbom.RuleInsecureIndex || f[0].Where.Line != 3 || f[1].Rule != sbom.RuleConfusion {
		t.Errorf("%+v", f)
	}
}
