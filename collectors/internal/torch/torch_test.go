package torch

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

func global(name string) *pickle.Global {
	i := strings.LastIndexByte(name, '.')
	return &pickle.Global{Module: name[:i], Name: name[i+1:]}
}

func tuple(items ...pickle.Value) *pickle.Tuple { return &pickle.Tuple{Items: items} }

func ints(list ...int64) *pickle.Tuple {
	t := &pickle.Tuple{}
	for _, n := range list {
		t.Items = append(t.Items, pickle.Int(n))
	}
	return t
}

func dict(pairs ...pickle.Value) *pickle.Dict {
	d := &pickle.Dict{}
	for i := 0; i < len(pairs); i += 2 {
		d.Items = append(d.Items, pickle.Pair{Key: pairs[i], Value: pairs[i+1]})
	}
	return d
}

func storage(kind, key string, n int64) *pickle.Persistent {
	return &pickle.Persistent{ID: tuple(pickle.Str("storage"), global("torch."+kind), pickle.Str(key), pickle.Str("cpu"), pickle.Int(n))}
}

// tensor makes the call that rebuilds one.
func tensor(s pickle.Value, offset int64, shape, strides *pickle.Tuple, more ...pickle.Value) *pickle.Object {
	return &pickle.Object{Callee: global("torch._utils._rebuild_tensor_v2"), Args: append([]pickle.Value{s, pickle.Int(offset), shape, strides}, more...)}
}

func vector(key string, n int64) *pickle.Object {
	return tensor(storage("FloatStorage", key, n), 0, ints(n), ints(1))
}

func TestRead(t *testing.T) {
	module := func(parts *pickle.Dict) *pickle.Object {
		return &pickle.Object{Callee: global("my.Net"), State: parts}
	}
	inner := module(dict(pickle.Str("_modules"), dict(), pickle.Str("_parameters"), dict(pickle.Str("w"), vector("0", 3), pickle.Str("none"), pickle.None{}),
		pickle.Str("_buffers"), dict(pickle.Str("kept"), vector("1", 1), pickle.Str("gone"), vector("2", 9)),
		pickle.Str("_non_persistent_buffers_set"), &pickle.Set{Items: []pickle.Value{pickle.Str("gone")}}))
	net := module(dict(pickle.Str("_modules"), &pickle.Object{Callee: global("collections.OrderedDict"), Pairs: []pickle.Pair{{Key: pickle.Str("0"), Value: inner}}}))
	cyclic := dict(pickle.Str("w"), vector("0", 3))
	cyclic.Items = append(cyclic.Items, pickle.Pair{Key: pickle.Str("self"), Value: cyclic})
	for name, c := range map[string]struct {
		v      pickle.Value
		names  string
		state  int
		class  string
		faulty string
	}{
		"plain":          {dict(pickle.Str("a"), vector("0", 2), pickle.Str("b"), vector("1", 3)), "a:2 b:3", 0, "", ""},
		"wrapped":        {dict(pickle.Str("state_dict"), dict(pickle.Str("a"), vector("0", 2)), pickle.Str("epoch"), pickle.Int(1)), "a:2", 0, "", ""},
		"two wrappers":   {dict(pickle.Str("params"), dict(pickle.Str("a"), vector("0", 2)), pickle.Str("params_ema"), dict(pickle.Str("a"), vector("1", 2))), "params.a:2 params_ema.a:2", 0, "", ""},
		"nested":         {dict(pickle.Str("encoder"), dict(pickle.Str("a"), vector("0", 2))), "encoder.a:2", 0, "", ""},
		"module":         {net, "0.w:3 0.kept:1", 0, "my.Net", ""},
		"module in dict": {dict(pickle.Str("model"), net), "0.w:3 0.kept:1", 0, "my.Net", ""},
		"optimiser": {dict(pickle.Str("model"), dict(pickle.Str("a"), vector("0", 2)), pickle.Str("optimizer"), dict(pickle.Str("x"), vector("1", 2)),
			pickle.Str("other"), dict(pickle.Str("state"), dict(pickle.Int(0), vector("2", 2)), pickle.Str("param_groups"), &pickle.List{})), "a:2", 2, "", ""},
		"tied":      {dict(pickle.Str("a"), vector("0", 2), pickle.Str("b"), vector("0", 2)), "a:2", 0, "", ""},
		"cyclic":    {cyclic, "w:3", 0, "", ""},
		"parameter": {dict(pickle.Str("p"), &pickle.Object{Callee: global("torch._utils._rebuild_parameter"), Args: []pickle.Value{vector("0", 5)}}), "p:5", 0, "", ""},
		"typed": {dict(pickle.Str("f8"), &pickle.Object{Callee: global("torch._utils._rebuild_tensor_v3"), Args: []pickle.Value{storage("UntypedStorage", "0", 6), pickle.Int(0), ints(6), ints(1),
			pickle.Bool(false), pickle.None{}, global("torch.float8_e4m3fn")}}), "f8:6", 0, "", ""},
		"subclass": {dict(pickle.Str("s"), &pickle.Object{Callee: global("torch._tensor._rebuild_from_type_v2"), Args: []pickle.Value{global("torch._utils._rebuild_tensor_v2"), global("my.T"),
			tuple(storage("FloatStorage", "0", 4), pickle.Int(0), ints(4), ints(1)), pickle.None{}}}), "s:4", 0, "", ""},
		"meta":          {dict(pickle.Str("m"), &pickle.Object{Callee: global("torch._utils._rebuild_meta_tensor_no_storage"), Args: []pickle.Value{global("torch.float16"), ints(2, 2), ints(2, 1), pickle.Bool(false)}}), "m:4", 0, "", ""},
		"past the end":  {dict(pickle.Str("a"), tensor(storage("FloatStorage", "0", 3), 1, ints(3), ints(1))), "a:3", 0, "", "reaches past"},
		"overflow":      {dict(pickle.Str("a"), tensor(storage("FloatStorage", "0", 3), 0, ints(1<<40, 1<<40), ints(0, 0))), "", 0, "", "overflows"},
		"huge stride":   {dict(pickle.Str("a"), tensor(storage("FloatStorage", "0", 3), 0, ints(3), ints(1<<62))), "a:3", 0, "", "reaches past"},
		"no numbers":    {dict(pickle.Str("a"), tensor(storage("FloatStorage", "0", 3), 0, tuple(pickle.Str("x")), ints(1))), "", 0, "", "not described"},
		"unknown type":  {dict(pickle.Str("a"), tensor(storage("WeirdStorage", "0", 3), 0, ints(3), ints(1))), "a:3", 0, "", "not known"},
		"two storages":  {dict(pickle.Str("a"), vector("0", 2), pickle.Str("b"), vector("0", 3)), "a:2 b:3", 0, "", "is said to have"},
		"other storage": {dict(pickle.Str("a"), tensor(pickle.Str("x"), 0, ints(3), ints(1))), "", 0, "", "not described"},
	} {
		got := Read([]pickle.Value{c.v})
		var names []string
		for _, x := range got.Tensors {
			names = append(names, fmt.Sprintf("%s:%d", x.Name, x.Elements()))
		}
		faulty := fmt.Sprint(got.Problems)
		if strings.Join(names, " ") != c.names || len(got.State) != c.state || got.Class != c.class || (c.faulty == "") != (len(got.Problems) == 0) || !strings.Contains(faulty, c.faulty) {
			t.Errorf("%s: got %q, %d, %q, %s", name, names, len(got.State), got.Class, faulty)
		}
	}
}

func TestDescribe(t *testing.T) {
	got := Read([]pickle.Value{dict(
		pickle.Str("epoch"), pickle.Int(3), pickle.Str("pytorch-lightning_version"), pickle.Str("2.1"), pickle.Str("license"), pickle.Str("MIT"),
		pickle.Str("date"), pickle.Str("2024-01-01"), pickle.Str("note"), pickle.Str("two\nlines"),
		pickle.Str("hyper_parameters"), dict(pickle.Str("lr"), pickle.Float(0.5), pickle.Str("_secret"), pickle.Int(1), pickle.Str("net"), dict(pickle.Str("depth"), pickle.Int(2))),
		pickle.Str("args"), &pickle.Object{Callee: global("argparse.Namespace"), State: dict(pickle.Str("batch"), pickle.Int(8))},
		pickle.Str("optimizer_states"), &pickle.List{Items: []pickle.Value{dict(pickle.Str("state"), dict(), pickle.Str("param_groups"),
			&pickle.List{Items: []pickle.Value{dict(pickle.Str("betas"), ints(1, 2), pickle.Str("params"), ints(0))}})}},
	)})
	var all []string
	for _, list := range [][]string{text(got.Training), text(got.Versions), text(got.Other), {got.License}} {
		all = append(all, list...)
	}
	want := []string{"epoch=3", "lr=0.5", "net.depth=2", "batch=8", "optimizer.betas=(1, 2)", "pytorch-lightning=2.1", "date=2024-01-01", "MIT"}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("got %q, want %q", all, want)
	}
}

func text(list []sbom.Property) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Name+"="+p.Value)
	}
	return out
}

func TestDepth(t *testing.T) {
	var v pickle.Value = vector("0", 1)
	for range 1000 {
		v = &pickle.List{Items: []pickle.Value{v}}
	}
	if got := Read([]pickle.Value{v}); !got.Cut || len(got.Tensors) != 0 {
		t.Errorf("%+v", got)
	}
}
