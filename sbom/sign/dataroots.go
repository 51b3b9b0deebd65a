package sign

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// dataBounds are wider than those of a model: a folder of pictures is read for its root
// digest alone.
var dataBounds = bounds{files: 100_000, other: 4 << 30}

// NoRoot is the property of a dataset that says why it has no root digest.
const NoRoot = "mlbom:dataset:no-root-digest"

// data is a dataset of a report.
type data struct {
	files  map[string]bool // that collectors tie to it
	stated bool            // something says that the folder is a dataset; else its names do
	done   bool
}

// dataRoots adds the root digest of each dataset. It is over all files of its folder, as
// that of a model. Where the folder is the tree and nothing but names makes it a dataset,
// where it is a model too, or where a part of it is meant ("data/#imdb"), it is over the
// files that are tied to the dataset, by their names below the folder; and of a dataset
// of one file over this file. What has none, and could, says why.
func dataRoots(file func(name string) *sbom.File, report *sbom.Report, read states) {
	all, models := datasets(report)
	for _, key := range slices.Sorted(maps.Keys(all))[:min(len(all), maxFolders)] {
		d := all[key]
		if d.done {
			continue
		}
		folder, part, _ := strings.Cut(key, "#")
		var root string
		var err error
		switch {
		case !strings.HasSuffix(folder, "/"):
			root, err = rootOver(file, path.Dir(folder), []string{path.Base(folder)}, read, dataBounds)
		case part != "" || models[folder] || folder == "./" && !d.stated:
			root, err = rootOver(file, path.Clean(folder), d.below(folder), read, dataBounds)
		default:
			root, err = rootOf(file, path.Clean(folder), read, dataBounds)
		}
		if root == "" && err == nil {
			continue
		}
		s := sbom.Sighting{
			Component: sbom.Component{Kind: sbom.KindDataset, Keys: sbom.Keys{Path: key}, Dataset: &sbom.Dataset{RootDigest: root}},
			Hint:      true, Where: sbom.Place{Path: path.Clean(folder), By: "model/signature"},
		}
		if err != nil {
			s.Dataset, s.Properties = nil, []sbom.Property{{Name: NoRoot, Value: err.Error()}}
		}
		report.Sightings = append(report.Sightings, s)
	}
}

// below gives the names of the dataset's files below its folder, in order.
func (d *data) below(folder string) []string {
	var names []string
	for name := range d.files {
		if folder == "./" {
			names = append(names, name)
		} else if rest, ok := strings.CutPrefix(name, folder); ok {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names
}

// datasets gives those of a report by their path, and the folders of models.
func datasets(report *sbom.Report) (all map[string]*data, models map[string]bool) {
	all, models = map[string]*data{}, map[string]bool{}
	for i := range report.Sightings {
		s := &report.Sightings[i]
		p := s.Keys.Path
		if p == "" || s.Mentioned || s.Hint || s.Where.Hearsay() {
			continue
		}
		switch s.Kind {
		case sbom.KindModel:
			models[p] = true
		case sbom.KindDataset:
			if all[p] == nil {
				all[p] = &data{files: map[string]bool{}}
			}
			d := all[p]
			d.stated = d.stated || s.Basis < sbom.Inferred
			d.done = d.done || s.Dataset != nil && s.Dataset.RootDigest != ""
			for _, l := range s.Links {
				if name := cmp.Or(l.To.Keys.Path, ""); l.Rel == sbom.Contains && l.To.Kind == sbom.KindFile && name != "" && len(d.files) <= dataBounds.files {
					d.files[name] = true
				}
			}
		}
	}
	return all, models
}
