package hdf5

import (
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// seeds are the files of the archives in testdata.
func seeds(f testing.TB) (all [][]byte) {
	names, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, n := range names {
		if !strings.HasSuffix(n.Name(), ".txtar") {
			continue
		}
		a, err := txtar.ParseFile("testdata/" + n.Name())
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if data, err := hex.DecodeString(strings.Join(strings.Fields(string(file.Data)), "")); err == nil && strings.HasSuffix(file.Name, ".hex") {
				all = append(all, data)
			}
		}
	}
	return all
}

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/x.h5", seeds(f)...) }
