// Package torch reads what a PyTorch file says of its tensors and of itself, out
// of the values that the analysis of its pickle gives. Nothing is loaded.
//
// Source: pytorch torch/_utils.py, torch/_tensor.py, torch/serialization.py,
// torch/nn/modules/module.py; pytorch-lightning checkpoint_connector.py.
//
// What counts. A tensor is counted under the first name that it has: a second
// tensor that is the same elements of the same storage (tied weights) is the same
// parameter, and safetensors would not hold it twice either. Tensors that only
// overlap are counted each. Buffers count as parameters do, as they stand in a
// state dict; those that a module says are not persistent do not. The state of an
// optimiser, of a scheduler or of a random generator is none of the model's, and
// listed apart.
//
// Names are those of the state dict that the tensors are in, so that they are the
// same in the checkpoint of a trainer, in a file of weights alone and in
// safetensors: what stands around the one dict of all weights ("state_dict") is
// no part of them.
//
// Not understood: tensors that a class of a library packs into objects of its own
// (torchao, bitsandbytes: their parts are counted as they are stored), tensor
// subclasses without storage, the indices of sparse tensors.
package torch

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is read.
const (
	maxTensors  = 1 << 19
	maxDepth    = 64
	maxProblems = 20
	maxVisits   = 2 << 20
	maxName     = 1024 // bytes
)

// Facts is what a file says.
type Facts struct {
	Tensors  []Tensor // of the weights, each once
	State    []Tensor // of the training: optimiser, scheduler, random generator
	Tied     int      // further names of tensors that are counted
	Storages []Storage
	// Class is that of the pickled model, where it is an object: "torch.nn.modules.container.Sequential".
	Class string
	// Training are settings and progress of the training; Versions the libraries
	// that it ran on; Other what else the file says in plain words.
	Training, Versions, Other []sbom.Property
	License                   string
	// Cut: there is more than could be kept.
	Cut      bool
	Problems []error
}

type reader struct {
	out     *Facts
	outside map[string]Tensor
	at      map[string]int // of storages
	seen    map[string]int // tensors by place: index in their list, to tell tied ones
	busy    map[pickle.Value]bool
	visits  int
	keyed   bool            // the outermost object is a dict, whose keys are no part of a module's
	groups  map[string]bool // the dicts that hold tensors
}

// Read reads the objects that a file's pickles leave.
func Read(values []pickle.Value) Facts { return ReadWith(values, nil) }

// ReadWith does the same where tensors stand outside of the object, which names
// them by their keys: the layout of before version 0.2.
func ReadWith(values []pickle.Value, tensors map[string]Tensor) Facts {
	r := &reader{outside: tensors, out: &Facts{}, at: map[string]int{}, seen: map[string]int{}, busy: map[pickle.Value]bool{}, groups: map[string]bool{}}
	for _, v := range values {
		_, r.keyed = v.(*pickle.Dict)
		r.walk(v, nil, false, 0)
		r.describe(v)
	}
	r.rename()
	return *r.out
}

// training knows keys of a checkpoint that hold state of the training.
var training = pattern.Lazy(`(?i)^(?:.*optim(?:izer)?s?(?:_states?|_state_dict|_dict)?|opt(?:_state)?|.*sched(?:uler)?s?(?:_states?|_state_dict|_dict)?|lr_sched.*|.*scaler(?:_state_dict)?|amp|.*rng_states?|.*rng_state.*|callbacks|loops)$`)

// walk looks for tensors. Path is the way to v; state tells that it is one of the
// training's.
func (r *reader) walk(v pickle.Value, path []string, state bool, depth int) {
	if r.visits++; depth > maxDepth || r.visits > maxVisits {
		r.out.Cut = true
		return
	}
	switch v := v.(type) {
	case *pickle.Dict:
		if r.enter(v) {
			r.out.Cut = r.out.Cut || v.More > 0
			r.pairs(v.Items, path, state || isOptimizer(v), depth)
			delete(r.busy, v)
		}
	case *pickle.List:
		r.items(v, v.Items, v.More, path, state, depth)
	case *pickle.Tuple:
		r.items(v, v.Items, v.More, path, state, depth)
	case *pickle.Set:
		r.items(v, v.Items, v.More, path, state, depth)
	case *pickle.Object:
		if r.enter(v) {
			r.object(v, path, state, depth)
			delete(r.busy, v)
		}
	case *pickle.Persistent:
		if t, ok := r.outside[Text(v.ID)]; ok {
			t.Name = strings.Join(path, ".")
			r.keep(t.Storage)
			r.add(t, path, state)
		}
	}
}

// enter stops at a value that is inside of itself.
func (r *reader) enter(v pickle.Value) bool {
	if r.busy[v] {
		return false
	}
	r.busy[v] = true
	return true
}

func (r *reader) items(v pickle.Value, items []pickle.Value, more int64, path []string, state bool, depth int) {
	if !r.enter(v) {
		return
	}
	r.out.Cut = r.out.Cut || more > 0
	for i, item := range items {
		r.walk(item, append(path[:len(path):len(path)], strconv.Itoa(i)), state, depth+1)
	}
	delete(r.busy, v)
}

func (r *reader) pairs(items []pickle.Pair, path []string, state bool, depth int) {
	for _, p := range items {
		key := Text(p.Key)
		r.walk(p.Value, append(path[:len(path):len(path)], key), state || depth < 3 && training.MatchString(key), depth+1)
	}
}

// isOptimizer knows the state dict of an optimiser wherever it is.
func isOptimizer(d *pickle.Dict) bool {
	_, groups := d.Get("param_groups")
	_, state := d.Get("state")
	return groups && state
}

func (r *reader) object(o *pickle.Object, path []string, state bool, depth int) {
	if t, made := r.tensor(o, strings.Join(path, "."), 0); made {
		r.add(t, path, state)
		return
	}
	if dict, ok := o.State.(*pickle.Dict); ok {
		if _, module := dict.Get("_modules"); module {
			r.module(dict, path, state, depth)
			return
		}
	}
	for _, arg := range o.Args {
		r.walk(arg, path, state, depth+1)
	}
	r.pairs(o.Pairs, path, state, depth)
	for i, item := range o.Items {
		r.walk(item, append(path[:len(path):len(path)], strconv.Itoa(i)), state, depth+1)
	}
	if o.State != nil {
		r.walk(o.State, path, state, depth+1)
	}
}

// module walks a torch.nn.Module: parameters and buffers stand under their own
// names, as in its state dict.
func (r *reader) module(d *pickle.Dict, path []string, state bool, depth int) {
	gone := map[string]bool{}
	if set, ok := d.Get("_non_persistent_buffers_set"); ok {
		for _, item := range elements(set) {
			gone[Text(item)] = true
		}
	}
	for _, part := range []string{"_parameters", "_buffers", "_modules"} {
		inner, _ := d.Get(part)
		for _, p := range Pairs(inner) {
			if key := Text(p.Key); part != "_buffers" || !gone[key] {
				r.walk(p.Value, append(path[:len(path):len(path)], key), state, depth+1)
			}
		}
	}
}

// elements are those of a set, which the first protocols make of a list.
func elements(v pickle.Value) []pickle.Value {
	switch v := v.(type) {
	case *pickle.Set:
		return v.Items
	case *pickle.List:
		return v.Items
	case *pickle.Object:
		if pickle.Is(v.Callee, "builtins", "set") && len(v.Args) == 1 {
			return elements(v.Args[0])
		}
	}
	return nil
}

// Pairs are the entries of a dict, or of an ordered one.
func Pairs(v pickle.Value) []pickle.Pair {
	switch v := v.(type) {
	case *pickle.Dict:
		return v.Items
	case *pickle.Object:
		return v.Pairs
	}
	return nil
}

// Text is the value of a string or number, as it stands in a name; "" for others.
func Text(v pickle.Value) string {
	switch v := v.(type) {
	case pickle.Str:
		return string(v)
	case pickle.Int:
		return strconv.FormatInt(int64(v), 10)
	case pickle.Bool:
		if v {
			return "True"
		}
		return "False"
	case pickle.Float:
		return strconv.FormatFloat(float64(v), 'g', -1, 64)
	}
	return ""
}

func (r *reader) add(t Tensor, path []string, state bool) {
	list := &r.out.Tensors
	if state {
		list = &r.out.State
	}
	if len(*list) >= maxTensors || len(t.Name) > maxName {
		r.out.Cut = true
		return
	}
	place := t.place()
	if t.Storage.Key != "" {
		if _, twice := r.seen[place]; twice {
			if !state {
				r.out.Tied++
			}
			return
		}
		r.seen[place] = len(*list)
	}
	if !state {
		r.groups[r.group(path)] = true
	}
	*list = append(*list, t)
}

// wrappers are the keys of a checkpoint under which trainers keep the weights.
var wrappers = map[string]bool{"state_dict": true, "model_state_dict": true, "model_state": true, "model": true, "module": true, "net": true, "network": true,
	"weights": true, "params": true, "params_ema": true, "model_ema": true, "ema": true, "ema_state_dict": true, "state_dict_ema": true, "generator": true,
	"policy": true, "state": true}

// group is the wrapper at the start of the path, if there is one.
func (r *reader) group(path []string) string {
	if r.keyed && len(path) > 1 && wrappers[path[0]] {
		return path[0] + "."
	}
	return ""
}

// rename drops the wrapper where all weights are in the same one.
func (r *reader) rename() {
	if len(r.groups) != 1 || r.groups[""] {
		return
	}
	for prefix := range r.groups {
		for i := range r.out.Tensors {
			r.out.Tensors[i].Name = strings.TrimPrefix(r.out.Tensors[i].Name, prefix)
		}
	}
}
