package datafile

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// splitWords are those of the datasets library (datasets/data_files.py): each tells,
// as a whole word of the name of a file or of a folder, which split it is.
var splitWords = map[string]string{
	"train": "train", "training": "train",
	"validation": "validation", "valid": "validation", "dev": "validation", "val": "validation",
	"test": "test", "testing": "test", "eval": "test", "evaluation": "test",
}

// splitWord gives the split that a folder's whole name says.
func splitWord(name string) string { return splitWords[strings.ToLower(name)] }

// separators are what stands around a word by the datasets library: "-._ 0-9".
var separators = pattern.Lazy(`[-._ 0-9]+`)

// splitIn gives the split that a word in a name says; "" where there is none, or where
// words say different ones ("train_test_split").
func splitIn(name string) string {
	found := ""
	for _, w := range separators.Split(strings.ToLower(name), maxWords) {
		if s := splitWords[w]; s != "" && found != "" && s != found {
			return ""
		} else if s != "" {
			found = s
		}
	}
	return found
}

var (
	shardMark  = pattern.Lazy(`[-_.](\d{1,6})-of-(\d{1,6})`)
	namedSplit = pattern.Lazy(`^(?:.*/)?data/([A-Za-z_0-9]+(?:\.[A-Za-z_0-9]+)*)-\d{5}-of-\d{5}[^/]*\.`)
)

// SplitOf gives the split of a file by its path and that of its dataset, a folder with
// a slash at the end or the file itself, as the datasets library reads it:
// "data/NAME-00000-of-00005.parquet" says any name; else the outermost folder below that
// of the dataset that says one, and else the name of the file.
func SplitOf(file, dataset string) string {
	if m := namedSplit.FindStringSubmatch(file); m != nil {
		if s := splitWords[strings.ToLower(m[1])]; s != "" {
			return s
		}
		return m[1]
	}
	file = inside(file, dataset)
	if dir := path.Dir(file); dir != "." {
		for part := range strings.SplitSeq(dir, "/") {
			if s := splitIn(part); s != "" {
				return s
			}
		}
	}
	return splitIn(stemOf(path.Base(file)))
}

// endings are those of files of data; what a file is compressed with comes behind.
var (
	packed  = pattern.Lazy(`(?i)\.(?:gz|gzip|zst|zstd|bz2|xz|lz4|zip|snappy)$`)
	endings = pattern.Lazy(`(?i)\.(?:csv|tsv|psv|tab|jsonl|ndjson|json|txt|parquet|pq|arrow|feather|ipc|tfrecords?|riegeli|orc|avro|tar|npy|npz|h5|hdf5|pkl|pickle|xlsx?|msgpack)$`)
)

// stemOf is the name without the endings of data files and the mark of a shard.
func stemOf(base string) string {
	base = shardMark.ReplaceAllString(base, "")
	base = packed.ReplaceAllString(base, "")
	return endings.ReplaceAllString(base, "")
}

// isData tells whether the ending of a name is one of data files.
func isData(base string) bool {
	return endings.MatchString(packed.ReplaceAllString(shardMark.ReplaceAllString(base, ""), ""))
}

// familyOf gives what the names of the parts of one dataset have in common: "imdb" of
// "imdb_train.csv" and "imdb-00000-of-00005.parquet", "" of "train.csv". It is a part
// only with the name of a split or the mark of a shard.
func familyOf(base string) (family string, part bool) {
	stem := stemOf(base)
	part = shardMark.MatchString(base)
	if splitIn(stem) == "" {
		return strings.ToLower(stem), part
	}
	var rest []string
	for _, w := range separators.Split(underscores.ReplaceAllString(strings.ToLower(stem), " "), maxWords) {
		if splitWords[w] == "" && w != "" {
			rest = append(rest, w)
		}
	}
	return strings.Join(rest, "-"), true
}

var underscores = pattern.Lazy(`_+`)
