package torch

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is told.
const (
	maxSettings = 200
	maxValue    = 256 // bytes
	maxList     = 8   // items of a list that is told as one setting
	maxNesting  = 3   // dicts in dicts
)

// settings are the keys under which trainers keep what a training was set to.
var settings = map[string]bool{"hyper_parameters": true, "hparams": true, "args": true, "cfg": true, "config": true, "opt": true,
	"train_args": true, "kwargs": true, "model_args": true, "training_args": true}

// progress are numbers that say how far a training came.
var progress = map[string]bool{"epoch": true, "global_step": true, "step": true, "iteration": true, "iter_num": true, "best_fitness": true, "best_val_loss": true,
	"loss": true, "best_acc1": true, "metric": true, "best_score": true}

var version = pattern.Lazy(`^([A-Za-z][A-Za-z0-9_-]{0,40})[_-]version$`)

// describe reads what stands beside the tensors in the outermost dict.
func (r *reader) describe(v pickle.Value) {
	switch v := v.(type) {
	case *pickle.Object:
		if g := classOf(v); g != nil && g.Module+"."+g.Name != "collections.OrderedDict" {
			r.class(v, g)
		}
	case *pickle.Dict:
		if isOptimizer(v) {
			r.optimizer(v)
		}
		for _, p := range v.Items {
			if key, ok := p.Key.(pickle.Str); ok {
				r.entry(string(key), p.Value)
			}
		}
	}
}

func classOf(o *pickle.Object) *pickle.Global {
	g, _ := o.Callee.(*pickle.Global)
	return g
}

// class reads a pickled model, or the arguments of a trainer.
func (r *reader) class(o *pickle.Object, g *pickle.Global) {
	name := g.Module + "." + g.Name
	dict, _ := o.State.(*pickle.Dict)
	if dict == nil {
		if strings.HasPrefix(name, "__torch__.") {
			r.out.Class = name
		}
		return
	}
	_, module := dict.Get("_modules")
	switch {
	case module, strings.HasPrefix(name, "__torch__."):
		r.out.Class = name
	case strings.HasSuffix(g.Name, "TrainingArguments"), strings.HasSuffix(g.Name, "Config"), g.Name == "Namespace":
		r.setting("", dict, 0)
	}
}

func (r *reader) entry(key string, v pickle.Value) {
	if o, ok := v.(*pickle.Object); ok {
		if dict, ok := o.State.(*pickle.Dict); ok {
			if _, module := dict.Get("_modules"); module {
				if g := classOf(o); g != nil && r.out.Class == "" {
					r.out.Class = g.Module + "." + g.Name
				}
				return
			}
		}
	}
	text, scalar := Text(v), isScalar(v)
	switch m := version.FindStringSubmatch(key); {
	case m != nil && scalar && text != "" && len(text) <= maxValue:
		r.out.Versions = append(r.out.Versions, sbom.Property{Name: m[1], Value: text})
	case settings[strings.ToLower(key)] && !scalar:
		r.setting("", v, 0)
	case strings.Contains(strings.ToLower(key), "optim") && !scalar:
		r.optimizer(v)
	case progress[key] && scalar:
		r.put(&r.out.Training, key, text)
	case strings.EqualFold(key, "license") && scalar:
		r.out.License = text
	case scalar:
		r.put(&r.out.Other, key, text)
	}
}

func isScalar(v pickle.Value) bool {
	switch v.(type) {
	case pickle.Str, pickle.Int, pickle.Bool, pickle.Float:
		return true
	}
	return false
}

func (r *reader) put(list *[]sbom.Property, name, value string) {
	if len(*list) < maxSettings && value != "" && len(value) <= maxValue && len(name) <= maxValue && !strings.ContainsAny(value, "\n\r\x00") {
		*list = append(*list, sbom.Property{Name: name, Value: strings.ToValidUTF8(value, "\uFFFD")})
	}
}

// setting reads scalars and short lists of them, with the names of the dicts
// that they are in before theirs.
func (r *reader) setting(name string, v pickle.Value, depth int) {
	if isScalar(v) {
		r.put(&r.out.Training, name, Text(v))
		return
	}
	if o, ok := v.(*pickle.Object); ok && o.State != nil && len(o.Pairs) == 0 {
		v = o.State // argparse.Namespace, a dataclass
	}
	if list := short(v); list != "" && name != "" {
		r.put(&r.out.Training, name, list)
		return
	}
	if depth > maxNesting {
		return
	}
	for _, p := range Pairs(v) {
		key, ok := p.Key.(pickle.Str)
		if !ok || key == "" || key[0] == '_' || len(r.out.Training) >= maxSettings {
			continue
		}
		full := string(key)
		if name != "" {
			full = name + "." + full
		}
		r.setting(full, p.Value, depth+1)
	}
}

// short is a list of a few scalars, as Python writes it without quotes.
func short(v pickle.Value) string {
	var items []pickle.Value
	open, end := "[", "]"
	switch v := v.(type) {
	case *pickle.List:
		items = v.Items
	case *pickle.Tuple:
		items, open, end = v.Items, "(", ")"
	}
	if len(items) == 0 || len(items) > maxList {
		return ""
	}
	var parts []string
	for _, item := range items {
		if !isScalar(item) {
			return ""
		}
		parts = append(parts, Text(item))
	}
	return open + strings.Join(parts, ", ") + end
}

// optimizer reads the settings of the first group of parameters.
func (r *reader) optimizer(v pickle.Value) {
	switch list := v.(type) {
	case *pickle.List:
		if len(list.Items) > 0 {
			r.optimizer(list.Items[0])
		}
		return
	case *pickle.Dict:
		groups, ok := list.Get("param_groups")
		if !ok {
			return
		}
		if g, ok := groups.(*pickle.List); ok && len(g.Items) > 0 {
			for _, p := range Pairs(g.Items[0]) {
				if key := Text(p.Key); key != "params" && key != "" {
					r.setting("optimizer."+key, p.Value, maxNesting)
				}
			}
		}
	}
}
