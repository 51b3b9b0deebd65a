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

const content = "cbuiltins\nprint\n(S'hello'\ntR."

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
		"zip-hidden": {evasion}, "zip-count": {evasion}, "zip-overlap": {evasion, bomb}, "zip-comment-end": {evasion},
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
	for _, kind := range []string{"gzip", "bzip2", "xz", "xz-two", "lzma", "zlib", "zlib-1", "zf", "lz4", "zstd"} {
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

func TestEscapes(t *testing.T) {
	for name, want := range map[string]bool{"a/b": false, "a/../b": false, "../a": true, "a/../../b": true, "/a": true, `..\a`: true, `C:\a`: true, "c:a": true, "..a": false, "a..": false, "": false, "./a": false} {
		if Escapes(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
