package serialized

import (
	"encoding/binary"
	"regexp"
)

func isTFLite(head []byte) bool {
	return len(head) > 8 && string(head[4:8]) == "TFL3" && binary.LittleEndian.Uint32(head) < 1<<16
}

func isMsgpackMap(head []byte) bool {
	return len(head) > 1 && (head[0]&0xf0 == 0x80 || head[0] == 0xde || head[0] == 0xdf)
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
