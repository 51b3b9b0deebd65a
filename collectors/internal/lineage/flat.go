package lineage

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxDeep = 32
	maxList = 200  // values of a list that are written
	MaxText = 1000 // bytes of one value
)

// Flat gives the scalars of nested YAML as properties whose names have dots; a list
// is one value. What is secret by its name, or is null, is left out; max bounds how
// many there are.
func Flat(name string, v *yamllines.Value, max int) []sbom.Property {
	f := flat{max: max}
	f.yaml(name, v, 0)
	return f.all
}

// FlatJSON does so with JSON.
func FlatJSON(name string, v *jsonlines.Value, max int) []sbom.Property {
	f := flat{max: max}
	f.json(name, v, 0)
	return f.all
}

type flat struct {
	all  []sbom.Property
	max  int
	seen int
}

func (f *flat) full() bool {
	f.seen++
	return len(f.all) >= f.max || f.seen > 100*f.max+1000
}

func (f *flat) add(name, text string) {
	if text != "" && name != "" && !Secret(name[strings.LastIndexByte(name, '.')+1:]) {
		f.all = append(f.all, sbom.Property{Name: Clip(name, MaxText), Value: Shown(Clip(text, MaxText))})
	}
}

func join(name, key string) string {
	if name == "" {
		return key
	}
	return name + "." + key
}

func (f *flat) yaml(name string, v *yamllines.Value, depth int) {
	switch {
	case f.full() || depth > maxDeep:
	case v.IsMap():
		for _, e := range v.Entries() {
			f.yaml(join(name, e.Key), e.Value, depth+1)
		}
	case v.IsList():
		var b strings.Builder
		Compact(&b, v, 0)
		f.add(name, b.String())
	default:
		f.add(name, v.Text())
	}
}

func (f *flat) json(name string, v *jsonlines.Value, depth int) {
	switch {
	case f.full() || depth > maxDeep || v == nil || v.Kind == jsonlines.Null:
	case v.Kind == jsonlines.Object:
		for _, m := range v.Members {
			f.json(join(name, m.Key), m.Value, depth+1)
		}
	case v.Kind == jsonlines.Array:
		f.add(name, v.Compact())
	default:
		f.add(name, v.Text)
	}
}

// Compact writes YAML as JSON on one line, as far as some thousand bytes.
func Compact(b *strings.Builder, v *yamllines.Value, depth int) {
	switch {
	case b.Len() > MaxText || depth > maxDeep:
		b.WriteString("null")
	case v.IsMap():
		b.WriteByte('{')
		for i, e := range v.Entries() {
			if i > 0 {
				b.WriteByte(',')
			}
			if i > maxList || b.Len() > MaxText {
				break
			}
			b.WriteString(strconv.Quote(e.Key) + ":")
			Compact(b, e.Value, depth+1)
		}
		b.WriteByte('}')
	case v.IsList():
		b.WriteByte('[')
		for i, item := range v.Items() {
			if i > 0 {
				b.WriteByte(',')
			}
			if i > maxList || b.Len() > MaxText {
				break
			}
			Compact(b, item, depth+1)
		}
		b.WriteByte(']')
	case !v.IsScalar():
		b.WriteString("null")
	case v.IsPlain() && number(v.Text()):
		b.WriteString(v.Text())
	default:
		b.WriteString(strconv.Quote(v.Raw()))
	}
}

func number(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || s == "true" || s == "false"
}

// IsNumber tells whether a text is a number that a metric can have.
func IsNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && s != ""
}
