package sbom

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestLineage: a stage reads and writes files, and what that says of the model and
// the dataset that the files belong to.
func TestLineage(t *testing.T) {
	to := func(rel Rel, kind Kind, path string) Link {
		return Link{Rel: rel, To: Component{Kind: kind, Keys: Keys{Path: path}}}
	}
	seen := func(kind Kind, path string, links ...Link) Sighting {
		return Sighting{Component: Component{Kind: kind, Name: path, Keys: Keys{Path: path}}, Links: links, Where: Place{Path: path, By: "t"}}
	}
	file := func(path, split string) Sighting {
		s := seen(KindFile, path)
		s.File = &FileFacts{Table: Table{Split: split}}
		return s
	}
	stage := func(name, activity string, links ...Link) Sighting {
		s := seen(KindProcess, "dvc.yaml#"+name, links...)
		s.Process = &Process{Activity: activity}
		s.Where.Path = "dvc.yaml"
		return s
	}
	g := Merge(Report{Sightings: []Sighting{
		seen(KindDataset, "d/", to(Contains, KindFile, "d/train.csv"), to(Contains, KindFile, "d/dev.csv"), to(Contains, KindFile, "d/test.csv")),
		file("d/train.csv", "train"), file("d/dev.csv", "validation"), file("d/test.csv", "test"),
		seen(KindModel, "m/", to(Contains, KindFile, "m/w.safetensors")), file("m/w.safetensors", ""),
		seen(KindModel, "base/"),
		seen(KindModel, "told/", to(TrainedOn, KindDataset, "d/dev.csv")), // says itself of which part
		stage("tell", ActivityTraining, to(Consumes, KindDataset, "d/dev.csv"), to(Produces, KindModel, "told/")),
		stage("train", ActivityFineTuning, to(Consumes, KindFile, "d/train.csv"), to(Consumes, KindDataset, "d/dev.csv"), to(Consumes, KindModel, "base/"), to(Produces, KindFile, "m/w.safetensors")),
		stage("test", ActivityEvaluation, to(Consumes, KindFile, "d/test.csv"), to(Consumes, KindModel, "m/")),
		stage("copy", "", to(Consumes, KindFile, "d/train.csv"), to(Produces, KindModel, "base/")),
	}})
	var got []string
	for _, e := range g.Edges {
		if len(e.Seen) == 1 && e.Seen[0].By == derivedBy && g.Node(e.From).Kind != KindApplication {
			got = append(got, fmt.Sprintf("%s %s %s %s at %s", g.Node(e.From).Name, e.Rel, g.Node(e.To).Keys.Path, strings.Join(e.Notes, ","), e.Seen[0].Path))
		}
	}
	slices.Sort(got)
	want := []string{
		"d/ contains d/dev.csv  at d/dev.csv",
		"m/ derived-from base/ finetune at dvc.yaml",
		"m/ evaluated-on d/ test,validation at dvc.yaml",
		"m/ trained-on d/ train at dvc.yaml",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	again := Merge(g.Report())
	if len(again.Edges) != len(g.Edges) {
		t.Errorf("%d edges come back as %d", len(g.Edges), len(again.Edges))
	}
}
