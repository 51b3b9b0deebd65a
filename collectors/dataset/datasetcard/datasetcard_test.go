package datasetcard

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "d/README.md", []byte("---\ntask_categories: x\nsize_categories: y\ndataset_info: &a\n  features: *a\n---\n# A\n"))
}

func TestFacts(t *testing.T) {
	r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/README.md": &fstest.MapFile{Data: []byte("---\npretty_name: T\nlicense: [mit, other-my]\n" +
		"size_categories: ['1K<n<10K']\ndataset_info:\n  dataset_size: 12\n  splits:\n  - {name: train, num_examples: 3, num_bytes: 12}\nextra_gated_fields: {}\n---\n")}})
	if len(r.Sightings) != 1 || len(r.Problems) != 0 {
		t.Fatalf("got %+v", r)
	}
	s := r.Sightings[0]
	d := s.Dataset
	if s.Name != "T" || s.Keys != (sbom.Keys{Path: "d/"}) || d.Size != 12 || d.Splits[0] != (sbom.Split{Name: "train", Rows: 3, Bytes: 12}) || d.Gated != "true" || d.Availability != "clickthrough" || d.SizeCategory != "1K<n<10K" {
		t.Errorf("got %+v, %+v", s, d)
	}
	if l := s.Component.Licenses; len(l) != 2 || l[0].ID != "MIT" || l[1].Name != "other-my" {
		t.Errorf("licences = %+v", l)
	}
	for field, line := range map[string]int{"name": 2, "licenses": 3, "dataset.sizeCategory": 4, "dataset.size": 6, "dataset.splits": 8, "dataset.gated": 9} {
		if s.Lines[field] != line {
			t.Errorf("%s stands in line %d, want %d", field, s.Lines[field], line)
		}
	}
}

// What the library's templates say before anybody wrote into them is no dataset.
func TestTemplates(t *testing.T) {
	for name, text := range map[string]string{
		"templates/README.md":       "---\nTODO: \"Add YAML tags here.\"\n---\n\n# Dataset Card for [Dataset Name]\n\n## Dataset Description\n\n## Dataset Structure\n\n### Data Fields\n\n[More Information Needed]\n\n### Source Data\n",
		"templates/README_guide.md": "---\n- YAML tags: copy-paste the tags\n---\n\n# Dataset Card Creation Guide\n\n## Dataset Description\n",
		"x/README.md":               "---\n{{ card_data }}\n---\n\n# Dataset Card for {{ pretty_name }}\n\n## Dataset Structure\n\n### Data Fields\n",
		"d/DATASHEET.md":            "# Datasheet\n## For what purpose was the dataset created?\nx\n## Who created the dataset?\nAnn\n## Who funded the creation?\nx\n## How many instances are there in total?\nx\n",
	} {
		if r := sbomtest.Collect(t, &Collector, fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}); len(r.Sightings) != 0 {
			t.Errorf("%s: %+v", name, r.Sightings)
		}
	}
}

// A section that says that there is nothing sensitive names nothing sensitive.
func TestNothingSensitive(t *testing.T) {
	for text, want := range map[string]int{"None.": 0, "The dataset does not contain personal information.": 0, "No names, but addresses. They are public.": 1, "Names of patients.": 1} {
		r := sbomtest.Collect(t, &Collector, fstest.MapFS{"d/README.md": &fstest.MapFile{Data: []byte("---\ntask_categories: [x]\nsize_categories: [n<1K]\n---\n# Dataset Card for X\n## Personal and Sensitive Information\n" + text + "\n")}})
		n := 0
		for _, s := range r.Sightings {
			if s.Dataset != nil {
				n += len(s.Dataset.Sensitive)
			}
		}
		if n != want {
			t.Errorf("%s: %d, want %d", text, n, want)
		}
	}
}
