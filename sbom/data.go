package sbom

import (
	"cmp"
	"maps"
	"math"
	"path"
	"slices"
	"strings"
)

// maxToldFiles bounds the files that stand as the source of what is derived of a
// dataset; of more, the dataset itself does.
const maxToldFiles = 100

// maxFeatures bounds the features that are derived of one dataset.
const maxFeatures = 100_000

// datum is a file of a dataset, and how many times it is there: equal files are one node.
type datum struct {
	*Node
	times int64
}

// data derives what the files of a dataset say of it: size, rows and splits where each
// of the files says them, the fingerprint of all columns, and the columns themselves.
// What a source states stays.
func (ix *index) data(n *Node) {
	if n.Kind != KindDataset || n.Mentioned {
		return
	}
	files := ix.dataFiles(n)
	if len(files) == 0 {
		return
	}
	if n.Dataset == nil {
		n.Dataset = &Dataset{}
	}
	d := n.Dataset
	if size, ok := total(files, func(f *Node) (int64, bool) { return f.File.Size, f.File.Size > 0 }); ok && d.Size == 0 {
		d.Size = size
		n.derivedOf("dataset.size", files)
	}
	tables := slices.DeleteFunc(slices.Clone(files), func(f datum) bool { return f.summary() })
	if rows, ok := total(tables, rowsOf); ok && rows > 0 && d.Rows == 0 {
		d.Rows = rows
		n.derivedOf("dataset.rows", tables)
	}
	if splits := ix.splits(tables); len(splits) > 0 && len(d.Splits) == 0 {
		d.Splits = splits
		n.derivedOf("dataset.splits", tables)
	}
	n.columns(files)
}

// dataFiles gives the files that collectors tie to a dataset, in the order of their ids.
func (ix *index) dataFiles(n *Node) []datum {
	var files []datum
	told := hearsay(n.Seen)
	for _, i := range ix.out[n.ID] {
		e := ix.g.Edges[i]
		f := ix.node[e.To]
		if e.Rel != Contains || f == nil || f.Kind != KindFile || f.File == nil || f.Mentioned || !counts(e) || hearsay(e.Seen) != told {
			continue
		}
		files = append(files, datum{f, max(1, f.timesBelow(n))})
	}
	slices.SortFunc(files, func(a, b datum) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return files
}

// timesBelow counts the paths of a file that lie in the folder of a dataset.
func (n *Node) timesBelow(of *Node) int64 {
	folder, _, _ := strings.Cut(of.Keys.Path, "#")
	if !strings.HasSuffix(folder, "/") {
		return 1
	}
	times := int64(0)
	for _, p := range n.paths() {
		if folder == "./" || strings.HasPrefix(p, folder) {
			times++
		}
	}
	return times
}

// summary tells whether the file has columns of a table whose rows are in other files.
func (n datum) summary() bool {
	base := path.Base(n.Keys.Path)
	return n.File.Table.Rows == nil && (base == "_metadata" || base == "_common_metadata")
}

func rowsOf(f *Node) (int64, bool) {
	if f.File.Table.Rows == nil || *f.File.Table.Rows < 0 {
		return 0, false
	}
	return *f.File.Table.Rows, true
}

// total adds up what all of the files say; ok is false where one says nothing.
func total(files []datum, of func(*Node) (int64, bool)) (sum int64, ok bool) {
	for _, f := range files {
		v, known := of(f.Node)
		if !known || v > (math.MaxInt64-sum)/f.times {
			return 0, false
		}
		sum += v * f.times
	}
	return sum, len(files) > 0
}

// splits gives those that the files say that they are, with rows and bytes where all of
// their files know them. A file that is part of two has none.
func (ix *index) splits(files []datum) []Split {
	of := map[string][]datum{}
	for _, f := range files {
		if ix.torn[f.ID] {
			return nil
		}
		if name := f.File.Table.Split; name != "" {
			of[name] = append(of[name], f)
		}
	}
	var all []Split
	for _, name := range slices.Sorted(maps.Keys(of)) {
		s := Split{Name: name}
		s.Rows, _ = total(of[name], rowsOf)
		s.Bytes, _ = total(of[name], func(f *Node) (int64, bool) { return f.File.Size, f.File.Size > 0 })
		all = append(all, s)
	}
	return all
}

// columns derives the fingerprint of the columns of all files, and the features.
func (n *Node) columns(files []datum) {
	var all []Column
	var from []datum
	for _, f := range files {
		if len(f.File.Table.Columns) > 0 && len(all) < maxFeatures {
			all = append(all, f.File.Table.Columns...)
			from = append(from, f)
		}
	}
	if len(from) == 0 {
		return
	}
	d := n.Dataset
	const field = "dataset.schemaDigest"
	told := slices.ContainsFunc(n.Facts, func(f Fact) bool { return f.Field == field && hearsay(f.Seen) })
	if d.SchemaDigest == "" || told { // what a found BOM says is not what the files say
		d.SchemaDigest = SchemaDigest(all)
		n.Facts = slices.DeleteFunc(n.Facts, func(f Fact) bool { return f.Field == field })
		n.derivedOf(field, from)
	}
	if len(d.Features) == 0 {
		d.Features = features(all)
		n.derivedOf("dataset.features", from)
	}
}

// features gives one for each name of a column. One that has several types in several
// files has them all.
func features(columns []Column) []Feature {
	columns = slices.Clone(columns)
	slices.SortStableFunc(columns, func(a, b Column) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Type, b.Type))
	})
	var all []Feature
	for i, c := range columns {
		last := len(all) - 1
		switch {
		case last >= 0 && all[last].Name == c.Name:
			if c.Type != columns[i-1].Type && c.Type != "" {
				all[last].Type = strings.TrimPrefix(all[last].Type+" | "+c.Type, " | ")
			}
			if len(all[last].Labels) == 0 {
				all[last].Labels = slices.Clone(c.Classes)
			}
		default:
			all = append(all, Feature{Name: c.Name, Type: c.Type, Labels: slices.Clone(c.Classes)})
		}
	}
	return all
}

// derivedOf notes that a field follows from files.
func (n *Node) derivedOf(field string, files []datum) {
	if len(files) > maxToldFiles {
		n.derived(field, []*Node{n})
		return
	}
	var from []*Node
	for _, f := range files {
		from = append(from, f.Node)
	}
	n.derived(field, from)
}
