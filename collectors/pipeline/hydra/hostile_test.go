package hydra

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestInterpolationsAreBounded: interpolations in interpolations multiply.
func TestInterpolationsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20 {
		fmt.Fprintf(&b, "a%d: '%s'\n", i, strings.Repeat(fmt.Sprintf("${a%d}", i+1), 150))
	}
	b.WriteString("a20: x\nround: '" + strings.Repeat("${round}", 120) + "'\n")
	start := time.Now()
	collected(t, b.String())
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("%v", d)
	}
}

// TestFilledInSecrets: an interpolation shows nothing that its own place would not.
func TestFilledInSecrets(t *testing.T) {
	out := collected(t, "db:\n  url: postgres://u:hunter2@h/x\n  mail: ann@example.org\n  password: hunter2\nshown: 'at ${db.url} by ${db.mail} with ${db.password}'\n")
	if strings.Contains(out, "hunter2") || strings.Contains(out, "ann@") || !strings.Contains(out, "postgres://h/x") {
		t.Error(out)
	}
}

func collected(t *testing.T, text string) string {
	r := sbomtest.Collect(t, &Collector, sbom.NewMemory(fstest.MapFS{"run/.hydra/config.yaml": {Data: []byte(text)}}))
	var b strings.Builder
	for _, s := range r.Sightings {
		if s.Process != nil {
			fmt.Fprintln(&b, s.Process.Parameters)
		}
	}
	return b.String()
}
