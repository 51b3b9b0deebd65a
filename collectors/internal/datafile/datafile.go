// Package datafile says which dataset a file of data belongs to, and makes the
// sightings that every collector of data files makes alike: the file, and the
// dataset that contains it.
//
// The file is always a file. Its dataset is, in this order:
//
//   - the nearest folder at or above it that says of itself that it is a dataset: by a
//     dataset card, Croissant, Data Package, dataset_info.json and the like ([Marker]);
//   - else, where names show the parts of one dataset (train and test, x-00000-of-00005),
//     their folder, above the folder of a split; the families of several datasets in one
//     folder are told apart by a fragment: "data/#imdb";
//   - else, where the name of the file or of a folder says data, the file alone;
//   - else none: a table of results, a fixture of a test, an example in the documentation.
package datafile

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Owner is the dataset that a file belongs to.
type Owner struct {
	// Keys name the dataset: by its folder, or by the path of its one file. The zero
	// value: it belongs to none.
	Keys sbom.Keys
	// Name is that of one among several datasets of a folder, or the stem of a file that
	// is a dataset by itself; "" where the folder names it.
	Name string
	// Split is the part of the dataset that the file is: "train", "validation", "test".
	Split string
	// Marked: something in the folder says that it is a dataset.
	Marked bool
	// Fixture: the file lies in a folder of tests or of documentation.
	Fixture bool
}

// IsData tells whether the file belongs to a dataset.
func (o Owner) IsData() bool { return o.Keys != (sbom.Keys{}) }

// OwnerOf tells which dataset a file belongs to. Folders are listed once a scan.
func OwnerOf(f *sbom.File) Owner {
	if fixture(f.FS, f.Path) {
		return Owner{Fixture: true}
	}
	o := ownerOf(f)
	if o.IsData() {
		o.Split = SplitOf(f.Path, o.Keys.Path)
	}
	return o
}

// inside gives the path below the dataset's folder; of a dataset of one file its name.
func inside(file, key string) string {
	folder, _, _ := strings.Cut(key, "#")
	if folder == "./" {
		return file
	}
	if below, ok := strings.CutPrefix(file, folder); ok && strings.HasSuffix(folder, "/") {
		return below
	}
	return path.Base(file)
}

func ownerOf(f *sbom.File) Owner {
	dir := path.Dir(f.Path)
	if marked, ok := markedAbove(f, dir); ok {
		return Owner{Keys: sbom.Keys{Path: sbom.DirOf(path.Join(marked, "x"))}, Marked: true}
	}
	stem := stemOf(path.Base(f.Path))
	if report(stem) {
		return Owner{}
	}
	if top := aboveSplits(f.FS, dir); top != dir {
		return Owner{Keys: sbom.Keys{Path: sbom.DirOf(path.Join(top, "x"))}}
	}
	here := list(f.FS, dir)
	if family, part := familyOf(path.Base(f.Path)); part && here.parts[family] > 1 {
		return here.family(dir, family)
	}
	if here.parts[""] > 1 { // train.csv and test.csv beside labels.csv
		return here.family(dir, "")
	}
	if saysData(stem, dir) {
		return Owner{Keys: sbom.Keys{Path: f.Path}, Name: stem}
	}
	return Owner{}
}

// family is the dataset of one family of files in a folder.
func (l *listing) family(dir, name string) Owner {
	o := Owner{Keys: sbom.Keys{Path: sbom.DirOf(path.Join(dir, "x"))}}
	families := 0
	for _, n := range l.parts {
		if n > 1 {
			families++
		}
	}
	if families > 1 && name != "" {
		o.Keys.Path += "#" + name
		o.Name = name
	}
	return o
}

// aboveSplits gives the folder above that of a split: "data/train/0.csv" is part of
// "data/". The folder of a split has others beside it, or lies in one that says data,
// and holds no code.
func aboveSplits(fsys fs.FS, dir string) string {
	for at := dir; at != "."; at = path.Dir(at) {
		over := path.Dir(at)
		if splitWord(path.Base(at)) == "" {
			if depth := strings.Count(dir, "/") - strings.Count(at, "/"); depth >= maxBelowSplit {
				break
			}
			continue
		}
		if (len(list(fsys, over).splits) > 1 || saysData("", over)) && !list(fsys, at).code {
			return over
		}
		break
	}
	return dir
}

const maxBelowSplit = 3 // folders below that of a split: classes, shards

var (
	dataWord    = wordSet("data dataset datasets corpus corpora")
	dataStem    = wordSet("data dataset datasets corpus corpora train training trainset testset")
	reportWord  = wordSet("result results metric metrics log logs history loss losses report reports prediction predictions leaderboard benchmark benchmarks timing timings summary")
	fixtureWord = wordSet("tests testdata fixture fixtures testing __tests__ __mocks__ mocks doc docs documentation test_data test-data test_files test-files __snapshots__")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

var notLetters = pattern.Lazy(`[^\p{L}]+`)

func wordsOf(name string) []string {
	return notLetters.Split(strings.ToLower(name), maxWords)
}

const maxWords = 64 // of one name

func anyWord(name string, of map[string]bool) bool {
	return slices.ContainsFunc(wordsOf(name), func(w string) bool { return of[w] })
}

// saysData tells whether the name of a file, or of a folder that it is in, says data.
func saysData(stem, dir string) bool {
	return anyWord(stem, dataStem) || dir != "." && anyWord(dir, dataWord)
}

// report tells whether a name is of what somebody measured or logged.
func report(stem string) bool { return anyWord(stem, reportWord) }

// fixture tells whether a path leads through a folder of tests or of documentation. A
// folder "test" is one where it is not a split: where there is none of training beside
// it, and no folder above says data.
func fixture(fsys fs.FS, file string) bool {
	dir := path.Dir(file)
	for at := dir; at != "."; at = path.Dir(at) {
		name := strings.ToLower(path.Base(at))
		if name == "test" || name == "testing" {
			over := path.Dir(at)
			if !slices.Contains(list(fsys, over).splits, "train") && !saysData("", over) {
				return true
			}
			continue
		}
		if fixtureWord[name] {
			return true
		}
	}
	return false
}

// SaysData tells whether a path leads through a folder that is called after data.
func SaysData(dir string) bool { return saysData("", dir) }
