package tensorflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/tfops"
	"github.com/mlbom/mlbom/sbom"
)

// training are those that an exported training graph has for its input, and that
// nothing runs when it is loaded.
var training = map[string]bool{tfops.Reads: true, tfops.Lists: true}

// reachesOut tells whether the node may reach out of the graph, with the place that
// its attributes name.
func reachesOut(op string, a attributes) (place string, reaches bool) {
	switch op {
	case "PrintV2":
		place = a.texts["output_stream"]
		return place, strings.HasPrefix(place, "file://")
	case "DebugIdentity", "DebugIdentityV2", "DebugIdentityV3", "DebugNanCount", "DebugNumericSummary", "DebugNumericSummaryV2":
		place = a.texts["debug_urls"]
		return place, place != ""
	case "DecodeProtoV2", "EncodeProto":
		place = a.texts["descriptor_source"]
		return place, place != "" && !strings.HasPrefix(place, "local://") && !strings.HasPrefix(place, "bytes://")
	case "CacheDataset", "CacheDatasetV2":
		return "", true // where its file has a name: see does
	}
	return "", tfops.Does(op) != "" || tfops.Saves(op)
}

// does says what a flagged node does; "" for nothing that is reported.
func (m *model) does(f flagged, format string, saving bool) string {
	what := tfops.Does(f.op)
	switch {
	case tfops.Saves(f.op):
		if !saving {
			what = tfops.SavesOut
		}
	case f.op == "PrintV2":
		what = tfops.Writes
	case strings.HasPrefix(f.op, "Debug"):
		what = "sends tensors elsewhere"
	case f.op == "DecodeProtoV2" || f.op == "EncodeProto":
		what = tfops.Reads
	case strings.HasPrefix(f.op, "CacheDataset") && f.text != "":
		what = tfops.Writes
	}
	if format == formatMeta && training[what] {
		return ""
	}
	return what
}

// reach gives a finding for each operator that reaches out of the graph.
func (m *model) reach(format string) []sbom.Finding {
	type found struct {
		does string
		at   int64
		n    int
		node string
		text string
	}
	byOp := map[string]*found{}
	take := func(b *body, saving func(flagged) bool) {
		for _, f := range b.flagged {
			does := m.does(f, format, saving(f))
			if does == "" {
				continue
			}
			was := byOp[f.op]
			if was == nil {
				was = &found{does, f.at, 0, f.node, f.text}
				byOp[f.op] = was
			}
			if was.n++; f.at < was.at {
				was.at, was.node, was.text = f.at, f.node, f.text
			}
		}
	}
	nodes, functions := m.saving()
	for i, b := range m.main {
		take(b, func(f flagged) bool { return nodes[i][f.node] || f.given })
	}
	for name, b := range m.functions {
		take(b, func(flagged) bool { return functions[name] })
	}
	var out []sbom.Finding
	for op, f := range byOp {
		msg := fmt.Sprintf("the operator %s %s", op, f.does)
		if f.text != "" {
			msg += fmt.Sprintf(" (%q)", f.text[:min(len(f.text), 200)])
		}
		msg += fmt.Sprintf(": node %q", f.node[:min(len(f.node), 200)])
		if f.n > 1 {
			msg += fmt.Sprintf(" and %d more", f.n-1)
		}
		out = append(out, sbom.Finding{Rule: sbom.RuleFileOp, Message: msg, Where: sbom.Place{Offset: f.at}})
	}
	slices.SortFunc(out, sbom.CompareFindings)
	return out
}

// saving gives the nodes of each main graph, and the functions, that the saver runs
// to save: all that what it asks for depends on.
func (m *model) saving() (nodes []map[string]bool, functions map[string]bool) {
	functions = map[string]bool{}
	var todo []string
	for _, b := range m.main {
		seen := map[string]bool{}
		stack := slices.Clone(m.saverRoots)
		for len(stack) > 0 {
			name := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			if seen[name] {
				continue
			}
			seen[name] = true
			for _, in := range b.inputs[name] {
				stack = append(stack, nodeOf(in))
			}
			todo = append(todo, b.calls[name]...)
		}
		nodes = append(nodes, seen)
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		b := m.functions[name]
		if b == nil || functions[name] {
			continue
		}
		functions[name] = true
		for _, calls := range b.calls {
			todo = append(todo, calls...)
		}
	}
	return nodes, functions
}

const namedInMsg = 5

// custom tells of operators that TensorFlow does not register. Until its second
// version a node could name a function as its operator.
func (m *model) custom() []sbom.Finding {
	var names []string
	at := int64(0)
	for op, u := range m.operators {
		if tfops.Known(op) || m.functions[op] != nil {
			continue
		}
		if len(names) == 0 || u.at < at {
			at = u.at
		}
		names = append(names, op)
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	some := strings.Join(names[:min(len(names), namedInMsg)], ", ")
	if len(names) > namedInMsg {
		some += fmt.Sprintf(" and %d more", len(names)-namedInMsg)
	}
	return []sbom.Finding{{Rule: sbom.RuleCustomOp, Where: sbom.Place{Offset: at}, Message: "operators are needed that TensorFlow does not have, which come from a library: " + some}}
}
