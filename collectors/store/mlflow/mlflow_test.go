package mlflow

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/MLmodel") }

func FuzzRegistry(f *testing.F) { sbomtest.Fuzz(f, &Collector, "models/a/version-1/meta.yaml") }

func FuzzRun(f *testing.F) { sbomtest.Fuzz(f, &Collector, "mlruns/1/a/meta.yaml") }

func FuzzProject(f *testing.F) { sbomtest.Fuzz(f, &Collector, "MLproject") }
