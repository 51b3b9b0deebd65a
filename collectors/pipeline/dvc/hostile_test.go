package dvc

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/yamllines"
)

// TestMergesOfMerges: merge keys of aliases multiply without a value of their own.
func TestMergesOfMerges(t *testing.T) {
	var b strings.Builder
	b.WriteString("m0: &m0 {x: 1}\n")
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&b, "m%d: &m%d {<<: [%s]}\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*m%d,", i-1), 9), ","))
	}
	v, _ := yamllines.Parse(b.String())
	start := time.Now()
	if _, whole := fromYAML(v); whole {
		t.Error("all of it was read")
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("%v", d)
	}
	v, _ = yamllines.Parse("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], z: 5}\n")
	out, whole := fromYAML(v)
	if c := out.get("c"); !whole || c.get("x").shown() != "1" || c.get("y").shown() != "2" || c.get("z").shown() != "5" || len(c.members) != 3 {
		t.Errorf("%+v", out.get("c"))
	}
}
