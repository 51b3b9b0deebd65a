package tables

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/arrowipc"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is told of metadata.
const (
	maxWord    = 256     // bytes of one value
	maxKeys    = 64      // of metadata, that are told of
	maxClasses = 10_000  // names of one column's classes
	maxColumns = 100_000 // that are told of one by one
)

// Meta is what the metadata of a file say.
type Meta struct {
	Properties []sbom.Property
	Modalities []string            // "image", "audio", ...
	Classes    map[string][]string // the names of the classes, by column
}

// Read reads metadata; format is that of the file, for the names of properties. What is
// no valid JSON is told by its key alone.
func Read(format string, pairs []arrowipc.Pair) Meta {
	m := Meta{Classes: map[string][]string{}}
	var other []string
	for _, kv := range pairs {
		known := false
		switch kv.Key {
		case "pandas":
			known = m.pandas(format, kv.Value)
		case "huggingface":
			known = m.hub(format, kv.Value)
		case "geo":
			known = m.geo(format, kv.Value)
		case "ARROW:schema":
			known = true
		}
		if !known {
			other = append(other, markdown.Clip(kv.Key, maxWord))
		}
	}
	slices.Sort(other)
	if other = slices.Compact(other); len(other) > maxKeys {
		other = append(other[:maxKeys], "...")
	}
	m.add(format, "metadata", strings.Join(other, ", "))
	return m
}

func (m *Meta) add(format, key, value string) {
	if value != "" {
		m.Properties = append(m.Properties, sbom.Property{Name: "mlbom:" + format + ":" + key, Value: value})
	}
}

func (m *Meta) pandas(format, text string) bool {
	var said struct {
		Index   []any  `json:"index_columns"`
		Version string `json:"pandas_version"`
	}
	if json.Unmarshal([]byte(text), &said) != nil {
		return false
	}
	m.add(format, "pandas-version", markdown.Clip(said.Version, maxWord))
	var index []string
	for _, c := range said.Index[:min(len(said.Index), maxKeys)] {
		if name, ok := c.(string); ok { // else it describes a range, which is no column
			index = append(index, markdown.Clip(name, maxWord))
		}
	}
	m.add(format, "index-columns", strings.Join(index, ", "))
	return true
}

// hub reads what the datasets library writes.
func (m *Meta) hub(format, text string) bool {
	var said struct {
		Info struct {
			Features map[string]json.RawMessage `json:"features"`
		} `json:"info"`
		Fingerprint string `json:"fingerprint"`
	}
	if json.Unmarshal([]byte(text), &said) != nil {
		return false
	}
	m.add(format, "fingerprint", markdown.Clip(said.Fingerprint, maxWord))
	for name, raw := range said.Info.Features {
		var kind struct {
			Type  string   `json:"_type"`
			Names []string `json:"names"`
		}
		if json.Unmarshal(raw, &kind) != nil { // a list of a struct has no type of its own
			continue
		}
		switch kind.Type {
		case "ClassLabel":
			m.Classes[name] = kind.Names[:min(len(kind.Names), maxClasses)]
		case "Image", "Audio", "Video":
			m.modality(strings.ToLower(kind.Type))
		case "Pdf":
			m.modality("document")
		}
	}
	return true
}

func (m *Meta) modality(name string) {
	if !slices.Contains(m.Modalities, name) {
		m.Modalities = append(m.Modalities, name)
		slices.Sort(m.Modalities)
	}
}

func (m *Meta) geo(format, text string) bool {
	var said struct {
		Version string `json:"version"`
		Columns map[string]struct {
			Encoding string   `json:"encoding"`
			Types    []string `json:"geometry_types"`
		} `json:"columns"`
	}
	if json.Unmarshal([]byte(text), &said) != nil || len(said.Columns) == 0 {
		return false
	}
	var columns []string
	for name, c := range said.Columns {
		slices.Sort(c.Types)
		columns = append(columns, markdown.Clip(strings.TrimSuffix(fmt.Sprintf("%s (%s", name, strings.Join(append([]string{c.Encoding}, c.Types...), ", ")), ", ")+")", maxWord))
	}
	slices.Sort(columns)
	m.add(format, "geo", strings.TrimSpace("GeoParquet "+markdown.Clip(said.Version, maxWord))+": "+strings.Join(columns[:min(len(columns), maxKeys)], "; "))
	m.modality("geospatial")
	return true
}

// Columns gives the columns of Arrow's fields, with what metadata say of them.
func (m *Meta) Columns(fields []arrowipc.Field) []sbom.Column {
	var all []sbom.Column
	for _, f := range fields[:min(len(fields), maxColumns)] {
		all = append(all, sbom.Column{Name: f.Name, Type: f.Type.String(), Nullable: f.Nullable, Classes: m.Classes[f.Name]})
	}
	return all
}

// Extensions adds the types of extensions that Arrow does not know itself.
func (m *Meta) Extensions(format string, fields []arrowipc.Field) {
	var all []string
	for _, f := range fields {
		if name := arrowipc.Get(f.Meta, "ARROW:extension:name"); name != "" && f.Type.Kind != "extension" && len(all) < maxKeys {
			all = append(all, markdown.Clip(f.Name, maxWord)+": "+markdown.Clip(name, maxWord))
		}
	}
	m.add(format, "extension-types", strings.Join(all, ", "))
}
