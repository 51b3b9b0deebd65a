package pep440

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestPoetry(t *testing.T) {
	for text, want := range map[string]string{
		"^1.2.3": "<2,>=1.2.3", "^1": "<2,>=1", "^0.2.3": "<0.3,>=0.2.3", "^0.0.3": "<0.0.4,>=0.0.3", "^0.0": "<0.1,>=0.0", "^0": "<1,>=0", "^ 1.2rc1": "<2,>=1.2rc1", "^2!1.9": "<2!2,>=2!1.9",
		"~1.2.3": "<1.3,>=1.2.3", "~1.2": "<1.3,>=1.2", "~1": "<2,>=1", "~=1.2": "<2,>=1.2", "~=1.2.3": "<1.3,>=1.2.3", "~=1.2.3.4": "<1.3,>=1.2.3.4",
		"*": "", "1.*": "==1.*", "1.2.*": "==1.2.*", "!=1.*": "!=1.*", "x": "", "1.2.3": "==1.2.3", "=1.2": "==1.2", "== 1.2": "==1.2", "1.0+cpu": "==1.0+cpu",
		">=1.2,<2": "<2,>=1.2", ">=1.2 <2": "<2,>=1.2", ">= 1.2 , != 1.3": "!=1.3,>=1.2", "^1.0 || ^2.0": "<2,>=1.0 | <3,>=2.0", "1|2": "==1 | ==2", "^1.99999999999999999999": "<2,>=1.99999999999999999999", "^99": "<100,>=99", ">=1,": ">=1",
	} {
		all, err := ParsePoetry(text)
		var words []string
		for _, s := range all {
			words = append(words, s.String())
		}
		if got := strings.Join(words, " | "); got != want || err != nil {
			t.Errorf("%q: %q %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "^", "^x", "~1.0+cpu", "^1.0 ||", "latest", ">", "^^1", strings.Repeat("1|", 200) + "1", strings.Repeat("1", MaxSpecifiers+1)} {
		if s, err := ParsePoetry(text); err == nil {
			t.Errorf("%.40q is taken: %v", text, s)
		}
	}
}

const poetry = `
import json, sys
try:
    from poetry.core.constraints.version import parse_constraint, Version
except ImportError:
    print("null")
    sys.exit()
def one(text, versions):
    try:
        c = parse_constraint(text)
    except ValueError:
        return None
    return [c.allows(Version.parse(v)) for v in versions]
json.dump([one(*p) for p in json.load(sys.stdin)], sys.stdout)
`

// TestPoetryOracle compares with poetry-core where the Python has it.
func TestPoetryOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python that has the package poetry-core")
	}
	g := generator{rand.New(rand.NewPCG(9, 10))}
	small := func() string {
		v := g.one("0", "0", "1", "2")
		for range g.IntN(4) {
			v += "." + g.one("0", "1", "2", "9")
		}
		return v
	}
	clause := func() string {
		if g.IntN(6) == 0 {
			return g.one("*", "1.*", "0.1.*", "!=1.*", "==2.*", "1")
		}
		return g.one("^", "~", "~=", ">=", "<", "<=", ">", "!=", "==", "", "^ ", ">= ") + small()
	}
	type pair [2]any
	var in []pair
	for range 3000 {
		text := clause()
		for range g.IntN(3) {
			text += g.one(",", ", ", " ", " || ", "|") + clause()
		}
		var versions []string
		for range 10 {
			versions = append(versions, small()+g.maybe(10, ".post1"))
		}
		in = append(in, pair{text, versions})
	}
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(python, "-c", poetry)
	c.Stdin, c.Stderr = bytes.NewReader(data), os.Stderr
	answer, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]bool
	if err := json.Unmarshal(answer, &out); err != nil {
		t.Fatal(err)
	}
	if out == nil {
		t.Skip("the Python of MLBOM_ORACLE_PYTHON has no poetry-core")
	}
	yes := 0
	for i, p := range in {
		all, err := ParsePoetry(p[0].(string))
		if (err == nil) != (out[i] != nil) {
			t.Errorf("%q: %v, want valid %v", p[0], err, out[i] != nil)
			continue
		}
		for j, want := range out[i] {
			text := p[1].([]string)[j]
			if strings.Contains(text, "post") && strings.Contains(p[0].(string), "!=") {
				continue // to Poetry "!=1.0" leaves 1.0.post1 out too
			}
			v, _ := Parse(text)
			got := false
			for _, s := range all {
				got = got || s.Contains(v, true)
			}
			if got != want {
				t.Errorf("%q in %q: %v, want %v", text, p[0], got, want)
			}
			if want {
				yes++
			}
		}
	}
	t.Logf("%d ranges, %d versions pass", len(in), yes)
	if yes < 3000 {
		t.Error("the generated ranges show too little")
	}
}

func FuzzPoetry(f *testing.F) {
	f.Add("^1.2 || ~0.3, !=1.*")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ParsePoetry(text)
		for _, s := range all {
			if _, broken := ParseSpecifiers(s.String()); err != nil || broken != nil {
				t.Errorf("%q: %q: %v %v", text, s, err, broken)
			}
		}
	})
}
