package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what mirrors repeat of one component; all of it is in the formulation
// and the model card.
const (
	maxMirrored = 50 // processes, datasets or metrics
	mirrorSize  = 200
)

// around repeats what processes and data say of the node, for consumers that drop
// the formulation or know components only.
func (e *Teller) around(n *sbom.Node, list *mirror) {
	if n.Kind != sbom.KindProcess {
		for _, by := range []struct {
			rel  sbom.Rel
			name string
		}{{sbom.Produces, "producedBy"}, {sbom.Consumes, "consumedBy"}} {
			for i, id := range e.makers()[n.ID][by.rel] {
				if i < maxMirrored {
					list.add(processMirror+by.name, Called(e.Node[id]))
				}
			}
		}
	}
	for i, edge := range e.Out[n.ID] {
		if n.Kind == sbom.KindModel && i < maxMirrored && (edge.Rel == sbom.TrainedOn || edge.Rel == sbom.EvaluatedOn) {
			name := map[sbom.Rel]string{sbom.TrainedOn: "trainedOn", sbom.EvaluatedOn: "evaluatedOn"}[edge.Rel]
			list.add(modelMirror+name, strings.TrimPrefix(strings.Join(edge.Notes, ", ")+": "+Called(e.Node[edge.To]), ": "))
		}
	}
	if p := n.Process; p != nil {
		list.process(p)
	}
	if n.Model != nil {
		list.metrics(n.Model.Metrics)
	}
}

// Called is the best name of a node for people.
func Called(n *sbom.Node) string {
	return cmp.Or(n.Keys.PURL, n.Keys.URL, n.Keys.Path, n.Name, string(n.ID))
}

// makers gives for each node the processes that produce or consume it.
func (e *Teller) makers() map[sbom.ID]map[sbom.Rel][]sbom.ID {
	if e.made != nil {
		return e.made
	}
	e.made = map[sbom.ID]map[sbom.Rel][]sbom.ID{}
	for i := range e.Graph.Edges {
		edge := &e.Graph.Edges[i]
		if from := e.Node[edge.From]; from == nil || from.Kind != sbom.KindProcess || edge.Rel != sbom.Produces && edge.Rel != sbom.Consumes {
			continue
		}
		if e.made[edge.To] == nil {
			e.made[edge.To] = map[sbom.Rel][]sbom.ID{}
		}
		e.made[edge.To][edge.Rel] = append(e.made[edge.To][edge.Rel], edge.From)
	}
	return e.made
}

func (m *mirror) process(p *sbom.Process) {
	m.add(processMirror+"type", p.Type)
	m.add(processMirror+"activity", p.Activity)
	m.add(processMirror+"tool", p.Tool)
	m.add(processMirror+"status", p.Status)
	m.add(processMirror+"by", p.By)
	for i, v := range p.Environment {
		if i < maxMirrored {
			m.add(processMirror+"environment", short(v.Name+"="+v.Value))
		}
	}
	m.metrics(p.Metrics)
}

// metrics say each value with what it was measured on and by.
func (m *mirror) metrics(list []sbom.Metric) {
	for i, v := range list {
		if i >= maxMirrored {
			return
		}
		text := v.Value
		if v.StdErr != "" {
			text += " ± " + v.StdErr
		}
		if on := MeasuredOn(v); on != "" {
			text += " on " + on
		}
		for _, s := range []struct{ word, value string }{{"samples", v.Samples}, {"by", v.Tool}, {"of", v.Tested}, {"at", v.Date}} {
			if s.value != "" {
				text += fmt.Sprintf("; %s %s", s.word, s.value)
			}
		}
		m.add(metricMirror+cmp.Or(v.Type, v.Name), short(text))
	}
}

func short(s string) string {
	if len(s) <= mirrorSize {
		return s
	}
	return strings.ToValidUTF8(s[:mirrorSize], "") + "…"
}

func (m *mirror) data(d *sbom.Dataset) {
	m.add(datasetMirror+"rootDigest", d.RootDigest)
	m.add(datasetMirror+"schemaDigest", d.SchemaDigest)
	m.add(datasetMirror+"availability", d.Availability)
	for _, p := range d.Origin {
		m.add(datasetMirror+"origin:"+p.Name, short(p.Value))
	}
	for _, s := range d.Usage {
		m.add(datasetMirror+"usage", short(s))
	}
	for i, s := range d.Splits {
		if i < maxMirrored && s.Rows > 0 {
			m.add(datasetMirror+"split:"+s.Name, strings.TrimSpace(fmt.Sprint(s.Rows, " rows ", s.Config)))
		}
	}
}

func (m *mirror) table(t *sbom.Table) {
	if t.Rows != nil {
		m.add(datasetMirror+"rows", fmt.Sprint(*t.Rows))
	}
	m.add(datasetMirror+"split", t.Split)
	if len(t.Columns) > 0 {
		m.add(datasetMirror+"columns", fmt.Sprint(len(t.Columns)))
		m.add(datasetMirror+"schemaDigest", sbom.SchemaDigest(t.Columns))
	}
}

// MeasuredOn says what a value was measured on.
func MeasuredOn(m sbom.Metric) string {
	var on []string
	shots := m.Shots
	if shots != "" {
		shots += "-shot"
	}
	for _, s := range []string{m.Task, cmp.Or(m.Dataset, m.DatasetOf), m.Config, m.Split, shots, m.Filter, m.Slice} {
		if s != "" && !slices.Contains(on, s) {
			on = append(on, s)
		}
	}
	return strings.Join(on, " · ")
}
