package hdf5

import (
	"bytes"
	"context"
	"encoding/hex"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

// TestEveryPrefix: a file that was cut is a problem, and what was read of it is never
// called clean.
func TestEveryPrefix(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/benign.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var whole []byte
	for _, f := range archive.Files {
		if f.Name == "whole.h5.hex" {
			whole, err = hex.DecodeString(strings.Join(strings.Fields(string(f.Data)), ""))
		}
	}
	if err != nil || len(whole) < 1000 {
		t.Fatal(len(whole), err)
	}
	for n := 0; n < len(whole); n += 7 {
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"x.h5": {Data: whole[:n]}}, "x.h5"))
		if err == nil {
			t.Errorf("cut at %d: no problem", n)
		}
		for _, s := range seen {
			if s.File != nil && s.File.Scan.Verdict == sbom.Clean {
				t.Errorf("cut at %d: called clean", n)
			}
		}
	}
}

// TestMutations: whatever single byte of the structure changes, reading ends, without
// a panic and soon.
func TestMutations(t *testing.T) {
	for _, data := range seeds(t) {
		if len(data) > 8000 {
			data = data[:8000]
		}
		for i := 0; i < min(len(data), 3000); i += 11 {
			changed := bytes.Clone(data)
			changed[i] ^= 0xff
			_, _ = Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"x.h5": {Data: changed}}, "x.h5"))
		}
	}
}
