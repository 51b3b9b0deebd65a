package dvc

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/dvc.yaml") }

func FuzzLock(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/dvc.lock") }

func FuzzData(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/x.csv.dvc") }

func FuzzConfig(f *testing.F) { sbomtest.Fuzz(f, &Collector, ".dvc/config") }
