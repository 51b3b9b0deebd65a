package folder

import (
	"bufio"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a folder.
const (
	maxFiles   = 2_000_000
	maxClasses = 20_000
	maxDeep    = 6       // folders below the root that files are counted in
	maxLine    = 1 << 16 // bytes of the first line of a metadata file
	minFiles   = 4       // that make a dataset, with a split or metadata
	minPlain   = 100     // without any
	minMarked  = 20      // that are no ornament of a card
)

// count is how many files and bytes there are.
type count struct{ files, bytes int64 }

func (c *count) add(bytes int64) {
	c.files++
	c.bytes += bytes
}

// class is one class in one split.
type class struct{ split, name string }

// dataset is a folder of media.
type dataset struct {
	root     string
	first    string // path of the first file
	marked   bool
	metadata []string // paths of metadata files
	all      count
	splits   map[string]*count
	classes  map[class]*count
	formats  map[string]int64
	loose    int64 // files in no folder of a class
	others   int64 // files that are no media, in folders that have some
	cut      bool  // there are more than were counted
}

type surveyOf string // path of a folder

// survey counts the media below a folder, once a scan.
func survey(f *sbom.File, root string) *dataset {
	return sbom.Once(f.FS, surveyOf(root), func() *dataset {
		d := &dataset{root: root, splits: map[string]*count{}, classes: map[class]*count{}, formats: map[string]int64{}}
		d.walk(f, root, nil)
		return d
	})
}

// walk counts a folder and those below it; below are the folders that lead to it.
func (d *dataset) walk(f *sbom.File, dir string, below []string) {
	entries, err := fs.ReadDir(f.FS, dir)
	if err != nil {
		return
	}
	others, media := int64(0), false
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if d.all.files >= maxFiles {
			d.cut = true
			return
		}
		if f.LeftOut != nil && f.LeftOut(name) || strings.HasPrefix(e.Name(), ".") || e.Name() == "node_modules" {
			continue
		}
		switch {
		case e.IsDir() && len(below) < maxDeep:
			d.walk(f, name, append(slices.Clip(below), e.Name()))
		case e.IsDir():
			d.cut = true
		case modality[ending(name)] != "":
			media = true
			d.file(name, e, below)
		case isMetadata(f.FS, name):
			d.metadata = append(d.metadata, name)
		default:
			others++
		}
	}
	if media {
		d.others += others
	}
}

func (d *dataset) file(name string, e fs.DirEntry, below []string) {
	info, err := e.Info()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if d.first == "" || name < d.first {
		d.first = name
	}
	size := info.Size()
	d.all.add(size)
	d.formats[ending(name)]++
	split := datafile.SplitOf(path.Join(path.Join(below...), "x"), "./")
	if split != "" {
		if d.splits[split] == nil {
			d.splits[split] = &count{}
		}
		d.splits[split].add(size)
	}
	c := class{split: split}
	if n := len(below); n > 0 && datafile.SplitOf(below[n-1]+"/x", "./") == "" {
		c.name = below[n-1]
	}
	if c.name == "" {
		d.loose++
		return
	}
	if d.classes[c] == nil {
		if len(d.classes) >= maxClasses {
			d.cut = true
			return
		}
		d.classes[c] = &count{}
	}
	d.classes[c].add(size)
}

// isMetadata knows a metadata file by its column file_name.
func isMetadata(fsys fs.FS, name string) bool {
	switch strings.ToLower(path.Base(name)) {
	case "metadata.parquet":
		_, err := fs.Stat(fsys, name)
		return err == nil
	case "metadata.csv", "metadata.jsonl":
	default:
		return false
	}
	h, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer h.Close()
	line, _ := bufio.NewReader(io.LimitReader(h, maxLine)).ReadString('\n')
	return strings.Contains(line, "file_name")
}

// names gives the classes, sorted.
func (d *dataset) names() []string {
	var list []string
	for c := range d.classes {
		list = append(list, c.name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// classed tells whether the folders are classes: nearly all files lie in one, two or
// more have files, and every split that has classes has two.
func (d *dataset) classed() bool {
	return d.loose*20 <= d.all.files && len(d.names()) >= 2
}

// isDataset judges by the evidence.
func (d *dataset) isDataset() bool {
	few := d.all.files < minFiles || d.cut && d.all.files == 0
	switch {
	case few || d.root == "." && len(d.metadata) == 0 && len(d.splits) < 2:
		return false
	case len(d.metadata) > 0 && d.near():
		return true
	case d.others*5 > d.all.files:
		return false // pictures among other things
	case len(d.splits) >= 2 && d.splits["train"] != nil:
		return d.classed() || d.unsplit() == 0
	case shown(d.root) || !d.classed():
		return false
	}
	return datafile.SaysData(d.root) || d.all.files >= minPlain && len(d.classes)*5 <= int(d.all.files)
}

// near tells whether metadata lies in the folder, or in those of splits.
func (d *dataset) near() bool {
	for _, name := range d.metadata {
		dir := path.Dir(name)
		if dir == d.root || path.Dir(dir) == d.root && datafile.SplitOf(path.Base(dir)+"/x", "./") != "" {
			return true
		}
	}
	return false
}

// unsplit counts the files that are in no split.
func (d *dataset) unsplit() int64 {
	n := d.all.files
	for _, c := range d.splits {
		n -= c.files
	}
	return n
}

// isMarked judges where something in the folder says that it is a dataset: a picture or
// two may be there for its card.
func (d *dataset) isMarked() bool {
	return d.all.files >= minFiles && (len(d.metadata) > 0 || len(d.splits) > 0 || d.all.files >= minMarked)
}
