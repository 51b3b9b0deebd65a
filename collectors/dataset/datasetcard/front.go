package datasetcard

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// readFront makes the sighting of the front matter.
func readFront(c *card.Card) *card.Draft {
	line := max(c.FrontLine, 1)
	if e := c.Front.Entries(); len(e) > 0 {
		line = e[0].Line
	}
	d := c.NewDraft(sbom.KindDataset, line)
	if c.FrontLine == 0 {
		return d
	}
	s := dataset(d)
	d.Set("name", &d.Name, c.Word("pretty_name"), c.Front.Line("pretty_name"))
	d.Licenses(c)
	d.Languages(c)
	if sizes := c.Items("size_categories"); len(sizes) > 0 {
		d.Set("dataset.sizeCategory", &s.SizeCategory, joined(sizes), c.Front.Line("size_categories"))
	}
	for _, l := range []struct {
		key, field string
		at         *[]string
	}{
		{"task_categories", "tasks", &s.Tasks}, {"task_ids", "tasks", &s.Tasks}, {"multilinguality", "multilingual", &s.Multilingual},
		{"annotations_creators", "annotation", &s.Annotation}, {"language_creators", "collection", &s.Collection},
	} {
		for _, i := range c.Items(l.key) {
			d.Add("dataset."+l.field, l.at, i.Text, c.Front.Line(l.key))
		}
	}
	for _, i := range c.Items("source_datasets") {
		source(d, i)
	}
	if id := c.Word("paperswithcode_id"); slug.MatchString(id) {
		d.Ref("documentation", "https://paperswithcode.com/dataset/"+id, c.Front.Line("paperswithcode_id"))
	} else {
		d.Property("paperswithcode_id", id, c.Front.Line("paperswithcode_id"))
	}
	d.Tags(c, func(prefix, value string, line int) bool { return tag(c, d, prefix, value) })
	if text, at := d.Gate(c); text != "" {
		d.Set("dataset.gated", &s.Gated, text, at)
		d.Set("dataset.availability", &s.Availability, "clickthrough", at)
	}
	info(c, d)
	configs(c, d)
	d.Rest(c, known, "dataset_info")
	tidy(d)
	return d
}

// known are the keys that have a field.
var known = map[string]bool{"pretty_name": true, "license": true, "license_name": true, "license_link": true, "language": true, "language_bcp47": true,
	"size_categories": true, "task_categories": true, "task_ids": true, "multilinguality": true, "annotations_creators": true, "language_creators": true,
	"source_datasets": true, "paperswithcode_id": true, "tags": true, "dataset_info": true, "configs": true}

var slug = pattern.Lazy(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)

func joined(items []frontmatter.Item) string {
	var list []string
	for _, i := range items {
		list = append(list, i.Text)
	}
	return strings.Join(list, ", ")
}

// tag reads the tags that the hub writes for what has a field.
func tag(c *card.Card, d *card.Draft, prefix, value string) bool {
	if prefix == "modality" {
		d.Add("dataset.modalities", &dataset(d).Modalities, value, c.Front.Line("tags"))
		return true
	}
	return false
}

// origin notes how the data came about: made for the dataset, or taken from another.
func origin(d *card.Draft, i frontmatter.Item) {
	o := sbom.Property{Name: "source", Value: i.Text}
	if list := &dataset(d).Origin; !slices.Contains(*list, o) && len(*list) < maxFiles {
		*list = append(*list, o)
		d.Mark("dataset.origin", i.Line)
	}
}

// source reads "original", "extended|squad", "extended|other-NAME" and ids of
// the hub.
func source(d *card.Draft, i frontmatter.Item) {
	if i.Text == "original" || strings.HasPrefix(i.Text, "extended") {
		origin(d, i)
	}
	if i.Text == "original" || i.Text == "extended" {
		return
	}
	id, extended := strings.CutPrefix(i.Text, "extended|")
	note := ""
	if extended {
		note = "extended"
	}
	if name, other := strings.CutPrefix(id, "other-"); other {
		if name != "" && !hub.IsPlaceholder(name) {
			d.Link(sbom.DerivedFrom, sbom.Component{Kind: sbom.KindDataset, Name: name}, note, i.Line)
		}
		return
	}
	d.DatasetLink(sbom.DerivedFrom, id, "", note, i.Line)
}
