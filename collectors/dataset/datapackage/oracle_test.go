package datapackage

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// described asks the reference implementation what it reads in files: the descriptor
// alone, never the data.
const described = `
import json, logging, os, sys
logging.disable(logging.CRITICAL)
import yaml
import frictionless
top = os.getcwd()
for name in sys.stdin.read().split("\n"):
    if not name:
        continue
    os.chdir(os.path.join(top, os.path.dirname(name)))
    try:
        base = os.path.basename(name)
        raw = yaml.safe_load(open(base, encoding="utf-8")) if not base.endswith(".json") else json.load(open(base, encoding="utf-8"))
        raw = dict(raw)
        p = frictionless.Package.from_descriptor(raw)
        d = p.to_descriptor()
        fields = []
        for r in p.resources:
            if 'schema' in r.to_descriptor():
                fields += [r.name + "/" + f.name + ":" + f.type for f in r.schema.fields]
        print(json.dumps({"name": p.name, "version": p.version or "", "description": p.description or "", "title": p.title or "",
            "resources": [r.name for r in p.resources], "paths": [x for r in p.resources for x in ([r.path] if r.path else []) + r.extrapaths], "fields": fields,
            "keywords": p.keywords, "hashes": [r.hash.split(":")[-1] for r in p.resources if r.hash], "bytes": [r.bytes for r in p.resources if r.bytes],
            "licenses": len(p.licenses), "sources": [s for s in (x.get("title") or x.get("name") or x.get("path") for x in p.sources) if s]}))
    except Exception as e:
        print(json.dumps({"refused": str(e) or repr(e)}))
`

type reference struct {
	Refused                                             string
	Name, Version, Description, Title                   string
	Resources, Paths, Fields, Keywords, Hashes, Sources []string
	Licenses                                            int
	Bytes                                               []int64
}

// TestOracle compares with the library frictionless. Set MLBOM_ORACLE_FRICTIONLESS to
// a Python that has it, and MLBOM_CORPUS to a folder of Data Packages of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_FRICTIONLESS")
	if python == "" {
		t.Skip("MLBOM_ORACLE_FRICTIONLESS is not set: name a Python that has the package frictionless")
	}
	dir := sbomtest.Folder(t)
	tree := os.DirFS(dir)
	var names []string
	_ = fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
		if err == nil && Collector.Matches(name) {
			names = append(names, name)
		}
		return nil
	})
	ask := exec.Command(python, "-c", described)
	ask.Dir, ask.Stdin = dir, strings.NewReader(strings.Join(names, "\n"))
	out, err := ask.Output()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(names) || len(names) == 0 {
		t.Fatalf("%d answers for %d files: %v", len(lines), len(names), err)
	}
	for i, name := range names {
		var want reference
		if err := json.Unmarshal([]byte(lines[i]), &want); err != nil {
			t.Fatalf("%s: %v: %s", name, err, lines[i])
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
		switch {
		case want.Refused != "":
			t.Logf("%s: refused by the reference (%.200s); here %d sightings, %v", name, want.Refused, len(seen), err)
		case len(seen) == 0:
			t.Errorf("%s: nothing seen, %v", name, err)
		default:
			if err != nil {
				t.Logf("%s: accepted by the reference, here %v", name, err)
			}
			want.compare(t, name, seen)
		}
	}
	t.Logf("%d files", len(names))
}

func (want *reference) compare(t *testing.T, name string, seen []sbom.Sighting) {
	s := seen[0]
	var fields, hashes, parts, paths, sources []string
	var sizes []int64
	if s.Dataset != nil {
		for _, f := range s.Dataset.Features {
			kind, _, _ := strings.Cut(f.Type, "(")
			if kind == "" {
				kind = "any" // the reference's word for no type
			}
			fields = append(fields, f.Config+"/"+f.Name+":"+kind)
		}
	}
	for _, l := range s.Links {
		if l.Rel == sbom.DerivedFrom && !slices.ContainsFunc(want.Resources, func(r string) bool { return r == l.Note || strings.HasPrefix(l.Note, r+" ") }) {
			sources = append(sources, l.To.Name)
		}
	}
	for _, f := range seen[1:] {
		if f.Basis == sbom.Observed {
			continue
		}
		for _, h := range f.Hashes {
			hashes = append(hashes, h.Value)
		}
		for _, p := range f.Properties { // of a file in parts, each says it
			if p.Name == "mlbom:datapackage:hash-of-all-parts" && !slices.Contains(parts, p.Value) {
				hashes, parts = append(hashes, p.Value), append(parts, p.Value)
			}
		}
		if f.File.Size > 0 {
			sizes = append(sizes, f.File.Size)
		}
		at := strings.TrimPrefix(f.Keys.Path, name[:strings.LastIndex(name, "/")+1])
		if len(f.Refs) > 0 {
			at = f.Refs[0].URL
		}
		paths = append(paths, at)
	}
	slices.Sort(sizes)
	slices.Sort(want.Bytes)
	if s.Name != want.Name || s.Version != want.Version || len(s.Licenses) != want.Licenses {
		t.Errorf("%s: %q %q %v, want %+v", name, s.Name, s.Version, s.Licenses, want)
	}
	for i, s := range want.Sources {
		want.Sources[i] = strings.TrimPrefix(s, "https://huggingface.co/datasets/") // we name it as the hub does
	}
	for _, c := range []struct {
		what      string
		got, want []string
	}{{"fields", fields, want.Fields}, {"digests", hashes, want.Hashes}, {"keywords", s.Tags, want.Keywords}, {"paths", paths, want.Paths}, {"sources", sources, want.Sources}} {
		slices.Sort(c.got)
		slices.Sort(c.want)
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %s\n got %q\nwant %q", name, c.what, c.got, c.want)
		}
	}
}
