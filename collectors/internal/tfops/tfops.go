// Package tfops knows the operators of TensorFlow: which there are, and which reach
// out of a graph. TensorFlow Lite can use them too.
//
// Source: ops.txt are those that TensorFlow 2.21 registers
// (collectors/model/tensorflow/testdata/oracle.py writes it); what they do is
// documented in core/api_def.
package tfops

import (
	_ "embed"
	"strings"
	"sync"
)

// Does says in two words what an operator does outside of the graph; "" for one
// that does nothing there.
func Does(op string) string { return reaching()[op] }

// What operators do.
const (
	Writes   = "writes files"
	Reads    = "reads files"
	Lists    = "lists files"
	Python   = "runs Python"
	Network  = "talks over the network"
	Changes  = "changes how files are opened"
	SavesOut = "writes a checkpoint outside of the saver"
)

var reaching = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for does, names := range map[string]string{
		Writes: `WriteFile SaveDataset SaveDatasetV2 DistributedSave SnapshotDataset SnapshotDatasetV2
			CreateSummaryFileWriter CreateSummaryDbWriter`,
		Reads: `ReadFile WholeFileReader WholeFileReaderV2 FixedLengthRecordReader FixedLengthRecordReaderV2 TextLineReader
			TextLineReaderV2 TFRecordReader TFRecordReaderV2 LMDBReader TextLineDataset TFRecordDataset TFRecordDatasetV2
			FixedLengthRecordDataset FixedLengthRecordDatasetV2 SqlDataset ExperimentalSqlDataset LMDBDataset ExperimentalLMDBDataset
			CSVDataset CSVDatasetV2 ExperimentalCSVDataset LoadDataset LoadAndRemapMatrix`,
		Lists:  "MatchingFiles MatchingFilesDataset ExperimentalMatchingFilesDataset",
		Python: "PyFunc PyFuncStateless EagerPyFunc",
		Network: `RegisterDataset RegisterDatasetV2 DataServiceDataset DataServiceDatasetV2 DataServiceDatasetV3
			DataServiceDatasetV4 RpcClient RpcCall RpcServer RpcServerStart RpcServerRegister RpcCheckStatus RpcGetValue`,
		Changes: "FileSystemSetConfiguration",
	} {
		for name := range strings.FieldsSeq(names) {
			out[name] = does
		}
	}
	return out
})

// Saves tells whether the operator writes checkpoints, which is the saver's
// business and nobody else's.
func Saves(op string) bool {
	switch op {
	case "Save", "SaveSlices", "SaveV2", "MergeV2Checkpoints":
		return true
	}
	return false
}

//go:embed ops.txt
var names string

var known = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		out[name] = true
	}
	return out
})

// Known tells whether TensorFlow registers the operator; those of its own passes
// begin with an underscore.
func Known(op string) bool { return known()[op] || strings.HasPrefix(op, "_") }
