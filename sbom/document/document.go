// Package document reads a BOM of any format: it detects format and version by
// the content, holds the document against its official schema and decodes it.
// Files that a person names, BOMs found in a tree and what programs print all
// come in through here. It reads no files.
package document

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/spdx"
	"github.com/mlbom/mlbom/schema"
)

// MaxSize is how many bytes a document may have.
const MaxSize = 200 << 20

// Options steer Decode.
type Options struct {
	Name    string // what errors call the document
	Place   string // where it lies, in the graph; "" is Name
	Lenient bool   // go on where it does not pass its own schema
}

// Document is a BOM that was read.
type Document struct {
	Format, Version string // as in package schema
	// Tree names the tree whose paths the document speaks of: "urn:uuid:" and
	// more, by the content, for serial numbers are given twice.
	Tree   string
	Report sbom.Report
	// Invalid is what is wrong with it by its schema, where it was read all the
	// same; references that lead nowhere are problems in the report.
	Invalid *schema.Error
}

// Error says why a document cannot be used. Unwrap gives what was wrong with it:
// [schema.ErrNotBOM] where it is something else.
type Error struct {
	Line int // from 1; 0 where it is not known
	text string
	err  error
}

// Error is one line that begins with the document's name.
func (e *Error) Error() string { return e.text }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.err }

// Decode reads a document of any format and version. One that cannot be read, or
// that does not pass its own schema where o is not lenient, is an *Error. Parts
// that cannot be read, and references that lead nowhere, are problems.
func Decode(data []byte, o Options) (Document, error) {
	if o.Place == "" {
		o.Place = o.Name
	}
	format, version, err := schema.Detect(data)
	if err != nil {
		return Document{}, fault(err, "%s: %v", o.Name, err)
	}
	decode := cyclonedx.Decode
	if IsSPDX(format) {
		decode = spdx.Decode
	}
	invalid := schema.Validate(format, version, data)
	var found *schema.Error
	if invalid != nil && !errors.As(invalid, &found) {
		return Document{}, fault(invalid, "%s: %v", o.Name, invalid) // a version that is not known
	}
	report, unreadable := decode(data, o.Place)
	d := Document{Format: format, Version: version, Tree: TreeOf(data), Report: report}
	d.Invalid = found
	switch {
	case d.Invalid != nil && unreadable != nil && d.Invalid.Issues[0].Fix == "":
		return d, fault(d.Invalid, "%s: not valid %s %s: %v; mlbom validate shows all", o.Name, format, version, d.Invalid.Issues[0])
	case d.Invalid != nil && unreadable != nil:
		return d, fault(d.Invalid, "%s: %v", o.Name, d.Invalid.Issues[0])
	case unreadable != nil:
		return d, fault(unreadable, "%s", strings.ReplaceAll(unreadable.Error(), o.Place, o.Name))
	case d.Invalid != nil && (d.Invalid.Dangling() || loose(d.Invalid)):
		d.dangling(o.Place)
	case d.Invalid != nil && !o.Lenient:
		return d, fault(d.Invalid, "%s: not valid %s %s: %v; mlbom validate shows all, --lenient goes on", o.Name, format, version, d.Invalid.Issues[0])
	}
	return d, nil
}

// Check holds a document against its own schema as Decode does, and takes it where
// Decode does, but makes no graph of it, which needs more time and memory.
func Check(data []byte, name string) (format, version string, err error) {
	if format, version, err = schema.Detect(data); err != nil {
		return "", "", fault(err, "%s: %v", name, err)
	}
	invalid := schema.Validate(format, version, data)
	var found *schema.Error
	switch {
	case invalid == nil, errors.As(invalid, &found) && (found.Dangling() || loose(found)):
		return format, version, nil
	case found == nil:
		return format, version, fault(invalid, "%s: %v", name, invalid) // a version that is not known
	}
	return format, version, fault(found, "%s: not valid %s %s: %v; mlbom validate shows all, --lenient goes on", name, format, version, found.Issues[0])
}

// dangling makes problems of the references that lead nowhere.
func (d *Document) dangling(place string) {
	for _, i := range d.Invalid.Issues {
		if i.Rule == schema.RuleDuplicate {
			continue
		}
		line := i.Line
		i.Line = 0
		d.Report.Problems = append(d.Report.Problems, sbom.Problem{Path: place, Line: line, Reason: i.String()})
	}
	if more := d.Invalid.More; more > 0 {
		d.Report.Problems = append(d.Report.Problems, sbom.Problem{Path: place, Reason: fmt.Sprintf("and %d more of this kind", more)})
	}
	d.Invalid = nil
}

// loose tells whether nothing is wrong but references that lead nowhere and
// tools whose identifier stands twice: cdxgen is its own annotator. The graph has
// no tools, and so no doubt.
func loose(e *schema.Error) bool {
	if e.More > 0 {
		return false
	}
	for _, i := range e.Issues {
		ofTool := strings.HasPrefix(i.Pointer, "/metadata/tools/") || strings.Contains(i.Pointer, "/annotator/")
		switch i.Rule {
		case schema.RuleReference, schema.RuleLicense, schema.RulePURL:
		case schema.RuleDuplicate:
			if !ofTool {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// IsSPDX tells whether the format is one of SPDX's.
func IsSPDX(format string) bool { return strings.HasPrefix(format, "spdx-") }

// TreeOf names a tree after the content of its document.
func TreeOf(data []byte) string {
	id := sha256.Sum256(data)
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

func fault(err error, format string, args ...any) *Error {
	e := &Error{text: fmt.Sprintf(format, args...), err: err}
	var invalid *schema.Error
	if errors.As(err, &invalid) && len(invalid.Issues) > 0 {
		e.Line = invalid.Issues[0].Line
	}
	return e
}
