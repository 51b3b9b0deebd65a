package mlflow

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestOracle reads a store that mlflow made. Set MLBOM_ORACLE_FILES to the folder
// that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has mlflow-skinny, pandas and cloudpickle, and name its folder")
	}
	root, err := os.OpenRoot(filepath.Join(dir, "mlruns"))
	if os.IsNotExist(err) {
		t.Skip("testdata/oracle.py did not run: it needs mlflow-skinny, pandas and cloudpickle")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	g := sbom.Merge(sbomtest.Collect(t, &Collector, root.FS()))
	var model *sbom.Node
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindModel {
			model = n
		}
	}
	if model == nil || len(g.Problems) != 0 {
		t.Fatalf("%+v", g)
	}
	got := fmt.Sprint(model.Name, model.Component.Version, model.Model.Inputs, model.Model.Outputs, metric(model, "rmse"), model.Model.Training.Hyperparameters, model.Model.CustomCode, model.Refs[0].URL)
	const want = "demo1[{o object<a: long> } {words array<string>? } {x double }] [{y float32 [-1,3]}]0.25[{depth 3}] [python_model.pkl]https://example.org/team/train"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, e := range g.Edges {
		if to := g.Node(e.To); e.Rel == sbom.TrainedOn && to.Name == "points" && to.Refs[0].URL == "https://example.org/data.csv" {
			return
		}
	}
	t.Errorf("no dataset: %+v", g.Edges)
}

func metric(n *sbom.Node, name string) string {
	for _, m := range n.Model.Metrics {
		if m.Type == name {
			return m.Value
		}
	}
	return ""
}
