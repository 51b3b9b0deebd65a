// Package orc reads Apache ORC files (*.orc) by their tail: the columns, rows, and how many
// values of each column there are, which gives the nulls. No stripe is read. A Git LFS
// pointer in the file's place gives the digest and size that it states.
//
// Source: https://orc.apache.org/specification/ORCv1, proto/orc/proto/orc_proto.proto of
// apache/orc-format; the types are those that Arrow's reader gives
// (cpp/src/arrow/adapters/orc/util.cc).
//
// Not understood: values; tails that are packed with LZO or Brotli; encrypted columns.
package orc

import (
	"context"
	"errors"
	"fmt"

	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/tables"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads ORC files.
var Collector = sbom.Collector{
	Name: "dataset/orc",
	Doc: `Apache ORC (orc)
Reads columns, rows and nulls from the tail. Checks that rows and stripes fit the file.`,
	Match: []string{"*.orc"},
	Sniff: func(head []byte) bool {
		return len(head) > 8 && head[0] == 'O' && string(head[:3]) == magic && head[3] != '\n' && head[3] < ' '
	},
	Collect: collect,
}

const (
	format    = "orc"
	mediaType = "application/vnd.apache.orc"
	magic     = "ORC"
	maxTold   = 64  // keys of metadata
	maxWord   = 256 // bytes of one
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	o := tables.OwnerOf(f)
	if seen, ok, err := o.Pointer(f, format, mediaType); ok || err != nil {
		return seen, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	t := &tail{size: size}
	broken := t.read(r, f.Settings.Limits.WithDefaults().Header)
	named := strings.HasSuffix(strings.ToLower(f.Path), ".orc")
	is, media := format, mediaType
	if errors.Is(broken, errFormat) {
		if !named {
			return nil, nil
		}
		is, media = "", ""
	}
	s, err := o.File(f, is, media, t.table())
	if err != nil {
		return nil, err
	}
	s.Properties, s.Findings = t.properties(), t.findings()
	return append([]sbom.Sighting{s}, o.Dataset(s)...), broken
}

func (t *tail) table() sbom.Table {
	if !t.whole {
		return sbom.Table{}
	}
	out := sbom.Table{Rows: &t.rows, Sample: "footer"}
	if t.method != "none" {
		out.Compression = t.method
	}
	if len(t.types) == 0 {
		return out
	}
	root := t.types[0]
	if root.kind != structKind {
		out.Columns = []sbom.Column{{Type: t.typeOf(0, 0).String(), Nullable: true}}
		return out
	}
	for i, id := range root.subtypes {
		c := sbom.Column{Nullable: true, Type: t.typeOf(id, 0).String()}
		if i < len(root.names) {
			c.Name = root.names[i]
		}
		if nulls, ok := t.nulls(id); ok {
			c.Nulls = &nulls
		}
		out.Columns = append(out.Columns, c)
	}
	return out
}

func (t *tail) properties() []sbom.Property {
	var list []sbom.Property
	add := func(key, value string) {
		if value != "" {
			list = append(list, sbom.Property{Name: "mlbom:orc:" + key, Value: value})
		}
	}
	if !t.whole {
		return nil
	}
	add("writer", t.writer())
	add("stripes", strconv.Itoa(t.stripes))
	slices.Sort(t.keys)
	add("metadata", strings.Join(t.keys, ", "))
	return list
}

// writer names the program that wrote the file.
func (t *tail) writer() string {
	names := [...]string{"ORC Java", "ORC C++", "Presto", "Scritchley Go", "Trino", "CUDF"}
	name := "ORC Java"
	if t.wrote >= 0 && t.wrote < int64(len(names)) {
		name = names[t.wrote]
	} else if t.wrote >= 0 {
		name = fmt.Sprintf("writer %d", t.wrote)
	}
	return strings.TrimSpace(name + " " + markdown.Clip(t.software, maxWord))
}

func (t *tail) findings() []sbom.Finding {
	var all []sbom.Finding
	if t.whole && t.rows != t.stripeRows {
		all = append(all, sbom.Finding{Rule: sbom.RuleRows, Message: fmt.Sprintf("The footer says %d rows, and its %d stripes %d", t.rows, t.stripes, t.stripeRows)})
	}
	if t.beyond > 0 {
		all = append(all, sbom.Finding{Rule: sbom.RuleBadShards, Message: fmt.Sprintf("%d stripes lie outside of the file", t.beyond)})
	}
	return all
}
