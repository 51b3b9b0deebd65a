package cyclonedx

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// stamp adds what has a time: the timestamp, and in 1.7 the citations.
func (e *encoder) stamp(bom *docJSON, at string) {
	bom.Metadata.Timestamp = at
	if !e.since(cdx.SpecVersion1_7) || e.Source != nil {
		return
	}
	pointers := map[string][]string{} // collector -> what it stated
	for _, n := range e.Graph.Nodes {
		e.cite(n, pointers)
	}
	var list []cdx.Citation
	for _, by := range e.collectors() {
		to := pointers[by]
		slices.SortFunc(to, strings.Compare)
		if to = slices.Compact(to); len(to) == 0 {
			continue
		}
		ref := cdx.BOMReference(collectorRef + by)
		list = append(list, cdx.Citation{Pointers: &to, Timestamp: at, AttributedTo: &ref})
	}
	bom.Citations = some(list)
}

func (e *encoder) cite(n *sbom.Node, pointers map[string][]string) {
	b, ok := e.built[n.ID]
	if !ok {
		return
	}
	d := decompose(b)
	stated := map[string]bool{}
	for _, f := range n.Facts {
		where := d.find(f.Field)
		if where == "" {
			continue
		}
		for _, s := range f.Seen {
			by := printed(s.By)
			pointers[by], stated[by] = append(pointers[by], b.pointer+where), true
		}
	}
	for _, s := range n.Seen {
		if by := printed(s.By); !stated[by] {
			pointers[by] = append(pointers[by], b.pointer)
		}
	}
}

// decomposed is a component as plain JSON, in which pointers must resolve.
type decomposed struct {
	value    map[string]any
	carriers map[string]int // field -> property
}

func decompose(b built) decomposed {
	d := decomposed{carriers: map[string]int{}}
	var props struct{ Properties []cdx.Property }
	if json.Unmarshal(b.raw, &d.value) != nil || json.Unmarshal(b.raw, &props) != nil {
		return d
	}
	delete(d.value, "evidence")
	for i, p := range props.Properties {
		if f, ok := strings.CutPrefix(p.Name, carrier.Field); ok {
			d.carriers[f] = i
		}
	}
	return d
}

// find points at a field: its native place, or else its carrier.
func (d decomposed) find(field string) string {
	if at := nativePlace(field); at != "" && d.resolves(at) {
		return at
	}
	if i, ok := d.carriers[field]; ok {
		return "/properties/" + strconv.Itoa(i)
	}
	return ""
}

func (d decomposed) resolves(pointer string) bool {
	var v any = d.value
	for _, step := range strings.Split(pointer, "/")[1:] {
		switch c := v.(type) {
		case map[string]any:
			next, ok := c[step]
			if !ok {
				return false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(c) {
				return false
			}
			v = c[i]
		default:
			return false
		}
	}
	return true
}

// nativePlace is where a field stands in a component, from its start.
func nativePlace(field string) string {
	section, name, deep := strings.Cut(field, ".")
	if !deep {
		switch field {
		case "refs":
			return "/externalReferences"
		case "name", "group", "version", "description", "copyright", "cpe", "publisher", "supplier", "manufacturer", "authors", "licenses", "hashes", "tags", "properties":
			return "/" + field
		}
		return ""
	}
	switch section {
	case "model":
		return modelPlace(name)
	case "dataset":
		switch name {
		case "confidential":
			return "/data/0/classification"
		case "sensitive":
			return "/data/0/sensitiveData"
		case "owners", "stewards", "custodians":
			return "/data/0/governance/" + name
		}
	case "process":
		return processPlace(name)
	case "service":
		return "/" + name
	case "file":
		if name == "mediaType" {
			return "/mime-type"
		}
	}
	return ""
}

func modelPlace(name string) string {
	switch name {
	case "task", "inputs", "outputs":
		return "/modelCard/modelParameters/" + name
	case "family":
		return "/modelCard/modelParameters/architectureFamily"
	case "architecture":
		return "/modelCard/modelParameters/modelArchitecture"
	case "approach":
		return "/modelCard/modelParameters/approach/type"
	case "metrics":
		return "/modelCard/quantitativeAnalysis/performanceMetrics"
	case "energy":
		return "/modelCard/considerations/environmentalConsiderations/energyConsumptions"
	}
	rest, ok := strings.CutPrefix(name, "considerations.")
	if !ok {
		return ""
	}
	switch rest {
	case "outOfScope", "limitations":
		rest = "technicalLimitations"
	case "tradeoffs":
		rest = "performanceTradeoffs"
	case "ethical":
		rest = "ethicalConsiderations"
	case "fairness":
		rest = "fairnessAssessments"
	}
	return fmt.Sprint("/modelCard/considerations/", rest)
}
