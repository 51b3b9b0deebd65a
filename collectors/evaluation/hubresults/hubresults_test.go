package hubresults

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/.eval_results/a.yaml", []byte("- dataset: {id: a/b, task_id: t}\n  value: 1\n"), []byte("- &a [*a]\n"))
}
