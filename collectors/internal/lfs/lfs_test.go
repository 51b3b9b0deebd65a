package lfs

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

const digest = "cfc8146abe2a0488e9e2a0c56de7952f7c11ab059eca145a0a727afce0db2865"

func TestParse(t *testing.T) {
	good := first + "\noid sha256:" + digest + "\nsize 5069051\n"
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"plain":        {good, true},
		"windows":      {strings.ReplaceAll(good, "\n", "\r\n"), true},
		"extension":    {first + "\next-0-foo sha256:" + digest + "\noid sha256:" + digest + "\nsize 5069051\n", true},
		"no size":      {first + "\noid sha256:" + digest + "\n", false},
		"negative":     {first + "\noid sha256:" + digest + "\nsize -1\n", false},
		"two digests":  {good + "oid sha256:" + digest + "\n", false},
		"short digest": {first + "\noid sha256:abc\nsize 1\n", false},
		"upper case":   {first + "\noid sha256:" + strings.ToUpper(digest) + "\nsize 1\n", false},
		"other spec":   {strings.Replace(good, "/v1", "/v12", 1), false},
		"long":         {good + strings.Repeat("x", MaxPointer), false},
		"empty":        {"", false},
	} {
		p, ok := Parse([]byte(c.text))
		if ok != c.ok || (ok && (p.SHA256 != digest || p.Size != 5069051)) {
			t.Errorf("%s: got %+v, %v", name, p, ok)
		}
	}
}

func TestRead(t *testing.T) {
	tree := fstest.MapFS{
		"a": {Data: []byte(first + "\noid sha256:" + digest + "\nsize 7\n")},
		"b": {Data: make([]byte, MaxPointer)},
	}
	if p, ok, err := Read(sbom.NewFile(tree, "a")); err != nil || !ok || p.Size != 7 {
		t.Errorf("got %+v, %v, %v", p, ok, err)
	}
	if _, ok, err := Read(sbom.NewFile(tree, "b")); err != nil || ok {
		t.Errorf("a large file is no pointer: %v, %v", ok, err)
	}
	if _, _, err := Read(sbom.NewFile(tree, "none")); err == nil {
		t.Error("a missing file gave no error")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(first + "\noid sha256:" + digest + "\nsize 5069051\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, ok := Parse(data); ok && (p.Size < 0 || len(p.SHA256) != 64) {
			t.Errorf("%+v", p)
		}
	})
}
