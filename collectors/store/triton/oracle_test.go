package triton

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/textproto"
)

// shown is a message of testdata/oracle.py.
type shown struct {
	S string
	N []int64
	R []string
	B bool
	M []shown
}

func show(v *textproto.Value) shown {
	out := shown{S: v.Get("s").Str(), N: []int64{}, R: []string{}, M: []shown{}}
	for _, n := range v.All("n") {
		i, _ := n.Int()
		out.N = append(out.N, i)
	}
	for _, r := range v.All("r") {
		out.R = append(out.R, r.Str())
	}
	switch v.Get("b").Str() {
	case "true", "True", "t", "1":
		out.B = true
	}
	for _, m := range v.All("m") {
		out.M = append(out.M, show(m))
	}
	return out
}

// TestOracle compares with Google's parser of the text format. Set
// MLBOM_ORACLE_FILES to the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has protobuf, and name its folder")
	}
	data, err := os.ReadFile(filepath.Join(dir, "textproto.json"))
	if os.IsNotExist(err) {
		t.Skip("testdata/oracle.py did not run: it needs protobuf")
	}
	var cases []struct {
		Text  string
		OK    bool
		Value shown
	}
	if err != nil || json.Unmarshal(data, &cases) != nil || len(cases) == 0 {
		t.Fatal(err)
	}
	for _, c := range cases {
		v, err := textproto.Parse(c.Text)
		if (err == nil) != c.OK {
			t.Errorf("%q: %v, and protobuf takes it: %v", c.Text, err, c.OK)
		} else if got := show(v); c.OK && !reflect.DeepEqual(got, c.Value) {
			t.Errorf("%q: %+v, want %+v", c.Text, got, c.Value)
		}
	}
}
