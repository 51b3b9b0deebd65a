package pickle

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// stateDict is the pickle of a PyTorch archive with so many tensors.
func stateDict(tensors int) []byte {
	var b bytes.Buffer
	b.WriteString("\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(")
	memo := uint32(2)
	put := func() { b.WriteByte('r'); binary.Write(&b, binary.LittleEndian, memo); memo++ }
	text := func(s string) {
		b.WriteByte('X')
		binary.Write(&b, binary.LittleEndian, uint32(len(s)))
		b.WriteString(s)
		put()
	}
	for i := range tensors {
		text(fmt.Sprintf("model.layers.%d.mlp.weight", i))
		b.WriteString("ctorch._utils\n_rebuild_tensor_v2\n((")
		text("storage")
		b.WriteString("ctorch\nFloatStorage\n")
		text(fmt.Sprint(i))
		text("cpu")
		b.WriteString("M\x00\x10tQK\x00K\x40K\x40\x86K\x40K\x01\x86\x89ccollections\nOrderedDict\n)RtR")
	}
	b.WriteString("u.")
	return b.Bytes()
}

// numbers is a list of floats and small numbers, as json-like data has them.
func numbers(n int) []byte {
	var b bytes.Buffer
	b.WriteString("\x80\x04]\x94(")
	for i := range n {
		if i%1000 == 999 {
			b.WriteString("e(")
		}
		b.WriteByte('G')
		binary.Write(&b, binary.BigEndian, math.Sqrt(float64(i)))
		b.WriteString("K\x07J\x01\x02\x03\x00")
	}
	b.WriteString("e.")
	return b.Bytes()
}

func texts(n int) []byte {
	var b bytes.Buffer
	b.WriteString("\x80\x04}\x94(")
	for i := range n {
		s := fmt.Sprintf("token %d of the vocabulary", i)
		b.WriteString("\x8c" + string(rune(len(s))) + s + "\x94J")
		binary.Write(&b, binary.LittleEndian, uint32(i))
	}
	b.WriteString("u.")
	return b.Bytes()
}

func BenchmarkAnalyze(b *testing.B) {
	array := "\x80\x04\x8e" + string(binary.LittleEndian.AppendUint64(nil, 64<<20)) + strings.Repeat("\x01\x02\x03\x04", 16<<20) + "."
	for name, data := range map[string][]byte{"statedict": stateDict(20000), "numbers": numbers(300000), "texts": texts(200000), "bytes": []byte(array)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				r := Analyze(context.Background(), bytes.NewReader(data), Options{})
				if r.Scan.Verdict != sbom.Clean {
					b.Fatalf("%+v", r.Scan)
				}
			}
		})
	}
}

// repeat gives the head once, the body n times, then the tail.
type repeat struct {
	head, body, tail string
	n, at            int
}

func (r *repeat) Read(p []byte) (int, error) {
	switch {
	case r.head != "":
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	case r.n > 0:
		n := copy(p, r.body[r.at:])
		if r.at += n; r.at == len(r.body) {
			r.at, r.n = 0, r.n-1
		}
		return n, nil
	case r.tail != "":
		n := copy(p, r.tail)
		r.tail = r.tail[n:]
		return n, nil
	}
	return 0, io.EOF
}

// TestFlat examines large streams and holds the memory that is live afterwards,
// and the payload behind them, against bounds.
func TestFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("large streams")
	}
	call := "cos\nsystem\n(S'id'\ntR."
	floats := "(" + strings.Repeat("G\x40\x00\x00\x00\x00\x00\x00\x01", 1000) + "e"
	tests := map[string]*repeat{
		"one byte string":  {head: "\x80\x04\x8e" + string(binary.LittleEndian.AppendUint64(nil, 256<<20)), body: strings.Repeat("x", 1<<20), n: 256, tail: "0" + call},
		"floats in a list": {head: "\x80\x04]\x94", body: floats, n: 3000, tail: "0" + call},
		"memoized strings": {head: "\x80\x04]\x94", body: "(" + strings.Repeat("\x8c\x0ahello word\x94", 1000) + "e", n: 3000, tail: "0" + call},
		"stack of nones":   {head: "\x80\x04", body: strings.Repeat("N", 1<<20), n: 16, tail: call},
		"marks":            {head: "\x80\x04", body: strings.Repeat("(", 1<<20), n: 1, tail: call},
		"memoized lists":   {head: "\x80\x04]\x94", body: "(" + strings.Repeat("]\x94", 1000) + "e", n: 3000, tail: "0" + call},
		"pickles":          {body: strings.Repeat("\x80\x04N.", 1000), n: 100, tail: "\x80\x04" + call},
	}
	for name, r := range tests {
		t.Run(name, func(t *testing.T) {
			var peak uint64
			got := Analyze(context.Background(), &watched{r: r, peak: &peak}, Options{})
			if peak > 400<<20 {
				t.Errorf("the heap grew to %d MiB", peak>>20)
			}
			if got.Scan.Verdict != sbom.Malicious {
				t.Errorf("%s, %s: %s", got.Scan.Verdict, got.Scan.Coverage, got.Scan.Reason)
			}
			t.Logf("heap up to %d MiB; %s", peak>>20, got.Scan.Coverage)
		})
	}
}

// watched looks at the heap now and then.
type watched struct {
	r    *repeat
	n    int
	peak *uint64
}

func (w *watched) Read(p []byte) (int, error) {
	if w.n++; w.n%50 == 0 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		*w.peak = max(*w.peak, s.HeapAlloc)
	}
	return w.r.Read(p)
}
