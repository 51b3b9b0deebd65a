package pylock

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	for at, want := range map[string]string{
		"https://u:p@example.org/simple/":  "https://example.org/simple/",
		"https://token@example.org/simple": "https://example.org/simple",
		"ssh://git:p@example.org/o/r":      "ssh://git@example.org/o/r",
		"git@example.org:o/r.git":          "ssh://git@example.org/o/r.git",
		"../wheels":                        "../wheels",
		"https://u:p@exa mple.org":         "",
		"http":                             "http",
		"":                                 "",
	} {
		if got := Clean(at); got != want {
			t.Errorf("Clean(%q) = %q, want %q", at, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	for at, want := range map[string]bool{
		"http://example.org":         true,
		"HTTP://example.org":         true,
		"git://example.org/r":        true,
		"https://example.org":        false,
		"http://localhost:3141/root": false,
		"http://127.0.0.1/":          false,
		"http":                       false,
		"../wheels":                  false,
	} {
		if Plain(at) != want {
			t.Errorf("plain(%q) is %v", at, !want)
		}
	}
}

func TestDigest(t *testing.T) {
	for text, want := range map[string]string{
		"sha256:" + strings.Repeat("AB", 32): "SHA-256",
		"sha512:" + strings.Repeat("ab", 64): "SHA-512",
		"md5:" + strings.Repeat("ab", 16):    "MD5",
		"sha256:" + strings.Repeat("ab", 31): "",
		"sha256:" + strings.Repeat("xy", 32): "",
		"crc32:00000000":                     "",
		strings.Repeat("ab", 32):             "",
	} {
		h, ok := Digest(text)
		if h.Alg != want || ok != (want != "") || h.Value != strings.ToLower(h.Value) {
			t.Errorf("Digest(%q) = %+v, %v", text, h, ok)
		}
	}
}

func TestNormalize(t *testing.T) {
	for name, want := range map[string]string{"a-b": "a-b", "A__b.c": "a-b-c", "a--b": "a-b", "": ""} {
		if got := Normalize(name); got != want {
			t.Errorf("Normalize(%q) = %q, want %q", name, got, want)
		}
	}
}
