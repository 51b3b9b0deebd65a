package mlflow

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// runFact is what MlflowClient says of a run.
type runFact struct {
	Name, Status string
	Start, End   int64
	Params       map[string]string
	Metrics      map[string]string
	Inputs       [][3]string // name, context, digest
	Outputs      []string
	Parent       string
}

// TestRunsOracle holds each run against what MlflowClient says of it.
func TestRunsOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	data, err := os.ReadFile(filepath.Join(dir, "mlruns-facts.json"))
	if dir == "" || os.IsNotExist(err) {
		t.Skip("MLBOM_ORACLE_FILES is not set, or testdata/oracle.py did not run: it needs mlflow-skinny, pandas and cloudpickle")
	}
	var want map[string]runFact
	if err == nil {
		err = json.Unmarshal(data, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(sbomtest.Collect(t, &Collector, os.DirFS(filepath.Join(dir, "mlruns"))))
	got := map[string]runFact{}
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindProcess {
			got[path.Base(n.Keys.Path)] = runOf(g, n)
		}
	}
	if len(want) < 3 || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %s\nwant %s", sbomtest.JSON(got), sbomtest.JSON(want))
	}
}

func runOf(g *sbom.Graph, n *sbom.Node) runFact {
	f := runFact{Name: n.Name, Status: n.Process.Status, Start: millis(n.Process.Started), End: millis(n.Process.Ended), Params: map[string]string{}, Metrics: map[string]string{}, Inputs: [][3]string{}, Outputs: []string{}}
	for _, p := range n.Process.Parameters {
		f.Params[p.Name] = p.Value
	}
	for _, m := range n.Process.Metrics {
		f.Metrics[m.Type] = m.Value
	}
	for _, e := range g.Edges {
		to := g.Node(e.To)
		switch {
		case e.From == n.ID && e.Rel == sbom.Consumes:
			digest := to.Properties[slices.IndexFunc(to.Properties, func(p sbom.Property) bool { return p.Name == "mlbom:mlflow:digest" })]
			f.Inputs = append(f.Inputs, [3]string{to.Name, strings.Join(e.Notes, ","), digest.Value})
		case e.From == n.ID && e.Rel == sbom.Produces:
			f.Outputs = append(f.Outputs, path.Base(path.Dir(strings.TrimSuffix(to.Keys.Path, "/"))))
		case e.To == n.ID && e.Rel == sbom.Contains:
			f.Parent = path.Base(g.Node(e.From).Keys.Path)
		}
	}
	slices.SortFunc(f.Inputs, func(a, b [3]string) int { return strings.Compare(a[0], b[0]) })
	return f
}

// millis is the inverse of moment.
func millis(text string) int64 {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0
	}
	return at.UnixMilli()
}
