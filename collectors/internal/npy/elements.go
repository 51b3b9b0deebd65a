package npy

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Elements gives the elements of a small array as Python writes them: integers,
// floats, truth values and texts, which stand without quotes. There are none where
// the type is another one or the array has more than so many.
func Elements(dtype string, data []byte, most int) []string {
	m := simple.FindStringSubmatch(dtype)
	if m == nil {
		return nil
	}
	width, err := strconv.Atoi(m[3])
	if err != nil || width <= 0 || width > 1<<20 {
		return nil
	}
	if m[2] == "U" {
		width *= 4
	}
	if len(data)%width != 0 || len(data)/width > most {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if m[1] == ">" {
		order = binary.BigEndian
	}
	var list []string
	for ; len(data) > 0; data = data[width:] {
		s, ok := element(m[2], data[:width], order)
		if !ok {
			return nil
		}
		list = append(list, s)
	}
	return list
}

func element(kind string, b []byte, order binary.ByteOrder) (string, bool) {
	switch kind {
	case "b", "?":
		if b[0] != 0 {
			return "True", true
		}
		return "False", true
	case "i", "u", "f":
		return number(kind, b, order)
	case "S", "a":
		s := strings.TrimRight(string(b), "\x00")
		return s, utf8.ValidString(s)
	case "U":
		var out strings.Builder
		for ; len(b) >= 4; b = b[4:] {
			if r := order.Uint32(b); r > 0 && r <= utf8.MaxRune {
				out.WriteRune(rune(r))
			}
		}
		return out.String(), true
	}
	return "", false
}

func number(kind string, b []byte, order binary.ByteOrder) (string, bool) {
	var u uint64
	switch len(b) {
	case 1:
		u = uint64(b[0])
	case 2:
		u = uint64(order.Uint16(b))
	case 4:
		u = uint64(order.Uint32(b))
	case 8:
		u = order.Uint64(b)
	default:
		return "", false
	}
	switch {
	case kind == "u":
		return strconv.FormatUint(u, 10), true
	case kind == "i":
		shift := 64 - 8*len(b)
		return strconv.FormatInt(int64(u<<shift)>>shift, 10), true
	case len(b) == 4:
		return strconv.FormatFloat(float64(math.Float32frombits(uint32(u))), 'g', -1, 32), true
	case len(b) == 8:
		return strconv.FormatFloat(math.Float64frombits(u), 'g', -1, 64), true
	}
	return "", false
}
