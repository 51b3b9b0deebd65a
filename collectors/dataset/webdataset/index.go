package webdataset

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxShards = 100_000 // of an index
	maxPath   = 4096    // bytes
	maxRows   = 1 << 60
)

// isIndex knows an index of wids by its first members.
func isIndex(head []byte) bool {
	if len(head) == 0 || head[0] != '{' {
		return false
	}
	return bytes.Contains(head, []byte(`"wids_version"`)) || bytes.Contains(head, []byte(`"wids-shard-index`)) || bytes.Contains(head, []byte(`"shardlist"`))
}

// listed is an index of shards.
type listed struct {
	Kind   string `json:"__kind__"`
	Wids   int    `json:"wids_version"`
	Name   string `json:"name"`
	Shards []struct {
		URL     string `json:"url"`
		Samples int64  `json:"nsamples"`
		Size    int64  `json:"filesize"`
		MD5     string `json:"md5sum"`
	} `json:"shardlist"`
}

// index reads an index: the dataset that lies in its folder.
func index(f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	var l listed
	if err := json.Unmarshal(data, &l); err != nil {
		return nil, fmt.Errorf("the index of shards is no valid JSON: %w", err)
	}
	if len(l.Shards) == 0 {
		return nil, nil
	}
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindDataset, Name: markdown.Clip(l.Name, maxPath), Keys: sbom.Keys{Path: f.Dir()}, Dataset: &sbom.Dataset{}},
		Basis:     sbom.Declared,
	}
	var problem error
	if len(l.Shards) > maxShards {
		problem = fmt.Errorf("the index names more than %d shards; the rest is not read", maxShards)
		l.Shards = l.Shards[:maxShards]
	}
	var rows, size int64
	var lost, out []string
	for _, shard := range l.Shards {
		rows, size = add(rows, shard.Samples), add(size, shard.Size)
		switch name := shard.URL; {
		case len(name) > maxPath || strings.Contains(name, "://"):
		case !filepath.IsLocal(filepath.FromSlash(name)):
			out = append(out, name)
		default:
			s.Dataset.Files = append(s.Dataset.Files, name)
			if !here(f, &s, name, shard.MD5) {
				lost = append(lost, name)
			}
		}
	}
	s.Dataset.Rows, s.Dataset.Size = max(rows, 0), max(size, 0)
	s.Properties = []sbom.Property{{Name: "mlbom:webdataset:shards", Value: strconv.Itoa(len(l.Shards))}}
	if len(out) > 0 {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Message: fmt.Sprintf("%d shards lie outside of the folder: %.200q", len(out), out[0])})
	}
	if len(lost) > 0 {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Message: fmt.Sprintf("%d of %d shards are not there: %.200q", len(lost), len(l.Shards), lost[0])})
	}
	return []sbom.Sighting{s}, problem
}

// here ties a shard to the dataset where it is in the folder.
func here(f *sbom.File, s *sbom.Sighting, name, md5 string) bool {
	at := path.Join(path.Dir(f.Path), name)
	info, err := fs.Stat(f.FS, at)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	to := sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
	if md5 = strings.ToLower(md5); len(md5) == 32 && strings.Trim(md5, "0123456789abcdef") == "" {
		to.Hashes = []sbom.Hash{{Alg: "MD5", Value: md5}}
	}
	s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: to})
	return true
}

// add gives -1, for unknown, where a shard says nothing.
func add(sum, n int64) int64 {
	if sum < 0 || n <= 0 || sum > maxRows-n {
		return -1
	}
	return sum + n
}
