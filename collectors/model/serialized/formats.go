package serialized

import (
	"encoding/binary"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
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

// Bounds on an ONNX file.
const (
	maxFields = 4096
	maxText   = 1024
)

// fields are those of ModelProto, with their wire types.
var fields = map[uint64]uint64{1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}

var texts = map[uint64]string{2: "producer_name", 3: "producer_version", 4: "domain"}

// onnx walks the outermost fields of ModelProto; what they hold is skipped.
func onnx(r io.ReaderAt, size int64) (found, error) {
	is := found{format: "onnx", model: true}
	broken := errors.New("the file is not ONNX, or damaged")
	graph := false
	for at, n := int64(0), 0; at < size; n++ {
		tag, value, next, ok := field(r, at)
		number, wire := tag>>3, tag&7
		if want, known := fields[number]; !ok || n == maxFields || !known || want != wire {
			if !graph {
				return found{}, broken
			}
			return is, broken
		}
		switch {
		case wire == 0 && number == 1:
			is.facts = append(is.facts, sbom.Property{Name: "onnx:ir_version", Value: strconv.FormatUint(value, 10)})
		case wire == 0 && number == 5 && value > 0:
			is.facts = append(is.facts, sbom.Property{Name: "onnx:model_version", Value: strconv.FormatUint(value, 10)})
		case wire == 2:
			if value > uint64(size-next) {
				return is, errors.New("the file is not complete: it ends within a field of ONNX")
			}
			if name := texts[number]; name != "" && value > 0 && value <= maxText {
				data := make([]byte, value)
				if _, err := r.ReadAt(data, next); err == nil || err == io.EOF {
					is.facts = append(is.facts, sbom.Property{Name: "onnx:" + name, Value: strings.ToValidUTF8(string(data), "\uFFFD")})
				}
			}
			graph = graph || number == 7
			next += int64(value)
		}
		at = next
	}
	if !graph {
		return found{}, errors.New("the file is not ONNX: it holds no graph")
	}
	return is, nil
}

// field reads a tag and the number behind it: the value, or the length.
func field(r io.ReaderAt, at int64) (tag, value uint64, next int64, ok bool) {
	var buf [20]byte
	n, _ := r.ReadAt(buf[:], at)
	tag, a := binary.Uvarint(buf[:n])
	if a <= 0 {
		return 0, 0, 0, false
	}
	value, b := binary.Uvarint(buf[a:n])
	if b <= 0 {
		return 0, 0, 0, false
	}
	return tag, value, at + int64(a+b), true
}
