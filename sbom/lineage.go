package sbom

import (
	"slices"
	"strings"
)

// lineage says of models and datasets what follows from the processes that make and
// measure them: a model that a training writes was trained on the data that the
// training reads, whoever says so only of files: a DVC stage reads train.csv and
// writes model.safetensors, and a card says of which dataset and model these are.
func (ix *index) lineage() {
	l := &lineage{index: ix, wholes: map[ID][]*Node{}, files: map[string]*Node{}, edges: map[edgeKey]int{}}
	for i, e := range ix.g.Edges {
		l.edges[edgeKey{e.From, e.To, e.Rel}] = i
		if from, to := ix.node[e.From], ix.node[e.To]; e.Rel == Contains && to.Kind == KindFile && (from.Kind == KindModel || from.Kind == KindDataset) {
			l.wholes[e.To] = append(l.wholes[e.To], from)
		}
	}
	for _, n := range ix.g.Nodes {
		if n.Kind == KindFile {
			for _, p := range n.paths() {
				l.files[p] = n
			}
		}
	}
	for _, n := range ix.g.Nodes {
		if n.Kind == KindDataset {
			l.part(n)
		}
	}
	for _, n := range ix.g.Nodes {
		if n.Kind == KindProcess && n.Process != nil {
			l.process(n)
		}
	}
}

type edgeKey struct {
	from, to ID
	rel      Rel
}

type lineage struct {
	*index
	wholes map[ID][]*Node // models and datasets that contain a file
	files  map[string]*Node
	edges  map[edgeKey]int // where the edge stands in the graph
}

// part ties a dataset that is named by one file to the one that the file belongs to.
func (l *lineage) part(n *Node) {
	for _, over := range l.over(n) {
		l.add(over, n, Contains, nil, n.Keys.Path)
	}
}

// over are the datasets of more than one file that hold the file that a dataset is.
func (l *lineage) over(n *Node) []*Node {
	var list []*Node
	for _, p := range n.paths() {
		f := l.files[p]
		if f == nil || strings.HasSuffix(p, "/") {
			continue
		}
		for _, over := range l.wholes[f.ID] {
			if over.Kind == KindDataset && over != n && slices.ContainsFunc(over.paths(), func(p string) bool { return strings.HasSuffix(p, "/") }) {
				list = append(list, over)
			}
		}
	}
	return list
}

// process ties what a process reads and what it writes.
func (l *lineage) process(p *Node) {
	switch p.Process.Activity {
	case ActivityTraining, ActivityFineTuning, ActivityEvaluation:
	default:
		return
	}
	var made, read []*Node
	var data []reading
	for _, i := range slices.Clone(l.out[p.ID]) {
		switch e := l.g.Edges[i]; e.Rel {
		case Produces:
			made = append(made, l.models(l.node[e.To])...)
		case Consumes:
			read = append(read, l.models(l.node[e.To])...)
			data = append(data, l.data(l.node[e.To])...)
		}
	}
	models := made
	if p.Process.Activity == ActivityEvaluation {
		models = read
	}
	for _, m := range models {
		for _, d := range data {
			rel, role := d.role(p.Process.Activity)
			if d.part != d.node.ID && l.used(m, d.part) { // of the very part it is said, which says more
				continue
			}
			l.add(m, d.node, rel, []string{role}, p.place())
		}
		for _, base := range read {
			if p.Process.Activity == ActivityFineTuning && base != m {
				l.add(m, base, DerivedFrom, []string{"finetune"}, p.place())
			}
		}
	}
}

// used tells whether a model is known to be trained or tested on a dataset.
func (l *lineage) used(m *Node, data ID) bool {
	_, trained := l.edges[edgeKey{m.ID, data, TrainedOn}]
	_, tested := l.edges[edgeKey{m.ID, data, EvaluatedOn}]
	return trained || tested
}

func (n *Node) place() string {
	if len(n.Seen) > 0 {
		return n.Seen[0].Path
	}
	return n.Keys.Path
}

// reading is a dataset as a process reads it, by itself or as the whole of a part.
type reading struct {
	node  *Node
	split string
	part  ID
}

func (d reading) role(activity string) (Rel, string) {
	switch strings.ToLower(d.split) {
	case "validation", "valid", "val", "dev":
		return EvaluatedOn, RoleValidation
	case "test", "testing", "eval", "evaluation":
		return EvaluatedOn, RoleTest
	}
	if activity == ActivityEvaluation {
		return EvaluatedOn, RoleTest
	}
	return TrainedOn, RoleTrain
}

// models are what is read or written as a model: itself, or those that hold the file.
func (l *lineage) models(n *Node) []*Node {
	if n.Kind == KindModel {
		return []*Node{n}
	}
	return l.holding(n, KindModel)
}

func (l *lineage) holding(n *Node, kind Kind) []*Node {
	if n.Kind != KindFile {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(l.wholes[n.ID]), func(over *Node) bool { return over.Kind != kind })
}

func (l *lineage) data(n *Node) []reading {
	split := ""
	if n.File != nil {
		split = n.File.Table.Split
	}
	var list []reading
	for _, d := range l.holding(n, KindDataset) {
		list = append(list, reading{d, split, n.ID})
	}
	if n.Kind != KindDataset {
		return list
	}
	for _, p := range n.paths() {
		if f := l.files[p]; f != nil && f.File != nil {
			split = f.File.Table.Split
		}
	}
	if over := l.over(n); len(over) > 0 {
		for _, d := range over {
			list = append(list, reading{d, split, n.ID})
		}
		return list
	}
	return []reading{{n, split, n.ID}}
}

// add makes an edge that nobody states, or one more role on one made before.
func (l *lineage) add(from, to *Node, rel Rel, notes []string, at string) {
	key := edgeKey{from.ID, to.ID, rel}
	if i, ok := l.edges[key]; ok || from == to {
		if e := &l.g.Edges[i]; ok && len(notes) > 0 && e.Seen[0].By == derivedBy && !slices.Contains(e.Notes, notes[0]) {
			e.Notes = sorted(append(e.Notes, notes...), strings.Compare)
		}
		return
	}
	l.edges[key] = len(l.g.Edges)
	l.tied[[2]ID{from.ID, to.ID}] = true
	l.out[from.ID] = append(l.out[from.ID], len(l.g.Edges))
	l.g.Edges = append(l.g.Edges, Edge{From: from.ID, To: to.ID, Rel: rel, Notes: notes, Seen: []Seen{derivedAt(at)}})
}
