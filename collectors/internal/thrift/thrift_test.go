package thrift

import (
	"testing"
)

// TestValues reads what the compact protocol's specification gives as examples, and what
// is skipped around them.
func TestValues(t *testing.T) {
	data := []byte{
		0x15, 0xff, 0xff, 0xff, 0xff, 0x0f, // 1: i32, the least
		0x18, 2, 'h', 'i', // 2: text
		0x11,                // 3: true
		0x19, 0x32, 1, 2, 1, // 4: three truth values
		0x1b, 1, 0x85, 1, 'k', 2, // 5: a map of text to i32, skipped
		0x1c, 0x13, 0xfe, 0, // 6: a struct with a byte
		0x06, 0x80, 0x02, 0x05, // 128: i64, in the long form
		0,
	}
	var got []any
	d := New(data)
	d.Fields(Struct, func(id int, t Type) {
		switch id {
		case 1, 128:
			got = append(got, d.Int(t))
		case 2:
			got = append(got, d.Text(t))
		case 3:
			got = append(got, d.Bool(t))
		case 4:
			d.Items(t, func(t Type) { got = append(got, d.Bool(t)) })
		case 6:
			d.Fields(t, func(_ int, t Type) { got = append(got, d.Int(t)) })
		default:
			d.Skip(t)
		}
	})
	want := []any{int64(-1 << 31), "hi", true, true, false, true, int64(-2), int64(-3)}
	if d.Err() != nil || d.At() != len(data) || len(got) != len(want) {
		t.Fatalf("%v, at %d: %v", d.Err(), d.At(), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %v, want %v", i, got[i], want[i])
		}
	}
}

func TestHostile(t *testing.T) {
	for name, data := range map[string][]byte{
		"text longer than the data": {0x18, 0xff, 0xff, 0xff, 0xff, 0x0f, 'x'},
		"list longer than the data": {0x19, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"no end":                    {0x15, 2},
		"unknown type":              {0x1f, 0},
		"number without end":        {0x15, 0xff, 0xff},
	} {
		d := New(data)
		d.Skip(Struct)
		if d.Err() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	deep := make([]byte, 1000)
	for i := range deep {
		deep[i] = 0x1c
	}
	d := New(deep)
	if d.Skip(Struct); d.Err() == nil {
		t.Error("deep: no error")
	}
}

func Fuzz(f *testing.F) {
	f.Add([]byte{0x15, 2, 0x19, 0x1c, 0x18, 1, 'x', 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) { New(data).Skip(Struct) })
}
