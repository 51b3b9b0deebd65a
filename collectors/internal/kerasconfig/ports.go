package kerasconfig

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// ports gives the layers that a list ([["name", 0, 0], ...], or one of these)
// names.
func ports(v any, byName map[string]map[string]any) []sbom.Port {
	var all []sbom.Port
	var add func(v any, depth int)
	add = func(v any, depth int) {
		switch v := v.(type) {
		case []any:
			if name, ok := first(v).(string); ok {
				if len(all) < maxPorts && len(name) <= maxText {
					all = append(all, port(name, byName[name]))
				}
				return
			}
			for _, x := range v {
				if depth < 4 {
					add(x, depth+1)
				}
			}
		case map[string]any: // inputs by name
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if depth < 4 {
					add(v[key], depth+1)
				}
			}
		}
	}
	add(v, 0)
	return all
}

func first(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

// port describes an input by its layer; of an output Keras writes the name alone.
func port(name string, layer map[string]any) sbom.Port {
	config := object(layer, "config")
	p := sbom.Port{Name: name}
	if text(layer, "class_name") != "InputLayer" {
		return p
	}
	p.Format = dtype(config["dtype"])
	p.Shape = shape(first2(config["batch_shape"], config["batch_input_shape"]))
	return p
}

func first2(a, b any) any {
	if a != nil {
		return a
	}
	return b
}

func dtype(v any) string {
	switch v := v.(type) {
	case string:
		if len(v) <= maxText {
			return v
		}
	case map[string]any: // a policy: {"class_name": "DTypePolicy", "config": {"name": "float32"}}
		return dtype(object(v, "config")["name"])
	}
	return ""
}

// shape writes [null, 28, 28] as [?,28,28].
func shape(v any) string {
	list, ok := v.([]any)
	if !ok || len(list) > 32 {
		return ""
	}
	var parts []string
	for _, d := range list {
		switch d := d.(type) {
		case nil:
			parts = append(parts, "?")
		case json.Number:
			if len(d) > 20 {
				return ""
			}
			parts = append(parts, d.String())
		default:
			return ""
		}
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// firstInput finds the input of a Sequential: its first layer's, or the shape that
// it was built with.
func (r *reader) firstInput(m map[string]any, list []any) {
	layer, _ := first(list).(map[string]any)
	config := object(layer, "config")
	p := sbom.Port{Name: text(config, "name"), Format: dtype(config["dtype"]),
		Shape: shape(first2(config["batch_shape"], config["batch_input_shape"]))}
	if p.Shape == "" {
		p = sbom.Port{Shape: cmp.Or(shape(object(m, "config")["build_input_shape"]), shape(object(m, "build_config")["input_shape"]))}
	}
	if p.Shape != "" && len(p.Name) <= maxText {
		r.c.Inputs = append(r.c.Inputs, p)
	}
	if last, _ := first(list[max(len(list)-1, 0):]).(map[string]any); last != nil {
		if name := text(object(last, "config"), "name"); name != "" && len(name) <= maxText {
			r.c.Outputs = append(r.c.Outputs, sbom.Port{Name: name})
		}
	}
}

// compiled takes the optimizer, the losses and the metrics.
func (r *reader) compiled(m map[string]any) {
	add := func(name string, v any) {
		if s := short(v); s != "" && s != "null" && len(s) <= maxText {
			r.c.Training = append(r.c.Training, sbom.Property{Name: name, Value: s})
		}
	}
	optimizer := object(m, "optimizer")
	if optimizer == nil {
		optimizer = object(m, "optimizer_config")
	}
	add("optimizer", first2(optimizer["class_name"], m["optimizer"]))
	config := object(optimizer, "config")
	for _, key := range slices.Sorted(maps.Keys(config)) {
		switch config[key].(type) {
		case json.Number, bool:
			add("optimizer."+key, config[key])
		case map[string]any:
			add("optimizer."+key, text(object(config, key), "class_name"))
		}
	}
	for _, key := range []string{"loss", "loss_weights", "metrics", "weighted_metrics"} {
		add(key, m[key])
	}
}

// short is a value on one line, with objects by their names alone.
func short(v any) string {
	v = names(v, 0)
	if s, ok := v.(string); ok {
		return s
	}
	data, err := json.Marshal(v)
	if err != nil || v == nil {
		return ""
	}
	return string(data)
}

func names(v any, depth int) any {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		var all []any
		for _, x := range v {
			all = append(all, names(x, depth+1))
		}
		return all
	case map[string]any:
		class := text(v, "class_name")
		if class == "function" {
			return text(v, "config")
		}
		if class != "" {
			if s := text(object(v, "config"), "name"); s != "" {
				return s
			}
			return class
		}
		all := map[string]any{}
		for key, x := range v {
			all[key] = names(x, depth+1)
		}
		return all
	}
	return v
}
