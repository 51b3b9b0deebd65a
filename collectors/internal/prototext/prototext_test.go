package prototext

import (
	"encoding/hex"
	"strings"
	"testing"
)

var schema = Schema{
	"M": {"name": {Number: 1, Kind: Text}, "n": {Number: 2}, "sub": {Number: 3, Kind: Message, Type: "M"}, "kind": {Number: 4, Enum: map[string]int64{"ONE": 1}}, "x": {Number: 5, Kind: Float}},
}

func TestEncode(t *testing.T) {
	for text, want := range map[string]string{
		``:                                      "",
		`name: "ab"`:                            "0a026162",
		`name: 'a' "b" # both`:                  "0a026162",
		`name: "\141\x62\n\"\\\u00fc"`:          "0a0761620a225cc3bc",
		`n: 300 kind: ONE n: -1`:                "10ac02200110ffffffffffffffffff01",
		`n: true; n: 0x10, n: false`:            "100110101000",
		`sub { n: 1 } sub < n: 2 > sub: {}`:     "1a0210011a0210021a00",
		`n: [1, 2]`:                             "10011002",
		`sub: [{n: 1}, {n: 2}]`:                 "1a0210011a021002",
		`other { deep { a: "b" } } n: 1`:        "1001",
		`[type.googleapis.com/x] { a: 1 } n: 1`: "1001",
		`x: 1.0`:                                "2d0000803f",
		`n: what`:                               "",
	} {
		got, err := Encode(text, schema, "M")
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%s: %x, %v, want %s", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"n: 1\nname: \"a":            "line 2: a text does not end",
		"sub {\n":                    "ends within a message",
		"}":                          "want the name of a field",
		"n: }":                       "want a value",
		"n: [1":                      "ends within a list",
		strings.Repeat("sub {", 200): "nest deeper",
	} {
		if _, err := Encode(text, schema, "M"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add(`name: "a\n" sub { n: [1, 2] kind: ONE }`)
	f.Fuzz(func(t *testing.T, text string) { _, _ = Encode(text, schema, "M") })
}
