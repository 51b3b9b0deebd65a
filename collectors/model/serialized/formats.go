package serialized

import (
	"encoding/binary"
	"regexp"
	"strings"
)

const hdf5Magic = "\x89HDF\r\n\x1a\n"

// isHDF5 looks where the signature may stand: at 0, 512, 1024, 2048.
func isHDF5(s string) bool {
	for at := 0; at <= 2048; at = max(512, at*2) {
		if at < len(s) && strings.HasPrefix(s[at:], hdf5Magic) {
			return true
		}
	}
	return false
}

// hdf5 tells a Keras model from other data by the names that Keras writes into
// the first groups.
func hdf5(s, ext string) found {
	is := found{format: "hdf5"}
	for _, mark := range []string{"model_weights", "model_config", "layer_names", "keras_version", "weight_names", "layers\x00"} {
		if strings.Contains(s, mark) && (ext == ".h5" || ext == ".hdf5" || ext == ".keras") {
			is.model = true
		}
	}
	return is
}

func isTFLite(head []byte) bool {
	return len(head) > 8 && string(head[4:8]) == "TFL3" && binary.LittleEndian.Uint32(head) < 1<<16
}

func isMsgpackMap(head []byte) bool {
	return len(head) > 1 && (head[0]&0xf0 == 0x80 || head[0] == 0xde || head[0] == 0xdf)
}

var objectType = regexp.MustCompile(`'descr':[^}]*'[|<>=]?O\d*'`)

// numpy reads the header of an array: one of objects holds a pickle.
func numpy(head []byte) found {
	is := found{format: "npy"}
	if len(head) < 12 {
		return is
	}
	start, n := 10, int(binary.LittleEndian.Uint16(head[8:]))
	if head[6] >= 2 {
		start, n = 12, int(min(binary.LittleEndian.Uint32(head[8:]), 1<<16))
	}
	if objectType.Match(head[start:min(len(head), start+n)]) {
		is.unsafe = "a NumPy array of objects, which is a pickle: loading it with allow_pickle can run any code"
	}
	return is
}

// tensorflow knows a SavedModel, and a graph by its first node.
func tensorflow(head []byte, base string) found {
	s := string(head)
	if base == "saved_model.pb" && len(s) > 3 && s[0] == 0x08 && s[2] == 0x12 {
		return found{format: "tensorflow-savedmodel", model: true}
	}
	if len(s) < 4 || s[0] != 0x0a {
		return found{}
	}
	n, used := binary.Uvarint(head[1:min(len(head), 11)])
	node := head[1+max(used, 0):]
	if used <= 0 || n < 4 || len(node) < 4 || node[0] != 0x0a || int(node[1]) > 127 || 2+int(node[1])+2 > len(node) || uint64(node[1]) > n {
		return found{}
	}
	op := node[2+int(node[1]):]
	if op[0] != 0x12 || 2+int(op[1]) > len(op) || !operator.Match(op[2:2+int(op[1])]) {
		return found{}
	}
	return found{format: "tensorflow-graph", model: true}
}

var operator = regexp.MustCompile(`^[A-Z_][A-Za-z0-9_>]*$`)

const maxText = 1024 // bytes
