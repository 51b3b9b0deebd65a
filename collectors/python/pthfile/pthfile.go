// Package pthfile reads the path configuration files of Python (*.pth), after
// https://docs.python.org/3/library/site.html: each line of such a file in
// site-packages is a folder for the module search path, but a line that begins
// with "import" and a blank is run as code whenever Python starts, whatever is
// started. That is how code gets into every process of an environment.
//
// What well-known tools write is told apart by the whole line, never by the name
// of the file: the shim of setuptools for distutils, its editable installs, name
// spaces and easy_install, virtualenv, coverage and pytest-cov, pywin32. Such
// lines are kept as a property of the file, and are no finding. What they call
// is code like all other, which RECORD vouches for.
//
// Not understood: the folders that a file names, which lie on one machine; *.pth
// of PyTorch, which are archives or pickles and are known by their bytes.
package pthfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pystartup"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads path configuration files.
var Collector = sbom.Collector{
	Name: "python/pthfile",
	Doc: "Path configuration files of Python (*.pth)\n\n" +
		"Lines that run code whenever Python starts; those that well-known tools write are told apart.",
	Match:   []string{"*.pth"},
	Collect: collect,
}

const (
	maxFile  = 1 << 20 // bytes
	maxLines = 20      // findings of one file
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, size, err := read(f)
	if err != nil || data == nil {
		return nil, err
	}
	s := sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Line: 1}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindFile, path.Base(f.Path), f.Path
	s.File = &sbom.FileFacts{Size: size, Format: "python-pth", MediaType: "text/plain"}
	sum := sha256.Sum256(data)
	s.Keys.SHA256 = hex.EncodeToString(sum[:])
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: s.Keys.SHA256}}
	lines := pystartup.Lines(decode(data))
	for _, l := range lines {
		if p := (sbom.Property{Name: "mlbom:python:startup", Value: l.Known}); l.Known != "" {
			if !slices.Contains(s.Properties, p) {
				s.Properties = append(s.Properties, p)
			}
			continue
		}
		if len(s.Findings) < maxLines {
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleStartupCode, Message: "runs whenever Python starts: " + l.Quote, Where: sbom.Place{Line: l.Line}})
		}
	}
	if len(lines) == 0 {
		return nil, nil // folders alone
	}
	return []sbom.Sighting{s}, nil
}

// read gives the text; nil for other bytes, which are weights or none of ours.
func read(f *sbom.File) ([]byte, int64, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, 0, err
	}
	if bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")) || bytes.HasPrefix(head, []byte("\x80")) || bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, 0, nil
	}
	if size > maxFile {
		return nil, 0, &sbom.Problem{Reason: fmt.Sprintf("a text of more than %d MiB is no path configuration file, and is not read", maxFile>>20)}
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	return data, size, err
}

func decode(data []byte) string {
	if text, err := sbom.DecodeText(data); err == nil {
		return text
	}
	return strings.ToValidUTF8(string(data), "\uFFFD")
}
