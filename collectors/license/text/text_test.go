package text

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	if _, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"LICENSE": {Data: []byte("some words")}, "go.mod": {}}, "LICENSE")); err != nil {
		f.Fatal(err) // this also makes the automata, which take longer than an input may
	}
	sbomtest.Fuzz(f, &Collector, "LICENSE", []byte("Permission is hereby granted"))
}

// TestAlone: the licence makes no component where nobody else knows the project.
func TestAlone(t *testing.T) {
	tree := fstest.MapFS{"LICENSE": {Data: []byte("Licensed under the Apache License, Version 2.0")}, "setup.py": {}}
	g := sbom.Merge(sbomtest.Collect(t, &Collector, tree))
	if len(g.Nodes) != 0 {
		t.Errorf("%+v", g.Nodes)
	}
}

// TestJoins: it is the licence of the project that a manifest establishes, and the
// declared one stays beside it.
func TestJoins(t *testing.T) {
	const notice = "Licensed under the Apache License, Version 2.0 (the \"License\");\nyou may not use this file except in compliance with the License.\nYou may obtain a copy of the License at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing, software\ndistributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.\nSee the License for the specific language governing permissions and\nlimitations under the License.\n"
	report := sbomtest.Collect(t, &Collector, fstest.MapFS{"p/LICENSE": {Data: []byte(notice)}, "p/setup.py": {}})
	app := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Path: "p/setup.py", By: "x/y"}}
	app.Kind, app.Name, app.Keys.Path = sbom.KindApplication, "p", sbom.Project("p/setup.py", "python")
	app.Licenses = []sbom.License{{Name: "Apache"}}
	report.Sightings = append(report.Sightings, app)
	g := sbom.Merge(report)
	if len(g.Nodes) != 1 || len(g.Nodes[0].Licenses) != 2 || !g.Nodes[0].Licenses[0].Concluded {
		t.Errorf("%s", sbomtest.JSON(g.Nodes))
	}
}
