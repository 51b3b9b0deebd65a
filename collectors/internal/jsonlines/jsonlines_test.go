package jsonlines

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const document = `{
  "a": [1, 2.50,
    {"b": "x\ny"}],
  "n": NaN, "i": -Infinity, "s": "NaN",

  "t": true, "z": null,
  "a2":
    "late"
}
`

func TestLines(t *testing.T) {
	v, err := Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Compact(); got != `{"a":[1,2.50,{"b":"x\ny"}],"n":NaN,"i":-Infinity,"s":"NaN","t":true,"z":null,"a2":"late"}` {
		t.Error(got)
	}
	for key, want := range map[string]int{"a": 2, "n": 4, "t": 6, "a2": 8} {
		if got := v.Get(key).LineOf(); got != want {
			t.Errorf("%s stands in line %d, want %d", key, got, want)
		}
	}
	if m := v.Members[6]; m.Line != 7 || v.Get("a").Items[2].Get("b").Line != 3 {
		t.Errorf("the key a2 is in line %d, b in %d", m.Line, v.Get("a").Items[2].Get("b").Line)
	}
	if n, ok := v.Get("a").Items[0].Int(); n != 1 || !ok || v.Path("none", "at", "all").Str() != "" || v.Get("none").LineOf() != 0 {
		t.Error("wrong values")
	}
}

func TestBroken(t *testing.T) {
	for _, c := range []struct {
		text, part, reason string
		line               int
	}{
		{"{\"a\": 1,\n \"b\": [2,\n oops}", `{"a":1,"b":[2]}`, "not JSON: invalid character 'o'", 3},
		{"{\"a\":\n1", `{"a":1}`, "ends too early", 2},
		{"", "null", "ends too early", 1},
		{"1\n2", "1", "there is more after the end", 2},
		{strings.Repeat("[", MaxDepth+2), "", "nested more than 200 deep", 1},
		{"{\"a\": 1 \"b\": 2}", `{"a":1}`, "invalid character", 1},
	} {
		v, err := Parse(c.text)
		var p *sbom.Problem
		if !errors.As(err, &p) || p.Line != c.line || !strings.Contains(p.Reason, c.reason) {
			t.Errorf("%.20q: got %v, want line %d: %s", c.text, err, c.line, c.reason)
		}
		if got := v.Compact(); c.part != "" && got != c.part {
			t.Errorf("%.20q: read %s, want %s", c.text, got, c.part)
		}
	}
}

// Fuzz: what encoding/json takes is read, and says the same.
func Fuzz(f *testing.F) {
	f.Add([]byte(document))
	f.Add([]byte(`[{"a":{"a":1,"a":2}},"\ud83d\ude00",1e400,-0]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse(string(data))
		if !json.Valid(data) || err != nil {
			return
		}
		var want, got any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		g := json.NewDecoder(strings.NewReader(v.Compact()))
		g.UseNumber()
		if d.Decode(&want) != nil || g.Decode(&got) != nil {
			t.Fatalf("%q became %q", data, v.Compact())
		}
		a, _ := json.Marshal(want)
		b, _ := json.Marshal(got)
		if !bytes.Equal(a, b) {
			t.Errorf("%s became %s", a, b)
		}
	})
}
