package pep508

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
)

// reference reads markers and requirements, and prints what the reference
// implementation makes of them, in the form of the vectors.
const reference = `
import json, sys, warnings
warnings.simplefilter("ignore")
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
d = json.load(sys.stdin)
envs = {k: {a: set(b) if isinstance(b, list) else b for a, b in v.items()} for k, v in d["environments"].items()}
def evaluate(m, env):
    try:
        return m.evaluate(env)
    except (UndefinedComparison, UndefinedEnvironmentName) as e:
        return "error:" + type(e).__name__
def marker(t):
    try:
        m = Marker(t)
    except InvalidMarker:
        return {"input": t, "valid": False}
    return {"input": t, "valid": True, "str": str(m), "eval": {k: evaluate(m, v) for k, v in envs.items()}}
def requirement(t):
    try:
        r = Requirement(t)
    except InvalidRequirement:
        return {"input": t, "valid": False}
    return {"input": t, "valid": True, "name": r.name, "canonical": canonicalize_name(r.name), "extras": sorted(r.extras), "specifier": str(r.specifier), "url": r.url, "marker": r.marker and str(r.marker), "str": str(r)}
json.dump({"markers": [marker(t) for t in d["markers"]], "requirements": [requirement(t) for t in d["requirements"]]}, sys.stdout)
`

// generator makes texts that are mostly right.
type generator struct{ *rand.Rand }

func (g generator) one(words ...string) string { return words[g.IntN(len(words))] }

func (g generator) maybe(percent int, s string) string {
	if g.IntN(100) < percent {
		return s
	}
	return ""
}

func (g generator) blank() string { return g.one("", " ", " ", "  ", "\t") }

func (g generator) comparison() string {
	name := g.one("python_version", "python_full_version", "os_name", "os.name", "sys_platform", "sys.platform", "platform_machine", "platform_release", "platform_version",
		"platform_system", "implementation_name", "implementation_version", "platform_python_implementation", "python_implementation", "extra", "extras", "dependency_groups", "bogus")
	op := g.one("==", "==", "!=", "<", "<=", ">", ">=", "~=", "===", " in ", " not in ", "=")
	text := g.one("3.8", "3.10", "3.12.1", "3.14.0a1", "3.*", "2.7,3.10", "linux", "win32", "posix nt", "x86_64", "A_b", "a.B", "dev", "10", "6.8.0-49-generic", "CPython", "", "v3.12", "x y", "\\x41", "3.12 ")
	quote := g.one("'", `"`)
	text = quote + text + g.maybe(95, quote)
	if g.IntN(3) == 0 {
		return text + g.blank() + op + g.blank() + name
	}
	return name + g.blank() + op + g.blank() + text
}

func (g generator) marker(depth int) string {
	m := ""
	for i := range 1 + g.IntN(3) {
		if i > 0 {
			m += " " + g.one("and", "or") + " "
		}
		if depth < 3 && g.IntN(4) == 0 {
			m += "(" + g.blank() + g.marker(depth+1) + g.blank() + g.maybe(97, ")")
			continue
		}
		m += g.comparison()
	}
	return m
}

func (g generator) requirement() string {
	r := g.blank() + g.one("a", "A.b_c-D", "x2", "torch", "a_", "-a", "é") + g.blank()
	r += g.maybe(30, "["+g.blank()+g.one("", "x", "x,Y_z", "b , a", "a,", "a b", "-")+g.blank()+g.maybe(97, "]")+g.blank())
	if g.IntN(5) == 0 {
		r += "@" + g.blank() + g.one("https://h/a-1.0.zip", "git+https://h/a@v1#egg=a", "https://h/a;b", "file:///a b") + g.maybe(70, " ")
	} else if n := g.IntN(4); n > 0 {
		open := g.maybe(20, "(")
		r += open
		for i := range n {
			if i > 0 {
				r += g.blank() + g.one(",", ",", ",", ",,", " ") + g.blank()
			}
			r += g.one("==", ">=", "<=", "~=", "!=", "<", ">", "===", "=") + g.blank() + g.one("1", "1.0", "v1.0-1", "1.0rc1", "1.*", "1.0.*", "1+a", "1!2.0", "x")
		}
		if r += g.blank() + g.maybe(10, ","); open != "" {
			r += g.maybe(95, ")")
		}
	}
	return r + g.blank() + g.maybe(40, ";"+g.blank()+g.marker(1)) + g.blank()
}

// TestOracle compares with the package "packaging" on generated cases, the same
// ones at every run.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python that has the package \"packaging\"")
	}
	g := generator{rand.New(rand.NewPCG(3, 4))}
	in := map[string]any{"environments": load[map[string]map[string]any](t, "testdata", "pep508_environments.json")}
	var markers, requirements []string
	for range 5000 {
		markers, requirements = append(markers, g.marker(0)), append(requirements, g.requirement())
	}
	in["markers"], in["requirements"] = markers, requirements
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", reference)
	c.Stdin, c.Stderr = bytes.NewReader(data), os.Stderr
	answer, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Markers      []markerCase
		Requirements []requirementCase
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	all := environments(in["environments"].(map[string]map[string]any))
	valid, holds := map[bool]int{}, map[any]int{}
	for _, c := range out.Markers {
		c.check(t, all)
		valid[c.Valid]++
		for _, v := range c.Eval {
			holds[v]++
		}
	}
	t.Logf("markers: %v; evaluations: %v", valid, holds)
	if valid[true] < 2000 || holds[true] < 500 || holds[false] < 500 {
		t.Error("the generated markers show too little")
	}
	clear(valid)
	for _, c := range out.Requirements {
		c.check(t)
		valid[c.Valid]++
	}
	t.Logf("requirements: %v", valid)
	if valid[true] < 1200 || valid[false] < 500 {
		t.Error("the generated requirements show too little")
	}
}
