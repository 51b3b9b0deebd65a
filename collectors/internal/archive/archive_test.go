package archive

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

const content = "cos\nsystem\n(S'id'\ntR."

func samples(t testing.TB) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/tampered.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for name, digits := range all {
		z, err := zlib.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(digits)))
		if err != nil {
			t.Fatal(err)
		}
		if out[name], err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestTampered: in each archive the pickle is found, whatever was done to hide
// it, and what was done is told.
func TestTampered(t *testing.T) {
	const evasion, escape, bomb = sbom.RuleEvasion, sbom.RulePathEscape, sbom.RuleBomb
	faults := map[string][]string{
		"zip-local-name": {evasion}, "zip-flag-0x1": {evasion}, "zip-flag-0x20": {evasion}, "zip-flag-0x40": {evasion},
		"zip-flag-central-0x1": {evasion, evasion}, "zip-flag-central-0x20": {evasion, evasion}, "zip-flag-central-0x40": {evasion, evasion},
		"zip-crc": {evasion}, "zip-method": {evasion}, "zip-duplicate": {evasion}, "zip-traversal": {escape}, "zip-symlink": {escape},
		"zip-hidden": {evasion}, "zip-count": {evasion}, "zip-overlap": {evasion, bomb}, "zip-comment-end": {evasion}, "zip-unicode-name": {evasion},
		"tar-traversal": {escape}, "tar-links": {escape, escape},
	}
	partial := []string{"zip-no-directory", "zip-cut", "tar-cut"}
	gaps := map[string]Where{"zip-prefix": Before, "zip-prefix-adjusted": Before, "zip-appended": After, "zip-spanned": Before, "zip-empty-first": Before, "tar-tail": After}
	for name, data := range samples(t) {
		if !strings.HasPrefix(name, "zip") && !strings.HasPrefix(name, "tar-") || name == "tar-gzip" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			a, err := Open(bytes.NewReader(data), int64(len(data)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, f := range a.Faults {
				rules = append(rules, f.Rule)
			}
			if !slices.Equal(rules, faults[name]) {
				t.Errorf("faults %v, want %v", a.Faults, faults[name])
			}
			if want := slices.Contains(partial, name); (a.Coverage != sbom.Complete) != want {
				t.Errorf("coverage %s: %s", a.Coverage, a.Reason)
			}
			var where Where
			if len(a.Gaps) > 0 {
				where = a.Gaps[0].Where
			}
			if where != gaps[name] {
				t.Errorf("gaps %v, want %q", a.Gaps, gaps[name])
			}
			if !found(t, a) && name != "zip-cut" && name != "tar-cut" {
				t.Errorf("the pickle was not found in %v", a.Members)
			}
		})
	}
}

func found(t *testing.T, a *Archive) bool {
	is := false
	for _, m := range a.Members {
		r, err := m.Open()
		if err != nil {
			t.Logf("%s: %v", m.Name, err)
			continue
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Logf("%s: %v", m.Name, err)
		}
		is = is || string(data) == content
	}
	return is
}

func TestSeven(t *testing.T) {
	all := samples(t)
	for name, coverage := range map[string]sbom.Coverage{"lzma2": sbom.Complete, "default": sbom.Complete, "lzma": sbom.Complete, "deflate": sbom.Complete, "bzip2": sbom.Complete,
		"copy": sbom.Complete, "delta": sbom.Complete, "zstd": sbom.Complete, "plain-header": sbom.Complete, "ppmd": "method", "encrypted": sbom.Encrypted, "encrypted-names": sbom.Encrypted} {
		data := all["7z-"+name]
		a, err := Open(bytes.NewReader(data), int64(len(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if coverage == sbom.Complete && (!found(t, a) || a.Coverage != coverage) {
			t.Errorf("%s: %s %s: nothing in %v", name, a.Coverage, a.Reason, a.Members)
		}
		for _, m := range a.Members {
			if m.BadSum() {
				t.Errorf("%s: %s: bad sum", name, m.Name)
			}
			if _, err := m.Open(); name == "encrypted" && err != ErrEncrypted || name == "ppmd" && m.Name != "m/empty" && err == nil {
				t.Errorf("%s: %s: %v", name, m.Name, err)
			}
		}
		if name == "encrypted-names" && a.Coverage != sbom.Encrypted {
			t.Errorf("%s: %s %s", name, a.Coverage, a.Reason)
		}
	}
	want := make([]byte, 0, 1200)
	for seed := 1; len(want) < cap(want); {
		seed = (seed*1103515245 + 12345) & 0x7fffffff
		want = append(want, []byte{0xe8, 0xe9, 0x00, 0xff, 0xe8, 0x12, byte(seed >> 8), 0xff}[seed>>16&7])
	}
	data := all["7z-jumps"]
	a, _ := Open(bytes.NewReader(data), int64(len(data)), Options{})
	if got, err := a.Members[0].Head(4000); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the filter for x86 gives %d bytes that differ, %v", len(got), err)
	}
}

func TestSums(t *testing.T) {
	for name, bad := range map[string]bool{"zip-plain": false, "zip-crc": true, "zip-crc-both": true, "zip-crc-zero": false} {
		data := samples(t)[name]
		a, err := Open(bytes.NewReader(data), int64(len(data)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		found(t, a)
		if a.Members[0].BadSum() != bad {
			t.Errorf("%s: bad sum %v", name, !bad)
		}
	}
}

func TestStreams(t *testing.T) {
	for _, kind := range []string{"gzip", "bzip2", "xz", "xz-two", "lzma", "lzma-other", "zlib", "zlib-1", "zf", "zf-wide", "lz4", "zstd"} {
		data := samples(t)[kind]
		r, got, ok := Unpack(bytes.NewReader(data), data[:min(len(data), 512)], Options{})
		if want, _, _ := strings.Cut(kind, "-"); !ok || got != want {
			t.Errorf("%s: %q, %v", kind, got, ok)
			continue
		}
		if text, err := io.ReadAll(r); err != nil || string(text) != content {
			t.Errorf("%s: %q, %v", kind, text, err)
		}
	}
}

func Fuzz(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o := Options{Limits: sbom.Limits{Unpacked: 1 << 20, Members: 1000, Header: 1 << 20}}
		o.Budget = NewBudget(o.Limits)
		if r, _, ok := Unpack(bytes.NewReader(data), data[:min(len(data), 512)], o); ok {
			_, _ = io.Copy(io.Discard, r)
		}
		a, err := Open(bytes.NewReader(data), int64(len(data)), o)
		if err != nil {
			return
		}
		a.Format()
		for _, m := range a.Members {
			if r, err := m.Open(); err == nil {
				_, _ = io.Copy(io.Discard, r)
			}
			m.At()
		}
		_, _ = Each(bytes.NewReader(data), o, func(_ *Member, r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		})
	})
}

// TestNoStream: numbers of tensors that look like the header of a stream.
func TestNoStream(t *testing.T) {
	for name, head := range map[string]string{
		"2.0, 2.0, 0.0": "\x00\x00\x00\x00\x40\x00\x00\x00\x40" + strings.Repeat("\x00", 600),
		"zeros":         strings.Repeat("\x00", 600),
		"text":          "x^2 + y^2 = z^2, and so on and on",
		"lines":         "x\x9c" + strings.Repeat("not of zlib", 50),
		"BZh":           "BZhello, this is text and no bzip2",
	} {
		if kind, ok := Compressed([]byte(head)); ok {
			t.Errorf("%s: %s", name, kind)
		}
	}
}

func TestEscapes(t *testing.T) {
	for name, want := range map[string]bool{"a/b": false, "a/../b": false, "../a": true, "a/../../b": true, "/a": true, `..\a`: true, `C:\a`: true, "c:a": true, "..a": false, "a..": false, "": false, "./a": false} {
		if Escapes(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}

// TestFar: of a far archive only the directory and what is opened is read.
func TestFar(t *testing.T) {
	for _, name := range []string{"zip-plain", "zip-deflate", "zip64", "zip-stream", "zip-prefix", "zip-local-name"} {
		data := samples(t)[name]
		a, err := Open(bytes.NewReader(data), int64(len(data)), Options{Far: true})
		if err != nil || !found(t, a) || len(a.Faults) > 0 || a.Coverage != sbom.Complete {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		if r, _, ok := a.Members[0].At(); ok {
			if text, err := io.ReadAll(r); err != nil || string(text) != content {
				t.Errorf("%s: %q, %v", name, text, err)
			}
		}
	}
}
