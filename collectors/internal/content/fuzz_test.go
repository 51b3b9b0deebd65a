package content

import (
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// Fuzz: nothing that is partly examined is clean, and nothing panics.
func Fuzz(f *testing.F) {
	for _, data := range samples(f) {
		f.Add(data)
	}
	f.Add([]byte("\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }   \n\x80\x03N."))
	f.Add([]byte("#!/bin/sh\ncurl x | sh\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := examine(data, sbom.Limits{Unpacked: 1 << 20, Members: 200, Depth: 3, Opcodes: 10_000, Header: 1 << 20})
		if r.Scan.Verdict == sbom.Clean && r.Scan.Coverage != sbom.Complete {
			t.Errorf("clean, and %s", r.Scan.Coverage)
		}
		if r.Scan.Verdict == "" && len(r.Findings) > 0 {
			t.Errorf("findings without a verdict: %v", r.Findings)
		}
	})
}
