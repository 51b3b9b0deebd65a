// Package wandb reads what Weights & Biases leaves on disk of a run (wandb/run-*/files:
// wandb-metadata.json, config.yaml, wandb-summary.json) and manifests of artifacts
// (wandb_manifest.json).
//
// Who ran it, on which machine, from which folder and with which interpreter is not
// told: the files name host, user, mail and paths of people. Digests of a manifest are
// MD5 in base64 of files; those of references are the stores' own and become properties.
//
// Not understood: the binary log (*.wandb), media, tables, history, artifacts that only
// the server knows. What requirements.txt in the folder says is read by its collector.
//
// Sources: github.com/wandb/wandb (wandb/sdk/internal/system, wandb/sdk/wandb_config.py,
// wandb/sdk/artifacts/artifact_manifests/artifact_manifest_v1.py).
package wandb

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files of runs and manifests.
var Collector = sbom.Collector{
	Name: "pipeline/wandb",
	Doc: "Weights & Biases runs (wandb/run-*/files) and manifests of artifacts (wandb_manifest.json)\n\nConfiguration, last metrics, commit, hardware and versions of a run, without people and machines;\n" +
		"files of artifacts with their digests.",
	Match:   []string{"wandb-metadata.json", "wandb-summary.json", "run-*/files/config.yaml", "offline-run-*/files/config.yaml", "latest-run/files/config.yaml", "wandb_manifest.json"},
	Last:    true, // digests of manifests are held against the bytes
	Collect: collect,
}

const (
	maxValues = 1000   // of one run
	maxFiles  = 10_000 // of one artifact
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	base := strings.ToLower(path.Base(f.Path))
	if base == "config.yaml" {
		v, err := yamllines.Parse(text)
		return config(f, v), err
	}
	v, err := jsonlines.Parse(text)
	if !v.Is(jsonlines.Object) {
		return nil, err
	}
	switch base {
	case "wandb-metadata.json":
		return metadata(f, v), err
	case "wandb-summary.json":
		return summary(f, v), err
	}
	seen, more := manifest(f, v)
	if more != nil && err == nil {
		err = more
	}
	return seen, err
}

var folder = pattern.Lazy(`^(?:offline-)?run-\d{8}_\d{6}-([\w-]+)$`)

// run begins the sighting of the run that a file is of: the folder over "files".
func run(f *sbom.File) sbom.Sighting {
	home := path.Dir(f.Path)
	if path.Base(home) == "files" {
		home = path.Dir(home)
	}
	s := sbom.Sighting{Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}
	s.Component = sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: strings.TrimPrefix(home+"/", "./")}, Process: &sbom.Process{Type: "run", Tool: "wandb"}}
	if s.Keys.Path == "" {
		s.Keys.Path = "./"
	}
	if m := folder.FindStringSubmatch(path.Base(home)); m != nil {
		s.Name = m[1]
	}
	return s
}

func metadata(f *sbom.File, v *jsonlines.Value) []sbom.Sighting {
	if v.Get("program") == nil && v.Get("startedAt") == nil && v.Get("python") == nil && v.Get("git") == nil {
		return nil
	}
	s := run(f)
	p := s.Process
	str := func(keys ...string) string { return lineage.Clip(v.Path(keys...).Str(), lineage.MaxText) }
	p.Started = moment(str("startedAt"))
	if p.Status = str("state"); p.Status == "running" { // what it was when W&B wrote the file, at the start
		p.Status = ""
	}
	p.Commands = command(v)
	for _, key := range []string{"os", "python", "gpu", "cudaVersion", "docker", "platform"} {
		p.Environment = lineage.Property(p.Environment, strings.ToLower(key), str(key))
	}
	for _, key := range []string{"cpu_count", "gpu_count"} {
		if n, ok := v.Get(key).Int(); ok && n > 0 {
			p.Environment = lineage.Property(p.Environment, key, v.Get(key).Text)
		}
	}
	for _, list := range []string{"gpu_nvidia", "gpu_amd"} {
		if all := v.Get(list); all.Is(jsonlines.Array) && len(all.Items) > 0 {
			p.Environment = lineage.Property(p.Environment, list, lineage.Clip(all.Items[0].Get("name").Str(), lineage.MaxText))
			p.Environment = lineage.Property(p.Environment, list+".architecture", lineage.Clip(all.Items[0].Get("architecture").Str(), lineage.MaxText))
		}
	}
	commit := v.Path("git", "commit").Str()
	if sbom.IsCommit(commit) {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:wandb:commit", Value: commit})
	}
	if address := lineage.Repository(v.Path("git", "remote").Str()); address != "" {
		s.Refs = append(s.Refs, sbom.Ref{Type: "vcs", URL: address, Comment: strings.TrimSpace("the code that ran " + commit)})
	}
	if at := path.Join(path.Dir(f.Path), "requirements.txt"); isFile(f.FS, at) {
		s.Links = []sbom.Link{{Rel: sbom.DependsOn, To: sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: sbom.Project(at, "python")}}, Note: "requirements.txt"}}
	}
	return []sbom.Sighting{s}
}

func isFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

// command is the program with its arguments; of a path outside of the code, the name.
func command(v *jsonlines.Value) []string {
	program := v.Get("codePath").Str()
	if program == "" {
		program = v.Get("program").Str()
	}
	if lineage.Inside(".", program) == "" {
		program = lineage.Name(program)
	}
	if program == "" || program == "<python with no main file>" {
		return nil
	}
	words := append([]string{program}, v.Get("args").Strings()...)
	line := lineage.Shown(strings.Join(words[:min(len(words), maxValues)], " "))
	return []string{lineage.Clip(line, 4*lineage.MaxText)}
}

var dated = pattern.Lazy(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$`)

// moment writes a time as RFC 3339; the files of older versions leave out that it is
// in UTC.
func moment(text string) string {
	m := dated.FindStringSubmatch(text)
	switch {
	case m == nil:
		return ""
	case m[1] == "":
		return text + "Z"
	}
	return text
}

// config reads the configuration: each key has its value under "value".
func config(f *sbom.File, v *yamllines.Value) []sbom.Sighting {
	s := run(f)
	own := v.Get("wandb_version") != nil || v.Get("_wandb") != nil
	for _, e := range v.Entries() {
		value := e.Value.Get("value")
		if e.Key == "_wandb" {
			for _, key := range []string{"python_version", "cli_version", "framework", "huggingface_version"} {
				s.Process.Environment = lineage.Property(s.Process.Environment, key, lineage.Clip(value.Get(key).Text(), lineage.MaxText))
			}
			continue
		}
		if value == nil || len(s.Process.Parameters) >= maxValues {
			continue
		}
		own = true
		s.Process.Parameters = append(s.Process.Parameters, lineage.Flat(e.Key, value, maxValues-len(s.Process.Parameters))...)
	}
	if !own {
		return nil
	}
	return []sbom.Sighting{s}
}

// summary reads the last value of each metric; names that begin with "_" are W&B's own.
func summary(f *sbom.File, v *jsonlines.Value) []sbom.Sighting {
	s := run(f)
	for _, p := range lineage.FlatJSON("", v, maxValues) {
		if !strings.HasPrefix(p.Name, "_") && !strings.Contains(p.Name, "._") && lineage.IsNumber(p.Value) {
			s.Process.Metrics = append(s.Process.Metrics, sbom.Metric{Type: p.Name, Value: p.Value})
		}
	}
	if len(s.Process.Metrics) == 0 {
		return nil
	}
	return []sbom.Sighting{s}
}

// manifest reads the files of an artifact. A file that lies beside the manifest is
// known by its path, and held against its digest.
func manifest(f *sbom.File, v *jsonlines.Value) (seen []sbom.Sighting, err error) {
	contents := v.Get("contents")
	if !contents.Is(jsonlines.Object) || v.Get("storagePolicy").Str() == "" {
		return nil, nil
	}
	for i, m := range contents.Members {
		if i >= maxFiles {
			return seen, &sbom.Problem{Line: m.Line, Reason: "the artifact has too many files; the rest is not told"}
		}
		s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: lineage.Name(m.Key), File: &sbom.FileFacts{Asserted: true}}, Basis: sbom.Resolved, Where: sbom.Place{Line: m.Line}}
		size := int64(-1)
		if n, ok := m.Value.Get("size").Int(); ok && n >= 0 {
			s.File.Size, size = n, n
		}
		digest := m.Value.Get("digest").Str()
		at := lineage.Inside(path.Dir(f.Path), m.Key)
		here := at != "" && isFile(f.FS, at)
		if ref := m.Value.Get("ref").Str(); ref != "" {
			s.Keys.URL = lineage.URL(ref)
			s.Properties = lineage.Property(nil, "mlbom:wandb:digest", lineage.Clip(digest, lineage.MaxText))
		} else if raw, err := base64.StdEncoding.DecodeString(digest); err == nil && len(raw) == 16 {
			sum := hex.EncodeToString(raw)
			if why := ""; here {
				if why = lineage.Differs(f, at, size, sum); why != "" {
					s.Findings = []sbom.Finding{{Rule: sbom.RuleDigest, Message: lineage.Clip(at, lineage.MaxText) + " is not the file that the manifest lists: " + why, Where: sbom.Place{Line: m.Line}}}
				}
			}
			if s.Findings == nil {
				s.Hashes = []sbom.Hash{{Alg: "MD5", Value: sum}}
			}
		}
		if here {
			s.Keys.Path, s.File.Asserted = at, false
		}
		if s.Findings != nil {
			s.File.Size = 0
		}
		if s.Name != "" {
			seen = append(seen, s)
		}
	}
	return seen, nil
}
