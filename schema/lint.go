package schema

import (
	"fmt"
	"strings"
)

// Lint gives what is doubtful in a document and breaks no rule: names that are
// not spelt canonically, deprecated licences, cycles of dependencies and the
// like. They are in the order of their lines and at most MaxIssues, and then one
// that says how many more there are. What is no document has none: Validate says
// what is wrong with it.
func Lint(format, version string, data []byte) []Issue {
	d, locate, err := readLinted(format, version, data)
	if err != nil {
		return nil
	}
	var notes issueList
	for _, lint := range linters {
		lint(d, &notes)
	}
	locate(notes.list)
	err = toError(notes.list, notes.more)
	e, _ := err.(*Error)
	if e == nil {
		return nil
	}
	if e.More > 0 {
		return append(e.Issues, Issue{Message: fmt.Sprintf("and %d more notes", e.More)})
	}
	return e.Issues
}

// linted is what linters read.
type linted struct {
	format, version string
	data            []byte
	tree            any // of the JSON form; nil for XML
}

func (d linted) spdx3() bool { return d.format == FormatSPDX && strings.HasPrefix(d.version, "3.") }

// linters are all that Lint asks. One adds notes without their lines, which Lint
// finds by their pointers.
var linters = []func(d linted, notes *issueList){lintNames, lintDependencies, lintContainment, lintReferences, lintProfiles}

func readLinted(format, version string, data []byte) (d linted, locate func([]Issue), err error) {
	d = linted{format: format, version: version, data: data}
	locate = func(issues []Issue) { fillLines(data, issues) }
	text := data
	switch format {
	case FormatXML:
		return d, func([]Issue) {}, nil
	case FormatSPDXYAML:
		var lines map[string]int
		text, lines, err = convertYAML(data)
		locate = func(issues []Issue) { setLines(issues, func(at string) int { return lines[at] }) }
	case FormatSPDXTag:
		if err := checkText(data); err != nil {
			return d, nil, err
		}
		r := readTags(data)
		d.tree = r.doc
		return d, func(issues []Issue) { setLines(issues, r.lineOf) }, nil
	}
	if err != nil {
		return d, nil, err
	}
	d.tree, err = parse(text)
	return d, locate, err
}

func setLines(issues []Issue, line func(pointer string) int) {
	for i := range issues {
		issues[i].Line = line(issues[i].Pointer)
	}
}

func lintNames(d linted, notes *issueList) {
	n := newNames("")
	if d.format == FormatXML {
		n.readXML(d.data)
	} else {
		n.read(d.tree)
	}
	for _, i := range n.notes.list {
		notes.add(i)
	}
	notes.more += n.notes.more
}

func lintDependencies(d linted, notes *issueList) {
	doc, _ := d.tree.(map[string]any)
	switch {
	case d.format == FormatJSON:
		needs(edgesCDX(d.tree), notes.add)
	case d.spdx3():
		needs(edges3(d.tree, "dependsOn"), notes.add)
	case doc != nil:
		needs(edges2(doc, "DEPENDS_ON", "DEPENDENCY_OF"), notes.add)
	}
}

// lintReferences notes what the standard's own valid documents of CycloneDX have
// too: references to nothing in evidence, formulation, declarations and
// cryptography, and equal names inside a formulation.
func lintReferences(d linted, notes *issueList) {
	var list []Issue
	more := 0
	switch d.format {
	case FormatXML:
		list, more = xmlReferenceNotes(d.version, d.data)
	case FormatJSON:
		list, more = referenceNotes(d.tree)
	}
	for _, i := range list {
		notes.add(i)
	}
	notes.more += more
}

func lintContainment(d linted, notes *issueList) {
	if doc, _ := d.tree.(map[string]any); doc["spdxVersion"] == selfContaining {
		containment(edges2(doc, "CONTAINS", "CONTAINED_BY"), notes.add)
	}
}
