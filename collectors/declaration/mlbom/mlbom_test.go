package mlbom

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "p/mlbom.yaml", []byte("declared-by: A\nmodels:\n- {path: m/, trained-on: [x, {ref: 'hub:a/b@c', role: test}], evaluations: [{metric: f1, value: 1, on: x}]}\n"),
		[]byte("declared-by: {name: A, role: b}\nsystem: {name: s}\npipelines:\n- name: p\n  steps:\n  - {name: a, activity: training, inputs: x.csv, outputs: m, after: b}\nreviews:\n- {by: A, date: 2026-01-01, what: x}\n"),
		[]byte("declared-by: A\ndatasets:\n- {path: mlbom.yaml, digest: 'sha256:00', origin: {source: [a, b]}, owners: [A]}\nservices:\n- {url: 'https://u:p@h/x?token=1'}\n- {name: s}\n"))
}

// TestSchemaIsMade: the file in the folder schema is that of the tables here.
func TestSchemaIsMade(t *testing.T) {
	const name = "../../../schema/mlbom.schema.json"
	have, _ := os.ReadFile(name)
	if bytes.Equal(have, Schema()) {
		return
	}
	if flag.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(name, Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("schema/mlbom.schema.json is stale: go test ./collectors/declaration/mlbom -run Schema -update")
}
