// Package datasetinfo tells whose a dataset_info.json is: three tools write files of
// that name which have nothing in common.
package datasetinfo

import "github.com/mlbom/mlbom/collectors/internal/jsonlines"

// Dialect is the tool that a file is of.
type Dialect string

// The dialects.
const (
	Unknown      Dialect = ""
	HuggingFace  Dialect = "huggingface"   // the datasets library
	TFDS         Dialect = "tfds"          // TensorFlow Datasets
	LlamaFactory Dialect = "llama-factory" // a registry of training data
)

const maxLooked = 50 // entries of a registry that are looked at

// Of decides by the keys of a document.
func Of(v *jsonlines.Value) Dialect {
	if !v.Is(jsonlines.Object) {
		return Unknown
	}
	for _, key := range []string{"moduleName", "fileFormat", "releaseNotes", "redistributionInfo", "configDescription", "downloadChecksums"} {
		if v.Get(key) != nil {
			return TFDS
		}
	}
	for _, s := range items(v.Get("splits")) {
		if s.Get("shardLengths") != nil || s.Get("numBytes") != nil || s.Get("filepathTemplate") != nil || s.Get("numShards") != nil {
			return TFDS
		}
	}
	switch {
	case registry(v):
		return LlamaFactory
	case v.Get("features").Is(jsonlines.Object), v.Get("builder_name") != nil, v.Get("download_checksums") != nil,
		v.Get("dataset_size") != nil && v.Get("splits") != nil, v.Get("features") != nil && v.Get("citation") != nil:
		return HuggingFace
	case v.Get("name").Is(jsonlines.String) && v.Get("version").Is(jsonlines.String) && v.Get("location").Get("urls") != nil:
		return TFDS
	}
	return Unknown
}

func items(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil {
		return nil
	}
	return v.Items[:min(len(v.Items), maxLooked)]
}

// registry tells LLaMA-Factory's mapping of names to sources.
func registry(v *jsonlines.Value) bool {
	if len(v.Members) == 0 {
		return false
	}
	found := false
	for _, m := range v.Members[:min(len(v.Members), maxLooked)] {
		if !m.Value.Is(jsonlines.Object) {
			return false
		}
		for _, key := range []string{"file_name", "hf_hub_url", "ms_hub_url", "om_hub_url", "script_url", "cloud_file_name"} {
			found = found || m.Value.Get(key).Is(jsonlines.String)
		}
	}
	return found
}
