package condameta

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "e/conda-meta/a-1-0.json") }

// TestLarge: an environment of a thousand packages that all need each other.
func TestLarge(t *testing.T) {
	const n = 1000
	tree := fstest.MapFS{}
	var depends []string
	for i := range n {
		depends = append(depends, fmt.Sprintf(`"p%d"`, i))
		tree[fmt.Sprintf("e/conda-meta/p%d-1.0-0.json", i)] = &fstest.MapFile{}
	}
	record := `{"name": "p0", "version": "1.0", "build": "0", "depends": [` + strings.Join(depends, ",") + `]}`
	tree["e/conda-meta/p0-1.0-0.json"].Data = []byte(record)
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, "e/conda-meta/p0-1.0-0.json"))
	if err != nil || len(seen) != 1 || len(seen[0].Links) != n {
		t.Fatalf("%d sightings, %v", len(seen), err)
	}
}

// records lists the records in the folder that MLBOM_CORPUS names.
func records() []string {
	list, _ := filepath.Glob(filepath.Join(os.Getenv("MLBOM_CORPUS"), "conda-meta", "*.json"))
	return list
}

const count = `
import json, sys
from rattler import PrefixRecord
r = PrefixRecord.from_path(sys.argv[1])
json.dump([r.name.normalized if hasattr(r.name, "normalized") else str(r.name), str(r.version), str(r.build), str(r.subdir), str(r.url), r.sha256.hex() if r.sha256 else "", r.md5.hex() if r.md5 else "", str(len(r.files))], sys.stdout)
`

// TestOracle compares with rattler. Set MLBOM_ORACLE_RATTLER to a Python that has
// py-rattler, and MLBOM_CORPUS to an environment.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_RATTLER")
	list := records()
	if python == "" || len(list) == 0 {
		t.Skip("MLBOM_ORACLE_RATTLER or MLBOM_CORPUS is not set: name a Python that has py-rattler, and a conda environment")
	}
	compared := 0
	for _, file := range list {
		out, err := exec.Command(python, "-c", count, file).Output()
		if err != nil {
			t.Logf("%s: rattler does not read it", file)
			continue
		}
		var want [8]string
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		root := filepath.Dir(filepath.Dir(file))
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(root), "conda-meta/"+filepath.Base(file)))
		if err != nil || len(seen) == 0 {
			t.Errorf("%s: %d sightings, %v", file, len(seen), err)
			continue
		}
		s := seen[len(seen)-1]
		got := [8]string{s.Name, s.Version}
		for _, p := range s.Properties {
			switch p.Name {
			case "mlbom:conda:build":
				got[2] = p.Value
			case "mlbom:conda:subdir":
				got[3] = p.Value
			case "mlbom:conda:files":
				got[7] = p.Value
			}
		}
		for _, r := range s.Refs {
			got[4] = r.URL
			for _, h := range r.Hashes {
				if h.Alg == "MD5" {
					got[6] = h.Value
				} else {
					got[5] = h.Value
				}
			}
		}
		if want[7] == "0" {
			want[7] = ""
		}
		if got != want {
			t.Errorf("%s:\ngot     %q\nrattler %q", file, got, want)
		}
		compared++
	}
	t.Logf("%d records compared", compared)
}
