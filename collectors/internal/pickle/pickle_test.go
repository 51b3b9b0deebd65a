package pickle

import (
	"context"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func analyze(t testing.TB, data string) Result {
	t.Helper()
	return Analyze(context.Background(), strings.NewReader(data), Options{})
}

func TestCall(t *testing.T) {
	r := analyze(t, "cos\nsystem\n(S'id'\ntR.")
	if r.Scan.Verdict != sbom.Malicious || r.Scan.Coverage != sbom.Complete || r.Pickles != 1 {
		t.Fatalf("%+v", r)
	}
	if len(r.Findings) != 1 || r.Findings[0].Rule != sbom.RuleUnsafeCall || !strings.Contains(r.Findings[0].Message, "calls os.system('id')") {
		t.Errorf("%+v", r.Findings)
	}
}
