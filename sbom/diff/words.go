package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// elements are the values of a field as people read them: one, or those of a list.
func elements(f sbom.Field, c *sbom.Component) []string {
	if f.Empty(c) {
		return nil
	}
	switch f.Name {
	case "licenses":
		return words(c.Licenses, licenseText)
	case "authors":
		return words(c.Authors, partyText)
	case "refs":
		return words(c.Refs, func(r sbom.Ref) string { return strings.TrimSpace(r.Type + " " + r.URL + " " + r.Comment) })
	case "dataset.splits":
		return words(c.Dataset.Splits, splitText)
	case "dataset.features":
		return words(c.Dataset.Features, func(f sbom.Feature) string {
			return join(":", f.Config, f.Name, f.Type, strings.Join(f.Labels, "|"), f.Description)
		})
	case "model.tensors":
		return words(c.Model.Tensors, func(t sbom.TensorType) string {
			return fmt.Sprintf("%s: %d tensors, %d parameters", t.DType, t.Tensors, t.Parameters)
		})
	case "model.chatTemplates":
		return words(c.Model.ChatTemplates, func(t sbom.ChatTemplate) string { return strings.TrimSpace(t.Name + " sha256:" + t.SHA256) })
	case "supplier":
		return []string{partyText(c.Supplier)}
	case "manufacturer":
		return []string{partyText(c.Manufacturer)}
	case "file.table.columns":
		return words(c.File.Table.Columns, columnText)
	}
	return whole(f, c)
}

// whole are the values with all that they say.
func whole(f sbom.Field, c *sbom.Component) []string {
	if f.Empty(c) {
		return nil
	}
	text := f.Text(c)
	if f.Policy != sbom.Union {
		return []string{text}
	}
	var list []json.RawMessage
	if json.Unmarshal([]byte(text), &list) != nil {
		return []string{text}
	}
	return words(list, jsonText)
}

func words[T any](list []T, of func(T) string) []string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = of(v)
	}
	return all
}

// jsonText is the text of a JSON string, a named value as NAME=VALUE, or else the JSON.
func jsonText(v json.RawMessage) string {
	var text string
	if json.Unmarshal(v, &text) == nil {
		return text
	}
	var p struct{ Name, Value string }
	var m map[string]any
	if json.Unmarshal(v, &m) == nil && len(m) == 2 && json.Unmarshal(v, &p) == nil && m["name"] != nil && m["value"] != nil {
		return p.Name + "=" + p.Value
	}
	return string(v)
}

func licenseText(l sbom.License) string {
	text := cmp.Or(l.ID, l.Expression, l.Name)
	if l.Concluded {
		text += " (concluded)"
	}
	return text
}

func partyText(p sbom.Party) string { return join(" ", p.Name, p.Email, p.Phone, p.URL) }

func splitText(s sbom.Split) string {
	text := join("/", s.Config, s.Name)
	if s.Rows > 0 {
		text += " " + strconv.FormatInt(s.Rows, 10) + " rows"
	}
	if s.Bytes > 0 {
		text += " " + strconv.FormatInt(s.Bytes, 10) + " bytes"
	}
	return text
}

func columnText(c sbom.Column) string {
	data, _ := json.Marshal(c)
	var only map[string]json.RawMessage
	if json.Unmarshal(data, &only) == nil && len(only) <= 2 {
		return join(":", c.Name, c.Type)
	}
	return string(data)
}

// join joins what is not empty.
func join(by string, parts ...string) string {
	var all []string
	for _, p := range parts {
		if p != "" {
			all = append(all, p)
		}
	}
	return strings.Join(all, by)
}
