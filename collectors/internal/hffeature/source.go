package hffeature

import (
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

const (
	maxNodes = 200_000 // of one schema
	maxDepth = 64
)

// FromJSON takes over a value of a JSON document.
func FromJSON(v *jsonlines.Value) Node {
	budget := maxNodes
	return fromJSON(v, &budget, 0)
}

func fromJSON(v *jsonlines.Value, budget *int, depth int) Node {
	if *budget--; v == nil || v.Is(jsonlines.Null) || *budget < 0 || depth > maxDepth {
		return Node{}
	}
	n := Node{Line: v.Line, Is: Scalar, Text: v.Text}
	switch v.Kind {
	case jsonlines.Array:
		n = Node{Line: v.Line, Is: List}
		for _, i := range v.Items {
			n.Items = append(n.Items, fromJSON(i, budget, depth+1))
		}
	case jsonlines.Object:
		n = Node{Line: v.Line, Is: Mapping}
		for _, m := range v.Members {
			n.Pairs = append(n.Pairs, Pair{m.Key, m.Line, fromJSON(m.Value, budget, depth+1)})
		}
	}
	return n
}

// FromFront takes over a value of a front matter.
func FromFront(v frontmatter.Value) Node {
	budget := maxNodes
	return fromFront(v, &budget, 0)
}

func fromFront(v frontmatter.Value, budget *int, depth int) Node {
	if *budget--; *budget < 0 || depth > maxDepth {
		return Node{}
	}
	n := Node{Line: v.Line(), Is: Scalar, Text: v.Text()}
	switch {
	case v.IsMap():
		n = Node{Line: v.Line(), Is: Mapping}
		for _, p := range v.Pairs() {
			if *budget < 0 {
				break
			}
			n.Pairs = append(n.Pairs, Pair{p.Key, p.Line, fromFront(p.Value, budget, depth+1)})
		}
	case v.IsList():
		n = Node{Line: v.Line(), Is: List}
		for _, i := range v.List() {
			if *budget < 0 {
				break
			}
			n.Items = append(n.Items, fromFront(i, budget, depth+1))
		}
	case n.Text == "":
		return Node{Line: v.Line()}
	}
	return n
}

// Of is a mapping of one key: what a call of a class gives.
func Of(class string, line int, pairs ...Pair) Node {
	return Node{Line: line, Is: Mapping, Pairs: append(pairs, Pair{"_type", line, Node{line, class, nil, nil, Scalar}})}
}

// FromPython takes over a value that source code gives.
func FromPython(v pysource.Value) Node {
	switch v.Kind {
	case pysource.TextValue, pysource.NumberValue, pysource.BoolValue:
		return Node{Line: v.Line, Is: Scalar, Text: v.Text}
	case pysource.ListValue:
		n := Node{Line: v.Line, Is: List}
		for _, i := range v.Items {
			n.Items = append(n.Items, FromPython(i))
		}
		return n
	case pysource.DictValue:
		n := Node{Line: v.Line, Is: Mapping}
		for _, i := range v.Items {
			n.Pairs = append(n.Pairs, Pair{i.Key, i.Line, FromPython(i)})
		}
		return n
	}
	return Node{Line: v.Line}
}
