package pep440

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// judge reads versions, lists of specifiers and pairs of both, and prints what the
// reference implementation makes of them.
const judge = `
import json, sys
from packaging.version import Version, InvalidVersion
from packaging.specifiers import SpecifierSet, InvalidSpecifier
d = json.load(sys.stdin)
def normal(t):
    try:
        return str(Version(t))
    except InvalidVersion:
        return ""
def specifiers(t):
    try:
        s = SpecifierSet(t)
        return [str(s), bool(s.prereleases)]
    except InvalidSpecifier:
        return None
def contains(s, v):
    s = SpecifierSet(s)
    return [s.contains(v, prereleases=True), s.contains(v, prereleases=False), s.contains(Version(v), prereleases=True)]
def order(a, b):
    a, b = Version(a), Version(b)
    return (a > b) - (a < b)
json.dump({
    "versions": [normal(t) for t in d["versions"]],
    "specifiers": [specifiers(t) for t in d["specifiers"]],
    "contains": [contains(*p) for p in d["pairs"]],
    "order": [order(*p) for p in d["order"]],
}, sys.stdout)
`

// generator makes versions that are mostly right and near each other.
type generator struct{ *rand.Rand }

func (g generator) one(words ...string) string { return words[g.IntN(len(words))] }

func (g generator) maybe(percent int, s string) string {
	if g.IntN(100) < percent {
		return s
	}
	return ""
}

func (g generator) number() string {
	return g.one("0", "1", "1", "2", "3", "10", "01", "99999999999999999999")
}

func (g generator) version() string {
	v := g.maybe(5, g.one("v", "V", " ")) + g.maybe(8, g.one("0", "1")+"!") + g.number()
	for range g.IntN(4) {
		v += "." + g.number()
	}
	sep := func() string { return g.maybe(40, g.one(".", "-", "_")) }
	v += g.maybe(30, sep()+g.one("a", "b", "rc", "alpha", "beta", "c", "pre", "preview", "RC", "B")+sep()+g.maybe(80, g.number()))
	v += g.maybe(25, g.one("-"+g.number(), sep()+g.one("post", "r", "rev", "POST")+sep()+g.maybe(80, g.number())))
	v += g.maybe(20, sep()+g.one("dev", "DEV")+sep()+g.maybe(80, g.number()))
	v += g.maybe(15, "+"+g.one("a", "A1", "1", "01", "cu121", "abc")+g.maybe(30, g.one(".", "-", "_")+g.one("a", "1", "2", "10")))
	return v + g.maybe(3, g.one("x", ".", "+", " ", ".*", "\u00a0"))
}

func (g generator) specifiers() string {
	var parts []string
	for range 1 + g.IntN(3) {
		part := g.one(operators...) + g.maybe(10, " ") + g.version()
		if g.IntN(5) == 0 {
			part = g.one("==", "!=") + g.one("1", "1.0", "1.1", "2.0.0", "1!1", "0") + ".*"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, g.one(",", ", ", " ,", ",,"))
}

// TestOracle compares with the package "packaging" on generated cases, the same
// ones at every run.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python that has the package \"packaging\"")
	}
	g := generator{rand.New(rand.NewPCG(1, 2))}
	var in struct {
		Versions   []string    `json:"versions"`
		Specifiers []string    `json:"specifiers"`
		Pairs      [][2]string `json:"pairs"`
		Order      [][2]string `json:"order"`
	}
	var versions, sets []string
	for range 4000 {
		v, s := g.version(), g.specifiers()
		in.Versions, in.Specifiers = append(in.Versions, v), append(in.Specifiers, s)
		if Valid(v) {
			versions = append(versions, v)
		}
		if _, err := ParseSpecifiers(s); err == nil {
			sets = append(sets, s)
		}
	}
	for range 12000 {
		v := g.one(versions...)
		in.Order = append(in.Order, [2]string{v, g.one(versions...)})
		s := g.one(sets...)
		if g.IntN(2) == 0 { // near the edge
			if s = g.one(operators...) + strings.TrimSpace(g.one(versions...)); g.IntN(2) == 0 {
				s = g.one(operators...) + strings.TrimSpace(v)
			}
			if _, err := ParseSpecifiers(s); err != nil {
				continue
			}
		}
		in.Pairs = append(in.Pairs, [2]string{s, v})
	}
	var out struct {
		Versions   []string  `json:"versions"`
		Specifiers []any     `json:"specifiers"`
		Contains   [][3]bool `json:"contains"`
		Order      []int     `json:"order"`
	}
	ask(t, python, in, &out)
	for i, text := range in.Versions {
		if v, _ := Parse(text); v.String() != out.Versions[i] {
			t.Errorf("%q: %q, want %q", text, v, out.Versions[i])
		}
	}
	for i, text := range in.Specifiers {
		var got any
		if s, err := ParseSpecifiers(text); err == nil {
			got = []any{s.String(), s.AllowsPrereleases()}
		}
		if fmt.Sprint(got) != fmt.Sprint(out.Specifiers[i]) {
			t.Errorf("%q: %v, want %v", text, got, out.Specifiers[i])
		}
	}
	passed := 0
	for i, p := range in.Pairs {
		s, _ := ParseSpecifiers(p[0])
		v, _ := Parse(p[1])
		got := [3]bool{s.ContainsText(p[1], true), s.ContainsText(p[1], false), s.Contains(v, true)}
		if got != out.Contains[i] {
			t.Errorf("%q in %q: %v, want %v", p[1], p[0], got, out.Contains[i])
		}
		if got[0] {
			passed++
		}
	}
	for i, p := range in.Order {
		a, _ := Parse(p[0])
		b, _ := Parse(p[1])
		if got := a.Compare(b); got != out.Order[i] {
			t.Errorf("%q and %q: %d, want %d", p[0], p[1], got, out.Order[i])
		}
	}
	t.Logf("%d versions (%d valid), %d lists (%d valid), %d pairs (%d pass), %d orders", len(in.Versions), len(versions), len(in.Specifiers), len(sets), len(in.Pairs), passed, len(in.Order))
	if len(versions) < 3000 || len(sets) < 1000 || passed < 1000 {
		t.Error("the generated cases show too little")
	}
}

func ask(t *testing.T, python string, in, out any) {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", judge)
	c.Stdin = bytes.NewReader(data)
	c.Stderr = os.Stderr
	answer, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatal(err)
	}
}
