package pickle

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// read gives what the parser reads, as pickletools.genops would: offset, name, argument.
func read(data []byte) (all [][3]string) {
	ops, in := table(), overBytes(data, 0)
	for {
		at := in.offset()
		b := in.take(1)
		if len(b) == 0 || ops[b[0]].run == nil {
			return all
		}
		op := ops[b[0]]
		var a argument
		if in.argument(op.shape, &a) != "" || a.length > maxText {
			return all
		}
		all = append(all, [3]string{strconv.FormatInt(at, 10), op.name, spellArgument(b[0], op, &a)})
		if op.name == "STOP" {
			return all
		}
	}
}

func spellArgument(code byte, op opcode, a *argument) string {
	m := &machine{analysis: &analysis{tally: newTally(), ops: table(), depth: maxDeep}}
	switch op.shape {
	case bare:
		return ""
	case lines:
		return "s" + hex.EncodeToString([]byte(string(a.text)+" "+string(a.second)))
	case uint8b:
		return fmt.Sprintf("i%d", uint64(a.number))
	case uint1, uint2, int4, uint4:
		return fmt.Sprintf("i%d", a.number)
	}
	switch code {
	case 'p', 'g':
		return "i" + string(a.text)
	case 'T', 'U': // read as Latin-1 there
		var out []rune
		for _, b := range a.text {
			out = append(out, rune(b))
		}
		return "s" + hex.EncodeToString([]byte(string(out)))
	case 'P':
		return "s" + hex.EncodeToString(a.text)
	}
	op.run(m, a)
	return spellValue(m.stack[len(m.stack)-1])
}

func spellValue(v Value) string {
	switch v := v.(type) {
	case None:
		return "None"
	case Bool:
		return map[bool]string{true: "True", false: "False"}[bool(v)]
	case Int:
		return fmt.Sprintf("i%d", v)
	case Big:
		n, ok := new(big.Int).SetString(string(v), 0)
		if !ok {
			return string(v)
		}
		return "i" + n.String()
	case Float:
		return fmt.Sprintf("f%016x", math.Float64bits(float64(v)))
	case Str:
		return "s" + hex.EncodeToString([]byte(v))
	case *Bytes:
		return "b" + hex.EncodeToString([]byte(v.Head))
	case *List:
		return "[" + spellAll(v.Items) + "]"
	case *Tuple:
		return "(" + spellAll(v.Items) + ")"
	case *Set:
		return spellSet(v.Items)
	case *Dict:
		return "<" + spellPairs(v.Items) + ">"
	case *Object:
		return spellObject(v)
	}
	return fmt.Sprintf("?%T", v)
}

func spellAll(items []Value) string {
	var parts []string
	for _, v := range items {
		parts = append(parts, spellValue(v))
	}
	return strings.Join(parts, ",")
}

func spellSet(items []Value) string {
	var parts []string
	for _, v := range items {
		parts = append(parts, spellValue(v))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, ",") + "}"
}

func spellPairs(items []Pair) string {
	var parts []string
	for _, p := range items {
		parts = append(parts, spellValue(p.Key)+":"+spellValue(p.Value))
	}
	return strings.Join(parts, ",")
}

// spellObject knows the calls by which older protocols make builtin types.
func spellObject(o *Object) string {
	g := rootOf(o)
	switch g.String() {
	case "builtins.set", "builtins.frozenset":
		return spellSet(itemsOf(o.Args[0]))
	case "builtins.bytes", "builtins.bytearray":
		if len(o.Args) == 0 {
			return "b"
		}
		if s, ok := o.Args[0].(Str); ok {
			return spellValue(latin1(string(s)))
		}
		return spellValue(o.Args[0])
	case "collections.OrderedDict":
		return "<" + spellPairs(o.Pairs) + ">"
	}
	return "?" + g.String()
}

// TestOracle holds opcodes, offsets, arguments and values against Python's own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python, whose pickletools would be compared")
	}
	out, err := exec.Command(python, "testdata/oracle.py", "1500").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	pickles, values, opcodes, failed := 0, 0, 0, 0
	for lines.Scan() && failed < 5 {
		var want struct {
			Pickle []byte
			Ops    [][3]any
			Value  string
		}
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		pickles++
		got := read(want.Pickle)
		for i, op := range want.Ops {
			w := [3]string{fmt.Sprint(op[0]), fmt.Sprint(op[1]), fmt.Sprint(op[2])}
			opcodes++
			if i >= len(got) || got[i] != w {
				failed++
				t.Errorf("opcode %d is %v, Python reads %v in %q", i, got[min(i, len(got)):min(i+1, len(got))], w, want.Pickle)
				break
			}
		}
		if want.Value == "" {
			continue
		}
		values++
		r := analyze(t, string(want.Pickle))
		if len(r.Values) != 1 || spellValue(r.Values[0]) != want.Value {
			failed++
			t.Errorf("%q: got %.300s, Python loads %.300s", want.Pickle, spellAll(r.Values), want.Value)
		}
	}
	t.Logf("%d pickles, %d opcodes, %d values", pickles, opcodes, values)
}
