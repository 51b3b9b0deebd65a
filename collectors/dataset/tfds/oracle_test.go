package tfds

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// messages has the protocol buffers of TensorFlow Datasets read the files, by Google's own
// parser of their JSON. Nothing else of the package is imported: it would need TensorFlow.
const messages = `
import importlib.util, json, os, sys, types
top = os.path.dirname(importlib.util.find_spec("tensorflow_datasets").origin)
for name, at in (("", ""), (".core", "core"), (".core.proto", "core/proto")):
    m = sys.modules["tensorflow_datasets" + name] = types.ModuleType("tensorflow_datasets" + name)
    m.__path__ = [os.path.join(top, at)]
from google.protobuf import json_format
from tensorflow_datasets.core.proto import dataset_info_generated_pb2, feature_generated_pb2
def info(text):
    m = json_format.Parse(text, dataset_info_generated_pb2.DatasetInfo())
    return {"name": m.name, "version": m.version, "description": m.description, "citation": m.citation, "urls": list(m.location.urls), "license": m.redistribution_info.license,
        "download": m.download_size, "sums": [[k, v] for k, v in m.download_checksums.items()],
        "splits": [[s.name, sum(s.shard_lengths), s.num_bytes] for s in m.splits], "module": m.module_name, "format": m.file_format}
def kind(f):
    name = f.python_class_name.rpartition(".")[2]
    which = f.WhichOneof("content")
    if which == "features_dict":
        return {"struct": {k: kind(v) for k, v in f.features_dict.features.items()}}
    if which in ("sequence", "dataset", "optional"):
        return {"of": kind(getattr(f, which).feature), "class": name}
    if which == "tensor":
        return {"class": name, "dtype": f.tensor.dtype, "shape": list(f.tensor.shape.dimensions)}
    return {"class": name}
def features(text):
    m = json_format.Parse(text, feature_generated_pb2.Feature())
    return {"features": [[k, kind(v), v.description] for k, v in m.features_dict.features.items()]}
for name in sys.stdin.read().split("\n"):
    try:
        text = open(name, encoding="utf-8").read()
        print(json.dumps(info(text) if name.endswith("info.json") else features(text)))
    except Exception as e:
        print(json.dumps({"refused": repr(e)}))
`

type told struct {
	Refused, Name, Version, Description, Citation, License, Module, Format string
	URLs                                                                   []string
	Download                                                               int64
	Sums                                                                   [][2]string
	Splits                                                                 [][3]any
	Features                                                               [][3]any
}

// TestOracle compares with the messages that TensorFlow Datasets writes. Set
// MLBOM_ORACLE_PYTHON to a Python that has tensorflow-datasets, tensorflow-metadata (both
// --no-deps) and protobuf, and MLBOM_CORPUS to a folder of prepared datasets of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python that has tensorflow-datasets, tensorflow-metadata and protobuf")
	}
	dir := sbomtest.Folder(t)
	tree := os.DirFS(dir)
	var names []string
	_ = fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, err error) error {
		if base := path.Base(name); err == nil && (base == "dataset_info.json" || base == "features.json") {
			names = append(names, name)
		}
		return nil
	})
	ask := exec.Command(python, "-c", messages)
	ask.Dir, ask.Stdin = dir, strings.NewReader(strings.Join(names, "\n"))
	out, err := ask.CombinedOutput()
	if strings.Contains(string(out), "ModuleNotFoundError") || strings.Contains(string(out), "has no attribute 'origin'") {
		t.Skip("the Python has no tensorflow-datasets, tensorflow-metadata or protobuf")
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(names) {
		t.Fatalf("%d answers for %d files: %v: %.2000s", len(lines), len(names), err, out)
	}
	compared := 0
	for i, name := range names {
		var want told
		if err := json.Unmarshal([]byte(lines[i]), &want); err != nil {
			t.Fatal(err)
		}
		seen, err := Collector.Collect(t.Context(), sbom.NewFile(tree, name))
		if want.Refused != "" || len(seen) == 0 {
			t.Logf("%s: the reference says %.200q; here %d sightings, %v", name, want.Refused, len(seen), err)
			if want.Refused == "" && want.Name+want.Module != "" {
				t.Errorf("%s: nothing seen", name)
			}
			continue
		}
		compared++
		want.compare(t, name, seen[0])
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
	t.Logf("%d of %d files are compared", compared, len(names))
}

func (want *told) compare(t *testing.T, name string, s sbom.Sighting) {
	d := s.Dataset
	if len(want.Features) > 0 || path.Base(name) == "features.json" {
		for i, f := range want.Features {
			at := slices.IndexFunc(d.Features, func(g sbom.Feature) bool { return g.Name == f[0] })
			if at < 0 || len(d.Features) != len(want.Features) {
				t.Errorf("%s: feature %v is missing, or there are more than %d", name, f[0], len(want.Features))
			} else if got, words := d.Features[at], wordsOf(f[1]); !slices.Equal(sorted(withoutSettings(got.Type)), sorted(words)) || got.Description != f[2] {
				t.Errorf("%s: %d: %+v, want %q %q", name, i, got, words, f[2])
			}
		}
		return
	}
	for what, pair := range map[string][2]string{"name": {s.Name, want.Name}, "version": {s.Version, want.Version}, "description": {s.Description, want.Description}, "citation": {d.Citation, want.Citation}} {
		if pair[0] != strings.TrimSpace(pair[1]) && !datafacts.Placeholder(pair[1]) {
			t.Errorf("%s: %s %.200q, want %.200q", name, what, pair[0], pair[1])
		}
	}
	var splits []string
	for _, p := range want.Splits {
		splits = append(splits, fmt.Sprint(p[:]...))
	}
	for _, p := range d.Splits {
		if at := slices.Index(splits, fmt.Sprint(p.Name, float64(p.Rows), float64(p.Bytes))); at >= 0 {
			splits = slices.Delete(splits, at, at+1)
		}
	}
	if len(splits) > 0 || len(d.Splits) != len(want.Splits) {
		t.Errorf("%s: splits %+v, want %v", name, d.Splits, want.Splits)
	}
	for _, p := range want.Sums {
		if !slices.ContainsFunc(s.Links, func(l sbom.Link) bool {
			return l.To.Keys.URL == datafacts.CleanURL(p[0]) && l.To.Keys.SHA256 == p[1]
		}) {
			t.Errorf("%s: download %v is missing", name, p)
		}
	}
	for _, u := range want.URLs {
		if !slices.ContainsFunc(s.Refs, func(r sbom.Ref) bool { return r.URL == u }) {
			t.Errorf("%s: %s is missing in %+v", name, u, s.Refs)
		}
	}
	if d.DownloadSize != want.Download || want.License != "" && len(s.Component.Licenses) == 0 {
		t.Errorf("%s: %d bytes, licences %v; want %d, %q", name, d.DownloadSize, s.Component.Licenses, want.Download, want.License)
	}
}

// withoutSettings drops what the reference's message of a class says beside its name:
// an image's encoding, the names of the labels.
func withoutSettings(text string) string {
	for _, class := range []string{"image", "class_label", "audio", "video", "b_box_feature"} {
		for at := 0; ; {
			i := strings.Index(text[at:], class)
			if i < 0 {
				break
			}
			at += i + len(class)
			for _, pair := range []string{" ()", "<>"} {
				if strings.HasPrefix(text[at:], pair[:len(pair)-1]) {
					if end := strings.IndexByte(text[at:], pair[len(pair)-1]); end > 0 {
						text = text[:at] + text[at+end+1:]
					}
				}
			}
		}
	}
	return text
}

// sorted are the words of a type: the members of a struct have no order in a message.
func sorted(text string) []string {
	return slices.Sorted(slices.Values(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("<>, ", r) })))
}

// wordsOf puts the reference's type in our words.
func wordsOf(v any) string {
	m, _ := v.(map[string]any)
	class, _ := m["class"].(string)
	word := strings.ToLower(hump.ReplaceAllString(class, "${1}_$2"))
	if of := m["of"]; of != nil {
		return word + "<" + wordsOf(of) + ">"
	}
	if fields, ok := m["struct"].(map[string]any); ok {
		var parts []string
		for k, f := range fields {
			parts = append(parts, k+": "+wordsOf(f))
		}
		slices.Sort(parts)
		return "struct<" + strings.Join(parts, ", ") + ">"
	}
	dtype, _ := m["dtype"].(string)
	shape, _ := m["shape"].([]any)
	switch {
	case word == "text":
		return "string"
	case dtype == "" || word != "scalar" && word != "tensor":
		return word
	case len(shape) == 0:
		return dtype
	}
	var list []string
	for _, n := range shape {
		list = append(list, fmt.Sprint(n))
	}
	return "tensor<" + dtype + "> (shape: [" + strings.Join(list, ",") + "])"
}
