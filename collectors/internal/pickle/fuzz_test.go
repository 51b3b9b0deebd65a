package pickle

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"
	"testing/iotest"

	"github.com/mlbom/mlbom/sbom"
)

// FuzzAnalyze holds that nothing panics, that the same bytes give the same
// result however they arrive, and that what is clean was read completely.
func FuzzAnalyze(f *testing.F) {
	for _, all := range samples(f) {
		for _, data := range all {
			f.Add(data, false)
		}
	}
	f.Add([]byte("cos\nsystem\n(S'id'\ntR."), true)
	f.Fuzz(func(t *testing.T, data []byte, arrays bool) {
		o := Options{Arrays: arrays, Limits: sbom.Limits{Opcodes: 1 << 16}}
		a := Analyze(context.Background(), bytes.NewReader(data), o)
		b := Analyze(context.Background(), iotest.OneByteReader(bytes.NewReader(data)), o)
		x, _ := json.Marshal([]any{a.Scan, a.Findings, a.Pickles, a.Protocol, a.End})
		y, _ := json.Marshal([]any{b.Scan, b.Findings, b.Pickles, b.Protocol, b.End})
		if !bytes.Equal(x, y) {
			t.Errorf("two results:\n%s\n%s", x, y)
		}
		if a.Scan.Verdict == sbom.Clean && a.Scan.Coverage != sbom.Complete || a.Scan.Verdict == "" || a.Scan.Coverage == "" {
			t.Errorf("%+v", a.Scan)
		}
		if a.Scan.Verdict == sbom.Malicious && len(a.Findings) == 0 {
			t.Error("malicious without a finding")
		}
		for _, f := range a.Findings {
			if _, ok := sbom.RuleByID(f.Rule); !ok || f.Where.Offset < 0 || f.Where.Offset > int64(len(data)) {
				t.Errorf("%+v", f)
			}
		}
		if a.End > int64(len(data)) {
			t.Errorf("ends at %d of %d", a.End, len(data))
		}
		IsPickle(data[:min(len(data), sbom.HeadSize)])
	})
}
