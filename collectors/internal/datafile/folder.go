package datafile

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is looked at of a folder.
const (
	maxListed = 100_000  // entries
	maxHead   = 64 << 10 // bytes of a file that may say that the folder is a dataset
	maxParts  = 10_000   // families of files
)

// listing is what the names in a folder say.
type listing struct {
	marker string         // the file or folder that says that this is a dataset; "" for none
	splits []string       // of the folders that are named after one
	parts  map[string]int // files of data that are parts, by family
	code   bool           // there is source code
}

type listingOf string // path of a folder

// list lists a folder, once a scan.
func list(fsys fs.FS, dir string) *listing {
	return sbom.Once(fsys, listingOf(dir), func() *listing {
		l := &listing{parts: map[string]int{}}
		entries, _ := fs.ReadDir(fsys, dir)
		for _, e := range entries[:min(len(entries), maxListed)] {
			l.add(fsys, dir, e)
		}
		if snapshot.MatchString(dir) && l.marker == "" {
			l.marker = "."
		}
		return l
	})
}

// snapshot is the folder of one revision of a dataset in the cache of the Hugging Face hub.
var snapshot = pattern.Lazy(`(?:^|/)datasets--[^/]+/snapshots/[0-9a-f]{40}$`)

func (l *listing) add(fsys fs.FS, dir string, e fs.DirEntry) {
	name := e.Name()
	if l.marker == "" && Marker(fsys, path.Join(dir, name)) {
		l.marker = name
	}
	if e.IsDir() {
		if s := splitWord(name); s != "" && !slices.Contains(l.splits, s) {
			l.splits = append(l.splits, s)
		}
		return
	}
	l.code = l.code || codeEnding[strings.ToLower(path.Ext(name))]
	if isData(name) && len(l.parts) < maxParts {
		if family, part := familyOf(name); part {
			l.parts[family]++
		}
	}
}

var codeEnding = map[string]bool{".py": true, ".go": true, ".js": true, ".ts": true, ".java": true, ".c": true, ".cc": true, ".cpp": true, ".h": true, ".rs": true, ".ipynb": true, ".sh": true, ".r": true}

// markedAbove gives the nearest folder, from dir up, that says that it is a dataset.
func markedAbove(f *sbom.File, dir string) (marked string, ok bool) {
	for at := dir; ; at = path.Dir(at) {
		if list(f.FS, at).marker != "" {
			if over := path.Dir(at); at != "." && list(f.FS, over).marker == "dataset_dict.json" {
				return over, true // a split of datasets.DatasetDict
			}
			return at, true
		}
		if at == "." {
			return "", false
		}
	}
}

// Marker tells whether a file or folder says that the folder it is in is a dataset: a
// dataset card with front matter, dataset_infos.json, dataset_info.json and state.json
// of the datasets library and TensorFlow Datasets, Croissant, Data Package, Kaggle's
// dataset-metadata.json, the log of a Delta table. Other files of these names, such as
// the list of datasets that LLaMA-Factory calls dataset_info.json, say nothing.
func Marker(fsys fs.FS, name string) bool {
	base := strings.ToLower(path.Base(name))
	says := func(all ...string) bool { return mentions(fsys, name, all) }
	switch base {
	case "readme.md":
		return isCard(fsys, name)
	case "dataset_infos.json":
		return says(`"features"`) || says(`"splits"`) || says(`"builder_name"`)
	case "dataset_info.json":
		return says(`"features"`) && !says(`"file_name"`) || says(`"fileFormat"`) || says(`"moduleName"`) || says(`"builder_name"`) || says(`"splits"`, `"citation"`)
	case "dataset_dict.json":
		return says(`"splits"`)
	case "dataset-metadata.json":
		return says(`"title"`) || says(`"id"`)
	case "datapackage.json", "datapackage.yaml", "datapackage.yml":
		return says("resources")
	case "_delta_log":
		return true
	}
	if strings.HasSuffix(base, ".json") && (strings.Contains(base, "croissant") || base == "metadata.json") {
		return says("mlcommons.org/croissant")
	}
	return false
}

// mentions tells whether the first bytes of a file hold all of the words.
func mentions(fsys fs.FS, name string, words []string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, maxHead))
	for _, w := range words {
		if !bytes.Contains(head, []byte(w)) {
			return false
		}
	}
	return true
}

// isCard tells whether a README has the front matter of a dataset card.
func isCard(fsys fs.FS, name string) bool {
	if !mentions(fsys, name, []string{"---"}) {
		return false
	}
	c, _ := card.Read(sbom.NewFile(fsys, name), card.Dataset)
	return c != nil && c.FrontLine > 0
}
