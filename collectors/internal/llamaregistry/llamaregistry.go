// Package llamaregistry reads LLaMA-Factory's registry of datasets, the dialect of
// dataset_info.json that maps a name of one's own to a file, a repository of a hub or a script.
//
// Source: hiyouga/LLaMA-Factory, data/README.md and src/llamafactory/data/parser.py.
package llamaregistry

import (
	"path"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Entry is one dataset of the registry.
type Entry struct {
	Name   string
	Line   int
	To     sbom.Component
	Config string // of the dataset on a hub
	Split  string
	Folder string
	Format string // "alpaca" or "sharegpt"
	Kind   string // "preference" for pairs that are ranked
	// Columns give what a column of the data is used as: "prompt" "instruction".
	Columns []sbom.Property
	// Code: it is a script that loading runs.
	Code bool
}

const maxEntries = 10_000

var (
	keys  = []string{"file_name", "hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name"}
	hubID = pattern.Lazy(`^[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*$`)
)

// Is tells the dialect: an object of objects, of which each names a source.
func Is(v *jsonlines.Value) bool {
	if !v.Is(jsonlines.Object) || len(v.Members) == 0 {
		return false
	}
	for _, m := range v.Members {
		if !m.Value.Is(jsonlines.Object) || !slices.ContainsFunc(keys, func(k string) bool { return m.Value.Get(k).Str() != "" }) {
			return false
		}
	}
	return true
}

// Read lists the entries; f is the registry, whose folder paths begin at.
func Read(f *sbom.File, v *jsonlines.Value) []Entry {
	var list []Entry
	for _, m := range v.Members {
		if len(list) < maxEntries {
			list = append(list, entry(f, m))
		}
	}
	return list
}

func entry(f *sbom.File, m jsonlines.Member) Entry {
	v := m.Value
	e := Entry{Name: m.Key, Line: m.Line, Config: v.Get("subset").Str(), Split: v.Get("split").Str(), Folder: v.Get("folder").Str(), Format: v.Get("formatting").Str()}
	if ranked, _ := v.Get("ranking").Bool(); ranked {
		e.Kind = "preference"
	}
	if columns := v.Get("columns"); columns.Is(jsonlines.Object) {
		for _, c := range columns.Members {
			if c.Value.Str() != "" && len(e.Columns) < 100 {
				e.Columns = append(e.Columns, sbom.Property{Name: c.Key, Value: c.Value.Str()})
			}
		}
	}
	ok := false
	switch {
	case v.Get("hf_hub_url").Str() != "":
		e.To, ok = mlcalls.Dataset(f, v.Get("hf_hub_url").Str(), "")
	case v.Get("ms_hub_url").Str() != "":
		e.To, ok = elsewhere("https://modelscope.cn/datasets/", v.Get("ms_hub_url").Str())
	case v.Get("om_hub_url").Str() != "":
		e.To, ok = elsewhere("https://modelers.cn/datasets/", v.Get("om_hub_url").Str())
	case v.Get("script_url").Str() != "":
		e.To, ok = mlcalls.Dataset(f, v.Get("script_url").Str(), "")
		e.Code = true
	case v.Get("cloud_file_name").Str() != "":
		e.To, ok = mlcalls.File(f, sbom.KindDataset, v.Get("cloud_file_name").Str())
	default:
		e.To, ok = mlcalls.File(f, sbom.KindDataset, v.Get("file_name").Str())
	}
	if !ok || e.To.Keys == (sbom.Keys{}) { // a file that is not here
		e.To = sbom.Component{Kind: sbom.KindDataset, Name: m.Key}
	}
	return e
}

func elsewhere(site, id string) (sbom.Component, bool) {
	if !hubID.MatchString(id) {
		return sbom.Component{}, false
	}
	return sbom.Component{Kind: sbom.KindDataset, Name: id, Keys: sbom.Keys{URL: site + id}, Refs: []sbom.Ref{{Type: "distribution", URL: site + id}}}, true
}

type registryAt string

// Load gives the entries of the registry in a folder, by their names; none where
// there is no registry of this dialect.
func Load(f *sbom.File, dir string) map[string]Entry {
	name := path.Join(dir, "dataset_info.json")
	return sbom.Once(f.FS, registryAt(name), func() map[string]Entry {
		all := map[string]Entry{}
		at := f.Other(name)
		text, err := at.Text()
		if err != nil {
			return all
		}
		v, _ := jsonlines.Parse(text)
		if !Is(v) {
			return all
		}
		for _, e := range Read(at, v) {
			all[e.Name] = e
		}
		return all
	})
}
