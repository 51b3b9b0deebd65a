package croissant

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/sbom"
)

// facts asks the reference implementation for what it reads in a file: null
// where it refuses the file.
const facts = `
import json, logging, sys
logging.disable(logging.CRITICAL)
import mlcroissant
def tail(record_set, field):
    name = field.name or field.id
    for prefix in (record_set.id, record_set.name):
        if prefix and name.startswith(prefix + "/"):
            return name[len(prefix) + 1:]
    return name
try:
    m = mlcroissant.Dataset(jsonld=sys.argv[1]).metadata
except Exception:
    print("null")
    sys.exit()
print(json.dumps({
    "name": m.name,
    "creators": [c.name for c in m.creators or [] if c.name],
    "digests": [k + ":" + getattr(d, k) for d in m.distribution for k in ("sha256", "md5") if getattr(d, k, None)],
    "fields": [(r.name or r.id) + ":" + tail(r, f) for r in m.record_sets
               if not any(str(t).endswith("Split") for t in r.data_types or []) for f in r.fields],
}))
`

// TestOracle compares with the reference implementation. Set
// MLBOM_ORACLE_MLCROISSANT to a Python that has the package mlcroissant, and
// MLBOM_CORPUS to a folder of Croissant files of your own.
func TestOracle(t *testing.T) {
	python, dir := os.Getenv("MLBOM_ORACLE_MLCROISSANT"), "../../../examples/dataset"
	if python == "" {
		t.Skip("MLBOM_ORACLE_MLCROISSANT is not set: name a Python that has the package mlcroissant")
	}
	if more := os.Getenv("MLBOM_CORPUS"); more != "" {
		dir = more
	}
	compared := 0
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !Collector.Matches(name) {
			return err
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
		out, failed := exec.Command(python, "-c", facts, dir+"/"+name).Output()
		if failed != nil {
			t.Errorf("%s: %v", name, failed)
			return nil
		}
		var want *oracle
		if failed := json.Unmarshal(out, &want); failed != nil {
			t.Errorf("%s: %v", name, failed)
			return nil
		}
		if want == nil {
			t.Logf("%s: refused by the reference, %d sightings and %v here", name, len(seen), err)
			return nil
		}
		compared++
		want.compare(t, name, seen)
		return nil
	})
	if err != nil || compared == 0 {
		t.Errorf("%d files compared: %v", compared, err)
	}
}

type oracle struct {
	Name     string
	Creators []string
	Digests  []string
	Fields   []string
}

func (want *oracle) compare(t *testing.T, name string, seen []sbom.Sighting) {
	if len(seen) == 0 {
		t.Errorf("%s: nothing seen", name)
		return
	}
	if seen[0].Name != want.Name {
		t.Errorf("%s: name %q, want %q", name, seen[0].Name, want.Name)
	}
	var creators, digests, wantDigests, fields []string
	for _, p := range seen[0].Authors {
		creators = append(creators, p.Name)
	}
	for _, s := range seen {
		for _, h := range s.Hashes {
			digests = append(digests, h.Value)
		}
		for _, r := range s.Refs {
			for _, h := range r.Hashes {
				digests = append(digests, h.Value)
			}
		}
	}
	for _, d := range want.Digests {
		alg, text, _ := strings.Cut(d, ":")
		if _, v, ok := datadesc.Digest(alg, text); ok {
			wantDigests = append(wantDigests, v)
		}
	}
	if d := seen[0].Dataset; d != nil {
		for _, f := range d.Features {
			if !strings.Contains(f.Name, "/") {
				fields = append(fields, f.Config+":"+f.Name)
			}
		}
	}
	top := slices.DeleteFunc(want.Fields, func(f string) bool { return strings.Contains(f[strings.Index(f, ":"):], "/") })
	for _, c := range []struct {
		what      string
		got, want []string
	}{{"creators", creators, want.Creators}, {"digests", digests, wantDigests}, {"fields", fields, top}} {
		slices.Sort(c.got)
		slices.Sort(c.want)
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %s\n got %q\nwant %q", name, c.what, c.got, c.want)
		}
	}
}
