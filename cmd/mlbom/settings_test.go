package main

import "testing"

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "4096": 4096, "512MiB": 512 << 20, "64 GiB": 64 << 30, "10kB": 10_000, "2tib": 2 << 40, "7B": 7,
		"0": -1, "-1": -1, "": -1, "MiB": -1, "1.5GiB": -1, "9223372036854775807": 1<<63 - 1, "9223372036854775807KiB": -1, "99999999999999999999": -1, "1XB": -1} {
		got, err := parseSize(text)
		if want < 0 && err == nil || want >= 0 && (err != nil || got != want) {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for n, want := range map[int64]string{256 << 20: "256MiB", 64 << 30: "64GiB", 1000: "1000", 8: "8"} {
		if got := sizeText(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
