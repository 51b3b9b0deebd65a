package pickle

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestDetect writes what the analyser says of every file below the folders that
// MLBOM_DETECT names (parted by ":"), one JSON object a line, to the file that
// MLBOM_DETECT_OUT names. .ci/detect runs it beside other scanners.
func TestDetect(t *testing.T) {
	roots, out := os.Getenv("MLBOM_DETECT"), os.Getenv("MLBOM_DETECT_OUT")
	if roots == "" || out == "" {
		t.Skip("MLBOM_DETECT and MLBOM_DETECT_OUT are not set: no files to examine")
	}
	var lines bytes.Buffer
	for root := range strings.SplitSeq(roots, ":") {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			line, err := json.Marshal(detect(name, data))
			lines.Write(append(line, '\n'))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(out, lines.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

type detected struct {
	File     string
	Scan     sbom.Scan
	Findings []sbom.Finding
	Pickles  int
	Is       bool // by its first bytes
}

// detect opens plain zips, so that PyTorch archives can be measured; all other
// containers are the business of their collectors.
func detect(name string, data []byte) detected {
	d := detected{File: name}
	add := func(member string, data []byte) {
		r := Analyze(context.Background(), bytes.NewReader(data), Options{In: member, Arrays: strings.Contains(name, "joblib")})
		d.Scan = Merge(d.Scan, r.Scan)
		d.Findings = append(d.Findings, r.Findings...)
		d.Pickles += r.Pickles
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		d.Is = IsPickle(data[:min(len(data), sbom.HeadSize)])
		add("", data)
		return d
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			continue
		}
		var b bytes.Buffer
		b.ReadFrom(r)
		if IsPickle(b.Bytes()[:min(b.Len(), sbom.HeadSize)]) {
			d.Is = true
			add(f.Name, b.Bytes())
		}
	}
	return d
}
