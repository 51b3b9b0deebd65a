package pickle

import (
	"context"

	"github.com/mlbom/mlbom/sbom"
)

// IsPickle tells whether a file with these first bytes (up to [sbom.HeadSize], all
// of the file where it is shorter) is a pickle of any protocol. Protocols 0 and 1
// have no magic number, so the opcodes are run: they have to fit one another.
func IsPickle(head []byte) bool {
	return len(head) >= 2 && isPickle(table(), head, len(head) < sbom.HeadSize)
}

// isPickle; whole says that no more bytes follow.
func isPickle(ops *[256]opcode, head []byte, whole bool) bool {
	if len(head) < 2 || ops[head[0]].run == nil {
		return false
	}
	a := &analysis{ctx: context.Background(), ops: ops, tally: newTally(), depth: maxDeep}
	a.options.Budget = &Budget{int64(len(head)+1) * judgeCost}
	in := overBytes(head, 0)
	m := newMachine(a, in)
	m.strict = true
	ok := m.run()
	magic := head[0] == 0x80 && head[1] >= 1 && head[1] <= 5
	switch {
	case ok:
		left := len(head) - in.at
		if head[0] == 'c' && m.steps == 2 && left > 0 && printable(head) {
			return false // lines of text: "cache", "__pycache__", ".venv" is an import, were it loaded
		}
		return magic || m.strong > 1 || m.strong == 1 && m.steps > 1 || m.steps > 1 && left == 0 && !printable(head)
	case m.fault == ended && !whole:
		return magic && m.steps > 1 || m.strong > 0 && m.steps > 3
	case m.fault == ended:
		return magic && m.steps > 2 || m.strong > 1 && m.steps > 3
	}
	// Code that ran before the error has run; and the bytes of joblib's arrays are no opcodes.
	return magic && m.strong > 2 || a.tally.harm()
}
