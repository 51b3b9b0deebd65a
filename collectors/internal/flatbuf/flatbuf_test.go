package flatbuf

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func open(data []byte) *Buffer { return Open(bytes.NewReader(data), int64(len(data))) }

// sample is a root table with: 0 int32 -7, 1 text "hi", 2 a list of two tables
// (the root itself), 3 a list of int16, 4 absent, 5 bool, and a list of 64 bits.
func sample() []byte {
	le := binary.LittleEndian
	b := le.AppendUint32(nil, 28) // root
	b = append(b, "TST1"...)
	for _, v := range []uint16{20, 36, 4, 8, 12, 16, 0, 20, 24, 0} { // the vtable at 8
		b = le.AppendUint16(b, v)
	}
	b = le.AppendUint32(b, 20) // the table at 28
	b = le.AppendUint32(b, ^uint32(6))
	b = le.AppendUint32(b, 28) // text: 36 -> 64
	b = le.AppendUint32(b, 32) // tables: 40 -> 72
	b = le.AppendUint32(b, 40) // numbers: 44 -> 84
	b = le.AppendUint32(b, 1)
	b = le.AppendUint64(b, 40) // numbers of 64 bits: 52 -> 92
	b = le.AppendUint32(b, 0)
	b = append(le.AppendUint32(b, 2), "hi\x00\x00"...)
	b = le.AppendUint32(b, 2)
	b = le.AppendUint32(b, ^uint32(47)) // a table leads forward only: replaced below
	b = le.AppendUint32(b, 0)
	b = append(le.AppendUint32(b, 2), 0xff, 0xff, 2, 0)
	return append(le.AppendUint64(b, 3), 'a', 'b', 'c')
}

func TestRead(t *testing.T) {
	data := sample()
	b := open(data)
	root, ok := b.Root()
	if !ok || b.Identifier() != "TST1" || root.At() != 28 {
		t.Fatalf("%+v, %v", root, b.Err())
	}
	if root.Int32(0, 1) != -7 || root.Text(1) != "hi" || root.Int32(4, 9) != 9 || root.Has(4) || !root.Has(0) || !root.Bool(5) || root.Uint8(99, 3) != 3 {
		t.Errorf("%d %q", root.Int32(0, 1), root.Text(1))
	}
	shorts := root.Vector(3, 2)
	if shorts.Len() != 2 || shorts.Int(0) != -1 || shorts.Uint(0) != 0xffff || shorts.Int(1) != 2 || shorts.Int(2) != 0 {
		t.Errorf("%+v", shorts)
	}
	if far := root.Vector64(6, 1); string(far.Bytes(9)) != "abc" || string(far.Bytes(2)) != "ab" {
		t.Errorf("%+v", far)
	}
	if b.Err() != nil {
		t.Error(b.Err())
	}
}

func TestParts(t *testing.T) {
	data := append(make([]byte, 5), sample()...)
	p := open(data).Part(5, int64(len(data))-5)
	if root, ok := p.Root(); !ok || root.Text(1) != "hi" || p.Size() != int64(len(data))-5 {
		t.Errorf("%v", p.Err())
	}
	if p := open(data).Part(1<<40, 9); p.Size() != 0 {
		t.Error("a part outside of the file")
	}
}

func TestDamage(t *testing.T) {
	put := func(at int, v uint32) []byte {
		data := sample()
		binary.LittleEndian.PutUint32(data[at:], v)
		return data
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"short":          {[]byte{1}, "leads out"},
		"root outside":   {put(0, 1<<31), "leads out"},
		"vtable outside": {put(28, 1<<20), "leads out"},
		"vtable size":    {put(8, 3), "does not fit"},
		"table size":     {put(8, 0xffff0014), "does not fit"},
		"field outside":  {put(12, 0x00080030), "outside of it"},
		"text outside":   {put(36, 1<<30), "leads out"},
		"text too long":  {put(64, 1<<30), "would have 1073741824 bytes"},
		"list outside":   {put(40, 1<<30), "leads out"},
		"list too long":  {put(72, 1<<30), "would have 1073741824 elements"},
		"table outside":  {sample(), "leads out"},
		"list of 64":     {put(56, 1<<31), "leads out"},
	} {
		b := open(c.data)
		visit(b)
		if b.Err() == nil || !strings.Contains(b.Err().Error(), c.want) {
			t.Errorf("%s: %v", name, b.Err())
		}
	}
}

// visit reads all that a table of the sample has.
func visit(b *Buffer) {
	root, _ := b.Root()
	_, _, _ = root.Int32(0, 0), root.Text(1), root.Vector(3, 2).Int(0)
	root.Vector64(6, 1).Bytes(100)
	for range root.Vector(2, 4).Tables() {
	}
	_ = root.Vector(2, 4).Text(0)
}

// TestShared shows that tables that share parts end somewhere.
func TestShared(t *testing.T) {
	b := open(sample())
	root, _ := b.Root()
	n := 0
	for ; !b.spent(); n++ {
		root.Text(1)
	}
	if int64(n) > b.limit() || b.Err() == nil {
		t.Errorf("%d, %v", n, b.Err())
	}
}

func FuzzRead(f *testing.F) {
	f.Add(sample())
	f.Fuzz(func(t *testing.T, data []byte) {
		b := open(data)
		b.Identifier()
		visit(b)
		if n := len(b.problems); n > maxProblems+1 || slices.Contains(b.problems, nil) {
			t.Errorf("%d problems", n)
		}
	})
}
