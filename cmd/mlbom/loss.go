package main

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// lossReport is what a conversion could not say natively; its JSON is that of
// --loss-report.
type lossReport struct {
	Input    string       `json:"input,omitempty"`
	Inputs   []string     `json:"inputs,omitempty"` // of a merge
	NotTaken []string     `json:"notTaken"`         // parts of the input that are in no output
	Outputs  []*lossesOut `json:"outputs"`
	file     string
}

// apart refuses a report that would take the place of a document.
func (l *lossReport) apart(outputs []output, inputs ...string) error {
	if l == nil || l.file == "-" {
		return nil
	}
	for _, o := range outputs {
		if o.file != "" && filepath.Clean(o.file) == filepath.Clean(l.file) {
			return usage("the loss report and a document go to %s; give each a file of its own", l.file)
		}
	}
	for _, name := range inputs {
		if filepath.Clean(name) == filepath.Clean(l.file) {
			return usage("the loss report would take the place of %s, which is read; give it a file of its own", l.file)
		}
	}
	return nil
}

// lossesOut are the fields that one output has no place for. All but those of Lost
// are in it, in properties or annotations, and come back when it is read.
type lossesOut struct {
	Format  string     `json:"format"`
	Version string     `json:"version"`
	File    string     `json:"file,omitempty"`
	Carried []*carried `json:"carried"`
	Lost    []*carried `json:"lost,omitempty"` // what it has no place for at all
}

type carried struct {
	Field   string  `json:"field"`
	Carrier string  `json:"carrier,omitempty"` // name of the property or annotation
	Nodes   int     `json:"nodes"`
	First   sbom.ID `json:"first,omitempty"` // one of them; none of what the document says of itself
}

func newLossReport(file string, inputs ...string) *lossReport {
	if file == "" {
		return nil
	}
	l := &lossReport{file: file, NotTaken: []string{}}
	if len(inputs) == 1 {
		l.Input = inputs[0]
	} else {
		l.Inputs = inputs
	}
	return l
}

// output gives what an encoder tells of one output; nil where nobody asks.
func (l *lossReport) output(o output) (carries, loses func(sbom.ID, string)) {
	if l == nil || isPicture(o.format) {
		return nil, nil
	}
	out := &lossesOut{Format: o.format, Version: o.version, File: o.file, Carried: []*carried{}}
	l.Outputs = append(l.Outputs, out)
	return counted(&out.Carried, true), counted(&out.Lost, false)
}

// counted adds up what an encoder tells, by the name of the carrier.
func counted(into *[]*carried, kept bool) func(sbom.ID, string) {
	by := map[string]*carried{}
	last := map[string]sbom.ID{}
	return func(node sbom.ID, name string) {
		c := by[name]
		if c == nil {
			c = &carried{Field: fieldOf(name), First: node}
			if kept {
				c.Carrier = name
			}
			by[name] = c
			*into = append(*into, c)
		}
		if node == "" || c.Nodes == 0 || last[name] != node {
			c.Nodes++
			last[name] = node
		}
	}
}

// fieldOf gives the field of the vocabulary that a carrier is for.
func fieldOf(carrier string) string {
	name := strings.TrimPrefix(carrier, "mlbom:")
	for prefix, field := range map[string]string{"field:": "", "key:": "keys.", "finding:": "findings"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok && prefix != "finding:" {
			return field + rest
		} else if ok {
			return field
		}
	}
	if part, ok := strings.CutPrefix(name, "record:"); ok {
		return part
	}
	switch name {
	case "seen":
		return "places"
	case "link":
		return "relations"
	case "conflict":
		return "conflicts"
	case "finding":
		return "findings"
	}
	return name
}

// write puts the report in place.
func (l *lossReport) write(g *sbom.Graph) error {
	if l == nil {
		return nil
	}
	for _, p := range g.Problems {
		for _, input := range append([]string{l.Input}, l.Inputs...) {
			switch base := baseOf(input); {
			case input == "":
			case p.Path == base && l.Input != "":
				l.NotTaken = append(l.NotTaken, p.Reason)
			case strings.HasSuffix(p.Path, "/"+base): // in its own folder: see merge
				l.NotTaken = append(l.NotTaken, input+": "+p.Reason)
			}
		}
	}
	l.NotTaken = slices.Compact(l.NotTaken)
	for _, o := range l.Outputs {
		for _, list := range [][]*carried{o.Carried, o.Lost} {
			slices.SortFunc(list, func(a, b *carried) int {
				return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Carrier, b.Carrier))
			})
		}
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(l); err != nil {
		return err
	}
	return writeFile(l.file, []byte(b.String()))
}
