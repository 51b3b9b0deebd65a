// Package volume counts what tensors hold, in arithmetic that says where a number in
// a header is too large to be true.
package volume

import (
	"math"
	"math/bits"
)

// Elements multiplies the dimensions; none are those of a single number. It is false
// where one is negative, and where the product overflows without one being zero.
func Elements(dims []int64) (n int64, ok bool) {
	n, ok = 1, true
	zero := false
	for _, d := range dims {
		if d < 0 {
			return 0, false
		}
		if zero = zero || d == 0; d > 0 && ok {
			n, ok = Times(n, d)
		}
	}
	if zero {
		return 0, true
	}
	return n, ok
}

// Times multiplies two numbers; false where one is negative or the result overflows.
func Times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if a < 0 || b < 0 || hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	return int64(lo), true
}

// Bytes gives how many bytes so many elements of so many bits take, packed; false
// where it overflows or the width is not known (0).
func Bytes(elements int64, width uint64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(elements), width)
	if elements < 0 || width == 0 || hi != 0 || lo > math.MaxInt64-7 {
		return 0, false
	}
	return int64(lo+7) / 8, true
}
