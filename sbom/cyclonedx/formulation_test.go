package cyclonedx

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// pipeline is a small one: prepare makes data of which train makes a model.
func pipeline() sbom.Report {
	at := sbom.Place{Path: "dvc.yaml", Line: 3, By: "pipeline/dvc"}
	key := func(kind sbom.Kind, path string) sbom.Component {
		return sbom.Component{Kind: kind, Name: path, Keys: sbom.Keys{Path: path}}
	}
	stage := func(name, activity string, commands ...string) sbom.Component {
		c := key(sbom.KindProcess, "dvc.yaml#"+name)
		c.Name, c.Process = name, &sbom.Process{Type: "stage", Activity: activity, Tool: "dvc", Commands: commands,
			Parameters: []sbom.Property{{Name: "lr", Value: "0.1"}}, Started: "2026-01-02T03:04:05Z"}
		return c
	}
	prepare, train := stage("prepare", sbom.ActivityPreparation, "python z.py", "python a.py"), stage("train", sbom.ActivityTraining, "python train.py")
	all := key(sbom.KindProcess, "dvc.yaml")
	all.Process = &sbom.Process{Type: "pipeline"}
	data, model := key(sbom.KindDataset, "data/"), key(sbom.KindModel, "model/")
	model.Model = &sbom.Model{Metrics: []sbom.Metric{{Type: "accuracy", Value: "0.9", StdErr: "0.01", Split: "test", Samples: "100", Shots: "5"}}}
	say := func(c sbom.Component, links ...sbom.Link) sbom.Sighting {
		return sbom.Sighting{Component: c, Basis: sbom.Declared, Where: at, Links: links}
	}
	return sbom.Report{Sightings: []sbom.Sighting{
		say(all, sbom.Link{Rel: sbom.Contains, To: prepare}, sbom.Link{Rel: sbom.Contains, To: train}),
		say(prepare, sbom.Link{Rel: sbom.Produces, To: data}),
		say(train, sbom.Link{Rel: sbom.DependsOn, To: prepare}, sbom.Link{Rel: sbom.Consumes, To: data}, sbom.Link{Rel: sbom.Produces, To: model},
			sbom.Link{Rel: sbom.Produces, To: key(sbom.KindFile, "scores.json"), Note: "metrics"}),
		say(data), say(model, sbom.Link{Rel: sbom.TrainedOn, To: data, Note: sbom.RoleTrain}, sbom.Link{Rel: sbom.EvaluatedOn, To: data, Note: sbom.RoleTest},
			sbom.Link{Rel: sbom.EvaluatedOn, To: data, Note: sbom.RoleValidation}),
	}}
}

func TestPipelineIsAWorkflow(t *testing.T) {
	g := sbom.Merge(pipeline())
	for _, o := range versions() {
		if err := comesBack(g, o, true); err != nil {
			t.Errorf("%s, XML %v: %v", o.Version, o.XML, err)
		}
	}
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, Options{Compact: true}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"formulation":[{"workflows":[{"bom-ref":"process:dvc.yaml","uid":"dvc.yaml","name":"dvc.yaml","tasks":[{"bom-ref":"process:dvc.yaml#prepare","uid":"dvc.yaml#prepare","name":"prepare"`,
		`"taskTypes":["build"],"steps":[{"commands":[{"executed":"python z.py"},{"executed":"python a.py"}]}]`,
		`"inputs":[{"resource":{"ref":"data:data/"}},{"parameters":[{"name":"lr","value":"0.1"}]}],"outputs":[{"resource":{"ref":"file:scores.json"},"type":"metrics"},{"resource":{"ref":"model:model/"},"type":"artifact"}],"timeStart":"2026-01-02T03:04:05Z"`,
		`"taskDependencies":[{"ref":"process:dvc.yaml#train","dependsOn":["process:dvc.yaml#prepare"]}]`,
		`{"name":"mlbom:process:producedBy","value":"dvc.yaml#train"}`, `{"name":"mlbom:model:evaluatedOn","value":"test, validation: data/"}`,
		`{"name":"mlbom:metric:accuracy","value":"0.9 ± 0.01 on test · 5-shot; samples 100"}`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %s in\n%s", want, b.String())
		}
	}
	if n := strings.Count(b.String(), `"type":"application"`); n != 3 { // subject, tools
		t.Errorf("%d applications: a process is none", n)
	}
}

// TestForeignFormulationStaysWhole: beside our own formula, that of another tool's
// document is written as it came, and comes back as the record that it was.
func TestForeignFormulationStaysWhole(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(official(t), "cyclonedx/test-resources/1.6/valid-formulation-1.6.json"))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := Decode(data, "in.json")
	if err != nil {
		t.Fatal(err)
	}
	r := pipeline()
	r.Sightings, r.Records = append(r.Sightings, foreign.Sightings...), append(r.Records, foreign.Records...)
	g := sbom.Merge(r)
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{}, Options{Version: "1.6"}); err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(schema.FormatJSON, "1.6", b.Bytes()); err != nil {
		t.Fatal(err)
	}
	back, err := Decode(b.Bytes(), "out")
	if err != nil {
		t.Fatal(err)
	}
	if err := sbomtest.Comes(g, sbom.Merge(back)); err != nil {
		t.Error(err)
	}
	var in, out struct{ Formulation []json.RawMessage }
	if json.Unmarshal(data, &in) != nil || json.Unmarshal(b.Bytes(), &out) != nil || len(in.Formulation) != 1 {
		t.Fatal("no formulation")
	}
	records := 0
	for _, r := range g.Records {
		if r.Part == "cyclonedx:formulation" {
			records++
		}
	}
	if records != 1 {
		t.Errorf("%d records of formulations: want that of the other tool", records)
	}
}

// TestCitationsNameWhoDeclares: what mlbom.yaml states is cited with the person, apart
// from what others state.
func TestCitationsNameWhoDeclares(t *testing.T) {
	data := sbom.Component{Kind: sbom.KindDataset, Name: "d", Keys: sbom.Keys{Path: "d/"}, Properties: []sbom.Property{{Name: sbom.DeclaredBy, Value: "Ann Example, ML lead"}}}
	g := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: data, Basis: sbom.Declared, Where: sbom.Place{Path: "mlbom.yaml", Line: 3, By: sbom.Declarations}}}})
	var b bytes.Buffer
	if err := Encode(&b, g, sbom.Meta{Time: time.Unix(0, 0)}, Options{Version: "1.7", Compact: true}); err != nil {
		t.Fatal(err)
	}
	if want := `"attributedTo":"collector:declaration/mlbom","note":"declared by Ann Example, ML lead"`; !strings.Contains(b.String(), want) {
		t.Errorf("there is no %s in\n%s", want, b.String())
	}
	if err := schema.Validate(schema.FormatJSON, "1.7", b.Bytes()); err != nil {
		t.Error(err)
	}
}
