package tensorflow

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// maxState bounds the lines of the file "checkpoint".
const maxState = 10000

// collectState reads the file "checkpoint", which names the last checkpoint of its
// folder: a CheckpointState in the text form of Protocol Buffers.
func collectState(f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil || !bytes.HasPrefix(bytes.TrimSpace(data), []byte("model_checkpoint_path:")) {
		return nil, nil // a name that other files have too
	}
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	file, err := weights.File(f, "tensorflow-checkpoint-state")
	if err != nil {
		return nil, err
	}
	seen := []sbom.Sighting{file}
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxState {
			return seen, &sbom.Problem{Line: n, Reason: "too many lines; the rest is not read"}
		}
		key, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if key != "model_checkpoint_path" && key != "all_model_checkpoint_paths" {
			continue
		}
		name, err := strconv.Unquote(strings.TrimSpace(value))
		if err != nil {
			return seen, &sbom.Problem{Line: n, Reason: key + " is no text in quotes"}
		}
		// an absolute path is that of the machine that trained: the library looks there
		if path.IsAbs(name) || strings.Contains(name, "://") || len(name) > 1 && name[1] == ':' {
			continue
		}
		if weights.Escapes(name) {
			seen[0].Findings = append(seen[0].Findings, sbom.Finding{Rule: sbom.RulePathEscape, Where: sbom.Place{Line: n},
				Message: fmt.Sprintf("the checkpoint %q is not inside the folder", clip(name))})
			continue
		}
		if key == "model_checkpoint_path" {
			seen = append(seen, latest(f, name, n, file))
		}
	}
	return seen, nil
}

// latest says of the checkpoint that is named as the last one that it is.
func latest(f *sbom.File, name string, line int, state sbom.Sighting) sbom.Sighting {
	prefix := path.Join(path.Dir(f.Path), name)
	owner := weights.Owner{Keys: sbom.Keys{Path: prefix + ".index"}, Name: path.Base(prefix), Auxiliary: true}
	s := owner.Model(formatCheckpoint, state)
	s.Basis, s.Where.Line = sbom.Declared, line
	s.Properties = []sbom.Property{{Name: "tensorflow:latest_checkpoint", Value: "true"}}
	return s
}

// collectFingerprint reads fingerprint.pb, by which a serving system knows a
// SavedModel again.
func collectFingerprint(f *sbom.File) ([]sbom.Sighting, error) {
	seen, err := part(f, "tensorflow-fingerprint")
	if err != nil || len(seen) < 2 {
		return seen, err
	}
	data, err := f.Bytes()
	if err != nil {
		return seen, err
	}
	top := protowalk.Open(bytes.NewReader(data), int64(len(data)))
	names := map[int]string{1: "saved_model_checksum", 2: "graph_def_program_hash", 3: "signature_def_hash", 4: "saved_object_graph_hash", 5: "checkpoint_hash"}
	for p := range top.Fields() {
		value := ""
		if name := names[p.Number]; name != "" && p.Wire != protowalk.Bytes {
			value = strconv.FormatUint(p.Value, 10)
		} else if p.Number == 7 {
			names[7], value = "uuid", p.Text(64)
		}
		if value != "" && value != "0" {
			seen[1].Properties = append(seen[1].Properties, sbom.Property{Name: "tensorflow:fingerprint:" + names[p.Number], Value: value})
		}
	}
	return seen, top.Err()
}
