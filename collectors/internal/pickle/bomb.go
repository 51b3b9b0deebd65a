package pickle

import (
	"math/bits"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
)

const (
	maxAllocate = 1 << 30 // bytes, or items that a call makes
	maxPower    = 1 << 20 // an exponent of whole numbers
)

// sized tells of the modules whose functions [machine.allocates] knows.
func sized(g *Global) bool {
	switch g.Module {
	case "builtins", "collections", "array", "numpy", "torch", "operator", "_operator":
		return true
	}
	return false
}

// allocates notes a call of a harmless function that takes memory or time without end.
func (m *machine) allocates(g *Global, args []Value) {
	u := m.tally.of(g)
	if !u.sized {
		return
	}
	bomb := false
	switch g.Module + " " + g.Name {
	case "builtins bytes", "builtins bytearray":
		bomb = len(args) == 1 && (large(args[0]) || endless(args[0]))
	case "builtins list", "builtins tuple", "builtins set", "builtins frozenset", "builtins sorted", "builtins sum", "builtins max", "builtins min",
		"builtins dict.fromkeys", "collections deque", "collections Counter", "collections OrderedDict", "array array", "numpy array":
		for _, v := range args[:min(len(args), maxShortTuple)] {
			bomb = bomb || endless(v)
		}
	case "numpy zeros", "numpy ones", "numpy full", "numpy eye", "numpy arange", "numpy linspace", "numpy ndarray", "torch Tensor":
		for _, v := range args[:min(len(args), maxShortTuple)] {
			bomb = bomb || large(v)
		}
	case "_operator mul", "operator mul":
		bomb = len(args) == 2 && (large(args[0]) || large(args[1])) && (sequence(args[0]) || sequence(args[1]))
	case "_operator pow", "operator pow", "builtins pow":
		if len(args) == 2 {
			n, isInt := args[1].(Int)
			_, big := args[1].(Big)
			bomb = big || isInt && n > maxPower
		}
	}
	if bomb && u.verdict == policy.Harmless {
		m.note(ruleBomb, "loading it asks for more than a gigabyte, or for ever, in one call of "+plain(g.String()), m.pos)
	}
}

// large tells of a number, or a shape of an array, that is too large to be meant.
func large(v Value) bool {
	switch v := v.(type) {
	case Int:
		return v > maxAllocate
	case Big:
		return true
	case *Tuple:
		return product(v.Items) > maxAllocate
	case *List:
		return product(v.Items) > maxAllocate
	}
	return false
}

func product(items []Value) uint64 {
	size := uint64(1)
	for _, v := range items[:min(len(items), maxArguments)] {
		n, ok := v.(Int)
		if !ok || n < 0 {
			return 0
		}
		hi, lo := bits.Mul64(size, uint64(n))
		if hi != 0 {
			return 1 << 63
		}
		size = lo
	}
	return size
}

func sequence(v Value) bool {
	switch v.(type) {
	case Str, *Bytes, *List, *Tuple:
		return true
	}
	return false
}

// endless tells of an iterator that gives more than memory holds.
func endless(v Value) bool {
	o, ok := v.(*Object)
	if !ok {
		return false
	}
	g, ok := o.Callee.(*Global)
	if !ok {
		return false
	}
	switch g.String() {
	case "itertools.count", "itertools.cycle":
		return true
	case "itertools.repeat":
		return len(o.Args) < 2 || large(o.Args[1])
	case "builtins.range":
		return len(o.Args) > 0 && (large(o.Args[0]) || len(o.Args) > 1 && large(o.Args[1]))
	}
	return false
}
