package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/sbom/draw"
	"github.com/mlbom/mlbom/sbom/spdx"
	"github.com/mlbom/mlbom/schema"
)

// output is one document to write: FORMAT[@VERSION][=FILE], or FILE where its ending
// tells the format.
type output struct {
	format, version, file string // file "" or "-" is standard output
	bare                  bool   // the graph was made for one consumer: see profile.go
}

var formats = []string{"cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-yaml", "spdx-tag-value", draw.Mermaid, draw.DOT}
var versions = []string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"} // of CycloneDX

const (
	defaultVersion = "1.6"
	spdxVersion    = "2.3"
)

// versionsOf are those that a format is written in.
func versionsOf(format string) []string {
	switch format {
	case draw.Mermaid, draw.DOT:
		return nil
	case schema.FormatSPDX:
		return []string{spdxVersion, "3.0.1"}
	case schema.FormatSPDXYAML, schema.FormatSPDXTag:
		return []string{spdxVersion}
	}
	return versions
}

func parseOutput(s, version string) (output, error) {
	spec, file, _ := strings.Cut(s, "=")
	format, v, pinned := strings.Cut(spec, "@")
	ofEnding := ""
	if !slices.Contains(formats, format) {
		if !strings.Contains(s, "=") {
			format, ofEnding = byEnding(s)
			file, pinned = s, false
		}
		if !slices.Contains(formats, format) {
			return output{}, usage("output %q: format %q is not known; say FORMAT[@VERSION][=FILE] with a format of %s, such as cyclonedx-json@1.6=bom.cdx.json, or a file whose ending tells it, such as bom.cdx.json or bom.spdx.json", s, cmp.Or(format, s), strings.Join(formats, ", "))
		}
	}
	if !pinned {
		v = asked(format, ofEnding, version)
	}
	if known := versionsOf(format); isPicture(format) && pinned {
		return output{}, usage("output %q: a picture has no version; say %s[=FILE]", s, format)
	} else if !isPicture(format) && !slices.Contains(known, v) {
		return output{}, usage("output %q: %s version %q is not written; say one of %s", s, family(format), v, strings.Join(known, ", "))
	}
	return output{format: format, version: v, file: file}, nil
}

func family(format string) string {
	if document.IsSPDX(format) {
		return "SPDX"
	}
	return "CycloneDX"
}

func parseOutputs(list []string, version string) ([]output, error) {
	if len(list) == 0 {
		list = []string{"cyclonedx-json"}
	}
	var all []output
	seen := map[string]bool{}
	for _, s := range list {
		o, err := parseOutput(s, version)
		if err != nil {
			return nil, err
		}
		if o.file == "-" {
			o.file = ""
		}
		place := o.file
		if place != "" {
			place = filepath.Clean(place)
		}
		if seen[place] {
			return nil, usage("two outputs go to %s; give each a file of its own: FORMAT=FILE", o.where())
		}
		seen[place] = true
		all = append(all, o)
	}
	return all, nil
}

func (o output) where() string {
	if o.file == "" {
		return "standard output"
	}
	return o.file
}

// render makes the document and holds it against the official schema: one that
// fails is a defect of this program, and is never written.
// One that is larger than documents may be is written without indentation.
func (o output) render(g *sbom.Graph, m sbom.Meta, compact bool, carries, loses func(sbom.ID, string)) ([]byte, error) {
	var b bytes.Buffer
	if isPicture(o.format) {
		err := draw.Encode(&b, g, draw.Options{Format: o.format})
		return b.Bytes(), err
	}
	encode := func(compact bool, carries, loses func(sbom.ID, string)) error {
		b.Reset()
		if document.IsSPDX(o.format) {
			return spdx.Encode(&b, g, m, spdx.Options{Version: o.version, YAML: o.format == schema.FormatSPDXYAML, Tags: o.format == schema.FormatSPDXTag, Compact: compact, Carried: carries})
		}
		return cyclonedx.Encode(&b, g, m, cyclonedx.Options{Version: o.version, XML: o.format == schema.FormatXML, Compact: compact, Carried: carries, Lost: loses, Bare: o.bare})
	}
	err := encode(compact, carries, loses)
	switch isJSON := strings.HasSuffix(o.format, "-json"); {
	case err != nil || b.Len() <= maxDocument || compact:
	case isJSON:
		var small bytes.Buffer
		err = json.Compact(&small, b.Bytes())
		b = small
	default:
		err = encode(true, nil, nil)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", o.format, o.version, err)
	}
	if b.Len() > maxDocument {
		return nil, usage("the document would have %s, and more than %d MiB is neither written nor read; split the input", size(int64(b.Len())), maxDocument>>20)
	}
	if o.format == schema.FormatSPDXYAML && b.Len() > schema.MaxYAML {
		return nil, usage("the document takes more than %d MiB of YAML, which is held in memory whole; say spdx-json or spdx-tag-value", schema.MaxYAML>>20)
	}
	var invalid *schema.Error
	if err := schema.Validate(o.format, o.version, b.Bytes()); err != nil && !(errors.As(err, &invalid) && invalid.Foreign()) {
		return nil, fmt.Errorf("the document does not pass the schema of %s %s, so it is not written; this is a defect of mlbom, please report it: %w", o.format, o.version, err)
	}
	return b.Bytes(), nil
}

// write puts a file in place whole or not at all.
func (o output) write(data []byte, stdout io.Writer) error {
	if o.file == "" {
		_, err := stdout.Write(data)
		return err
	}
	return writeFile(o.file, data)
}

func writeFile(name string, data []byte) error {
	if name == "-" {
		_, err := os.Stdout.Write(data)
		return err
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return usage("%s is a folder; name a file", name)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil { // a device or a pipe
			return usage("cannot write %s: %v", name, rootCause(err))
		}
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".mlbom-*")
	if err != nil {
		return usage("cannot write %s: %v; choose a folder that exists and can be written", name, rootCause(err))
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		return usage("cannot write %s: %v", name, rootCause(err))
	}
	return nil
}

func rootCause(err error) error {
	for {
		inner, ok := err.(interface{ Unwrap() error })
		if !ok || inner.Unwrap() == nil {
			return err
		}
		err = inner.Unwrap()
	}
}
