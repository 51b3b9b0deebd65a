package volume

import (
	"math"
	"testing"
)

func TestElements(t *testing.T) {
	for _, c := range []struct {
		dims []int64
		n    int64
		ok   bool
	}{
		{nil, 1, true}, {[]int64{3}, 3, true}, {[]int64{2, 3, 4}, 24, true}, {[]int64{0}, 0, true},
		{[]int64{-1}, 0, false}, {[]int64{0, -1}, 0, false}, {[]int64{1 << 62, 2}, 0, false}, {[]int64{1 << 32, 1 << 32}, 0, false},
		{[]int64{1 << 62, 4, 0}, 0, true}, {[]int64{math.MaxInt64}, math.MaxInt64, true}, {[]int64{math.MaxInt64, 1}, math.MaxInt64, true},
	} {
		if n, ok := Elements(c.dims); ok != c.ok || ok && n != c.n {
			t.Errorf("%v: %d, %v", c.dims, n, ok)
		}
	}
}

func TestBytes(t *testing.T) {
	for _, c := range []struct {
		n    int64
		bits uint64
		want int64
		ok   bool
	}{
		{3, 32, 12, true}, {3, 4, 2, true}, {0, 8, 0, true}, {1, 1, 1, true}, {3, 0, 0, false}, {-1, 8, 0, false},
		{1 << 60, 8, 0, false}, {1 << 59, 8, 1 << 59, true}, {math.MaxInt64, 64, 0, false},
	} {
		if got, ok := Bytes(c.n, c.bits); ok != c.ok || ok && got != c.want {
			t.Errorf("%d of %d bits: %d, %v", c.n, c.bits, got, ok)
		}
	}
}
