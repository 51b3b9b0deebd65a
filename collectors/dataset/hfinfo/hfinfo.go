// Package hfinfo reads what the datasets library of Hugging Face writes beside its
// data: dataset_infos.json of dataset repositories (all configurations, until
// 2023), dataset_info.json of its cache and of save_to_disk (one configuration),
// and state.json and dataset_dict.json of save_to_disk. Sources: DatasetInfo in
// https://github.com/huggingface/datasets/blob/main/src/datasets/info.py, and
// save_to_disk in arrow_dataset.py and dataset_dict.py.
//
// The dataset is the folder. A configuration that is alone and called "default" has
// no name, as in cards. The files that it was made of (download_checksums) are
// mentioned with their address, size and SHA-256, which are stated and not read.
// What differs between configurations and has one field is the first one's, the
// others are properties, "mlbom:hfinfo:CONFIG:KEY".
//
// Other tools have a dataset_info.json, too (TensorFlow Datasets, LLaMA-Factory),
// and so have many a state.json: those give nothing.
//
// Not understood: the content of task_templates but for the task, post-processing.
package hfinfo

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/datasetinfo"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files of metadata of the datasets library.
var Collector = sbom.Collector{
	Name: "dataset/hfinfo",
	Doc: "Hugging Face dataset infos (dataset_infos.json, dataset_info.json, state.json, dataset_dict.json)\n\n" +
		"The dataset of the folder: licence, citation, features with their labels, splits with rows\n" +
		"and bytes, and the files that it was made of with address and SHA-256.",
	Match:   []string{"dataset_infos.json", "dataset_info.json", "state.json", "dataset_dict.json"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	base := strings.ToLower(path.Base(f.Path))
	text, err := f.Text()
	if err != nil {
		return nil, unlessShared(base, err)
	}
	root, broken := jsonlines.Parse(text)
	d := datafacts.New(sbom.KindDataset, "hfinfo", sbom.Keys{Path: f.Dir()}, 1)
	r := reader{Draft: d}
	known := false
	switch base {
	case "dataset_infos.json":
		known = r.infos(root)
	case "dataset_info.json":
		if known = datasetinfo.Of(root) == datasetinfo.HuggingFace; known {
			r.single = true
			r.info(root, configOf(root, ""))
		} else if datasetinfo.Of(root) == datasetinfo.Unknown {
			return nil, broken
		}
	case "state.json":
		known = r.state(f, root)
	default:
		known = r.dict(f, root)
	}
	if !known {
		return nil, unlessShared(base, broken)
	}
	if broken != nil {
		d.Problem(broken.(*sbom.Problem).Line, "%s", broken.(*sbom.Problem).Reason)
	}
	return []sbom.Sighting{d.Sighting}, d.Err()
}

// unlessShared drops the fault of a file whose name says little.
func unlessShared(base string, err error) error {
	if base == "state.json" {
		return nil
	}
	return err
}

type reader struct {
	*datafacts.Draft
	single bool // there is one configuration
}

const maxConfigs = 2000

// infos reads a mapping of configurations.
func (r *reader) infos(root *jsonlines.Value) bool {
	if !root.Is(jsonlines.Object) || len(root.Members) == 0 {
		return false
	}
	for _, m := range root.Members {
		if !m.Value.Is(jsonlines.Object) || m.Value.Get("features") == nil && m.Value.Get("splits") == nil && m.Value.Get("citation") == nil && m.Value.Get("description") == nil {
			return false
		}
	}
	r.single = len(root.Members) == 1
	for i, m := range root.Members {
		if i >= maxConfigs {
			r.Problem(m.Line, "more than %d configurations; the rest is left out", maxConfigs)
			break
		}
		r.info(m.Value, configOf(m.Value, m.Key))
	}
	return true
}

func configOf(v *jsonlines.Value, key string) string {
	if s := v.Get("config_name").Str(); key == "" {
		return s
	}
	return key
}

// state reads the state of one saved part: its files and its split.
func (r *reader) state(f *sbom.File, root *jsonlines.Value) bool {
	files := root.Get("_data_files")
	if !root.Is(jsonlines.Object) || !files.Is(jsonlines.Array) && root.Get("_fingerprint") == nil {
		return false
	}
	if files != nil {
		for _, v := range files.Items {
			r.file(f, v.Get("filename"))
		}
	}
	if s := root.Get("_split"); s.Str() != "" {
		r.Split(sbom.Split{Name: s.Str()}, s.Line)
	}
	for _, m := range root.Members {
		switch m.Key {
		case "_data_files", "_split":
		case "_format_kwargs", "_output_all_columns", "_format_columns", "_format_type", "_indices_data_files", "_indexes", "_fingerprint":
			if !m.Value.Is(jsonlines.Bool) || m.Value.Text == "true" {
				r.Keep(strings.TrimPrefix(m.Key, "_"), m.Value)
			}
		}
	}
	return true
}

// file ties a data file of the folder to the dataset.
func (r *reader) file(f *sbom.File, v *jsonlines.Value) {
	name := v.Str()
	if name == "" {
		return
	}
	r.Add("dataset.files", &r.Dataset.Files, name, v.Line)
	if at := path.Join(path.Dir(f.Path), name); inside(name) {
		r.Link(sbom.Contains, sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, "", v.Line)
	} else {
		r.Findings = append(r.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Message: "a data file of the dataset is named by a path that leaves its folder: " + name, Where: sbom.Place{Line: v.Line}})
	}
}

// dict reads the parts of a saved dataset: a folder each.
func (r *reader) dict(f *sbom.File, root *jsonlines.Value) bool {
	splits := root.Get("splits")
	if !splits.Is(jsonlines.Array) {
		return false
	}
	for _, v := range splits.Items {
		name := v.Str()
		if name == "" || strings.ContainsAny(name, "/\\") || !inside(name) {
			r.Problem(v.Line, "the name of a split is none: %s", v.Compact())
			continue
		}
		r.Split(sbom.Split{Name: name}, v.Line)
		r.Link(sbom.Contains, sbom.Component{Kind: sbom.KindDataset, Name: name, Keys: sbom.Keys{Path: path.Join(path.Dir(f.Path), name) + "/"}}, "", v.Line)
	}
	return true
}

// inside tells whether a path stays below its folder.
func inside(name string) bool {
	return name != "" && name != "." && !path.IsAbs(name) && !strings.ContainsAny(name, "\\\x00") && path.Clean(name) == name && name != ".." && !strings.HasPrefix(name, "../")
}
