package croissant

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/card"
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
def read(name):
    try:
        m = mlcroissant.Dataset(jsonld=name).metadata
    except Exception as e:
        return {"refused": str(e) or repr(e)}
    fields = []
    for r in m.record_sets:
        if not any(str(t).endswith("Split") for t in r.data_types or []):
            fields += [(r.name or r.id) + ":" + tail(r, f) for r in [r] for f in r.fields + (r.annotations or [])]
    return {
        "name": m.name if isinstance(m.name, str) else "",
        "version": str(m.version or ""),
        "description": m.description if isinstance(m.description, str) else "",
        "url": m.url or "",
        "citation": m.cite_as or "",
        "live": bool(m.ctx.is_live_dataset),
        "keywords": [k for k in m.keywords or [] if isinstance(k, str)],
        "licenses": len(m.license or []),
        "publishers": [p.name for p in m.publisher or [] if p.name],
        "creators": [c.name for c in m.creators or [] if c.name],
        "digests": [k + ":" + getattr(d, k) for d in m.distribution for k in ("sha256", "md5") if getattr(d, k, None)],
        "fields": fields,
        "patterns": [p for d in m.distribution for p in (getattr(d, "includes", None) or [])],
        "biases": len([b for b in ([m.data_biases] if isinstance(m.data_biases, str) else m.data_biases or []) if b]),
    }
for name in sys.stdin.read().split("\n"):
    if name:
        print(json.dumps(read(name)), flush=True)
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
	var names []string
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && strings.Contains(name, ".json") && (strings.Contains(name, "croissant") || begins(sbom.NewFile(tree, name))) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := exec.Command(python, "-c", facts)
	ask.Dir, ask.Stdin = dir, strings.NewReader(strings.Join(names, "\n"))
	out, err := ask.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(names) || len(names) == 0 {
		t.Fatalf("%d answers for %d files: %v", len(lines), len(names), err)
	}
	refused := 0
	for i, name := range names {
		var want oracle
		if err := json.Unmarshal([]byte(lines[i]), &want); err != nil {
			t.Fatalf("%s: %v: %s", name, err, lines[i])
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
		if want.Refused == "" {
			want.compare(t, name, seen)
			continue
		}
		refused++
		t.Logf("%s: refused by the reference (%.300s)\nhere %d sightings, %v", name, want.Refused, len(seen), err)
		if err == nil && len(seen) > 0 {
			t.Logf("NO PROBLEM HERE: %s", name)
		}
	}
	t.Logf("%d files, of which the reference refuses %d", len(names), refused)
}

type oracle struct {
	Refused                                                   string
	Name, Version, Description, URL, Citation                 string
	Live                                                      bool
	Keywords, Publishers, Creators, Digests, Fields, Patterns []string
	Licenses, Biases                                          int
}

func (want *oracle) compare(t *testing.T, name string, seen []sbom.Sighting) {
	if len(seen) == 0 {
		t.Errorf("%s: nothing seen", name)
		return
	}
	if seen[0].Name != want.Name {
		t.Errorf("%s: name %q, want %q", name, seen[0].Name, want.Name)
	}
	want.compareTexts(t, name, &seen[0])
	var creators, digests, wantDigests, fields []string
	for _, p := range seen[0].Authors {
		creators = append(creators, p.Name)
	}
	for _, s := range seen {
		if s.Basis == sbom.Observed {
			continue
		}
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

// compareTexts holds single values against the reference's; ours drop placeholders
// and tidy white space.
func (want *oracle) compareTexts(t *testing.T, name string, s *sbom.Sighting) {
	d := s.Dataset
	if d == nil {
		d = &sbom.Dataset{}
	}
	plain := func(text string) string {
		text = datadesc.Tidy(text)
		if card.Placeholder(text) {
			return ""
		}
		return strings.Join(strings.Fields(text[:min(len(text), maxSentence-10)]), " ")
	}
	for _, c := range []struct{ what, got, want string }{
		{"version", s.Version, want.Version}, {"description", s.Description, want.Description}, {"citation", d.Citation, want.Citation},
	} {
		got, want := plain(c.got), plain(c.want)
		if got != want {
			t.Errorf("%s: %s %.200q, want %.200q", name, c.what, got, want)
		}
	}
	if d.Live != want.Live {
		t.Errorf("%s: live %v, want %v", name, d.Live, want.Live)
	}
	if len(s.Licenses) > want.Licenses || want.Licenses > 0 && len(s.Licenses) == 0 {
		t.Logf("%s: licences %+v, the reference has %d", name, s.Licenses, want.Licenses)
	}
	if n := len(d.Biases); n != want.Biases {
		t.Logf("%s: %d biases, want %d", name, n, want.Biases)
	}
	for _, k := range want.Keywords {
		for word := range strings.SplitSeq(k, ",") {
			if word = strings.TrimSpace(word); !card.Placeholder(word) && !strings.Contains(word, ":") && !slices.Contains(s.Tags, word) {
				t.Errorf("%s: no tag %q", name, word)
			}
		}
	}
	for _, p := range want.Patterns {
		if !slices.Contains(d.Files, p) {
			t.Errorf("%s: no pattern %q", name, p)
		}
	}
}
