// Package tfds reads what TensorFlow Datasets writes beside its data: dataset_info.json
// and features.json of a prepared dataset (the protocol buffers of
// https://github.com/tensorflow/datasets/tree/master/tensorflow_datasets/core/proto
// as JSON: lower camel case, 64-bit numbers as text) with its NAME.labels.txt, and the
// checksums.tsv (once url_checksums/NAME.txt) of what a builder downloads.
//
// The dataset is the folder, "NAME/CONFIG/VERSION/" where TFDS made it. The shards
// that the file names of a split give are tied to it where they are there; where only
// some of them are, that is a finding.
//
// The datasets library and LLaMA-Factory have a dataset_info.json, too, which gives
// nothing here; and so do other files of the name features.json.
//
// Not understood: statistics and the TFMD schema, TAGS.txt and CITATIONS.bib of a
// builder, features of plugins, of which the class is kept.
package tfds

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/datasetinfo"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the metadata of TensorFlow Datasets.
var Collector = sbom.Collector{
	Name: "dataset/tfds",
	Doc: "TensorFlow Datasets (dataset_info.json, features.json, checksums.tsv)\n\n" +
		"The dataset of the folder: version, citation, licence, features with their labels, splits\n" +
		"with rows and bytes, the shards that belong to it, and what it was downloaded from.",
	Match:   []string{"dataset_info.json", "features.json", "checksums.tsv", "url_checksums/*.txt"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	base := strings.ToLower(path.Base(f.Path))
	switch {
	case err != nil:
		return nil, nil // the datasets library's collector tells it, or nobody's
	case base == "features.json":
		return readFeatures(f, text)
	case base != "dataset_info.json":
		return readChecksums(f, text)
	}
	root, broken := jsonlines.Parse(text)
	if datasetinfo.Of(root) != datasetinfo.TFDS {
		return nil, nil
	}
	r := reader{datafacts.New(sbom.KindDataset, "tfds", sbom.Keys{Path: f.Dir()}, 1), f}
	r.info(root)
	if p, ok := broken.(*sbom.Problem); ok {
		r.Problem(p.Line, "%s", p.Reason)
	}
	return append([]sbom.Sighting{r.Sighting}, r.shards(root)...), r.Err()
}

type reader struct {
	*datafacts.Draft
	file *sbom.File
}

var fields = map[string]bool{"name": true, "description": true, "version": true, "citation": true, "location": true, "redistributionInfo": true, "downloadSize": true,
	"downloadChecksums": true, "splits": true, "schema": true, "sizeInBytes": true}

// info reads a DatasetInfo.
func (r *reader) info(v *jsonlines.Value) {
	d := r.Dataset
	set := func(field string, at *string, key string) {
		r.Set(field, at, v.Get(key).Str(), v.Get(key).LineOf())
	}
	set("name", &r.Name, "name")
	set("version", &r.Version, "version")
	set("description", &r.Description, "description")
	set("dataset.citation", &d.Citation, "citation")
	for _, u := range v.Path("location", "urls").Strings() {
		r.Ref("website", u, v.Path("location", "urls").LineOf())
	}
	if l := v.Path("redistributionInfo", "license"); l.Str() != "" {
		r.License(l.Str(), l.Line)
	}
	r.Number("dataset.downloadSize", &d.DownloadSize, datafacts.Number(v.Get("downloadSize")), v.Get("downloadSize").LineOf())
	if sums := v.Get("downloadChecksums"); sums.Is(jsonlines.Object) {
		for _, m := range sums.Members {
			r.Download(datafacts.Download{URL: m.Key, SHA256: m.Value.Str(), Line: m.Line})
		}
	}
	var size int64
	for _, s := range list(v.Get("splits")) {
		size += max(r.split(s), 0)
	}
	if old := datafacts.Number(v.Get("sizeInBytes")); size == 0 && old > 0 {
		r.Number("dataset.size", &d.Size, old, v.Get("sizeInBytes").Line)
	}
	for _, m := range v.Members {
		if !fields[m.Key] {
			r.Keep(m.Key, m.Value)
		}
	}
}

// split reads one SplitInfo, and gives its bytes.
func (r *reader) split(v *jsonlines.Value) int64 {
	var rows int64
	for _, n := range list(v.Get("shardLengths")) {
		if rows += max(datafacts.Number(n), 0); rows < 0 {
			r.Problem(n.Line, "the lengths of the shards add up to more than a number holds")
			rows = 0
			break
		}
	}
	name := v.Get("name").Str()
	bytes := datafacts.Number(v.Get("numBytes"))
	r.Split(sbom.Split{Name: name, Rows: rows, Bytes: bytes}, v.Line)
	if len(list(v.Get("shardLengths"))) > 1 {
		r.Keep("shardLengths:"+name, v.Get("shardLengths"))
	}
	if t := v.Get("filepathTemplate").Str(); t != "" && t != usual {
		r.Keep("filepathTemplate:"+name, v.Get("filepathTemplate"))
	}
	return bytes
}

func list(v *jsonlines.Value) []*jsonlines.Value {
	if v == nil {
		return nil
	}
	return v.Items
}
