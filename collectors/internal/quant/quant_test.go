package quant

import "testing"

func TestTypes(t *testing.T) {
	for n, want := range map[uint32]string{0: "F32", 12: "Q4_K", 30: "BF16", 39: "MXFP4", 42: "Q2_0"} {
		if got, ok := TypeOf(n); !ok || got.Name != want {
			t.Errorf("%d: got %q, want %q", n, got.Name, want)
		}
	}
	if _, ok := TypeOf(43); ok {
		t.Error("43 is no type")
	}
	if _, ok := TypeOf(1 << 31); ok {
		t.Error("2^31 is no type")
	}
	q4, _ := TypeOf(12)
	if n, ok := q4.Size(512); !ok || n != 288 {
		t.Errorf("512 of Q4_K: %d, %v", n, ok)
	}
	if _, ok := q4.Size(100); ok {
		t.Error("100 elements are no whole blocks")
	}
	f64, _ := TypeOf(28)
	if _, ok := f64.Size(1 << 62); ok {
		t.Error("an overflow was not seen")
	}
}

func TestFileTypes(t *testing.T) {
	for n, want := range map[uint64]string{0: "F32", 15: "Q4_K_M", 32: "BF16", 38: "MXFP4_MOE", 41: "Q2_0"} {
		if got, _ := FileType(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	for _, n := range []uint64{42, 1024, 1024 + 15, 1 << 40} {
		if got, ok := FileType(n); ok {
			t.Errorf("%d: got %q", n, got)
		}
	}
	for scheme, want := range map[string]string{"Q4_K_M": "4", "IQ2_XXS": "2", "TQ1_0": "1", "MXFP4_MOE": "4", "NVFP4": "4", "F16": "", "BF16": "", "F32": "", "Q8_0": "8"} {
		if got := Bits(scheme); got != want {
			t.Errorf("%s: got %q, want %q", scheme, got, want)
		}
	}
}
