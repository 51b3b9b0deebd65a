package tfds

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// usual is the template of file names that TFDS takes where a split names none.
const usual = "{DATASET}-{SPLIT}.{FILEFORMAT}-{SHARD_X_OF_Y}"

const maxShards = 20_000 // of one split that are looked for

// shards ties the files of each split that are there to the dataset, and gives each
// one's split.
func (r *reader) shards(root *jsonlines.Value) []sbom.Sighting {
	var seen []sbom.Sighting
	for _, s := range list(root.Get("splits")) {
		name, total := s.Get("name").Str(), len(list(s.Get("shardLengths")))
		if name == "" || total == 0 || total > maxShards {
			continue
		}
		here := 0
		missing := ""
		for i := range total {
			at := r.shard(root, s, i, total)
			info, err := fs.Stat(r.file.FS, at)
			if err != nil || info.IsDir() {
				missing = at
				continue
			}
			here++
			to := sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
			r.Link(sbom.Contains, to, "", s.Line)
			to.File = &sbom.FileFacts{Table: sbom.Table{Split: name}}
			seen = append(seen, sbom.Sighting{Component: to, Basis: sbom.Declared, Where: sbom.Place{Line: s.Line}})
		}
		if here > 0 && here < total {
			r.Findings = append(r.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Where: sbom.Place{Line: s.Line},
				Message: fmt.Sprintf("%d of the %d shards of split %s are here; %s is not", here, total, name, path.Base(missing))})
		}
	}
	return seen
}

// shard gives the path of one shard; "" where it is none of the folder.
func (r *reader) shard(root, split *jsonlines.Value, i, total int) string {
	template := split.Get("filepathTemplate").Str()
	if template == "" {
		template = usual
	}
	format := root.Get("fileFormat").Str()
	if format == "" {
		format = "tfrecord"
	}
	name := strings.NewReplacer("{DATASET}", root.Get("name").Str(), "{SPLIT}", split.Get("name").Str(), "{FILEFORMAT}", format,
		"{SHARD_X_OF_Y}", fmt.Sprintf("%05d-of-%05d", i, total), "{SHARD_INDEX}", fmt.Sprintf("%05d", i), "{NUM_SHARDS}", fmt.Sprintf("%05d", total)).Replace(template)
	if !fs.ValidPath(name) || strings.Contains(name, "\\") {
		return ""
	}
	return path.Join(path.Dir(r.file.Path), name)
}
