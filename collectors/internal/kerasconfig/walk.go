package kerasconfig

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

type reader struct {
	Options
	c      Config
	nodes  int
	layers map[string]int
	custom map[string]bool
	codes  map[string]bool // that were reported
}

// result is the configuration, with what was counted on the way.
func (r *reader) result() *Config {
	for _, class := range slices.Sorted(maps.Keys(r.layers)) {
		r.c.Operators = append(r.c.Operators, sbom.Property{Name: class, Value: strconv.Itoa(r.layers[class])})
	}
	r.c.Custom = slices.Sorted(maps.Keys(r.custom))
	if r.c.Scan.Coverage != sbom.Complete && r.c.Scan.Verdict == sbom.Clean {
		r.c.Scan.Verdict = sbom.Undecided
	}
	return &r.c
}

func (r *reader) partial(why string) {
	r.c.Scan.Coverage, r.c.Scan.Reason = sbom.Partial, why
}

// found keeps a finding; rules that speak of harm make the verdict.
func (r *reader) found(rule, format string, args ...any) {
	switch rule {
	case sbom.RuleUnsafeCall:
		r.c.Scan.Verdict = sbom.Malicious
	default:
		if r.c.Scan.Verdict == sbom.Clean {
			r.c.Scan.Verdict = sbom.SuspiciousUse
		}
	}
	f := sbom.Finding{Rule: rule, Message: fmt.Sprintf(format, args...)}
	if len(r.c.Findings) < maxFindings && !slices.Contains(r.c.Findings, f) {
		r.c.Findings = append(r.c.Findings, f)
	}
}

// use keeps the use of a name.
func (r *reader) use(name, how, known, args string) {
	for i := range r.c.Scan.Uses {
		if u := &r.c.Scan.Uses[i]; u.Name == name && u.How == how && u.Args == args {
			u.Times = max(u.Times, 1) + 1
			return
		}
	}
	if len(r.c.Scan.Uses) < maxUses {
		r.c.Scan.Uses = append(r.c.Scan.Uses, sbom.Use{Name: name, How: how, Known: known, Args: args, In: r.In})
	}
}

// walk looks at every object of the configuration.
func (r *reader) walk(v any, path string, depth int) {
	if r.nodes++; r.nodes > maxNodes || depth > maxDepth {
		r.partial("it is nested too deeply, or too large")
		return
	}
	switch v := v.(type) {
	case []any:
		for i, x := range v {
			r.walk(x, path+"["+strconv.Itoa(i)+"]", depth+1)
		}
	case map[string]any:
		if _, ok := v["class_name"].(string); ok {
			r.object(v, path)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			r.walk(v[key], join(path, key), depth+1)
		}
	case string:
		r.hiddenCode(v, path)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// text gives a member that is a text.
func text(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

func object(m map[string]any, key string) map[string]any {
	o, _ := m[key].(map[string]any)
	return o
}

// model takes what the outermost object says of the model.
func (r *reader) model(m map[string]any) {
	config := object(m, "config")
	r.c.Class = text(m, "class_name")
	r.c.Name = text(config, "name")
	list, _ := config["layers"].([]any)
	if legacy, ok := m["config"].([]any); ok { // Keras 1: the layers of a Sequential
		list = legacy
	}
	r.count(list, 0)
	byName := map[string]map[string]any{}
	for _, x := range list {
		if layer, ok := x.(map[string]any); ok {
			byName[cmp.Or(text(object(layer, "config"), "name"), text(layer, "name"))] = layer
		}
	}
	r.c.Inputs = ports(config["input_layers"], byName)
	r.c.Outputs = ports(config["output_layers"], byName)
	if len(r.c.Inputs) == 0 {
		r.firstInput(m, list)
	}
	r.compiled(object(m, "compile_config"))
	if len(list) == 0 {
		r.settings(config)
	}
}

// settings are the plain values of a model that is a class of its own.
func (r *reader) settings(config map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		switch v := config[key].(type) {
		case json.Number, bool:
			if key != "trainable" && len(key) <= maxText && len(r.c.Settings) < maxPorts {
				r.c.Settings = append(r.c.Settings, sbom.Property{Name: key, Value: short(v)})
			}
		}
	}
}

// count counts layers by class, those of models within the model too.
func (r *reader) count(list []any, depth int) {
	for _, x := range list {
		layer, _ := x.(map[string]any)
		class := text(layer, "class_name")
		if class == "" || depth > maxDepth {
			continue
		}
		r.layers[cmp.Or(registered(layer), class)]++
		config := object(layer, "config")
		if inner, ok := config["layers"].([]any); ok {
			r.count(inner, depth+1)
		} else if inner := object(config, "layer"); inner != nil {
			r.count([]any{inner}, depth+1)
		}
	}
}

// registered is the name under which a custom class was registered: "pkg>Name".
func registered(m map[string]any) string {
	for _, s := range []string{text(m, "registered_name"), text(m, "class_name")} {
		if strings.Contains(s, ">") && len(s) <= maxText {
			return s
		}
	}
	return ""
}
