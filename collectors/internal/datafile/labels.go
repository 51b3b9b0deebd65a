package datafile

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// maxInfo bounds a description of a dataset that is asked for its labels, in bytes.
const maxInfo = 4 << 20

type labelsOf string // path of a folder

// Labels gives the names of the columns that are declared as labels of the dataset that
// the file belongs to: the features with the type class_label in the dataset card, in
// dataset_infos.json or dataset_info.json of its folder.
func (o Owner) Labels(f *sbom.File) []string {
	if !o.Marked {
		return nil
	}
	dir := path.Clean(o.Keys.Path)
	return sbom.Once(f.FS, labelsOf(dir), func() []string {
		var list []string
		if c, _ := card.Read(f.Other(path.Join(dir, "README.md")), card.Dataset); c != nil {
			for _, info := range c.Front.Get("dataset_info").List() {
				list = append(list, cardLabels(info.Get("features"))...)
			}
		}
		for _, name := range []string{"dataset_infos.json", "dataset_info.json"} {
			list = append(list, infoLabels(f.Other(path.Join(dir, name)))...)
		}
		slices.Sort(list)
		return slices.Compact(list)
	})
}

// cardLabels reads the list of features in a card.
func cardLabels(features frontmatter.Value) (list []string) {
	for _, v := range features.List() {
		if v.Get("dtype").Get("class_label").Line() > 0 {
			list = append(list, v.Get("name").Text())
		}
	}
	return list
}

// infoLabels reads the features of each configuration in a JSON file.
func infoLabels(f *sbom.File) (list []string) {
	info, err := fs.Stat(f.FS, f.Path)
	if err != nil || info.Size() > maxInfo {
		return nil
	}
	text, err := f.Text()
	if err != nil || !strings.Contains(text, "ClassLabel") {
		return nil
	}
	root, _ := jsonlines.Parse(text)
	for _, v := range append([]*jsonlines.Value{root}, values(root)...) {
		if v == nil {
			continue
		}
		features := v.Get("features")
		if features == nil {
			continue
		}
		for _, m := range features.Members {
			if t := m.Value.Get("_type"); t != nil && t.Text == "ClassLabel" {
				list = append(list, m.Key)
			}
		}
	}
	return list
}

func values(v *jsonlines.Value) (list []*jsonlines.Value) {
	if v == nil {
		return nil
	}
	for _, m := range v.Members {
		list = append(list, m.Value)
	}
	return list
}
