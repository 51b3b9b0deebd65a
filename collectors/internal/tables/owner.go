// Package tables says what collectors of tables in columns have in common: which folder
// is one table of many files, what metadata of pandas, of the datasets library and of
// GeoParquet say of the columns, and how columns of Arrow become those of a BOM.
//
// Source: https://pandas.pydata.org/docs/development/developer.html (metadata of pandas);
// datasets/arrow_writer.py and datasets/features/features.py of huggingface/datasets;
// https://geoparquet.org/releases/v1.1.0; arrow.apache.org/docs/python/dataset.html
// (partitions in the way of Hive).
//
// Not understood: partitions whose folders have no key ("2024/01/").
package tables

import (
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/sbom"
)

// OwnerOf tells which dataset a file of a table belongs to. Where nothing else says so,
// it is the folder that is one table: above its partitions ("sales/year=2024/0.parquet"),
// or named like a file ("sales.parquet/part-00000.parquet"), or with a summary in it.
func OwnerOf(f *sbom.File) datafile.Owner {
	o := datafile.OwnerOf(f)
	if o.Fixture || o.Marked {
		return o
	}
	key := tableOf(f.Path)
	if key == "" && summarised(f) {
		key = f.Dir()
	}
	folder, _, _ := strings.Cut(o.Keys.Path, "#")
	if key == "" || strings.HasSuffix(folder, "/") && (folder == "./" || strings.HasPrefix(key, folder)) {
		return o
	}
	return datafile.Owner{Keys: sbom.Keys{Path: key}, Split: datafile.SplitOf(f.Path, key)}
}

// summarised tells whether the folder has a summary of its files, or the mark that Spark
// leaves when it has written a table.
func summarised(f *sbom.File) bool {
	for _, name := range []string{"_metadata", "_common_metadata", "_SUCCESS"} {
		if info, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// tableOf gives the folder that is one table; "" where there is none.
func tableOf(file string) string {
	parts := strings.Split(path.Dir(file), "/")
	for i, p := range parts {
		if _, _, ok := partition(p); ok {
			return sbom.DirOf(path.Join(path.Join(parts[:i]...), "x"))
		}
		switch strings.ToLower(path.Ext(p)) {
		case ".parquet", ".pq", ".orc", ".avro":
			return path.Join(parts[:i+1]...) + "/"
		}
	}
	return ""
}

func partition(folder string) (key, value string, ok bool) {
	key, value, ok = strings.Cut(folder, "=")
	return key, value, ok && key != "" && value != ""
}

// PartitionOf gives the keys and values of the partition that a file is in.
func PartitionOf(file string) (keys, values []string) {
	for p := range strings.SplitSeq(path.Dir(file), "/") {
		if key, value, ok := partition(p); ok {
			keys, values = append(keys, plain(key)), append(values, plain(value))
		}
	}
	return keys, values
}

// plain undoes what Hive does to rare characters.
func plain(s string) string {
	if out, err := url.PathUnescape(s); err == nil {
		return out
	}
	return s
}
