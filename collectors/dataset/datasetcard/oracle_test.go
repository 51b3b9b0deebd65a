package datasetcard

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/sbom"
)

// facts are what testdata/oracle.py writes of one card.
type facts struct {
	Keys                           []string
	Name                           string
	License, Language, Tags, Files []string
	SizeCategories                 []string `json:"size_categories"`
	TaskCategories                 []string `json:"task_categories"`
	TaskIDs                        []string `json:"task_ids"`
	Multilinguality                []string
	Annotations                    []string `json:"annotations_creators"`
	LanguageCreators               []string `json:"language_creators"`
	Features                       []sbom.Feature
	Splits                         []sbom.Split
	Size, Download                 int64
}

// TestOracle compares with what huggingface_hub and datasets read. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has datasets 2.21, and name its folder")
	}
	dir = filepath.Join(dir, "datasetcards")
	text, err := os.ReadFile(filepath.Join(dir, "FACTS.json"))
	if os.IsNotExist(err) {
		t.Skip("the folder has no dataset cards: datasets was missing")
	}
	var all map[string]facts
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	tally := map[string][2]int{}
	count := func(field, card, value string, ok bool) {
		n := tally[field]
		if n[0]++; ok {
			n[1]++
		} else if n[0]-n[1] <= 5 {
			t.Errorf("%s: %s is missing: %s", card, field, value)
		}
		tally[field] = n
	}
	cards := 0
	for name, want := range all {
		seen, _ := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), name+"/README.md"))
		if len(seen) == 0 {
			count("card", name, strings.Join(want.Keys, " "), !saysDataset(want))
			continue
		}
		cards++
		compareCard(name, want, joinAll(seen), count)
	}
	for _, field := range slices.Sorted(mapKeys(tally)) {
		t.Logf("%-22s present %6d carried %6d", field, tally[field][0], tally[field][1])
	}
	t.Logf("%d of %d files are cards of datasets", cards, len(all))
}

func mapKeys(m map[string][2]int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// saysDataset tells whether a card has a key that only those of datasets have, and
// none of models.
func saysDataset(f facts) bool {
	return !slices.Contains(f.Keys, "metrics") && !slices.Contains(f.Keys, "inference") && slices.ContainsFunc(f.Keys, func(k string) bool {
		return slices.Contains([]string{"dataset_info", "task_categories", "size_categories", "annotations_creators", "source_datasets"}, k)
	})
}

// joinAll puts the sightings of one card together again.
func joinAll(seen []sbom.Sighting) sbom.Component {
	g := sbom.Merge(sbom.Report{Sightings: seen})
	i := slices.IndexFunc(g.Nodes, func(n *sbom.Node) bool { return n.Keys.Path != "" })
	return g.Nodes[i].Component
}

func compareCard(name string, f facts, c sbom.Component, count func(field, card, value string, ok bool)) {
	d := c.Dataset
	if d == nil {
		d = &sbom.Dataset{}
	}
	each := func(field string, want []string, got ...string) {
		for _, w := range want {
			if !card.Placeholder(w) && len(w) <= 2000 {
				count(field, name, w, slices.Contains(got, w))
			}
		}
	}
	if f.Name != "" && !card.Placeholder(f.Name) {
		count("pretty_name", name, f.Name+" is "+c.Name, c.Name == strings.TrimSpace(f.Name))
	}
	for _, l := range f.License {
		if !card.Placeholder(l) || l == "other" {
			count("license", name, fmt.Sprintf("%s in %+v", l, c.Licenses), licensed(c.Licenses, l))
		}
	}
	each("language", f.Language, c.Languages...)
	each("size_categories", f.SizeCategories, strings.Split(d.SizeCategory, ", ")...)
	each("task_categories", f.TaskCategories, d.Tasks...)
	each("task_ids", f.TaskIDs, d.Tasks...)
	each("multilinguality", f.Multilinguality, d.Multilingual...)
	each("annotations_creators", f.Annotations, d.Annotation...)
	each("language_creators", f.LanguageCreators, d.Collection...)
	for _, tag := range f.Tags {
		if !card.Placeholder(tag) && !strings.Contains(tag, ":") {
			count("tags", name, tag, slices.Contains(c.Tags, tag))
		}
	}
	each("data_files", f.Files, d.Files...)
	for _, w := range f.Features {
		count("features", name, fmt.Sprintf("%+v", w), slices.ContainsFunc(d.Features, func(g sbom.Feature) bool {
			return g.Config == w.Config && g.Name == w.Name && g.Type == w.Type && slices.Equal(g.Labels, w.Labels)
		}))
	}
	for _, w := range f.Splits {
		count("splits", name, fmt.Sprintf("%+v in %+v", w, d.Splits), slices.Contains(d.Splits, w))
	}
	if f.Size > 0 {
		count("dataset_size", name, fmt.Sprint(f.Size, " is ", d.Size), f.Size == d.Size)
	}
	if f.Download > 0 {
		count("download_size", name, fmt.Sprint(f.Download, " is ", d.DownloadSize), f.Download == d.DownloadSize)
	}
	keptKeys(name, f, c, count)
}

// keptKeys are the keys that have no field: each is a property of its name.
func keptKeys(name string, f facts, c sbom.Component, count func(field, card, value string, ok bool)) {
	for _, key := range f.Keys {
		if key == "viewer" || key == "train-eval-index" {
			count(key, name, key, slices.ContainsFunc(c.Properties, func(p sbom.Property) bool { return p.Name == "mlbom:card:"+key }))
		}
	}
}

// licensed tells whether a licence is there by its own id, or by the id that the
// hub's documentation says is meant.
func licensed(list []sbom.License, id string) bool {
	meant := map[string]string{"c-uda": "c-uda-1.0", "odc-by": "odc-by-1.0", "odbl": "odbl-1.0", "pddl": "pddl-1.0", "lgpl-lr": "lgpllr"}
	low := strings.ToLower(id)
	return hflicense.Unknown(id) || slices.ContainsFunc(list, func(l sbom.License) bool {
		got := strings.TrimSuffix(strings.ToLower(l.ID+l.Name+l.Expression), "-only")
		return got == low || got == meant[low] || strings.TrimSuffix(low, "-only") == got || low == "other" && l.Name != ""
	})
}
