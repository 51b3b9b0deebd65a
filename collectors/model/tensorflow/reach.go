package tensorflow

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mlbom/mlbom/sbom"
)

// reaching are operators that reach out of the graph, and what they do.
var reaching = func() map[string]string {
	out := map[string]string{}
	for does, names := range map[string]string{
		"writes files": `WriteFile SaveDataset SaveDatasetV2 DistributedSave SnapshotDataset SnapshotDatasetV2
			CreateSummaryFileWriter CreateSummaryDbWriter`,
		"reads files": `ReadFile WholeFileReader WholeFileReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 TextLineReader
			TextLineReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader TextLineDataset TFRecordDataset TFRecordDatasetV2
			FixedLengthRecordDataset FixedLengthRecordDatasetV2 SqlDataset ExperimentalSqlDataset LMDBDataset ExperimentalLMDBDataset
			CSVDataset CSVDatasetV2 ExperimentalCSVDataset LoadDataset LoadAndRemapMatrix`,
		"lists files": "MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset",
		"runs Python": "PyFunc PyFuncStateless EagerPyFunc",
		"talks over the network": `RegisterDataset RegisterDatasetV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3
			DataServiceDatasetV4 RpcClient RpcCall RpcServer RpcServerStart RpcServerRegister RpcCheckStatus RpcGetValue`,
		"changes how files are opened": "FileSystemSetConfiguration",
	} {
		for name := range strings.FieldsSeq(names) {
			out[name] = does
		}
	}
	return out
}()

// training are those that an exported training graph has for its input, and that
// nothing runs when it is loaded.
var training = map[string]bool{"reads files": true, "lists files": true}

// savers write checkpoints. They are the saver's business, and nobody else's.
var savers = map[string]bool{"Save": true, "SaveSlices": true, "SaveV2": true, "MergeV2Checkpoints": true}

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
	return "", reaching[op] != "" || savers[op]
}

// does says what a flagged node does; "" for nothing that is reported.
func (m *model) does(f flagged, format string, saving bool) string {
	what := reaching[f.op]
	switch {
	case savers[f.op]:
		if !saving {
			what = "writes a checkpoint outside of the saver"
		}
	case f.op == "PrintV2":
		what = "writes files"
	case strings.HasPrefix(f.op, "Debug"):
		what = "sends tensors elsewhere"
	case f.op == "DecodeProtoV2" || f.op == "EncodeProto":
		what = "reads files"
	case strings.HasPrefix(f.op, "CacheDataset") && f.text != "":
		what = "writes files"
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
		take(b, func(f flagged) bool { return nodes[i][f.node] || format == formatGraph && plainSaver(f) })
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

// plainSaver: a graph alone does not say where its saver is. The library puts it
// into a scope of its own, with a name that the caller replaces.
func plainSaver(f flagged) bool {
	scope, _, ok := strings.Cut(f.node, "/")
	return ok && strings.HasPrefix(scope, "save") && !strings.ContainsAny(f.text, `/\:`)
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

//go:embed ops.txt
var opsText string

var known = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(opsText) {
		out[name] = true
	}
	return out
})

const namedInMsg = 5

// custom tells of operators that TensorFlow does not register. Until its second
// version a node could name a function as its operator.
func (m *model) custom() []sbom.Finding {
	var names []string
	at := int64(0)
	for op, u := range m.operators {
		if known()[op] || m.functions[op] != nil || strings.HasPrefix(op, "_") {
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
