package mlflow

import (
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// signature reads inputs, outputs and parameters: each is JSON in a text of YAML.
func (m *model) signature(problem error) error {
	s := m.root.Get("signature")
	for _, part := range []struct {
		key  string
		into *[]sbom.Port
	}{{"inputs", &m.Model.Inputs}, {"outputs", &m.Model.Outputs}} {
		at := s.Get(part.key)
		if at.Text() == "" {
			continue
		}
		v, err := jsonlines.Parse(at.Text())
		if err != nil {
			problem = errors.Join(problem, &sbom.Problem{Line: at.Line(), Reason: "the signature's " + part.key + " are no JSON"})
		}
		if v == nil {
			continue
		}
		for _, item := range v.Items[:min(len(v.Items), maxPorts)] {
			if p := port(item); p != (sbom.Port{}) {
				*part.into = append(*part.into, p)
				m.Mark("model."+part.key, at.Line())
			}
		}
	}
	at := s.Get("params")
	if v, err := jsonlines.Parse(at.Text()); err == nil && v != nil {
		for _, item := range v.Items {
			m.Param("inference."+item.Get("name").Str(), orType(item), at.Line())
		}
	}
	return problem
}

// orType is the default value of a parameter, or else its type.
func orType(item *jsonlines.Value) string {
	if text := hfmodel.Literal(item.Get("default")); text != "" {
		return text
	}
	return item.Get("type").Str()
}

// port reads a column or a tensor. A column that may be absent has "?" after its
// type.
func port(v *jsonlines.Value) sbom.Port {
	p := sbom.Port{Name: clip(v.Get("name").Str())}
	if spec := v.Get("tensor-spec"); v.Get("type").Str() == "tensor" {
		p.Format, p.Shape = clip(spec.Get("dtype").Str()), clip(spec.Get("shape").Compact())
		return p
	}
	p.Format = clip(column(v, 0))
	if required, ok := v.Get("required").Bool(); ok && !required {
		p.Format += "?"
	}
	return p
}

func clip(s string) string {
	if len(s) > maxText {
		return ""
	}
	return s
}

const maxNesting = 8

// column writes a type in one line: "double", "array<string>", "object<a: long>".
func column(v *jsonlines.Value, depth int) string {
	kind := v.Get("type").Str()
	if depth > maxNesting {
		return "..."
	}
	switch kind {
	case "array":
		return "array<" + column(v.Get("items"), depth+1) + ">"
	case "map":
		return "map<" + column(v.Get("values"), depth+1) + ">"
	case "object":
		var parts []string
		if all := v.Get("properties"); all.Is(jsonlines.Object) {
			for _, m := range all.Members[:min(len(all.Members), 100)] {
				parts = append(parts, m.Key+": "+column(m.Value, depth+1))
			}
		}
		return "object<" + strings.Join(parts, ", ") + ">"
	}
	return kind
}
