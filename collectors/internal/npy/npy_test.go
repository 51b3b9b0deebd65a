package npy

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

func file(header string, major byte) []byte {
	b := append([]byte(Magic), major, 0)
	if major == 1 {
		b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	} else {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(header)))
	}
	return append(b, header...)
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		header            string
		major             byte
		dtype, name, dims string
		item, data        int64 // -1: not known
	}{
		{"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }  \n", 1, "<f4", "F32", "(3, 4)", 4, 48},
		{"{'descr': '|b1', 'fortran_order': True, 'shape': (), }", 2, "|b1", "BOOL", "()", 1, 1},
		{"{'shape': (10L,), 'descr': '>i8', 'fortran_order': False}", 1, ">i8", "I64", "(10,)", 8, 80},
		{"{'descr': '<c16', 'fortran_order': False, 'shape': (0, 9223372036854775807, 4)}", 1, "<c16", "C128", "(0, 9223372036854775807, 4)", 16, 0},
		{"{'descr': '<U5', 'fortran_order': False, 'shape': (2,)}", 3, "<U5", "U5", "(2,)", 20, 40},
		{"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (2,)}", 1, "<M8[ns]", "M8[ns]", "(2,)", 8, 16},
		{"{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", 1, "|O", "OBJECT", "(2,)", 8, -1},
		{"{'descr': [('a', '<f4'), ('b\\'', '<i2', (2, 3)), (('t', 'c'), [('d', '|V3')])], 'fortran_order': False, 'shape': (2,)}", 1,
			"[('a', '<f4'), ('b\\'', '<i2', (2, 3)), (('t', 'c'), [('d', '|V3')])]", "STRUCT", "(2,)", 19, 38},
		{"{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (2,)}", 1, "[('a', '|O')]", "STRUCT", "(2,)", 8, -1},
		{"{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (2,)}", 1, "('<f4', (2,))", "STRUCT", "(2,)", 8, 16},
		{"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", 1, "<f8", "F64", "(4294967296, 4294967296)", 8, -1},
		{"{'descr': [('\u0436', '<f4')], 'fortran_order': False, 'shape': (1,)}", 3, "[('\u0436', '<f4')]", "STRUCT", "(1,)", 4, 4},
	} {
		data := file(c.header, c.major)
		h, err := Read(bytes.NewReader(append(data, "data"...)))
		if err != nil || h.DType != c.dtype || h.Name() != c.name || h.Dims() != c.dims || h.ItemSize != c.item || h.Offset != int64(len(data)) {
			t.Errorf("%s: got %+v, %q, %q, %v", c.header, h, h.Name(), h.Dims(), err)
		}
		if n, ok := h.DataSize(); ok != (c.data >= 0) || ok && n != c.data {
			t.Errorf("%s: data %d, %v", c.header, n, ok)
		}
	}
}

func TestBroken(t *testing.T) {
	deep := strings.Repeat("(", 100)
	for _, c := range []struct{ data, want string }{
		{"", "does not begin"},
		{"\x93NUMPZ\x01\x00\x00\x00", "does not begin"},
		{"\x93NUMPY\x01\x00\x10\x00{}", "ends within"},
		{"\x93NUMPY\x02\x00\x10", "does not begin"},
		{"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", "are allowed"},
		{"\x93NUMPY\x04\x00\x00\x00", "not known"},
		{string(file("[]", 1)), "no dictionary"},
		{string(file("{}", 1)), "does not state"},
		{string(file("{'descr': '<f4', 'fortran_order': 1, 'shape': ()}", 1)), "does not state"},
		{string(file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", 1)), "no tuple of sizes"},
		{string(file("{'descr': '<f4', 'fortran_order': False, 'shape': [1]}", 1)), "no tuple"},
		{string(file("{'descr': '<x4', 'fortran_order': False, 'shape': ()}", 1)), "not one of"},
		{string(file("{'descr': '<f4', 'descr': '|O', 'fortran_order': False, 'shape': ()}", 1)), "two entries"},
		{string(file("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'x': 1}", 1)), "does not know"},
		{string(file("{'descr': __import__('os').system('id')}", 1)), "no literal"},
		{string(file("{'descr': "+deep, 1)), "too deeply"},
		{string(file("{'descr': '"+`\`, 1)), "escape"},
		{string(file("{'shape': ("+strings.Repeat("1,", 20000)+")}", 2)), "too many parts"},
		{string(file("{'shape': (99999999999999999999,)}", 1)), "no number"},
		{string(file("{} {}", 1)), "follows"},
	} {
		if _, err := Read(strings.NewReader(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: got %v, want %q", c.data, err, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(file("{'descr': [('a', '<f4'), ('b', '<i2', (2, 3))], 'fortran_order': False, 'shape': (2,)}", 1))
	f.Add(file("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3L)}", 3))
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := Read(bytes.NewReader(data)); err == nil {
			if h.Offset > int64(len(data)) {
				t.Errorf("the data begins at %d of %d", h.Offset, len(data))
			}
			h.DataSize()
			h.Name()
		}
	})
}
