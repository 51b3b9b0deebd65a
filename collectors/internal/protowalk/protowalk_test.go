package protowalk

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func open(data []byte) Message { return Open(bytes.NewReader(data), int64(len(data))) }

// bytesOf makes a field of bytes.
func bytesOf(number int, content []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(number)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

func TestFields(t *testing.T) {
	data := []byte{0x08, 0x96, 0x01, 0x15, 0, 0, 0x80, 0x3f, 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}
	data = append(data, bytesOf(5, []byte("gr\xc3\xbc\xc3\x9fe"))...)
	data = append(data, 0x33, 0x08, 1, 0x34) // group 6 with a field
	data = append(data, bytesOf(7, []byte{1, 0xac, 0x02})...)
	var numbers []int
	m := open(data)
	for f := range m.Fields() {
		numbers = append(numbers, f.Number)
		switch f.Number {
		case 1:
			if f.Int() != 150 || f.Message().End != f.Message().At || f.Text(9) != "" {
				t.Errorf("varint: %+v", f)
			}
		case 2:
			if f.Float() != 1 || f.Int() != 0 {
				t.Errorf("float: %v", f.Float())
			}
		case 3:
			if f.Value != 0x0807060504030201 {
				t.Errorf("fixed64: %x", f.Value)
			}
		case 4:
			if f.Int() != -1 {
				t.Errorf("negative: %d", f.Int())
			}
		case 5:
			if f.Text(100) != "grüße" || f.Text(3) != "gr" || f.Text(4) != "grü" {
				t.Errorf("text: %q %q %q", f.Text(100), f.Text(3), f.Text(4))
			}
		case 7:
			var sum int64
			for v := range f.Ints() {
				sum += v
			}
			if sum != 301 || f.Count(0) != 2 || f.Size != 3 {
				t.Errorf("packed: %d", sum)
			}
		}
	}
	if len(numbers) != 6 || m.Err() != nil {
		t.Errorf("%v, %v", numbers, m.Err())
	}
}

func TestDamage(t *testing.T) {
	deep := []byte{}
	for range maxDepth + 2 {
		deep = bytesOf(1, deep)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"number zero":    {[]byte{0x02, 0}, "number 0"},
		"wire type":      {[]byte{0x0f, 0}, "wire type 7"},
		"cut tag":        {[]byte{0x88}, "too long, or cut off"},
		"long varint":    {bytes.Repeat([]byte{0x80}, 30), "too long"},
		"cut content":    {[]byte{0x0a, 5, 1}, "would have 5 bytes, and 1 are there"},
		"huge length":    {append([]byte{0x0a}, binary.AppendUvarint(nil, 1<<63)...), "would have 9223372036854775808"},
		"cut fixed":      {[]byte{0x0d, 1, 2}, "ends there"},
		"open group":     {[]byte{0x0b, 0x10, 1}, "within a group"},
		"stray end":      {[]byte{0x0c}, "did not begin"},
		"groups":         {bytes.Repeat([]byte{0x0b}, 200), "nest deeper"},
		"deep":           {deep, "nested deeper"},
		"inner is worse": {bytesOf(1, []byte{0x0a, 9}), "would have 9 bytes, and 0"},
	} {
		m := open(c.data)
		var walk func(m Message)
		walk = func(m Message) {
			for f := range m.Fields() {
				if f.Wire == Bytes {
					walk(f.Message())
				}
			}
		}
		walk(m)
		if m.Err() == nil || !strings.Contains(m.Err().Error(), c.want) || !m.Broken() {
			t.Errorf("%s: %v", name, m.Err())
		}
	}
}

// TestSkips shows that what a field holds is not read: a file of 8 GiB that is
// nowhere.
func TestSkips(t *testing.T) {
	head := append(binary.AppendUvarint([]byte{0x0a}, 8<<30), 1)
	m := Open(sparse{head}, int64(len(head))-1+8<<30)
	n := 0
	for f := range m.Fields() {
		if n++; f.Size != 8<<30 {
			t.Errorf("%+v", f)
		}
	}
	if n != 1 || m.Err() != nil {
		t.Errorf("%d, %v", n, m.Err())
	}
}

type sparse struct{ head []byte }

func (s sparse) ReadAt(p []byte, at int64) (int, error) {
	if at > 1<<20 {
		panic("read far away")
	}
	clear(p)
	if at < int64(len(s.head)) {
		copy(p, s.head[at:])
	}
	return len(p), nil
}

func FuzzWalk(f *testing.F) {
	f.Add(bytesOf(1, bytesOf(2, []byte("abc"))))
	f.Add([]byte{0x0b, 0x10, 1, 0x0c, 0x08, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		var walk func(m Message)
		walk = func(m Message) {
			for f := range m.Fields() {
				if f.At < 0 || f.At+f.Size > int64(len(data)) {
					t.Fatalf("%+v leads out", f)
				}
				_, _ = f.Text(16), f.Count(0)
				walk(f.Message())
			}
		}
		walk(open(data))
	})
}
