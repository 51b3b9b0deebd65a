package mlbom

import "encoding/json"

// Schema is the JSON Schema of the file, by which editors complete and check it.
// The copy in the folder schema is made of it.
func Schema() []byte {
	root := schemaOf(documentFields)
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = "https://github.com/mlbom/mlbom/schema/mlbom.schema.json"
	root["title"] = "mlbom.yaml"
	root["description"] = "What no file says of an AI system: purpose, provenance, roles of data, pipelines, sign-off, and who states it"
	root["$defs"] = node{"party": schemaOf(partyFields), "reference": schemaOf(referenceFields), "text": scalars(), "texts": oneOrMore(def("text")),
		"references": oneOrMore(node{"anyOf": []node{{"type": "string"}, def("reference")}}), "pairs": node{"type": "object", "additionalProperties": def("texts")}}
	data, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil
	}
	return append(data, '\n')
}

type node = map[string]any

func schemaOf(fields []field) node {
	properties, need := node{}, []string{}
	for _, f := range fields {
		v := f.schema()
		v["description"] = f.doc
		properties[f.name] = v
		if f.need {
			need = append(need, f.name)
		}
	}
	o := node{"type": "object", "properties": properties, "additionalProperties": false}
	if len(need) > 0 {
		o["required"] = need
	}
	return o
}

func def(name string) node { return node{"$ref": "#/$defs/" + name} }

func scalars() node { return node{"type": []string{"string", "number", "boolean"}} }

func oneOrMore(v node) node { return node{"anyOf": []node{v, {"type": "array", "items": v}}} }

func (f field) schema() node {
	switch f.kind {
	case texts:
		return def("texts")
	case number:
		return node{"type": "integer", "minimum": 0}
	case truth:
		return node{"enum": []any{true, false, "yes", "no"}}
	case date:
		return node{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}(T.+)?$`}
	case party:
		return node{"anyOf": []node{{"type": "string"}, def("party")}}
	case references:
		return def("references")
	case pairs:
		return def("pairs")
	case object:
		return schemaOf(f.of)
	case objects:
		if f.isParties() {
			return node{"type": "array", "items": node{"anyOf": []node{{"type": "string"}, def("party")}}}
		}
		return node{"type": "array", "items": schemaOf(f.of)}
	}
	if len(f.values) == 0 {
		return def("text")
	}
	values := []any{}
	for _, s := range f.values {
		values = append(values, s)
	}
	switch f.values[0] {
	case "yes":
		values = append(values, true, false)
	case "1":
		values = append(values, 1)
	}
	return node{"enum": values}
}
