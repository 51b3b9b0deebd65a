package card_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/mlbom/mlbom/collectors/dataset/datasetcard"
	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/model/modelcard"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// sources are the keys of the front matter that may fill a field. Properties
// are named by their key.
func sources() map[string][]string {
	return map[string][]string{
		"name": {"model_name", "model-index", "pretty_name"}, "licenses": {"license", "license_name", "license_link", "tags"}, "languages": {"language", "language_bcp47"},
		"refs": {"tags", "paperswithcode_id"}, "tags": {"tags"}, "link": {"base_model", "base_model_relation", "datasets", "new_version", "tags", "model-index", "source_datasets"},
		"model.task": {"pipeline_tag"}, "model.library": {"library_name"}, "model.gated": {"extra_gated_*"}, "model.metrics": {"model-index"},
		"model.emissions.grams": {"co2_eq_emissions"}, "model.emissions.source": {"co2_eq_emissions"}, "model.emissions.activity": {"co2_eq_emissions"},
		"model.emissions.location": {"co2_eq_emissions"}, "model.emissions.hardware": {"co2_eq_emissions"},
		"dataset.gated": {"extra_gated_*"}, "dataset.availability": {"extra_gated_*"}, "dataset.sizeCategory": {"size_categories"},
		"dataset.tasks": {"task_categories", "task_ids"}, "dataset.multilingual": {"multilinguality"}, "dataset.annotation": {"annotations_creators"},
		"dataset.collection": {"language_creators"}, "dataset.modalities": {"tags"}, "dataset.size": {"dataset_info"}, "dataset.downloadSize": {"dataset_info"},
		"dataset.features": {"dataset_info"}, "dataset.splits": {"dataset_info", "configs"}, "dataset.files": {"configs"},
	}
}

// dropped are the leaves that no sighting holds, on purpose.
func dropped(at, value string) bool {
	switch {
	case value == "", card.Placeholder(value): // "unknown", "n/a", "[More Information Needed]"
		return true
	case strings.HasSuffix(at, ".metrics[].verified") && value == "false": // as good as absent
		return true
	case strings.HasSuffix(at, ".metrics[].verifyToken"): // a seal that the hub alone can check
		return true
	case strings.HasPrefix(at, "dataset_info") && value == "0": // a size of nothing
		return true
	}
	return false
}

// TestCorpus reads the cards below the folder MLBOM_CORPUS: each scalar of a
// front matter is in a sighting, and no field is filled but by its keys.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		t.Skip("MLBOM_CORPUS names no folder of cards")
	}
	cards, leaves := 0, 0
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(path.Ext(name), ".md") {
			return err
		}
		data, err := os.ReadFile(path.Join(root, name))
		if err != nil {
			return err
		}
		if n := checkCard(t, name, data); n > 0 {
			cards, leaves = cards+1, leaves+n
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d cards, %d scalars", cards, leaves)
}

// checkCard gives the number of scalars; 0 for what is no card.
func checkCard(t *testing.T, name string, data []byte) int {
	text := strings.ReplaceAll(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\r\n", "\n")
	block, _, bodyLine, ok := frontmatter.Split(text)
	if !ok {
		return 0
	}
	tree := fstest.MapFS{"README.md": &fstest.MapFile{Data: data}}
	r := sbomtest.Collect(t, &modelcard.Collector, tree)
	r2 := sbomtest.Collect(t, &datasetcard.Collector, tree)
	r.Sightings, r.Problems = append(r.Sightings, r2.Sightings...), append(r.Problems, r2.Problems...)
	var doc yaml.Node
	if len(r.Sightings) == 0 || len(r.Problems) > 0 || yaml.Unmarshal([]byte(block.Text), &doc) != nil || len(doc.Content) == 0 {
		return 0
	}
	keys := map[int]string{} // line -> top-level key
	for i, top, line := 0, doc.Content[0].Content, 0; i < len(top); i += 2 {
		end := bodyLine
		if line = top[i].Line + block.Line - 1; i+2 < len(top) {
			end = top[i+2].Line + block.Line - 1
		}
		for ; line < end; line++ {
			keys[line] = top[i].Value
		}
	}
	for _, s := range r.Sightings {
		invented(t, name, s, keys)
	}
	said := values(r.Sightings)
	n := 0
	scalars(doc.Content[0], "", func(at, value string) {
		n++
		if !dropped(at, value) && !holds(said, at, value) {
			t.Errorf("%s: %s: %q is lost", name, at, value)
		}
	})
	return n
}

// invented complains of a field that stands in the front matter but in the line
// of a key that cannot fill it.
func invented(t *testing.T, name string, s sbom.Sighting, keys map[int]string) {
	check := func(field string, line int) {
		key, front := keys[line]
		if !front || field == "properties" {
			return
		}
		if !slices.ContainsFunc(sources()[field], func(from string) bool {
			head, any := strings.CutSuffix(from, "*")
			return key == from || any && strings.HasPrefix(key, head)
		}) {
			t.Errorf("%s: %s stands in line %d, the key %q", name, field, line, key)
		}
	}
	for _, f := range sbom.Fields() {
		if !f.Empty(&s.Component) && s.Lines[f.Name] == 0 {
			t.Errorf("%s: %s = %.80q has no line", name, f.Name, f.Text(&s.Component))
		}
	}
	for field, line := range s.Lines {
		check(field, line)
	}
	for _, l := range s.Links {
		check("link", l.Line)
	}
	for _, p := range s.Properties {
		key := strings.TrimPrefix(p.Name, "mlbom:card:")
		if from, front := keys[s.Lines["properties"]]; front && key != from && !strings.HasPrefix(key, from+".") {
			t.Errorf("%s: the property %s stands at the key %q", name, p.Name, from)
		}
	}
}

// values is all text of the sightings.
func values(list []sbom.Sighting) string {
	var b strings.Builder
	for _, s := range list {
		for _, f := range sbom.Fields() {
			b.WriteString(unquoted(f.Text(&s.Component)) + "\n")
		}
		for _, l := range s.Links {
			b.WriteString(l.To.Name + "\n" + l.Note + "\n" + l.To.Version + "\n")
		}
	}
	return fold(b.String())
}

// unquoted takes the JSON in JSON apart.
func unquoted(s string) string {
	var v any
	if json.Unmarshal([]byte(s), &v) != nil {
		return s
	}
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			b.WriteString(unquoted(v) + "\n")
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for k, e := range v {
				b.WriteString(k + "\n")
				walk(e)
			}
		}
	}
	walk(v)
	return s + "\n" + b.String()
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// holds knows the tags and sources that are taken apart.
func holds(said, at, value string) bool {
	value = strings.TrimPrefix(value, "extended|")
	value = strings.TrimPrefix(value, "other-")
	if at == "tags[]" {
		if head, tail, ok := strings.Cut(value, ":"); ok && head == "base_model" {
			value = tail[strings.Index(tail, ":")+1:]
		} else if ok && (head == "arxiv" || head == "doi" || head == "dataset" || head == "modality" || head == "license") {
			value = tail
		}
	}
	return strings.Contains(said, fold(value))
}

func scalars(n *yaml.Node, at string, yield func(at, value string)) {
	switch n.Kind {
	case yaml.AliasNode:
		scalars(n.Alias, at, yield)
	case yaml.SequenceNode:
		for _, c := range n.Content {
			scalars(c, at+"[]", yield)
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			scalars(n.Content[i+1], strings.TrimPrefix(at+"."+n.Content[i].Value, "."), yield)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			yield(at, strings.TrimSpace(n.Value))
		}
	}
}
