package pickle

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestBudget(t *testing.T) {
	data := "\x80\x04" + strings.Repeat("N0", 5000) + "N."
	b := NewBudget(sbom.Limits{Opcodes: 15000})
	first := Analyze(context.Background(), strings.NewReader(data), Options{Budget: b})
	second := Analyze(context.Background(), strings.NewReader(data), Options{Budget: b, Limits: sbom.Limits{Opcodes: 15000}})
	if first.Scan.Verdict != sbom.Clean || second.Scan.Verdict != sbom.Undecided || second.Scan.Coverage != sbom.OverLimit {
		t.Errorf("%+v, %+v", first.Scan, second.Scan)
	}
	if len(second.Findings) != 1 || second.Findings[0].Rule != sbom.RuleIncomplete || !strings.Contains(second.Findings[0].Message, "15000 opcodes") {
		t.Errorf("%+v", second.Findings)
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := Analyze(ctx, strings.NewReader("\x80\x04"+strings.Repeat("N0", 50000)+"N."), Options{})
	if r.Scan.Verdict != sbom.Undecided || r.Scan.Coverage != sbom.OverLimit {
		t.Errorf("%+v", r.Scan)
	}
}

type failing struct{ data io.Reader }

func (f failing) Read(p []byte) (int, error) {
	if n, err := f.data.Read(p); err == nil {
		return n, nil
	}
	return 0, errors.New("the disk is gone")
}

func TestBrokenReader(t *testing.T) {
	r := Analyze(context.Background(), failing{strings.NewReader("\x80\x04]\x94(K\x01")}, Options{})
	if r.Scan.Coverage != sbom.Partial || r.Scan.Verdict != sbom.Undecided || len(r.Findings) == 0 {
		t.Errorf("%+v", r)
	}
	r = Analyze(context.Background(), failing{strings.NewReader("\x80\x04N.")}, Options{})
	if r.Scan.Coverage != sbom.Partial || !strings.Contains(r.Scan.Reason, "disk is gone") {
		t.Errorf("%+v", r)
	}
}

// TestHostile holds that numbers in the stream cost nothing.
func TestHostile(t *testing.T) {
	big := binary.LittleEndian.AppendUint64(nil, 1<<62)
	tests := []string{
		"\x80\x04\x8e" + string(big) + "x", "\x80\x04\x8d" + string(big) + "x", "\x80\x04\x8b\xff\xff\xff\x7f", "\x80\x04\x8b\xff\xff\xff\xff",
		"\x80\x02Nr\xff\xff\xff\xff.", "Np99999999999999999999\n.", "Np-1\n.", "\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff.", "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7fN.",
		strings.Repeat("(", 1<<16), strings.Repeat("]2a", 1<<15), strings.Repeat("0", 1000), strings.Repeat("c", 1<<16), "c" + strings.Repeat("a.", 1<<17) + "\nb\n.",
		"c" + strings.Repeat("a\n", 1<<15), "\x80\x04" + strings.Repeat("\x80", 1<<16), strings.Repeat("\x80\x04", 1<<16), "S'" + strings.Repeat("x", 1<<20),
	}
	for _, data := range tests {
		r := Analyze(context.Background(), strings.NewReader(data), Options{Limits: sbom.Limits{Opcodes: 1 << 18}})
		if r.Scan.Verdict == "" || r.Scan.Coverage == "" {
			t.Errorf("%.40q: %+v", data, r.Scan)
		}
		IsPickle([]byte(data)[:min(len(data), sbom.HeadSize)])
	}
}

// TestNestedDepth puts pickles into pickles, deeper than is followed.
func TestNestedDepth(t *testing.T) {
	inner := []byte("\x80\x04cos\nsystem\nVid\n\x85R.")
	for depth := range 12 {
		r := Analyze(context.Background(), bytes.NewReader(inner), Options{})
		if r.Scan.Verdict != sbom.Malicious {
			t.Errorf("depth %d: %+v", depth, r.Scan)
		}
		var b bytes.Buffer
		b.WriteString("\x80\x02ctorch.storage\n_load_from_bytes\nB")
		binary.Write(&b, binary.LittleEndian, uint32(len(inner)))
		b.Write(inner)
		b.WriteString("\x85R.")
		inner = b.Bytes()
	}
}

func TestMerge(t *testing.T) {
	clean := sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete, WeightsOnly: "yes", Uses: []sbom.Use{{Name: "a.b", How: "called", Known: "harmless", In: "x"}}}
	bad := sbom.Scan{Verdict: sbom.Malicious, Coverage: sbom.Complete, WeightsOnly: "no", Uses: []sbom.Use{{Name: "os.system", How: "called", Known: "unsafe", In: "y"}}}
	part := sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Encrypted, Reason: "a password"}
	if m := Merge(sbom.Scan{}, clean); m.Verdict != sbom.Clean || len(m.Uses) != 1 {
		t.Errorf("%+v", m)
	}
	if m := Merge(clean, bad); m.Verdict != sbom.Malicious || m.Coverage != sbom.Complete || m.WeightsOnly != "no" || len(m.Uses) != 2 {
		t.Errorf("%+v", m)
	}
	if m := Merge(clean, part); m.Verdict != sbom.Undecided || m.Coverage != sbom.Encrypted || m.Reason != "a password" {
		t.Errorf("%+v", m)
	}
	if m := Merge(sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete}, sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Partial}); m.Verdict != sbom.Undecided {
		t.Errorf("%+v", m)
	}
}

// TestWeightsOnly compares with what PyTorch's loader says.
func TestWeightsOnly(t *testing.T) {
	tests := map[string]string{
		"\x80\x02ccollections\nOrderedDict\n)R.": "yes", "\x80\x02}q\x00X\x01\x00\x00\x00aK\x01s.": "yes", "\x80\x02ctorch\nfloat32\n.": "yes",
		"\x80\x02ccollections\ndefaultdict\n)R.": "no", "\x80\x04\x8c\x01a.": "no", "\x80\x02cnumpy\ndtype\n)R.": "no", "cos\nsystem\n.": "no", "I1\n.": "no",
		"\x80\x02c__builtin__\nset\n]\x85R.": "yes",
	}
	for data, want := range tests {
		if r := analyze(t, data); r.Scan.WeightsOnly != want {
			t.Errorf("%q: %s, want %s", data, r.Scan.WeightsOnly, want)
		}
	}
}

// TestOffsets holds the places of uses in the stream.
func TestOffsets(t *testing.T) {
	data := "\x80\x04\x8c\x01a0\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."
	r := analyze(t, data)
	if len(r.Scan.Uses) != 1 || r.Scan.Uses[0].Offset != int64(strings.Index(data, "R")) || r.Findings[0].Where.Offset != r.Scan.Uses[0].Offset {
		t.Errorf("%+v", r)
	}
	r = Analyze(context.Background(), strings.NewReader(data), Options{In: "archive/data.pkl"})
	if r.Scan.Uses[0].In != "archive/data.pkl" || r.Findings[0].Where.Offset != 0 || !strings.HasSuffix(r.Findings[0].Message, "(byte 24 of archive/data.pkl)") {
		t.Errorf("%+v", r)
	}
}

// TestSeek holds that a reader that can seek gives what one that cannot gives.
func TestSeek(t *testing.T) {
	blob := func(n int) string {
		return "\x80\x04\x8e" + string(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	}
	call := "0cos\nsystem\n(S'id'\ntR."
	for name, data := range map[string]string{
		"there": blob(3<<20) + strings.Repeat("x", 3<<20) + call, "one short": blob(3<<20) + strings.Repeat("x", 3<<20-1),
		"far beyond": "\x80\x04N." + blob(1<<60) + strings.Repeat("x", 1000), "second": "\x80\x04N." + blob(1<<21) + strings.Repeat("x", 1<<21) + call,
		"nothing behind": blob(2<<20) + strings.Repeat("x", 2<<20),
	} {
		a := Analyze(context.Background(), strings.NewReader(data), Options{})
		b := Analyze(context.Background(), struct{ io.Reader }{strings.NewReader(data)}, Options{})
		if a.Scan.Verdict != b.Scan.Verdict || a.Scan.Reason != b.Scan.Reason || a.End != b.End || a.Pickles != b.Pickles || len(a.Findings) != len(b.Findings) {
			t.Errorf("%s:\n%+v\n%+v", name, a, b)
		}
	}
}

// TestManyNested is a module that was pickled without torch.save: each tensor is a
// pickle in the pickle.
func TestManyNested(t *testing.T) {
	tensor := "ctorch.storage\n_load_from_bytes\nB\x0e\x00\x00\x00\x80\x02]q\x00(K\x01K\x02e.\x00\x00\x85R"
	r := analyze(t, "\x80\x03]("+strings.Repeat(tensor, 3000)+"e.")
	if r.Scan.Verdict != sbom.Clean || len(r.Scan.Uses) != 1 || r.Scan.Uses[0].Times != 3000 {
		t.Errorf("%+v %+v", r.Scan, r.Findings)
	}
}
