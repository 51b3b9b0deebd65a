// Package iceberg reads the metadata of an Apache Iceberg table, versions 1 to 3
// (https://iceberg.apache.org/spec/#table-metadata): metadata/00003-UUID.metadata.json,
// v3.metadata.json, also packed by gzip (.gz.metadata.json). Of several in a folder the
// one that version-hint.text names, else the one of the highest number, tells what the
// table is.
//
// The folder above is the dataset; its version is the current snapshot.
//
// Not understood: manifest lists and manifests (Avro), so the files of the table are
// counted by the snapshot's summary and not named; views; statistics (Puffin); metadata
// packed by zstd.
package iceberg

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/tableschema"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads metadata of Iceberg tables.
var Collector = sbom.Collector{
	Name: "dataset/iceberg",
	Doc: "Apache Iceberg tables (metadata/*.metadata.json)\n\n" +
		"The table in whose folder the metadata lie: schema, current snapshot, rows, size,\n" +
		"partitions, history.",
	Match:   []string{"*.metadata.json"},
	Collect: collect,
}

const maxEntries = 20000 // names in the folder, and snapshots

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if newest(f) != path.Base(f.Path) {
		return nil, nil
	}
	text, err := read(f)
	if err != nil {
		return nil, err
	}
	root, broken := jsonlines.Parse(text)
	if _, ok := root.Get("format-version").Int(); !ok || root.Get("table-uuid") == nil && root.Get("location") == nil {
		return nil, nil
	}
	t := table{datadesc.NewDraft(sbom.KindDataset, "iceberg", root.Line), root}
	t.Basis = sbom.Resolved
	t.Keys.Path = f.Dir()
	if path.Base(path.Dir(f.Path)) == "metadata" {
		t.Keys.Path = sbom.DirOf(path.Dir(f.Path))
	}
	t.describe()
	t.schema()
	err = errors.Join(broken, t.snapshot())
	return []sbom.Sighting{t.Done()}, err
}

// read gives the text, unpacked where the name says that it is packed.
func read(f *sbom.File) (string, error) {
	if !strings.HasSuffix(strings.ToLower(f.Path), ".gz.metadata.json") {
		return f.Text()
	}
	data, err := f.Bytes()
	if err != nil {
		return "", err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", &sbom.Problem{Reason: "the metadata are no gzip, as their name says: " + err.Error()}
	}
	data, err = io.ReadAll(io.LimitReader(z, sbom.TextSize+1))
	if err != nil || len(data) > sbom.TextSize {
		return "", &sbom.Problem{Reason: fmt.Sprintf("the metadata unpack to more than %d MiB, or are broken: %v", sbom.TextSize>>20, err)}
	}
	return sbom.DecodeText(data)
}

var number = pattern.Lazy(`^v?(\d{1,18})(?:-[0-9A-Za-z-]+)?(?:\.gz)?\.metadata\.json$`)

// newest is the name of the file that tells what the table is now.
func newest(f *sbom.File) string {
	hint := ""
	if text, err := f.Other(path.Join(path.Dir(f.Path), "version-hint.text")).Text(); err == nil && len(text) < 100 {
		hint = strings.TrimSpace(text)
	}
	entries, _ := fs.ReadDir(f.FS, path.Dir(f.Path))
	best, high := path.Base(f.Path), int64(-1)
	for _, e := range entries[:min(len(entries), maxEntries)] {
		m := number.FindStringSubmatch(e.Name())
		if m == nil || e.IsDir() {
			continue
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			continue
		}
		if hint != "" && m[1] == hint {
			return e.Name()
		}
		if n > high || n == high && e.Name() > best {
			best, high = e.Name(), n
		}
	}
	return best
}

type table struct {
	*datadesc.Draft
	root *jsonlines.Value
}

func (t table) describe() {
	if base := path.Base(t.Keys.Path); base != "." && base != "/" {
		t.Name = base
	}
	location := t.root.Get("location")
	t.Ref("distribution", location.Str(), "location", location.LineOf())
	for _, key := range []string{"format-version", "table-uuid", "last-sequence-number"} {
		t.Property(key, datadesc.Word(t.root.Get(key)), t.root.Get(key).LineOf())
	}
	if ms, ok := t.root.Get("last-updated-ms").Int(); ok {
		t.Property("updated", tableschema.Time(ms), t.root.Get("last-updated-ms").Line)
	}
	if p := t.root.Get("properties"); p.Is(jsonlines.Object) {
		for _, m := range p.Members {
			text := m.Value.Str()
			if m.Key == "comment" {
				t.Fill("description", &t.Description, text, datadesc.MaxSentence, m.Line)
				continue
			}
			if !datadesc.Secret(m.Key) {
				t.Property("property."+m.Key, text, m.Line)
			}
		}
	}
	t.partitions()
}

// partitions notes how the current specification parts the table.
func (t table) partitions() {
	fields := t.root.Get("partition-spec")
	id := datadesc.Word(t.root.Get("default-spec-id"))
	for _, s := range datadesc.List(t.root.Get("partition-specs")) {
		if datadesc.Word(s.Get("spec-id")) == id {
			fields = s.Get("fields")
		}
	}
	for _, p := range datadesc.List(fields) {
		t.Property("partition", strings.TrimSpace(p.Get("transform").Str()+" "+p.Get("name").Str()), p.Line)
	}
}

// schema makes features of the current schema.
func (t table) schema() {
	current := t.root.Get("schema")
	id := datadesc.Word(t.root.Get("current-schema-id"))
	for _, s := range datadesc.List(t.root.Get("schemas")) {
		if datadesc.Word(s.Get("schema-id")) == id {
			current = s
		}
	}
	t.Section().Features = tableschema.Features(current)
	t.Mark("dataset.features", current.LineOf())
}

// snapshot reads the current one: what the table holds.
func (t table) snapshot() error {
	id := datadesc.Word(t.root.Get("current-snapshot-id"))
	list := datadesc.List(t.root.Get("snapshots"))
	t.Property("snapshots", strconv.Itoa(len(list)), t.root.Get("snapshots").LineOf())
	if id == "" || id == "-1" {
		return nil // a table without data
	}
	t.Set("version", &t.Version, markdown.Clip(id, datadesc.MaxWord), t.root.Get("current-snapshot-id").Line)
	for _, s := range list {
		if datadesc.Word(s.Get("snapshot-id")) != id {
			continue
		}
		summary := s.Get("summary")
		d := t.Section()
		if n := tableschema.Count(summary.Get("total-records")); n > 0 {
			d.Rows = n
			t.Mark("dataset.rows", summary.Get("total-records").Line)
		}
		if n := tableschema.Count(summary.Get("total-files-size")); n > 0 {
			d.Size = n
			t.Mark("dataset.size", summary.Get("total-files-size").Line)
		}
		for _, key := range []string{"operation", "total-data-files", "total-delete-files", "total-position-deletes", "total-equality-deletes"} {
			t.Property(key, datadesc.Word(summary.Get(key)), summary.Get(key).LineOf())
		}
		if ms, ok := s.Get("timestamp-ms").Int(); ok {
			t.Property("committed", tableschema.Time(ms), s.Get("timestamp-ms").Line)
		}
		return nil
	}
	return &sbom.Problem{Line: t.root.Get("current-snapshot-id").LineOf(), Reason: fmt.Sprintf("the current snapshot %.50s is not among the snapshots", id)}
}
