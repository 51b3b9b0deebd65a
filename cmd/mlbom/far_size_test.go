package main

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/source/hub/hubtest"
)

// TestFarArchives: of an archive of PyTorch the directory and the pickle are
// fetched, and not the tensors.
func TestFarArchives(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, member := range []struct {
		name string
		data []byte
	}{{"archive/data.pkl", []byte("\x80\x02}q\x00.")}, {"archive/byteorder", []byte("little")}, {"archive/data/0", make([]byte, 8<<20)}, {"archive/version", []byte("3\n")}} {
		m, err := w.CreateHeader(&zip.FileHeader{Name: member.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		m.Write(member.data)
	}
	w.Close()
	repo := farModel()
	repo.Commits = repo.Commits[:1]
	repo.Commits[0].Files = map[string]hubtest.File{"pytorch_model.bin": {Data: b.Bytes(), LFS: true}, "extra.dat": {Data: bytes.Repeat([]byte("xyz\n"), 1<<20), LFS: true}}
	s := startHub(t, repo)
	code, _, errs := mlbom("generate", "hf://acme/large")
	if code != exitOK {
		t.Fatal(errs)
	}
	parts := 0
	for _, q := range s.Requests() {
		if q.CDN {
			parts++
		}
	}
	if parts > 4 || !strings.Contains(errs, " kB in ") || !strings.Contains(errs, "1 clean") {
		t.Errorf("%d parts: %s", parts, errs)
	}
}
