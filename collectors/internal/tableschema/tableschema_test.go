package tableschema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

func parse(t *testing.T, text string) *jsonlines.Value {
	t.Helper()
	v, err := jsonlines.Parse(text)
	if err != nil {
		t.Fatal(text, err)
	}
	return v
}

func TestType(t *testing.T) {
	for text, want := range map[string]string{
		`"long"`:          "long",
		`"decimal(10,2)"`: "decimal(10,2)",
		`{"type": "array", "elementType": "string", "containsNull": true}`:                                                               "array<string>",
		`{"type": "list", "element-id": 3, "element": "int"}`:                                                                            "list<int>",
		`{"type": "map", "keyType": "string", "valueType": "double"}`:                                                                    "map<string, double>",
		`{"type": "map", "key-id": 1, "key": "string", "value-id": 2, "value": {"type": "struct"}}`:                                      "map<string, struct<>>",
		`{"type": "struct", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": {"type": "array", "elementType": "date"}}]}`: "struct<a: long, b: array<date>>",
		`{"type": "udt"}`: "udt",
		`7`:               "",
	} {
		if got := Type(parse(t, text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	deep := strings.Repeat(`{"type": "array", "elementType": `, 100) + `"int"` + strings.Repeat("}", 100)
	if got := Type(parse(t, deep)); !strings.Contains(got, "…") || strings.Count(got, "array") != maxDepth+1 {
		t.Errorf("deep: %q", got)
	}
}

func TestFeatures(t *testing.T) {
	got := Features(parse(t, `{"type": "struct", "fields": [{"name": "id", "type": "long", "metadata": {"comment": "Delta's"}}, {"name": "at", "type": "timestamptz", "doc": "Iceberg's"}, {"type": "int"}]}`))
	if s := fmt.Sprintf("%+v", got); len(got) != 2 || got[0].Name != "id" || got[0].Type != "long" || got[0].Description != "Delta's" || got[1].Type != "timestamptz" || got[1].Description != "Iceberg's" {
		t.Error(s)
	}
	for _, text := range []string{`{}`, `{"fields": {}}`, `[]`} {
		if got := Features(parse(t, text)); got != nil {
			t.Errorf("%s: %+v", text, got)
		}
	}
	many := `{"fields": [` + strings.Repeat(`{"name": "a"},`, maxFields) + `{"name": "b"}]}`
	if got := Features(parse(t, many)); len(got) != maxFields || got[maxFields-1].Name != "a" {
		t.Errorf("%d features", len(got))
	}
}

func TestTimeAndCount(t *testing.T) {
	for ms, want := range map[int64]string{1: "1970-01-01T00:00:00Z", 1700000000123: "2023-11-14T22:13:20Z", 0: "", -1: "", 253402300799999: "9999-12-31T23:59:59Z", 253402300800000: ""} {
		if got := Time(ms); got != want {
			t.Errorf("%d: %q, want %q", ms, got, want)
		}
	}
	for text, want := range map[string]int64{`"42"`: 42, `42`: 42, `0`: 0, `-1`: -1, `"-3"`: -1, `"x"`: -1, `1.5`: -1, `null`: -1, `99999999999999999999`: -1} {
		if got := Count(parse(t, text)); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
