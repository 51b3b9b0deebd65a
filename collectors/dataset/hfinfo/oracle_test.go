package hfinfo

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/sbom"
)

// facts are what testdata/oracle.py writes of one file.
type facts struct {
	Features  []sbom.Feature
	Splits    []sbom.Split
	Downloads []struct {
		URL, Checksum string
		Size          int64
	}
	Homepages, Licenses, Versions []string
	Size, Download                int64
}

// TestOracle compares with what the datasets library reads. Set MLBOM_ORACLE_FILES
// to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has datasets 2.21, and name its folder")
	}
	dir = filepath.Join(dir, "datasetinfos")
	text, err := os.ReadFile(filepath.Join(dir, "FACTS.json"))
	if os.IsNotExist(err) {
		t.Skip("the folder has no dataset infos: datasets was missing")
	}
	var all map[string]facts
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	tally := map[string][2]int{}
	for name, want := range all {
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), name))
		if len(seen) != 1 || err != nil {
			t.Errorf("%s: %v, %v", name, seen, err)
			continue
		}
		compare(want, seen[0], func(field string, value any, ok bool) {
			n := tally[field]
			if n[0]++; ok {
				n[1]++
			} else {
				t.Errorf("%s: %s is missing: %+v", name, field, value)
			}
			tally[field] = n
		})
	}
	for _, field := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%-12s present %5d carried %5d", field, tally[field][0], tally[field][1])
	}
}

func compare(f facts, s sbom.Sighting, count func(string, any, bool)) {
	d := s.Dataset
	for _, w := range f.Features {
		count("features", w, slices.ContainsFunc(d.Features, func(g sbom.Feature) bool {
			return g.Config == w.Config && g.Name == w.Name && g.Type == w.Type && slices.Equal(g.Labels, w.Labels)
		}))
	}
	for _, w := range f.Splits {
		count("splits", w, slices.Contains(d.Splits, w))
	}
	for _, w := range f.Downloads {
		address, sum := datafacts.CleanURL(w.URL), datafacts.Digest(w.Checksum)
		if address == "" {
			count("files", w, slices.Contains(d.Files, w.URL))
			continue
		}
		count("downloads", w, slices.ContainsFunc(s.Links, func(l sbom.Link) bool {
			return l.To.Keys.URL == address && l.To.Keys.SHA256 == sum && (w.Size == 0 || l.To.File != nil && l.To.File.Size == w.Size)
		}))
	}
	for _, w := range f.Homepages {
		count("homepage", w, strings.Contains(fmt.Sprint(s.Refs, s.Properties), strings.TrimSpace(w)))
	}
	for _, w := range f.Licenses {
		if !datafacts.Placeholder(w) {
			count("license", w, len(s.Component.Licenses) > 0)
		}
	}
	for _, w := range f.Versions {
		count("version", w, w == "0.0.0" || s.Version == w || slices.ContainsFunc(s.Properties, func(p sbom.Property) bool { return p.Value == w }))
	}
	if f.Size+f.Download > 0 {
		count("sizes", f, d.Size == f.Size && d.DownloadSize == f.Download)
	}
}
