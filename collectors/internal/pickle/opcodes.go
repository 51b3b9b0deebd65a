package pickle

import "sync"

// shape says what follows an opcode in the stream.
type shape uint8

const (
	bare  shape = iota
	uint1       // little endian, as all that follow but the float
	uint2
	int4
	uint4
	uint8b
	float8 // big endian
	line   // text up to a newline
	lines  // two of them
	text1  // a length in 1, 4 (signed), 4, 8 bytes, then so many bytes
	text4s
	text4
	text8
	long1 // a number: length in 1 or 4 (signed) bytes, then little endian
	long4
)

// opcode is one instruction of the machine; the names are those of Python's pickletools.
type opcode struct {
	name  string
	shape shape
	run   func(*machine, *argument)
	// weights: PyTorch's weights_only loader knows it.
	weights bool
}

// table holds the 68 opcodes by their byte; the others have no name. It is made on
// first use: what opcodes do may run a pickle in the pickle, so that an initial
// value would need itself.
func table() *[256]opcode {
	opcodes.once.Do(func() { opcodes.table = newTable() })
	return &opcodes.table
}

var opcodes struct {
	once  sync.Once
	table [256]opcode
}

func newTable() [256]opcode {
	return [256]opcode{
		'I': {"INT", line, opInt, false}, 'J': {"BININT", int4, opNumber, true}, 'K': {"BININT1", uint1, opNumber, true},
		'M': {"BININT2", uint2, opNumber, true}, 'L': {"LONG", line, opLongText, false},
		0x8a: {"LONG1", long1, opLong, true}, 0x8b: {"LONG4", long4, opLong, false},
		'S': {"STRING", line, opString, false}, 'T': {"BINSTRING", text4s, opText, false}, 'U': {"SHORT_BINSTRING", text1, opText, true},
		'B': {"BINBYTES", text4, opBytes, false}, 'C': {"SHORT_BINBYTES", text1, opBytes, false}, 0x8e: {"BINBYTES8", text8, opBytes, false},
		0x96: {"BYTEARRAY8", text8, opBytes, false}, 0x97: {"NEXT_BUFFER", bare, opNextBuffer, false}, 0x98: {"READONLY_BUFFER", bare, opNothing, false},
		'N': {"NONE", bare, opNone, true}, 0x88: {"NEWTRUE", bare, opTrue, true}, 0x89: {"NEWFALSE", bare, opFalse, true},
		'V': {"UNICODE", line, opUnicode, false}, 0x8c: {"SHORT_BINUNICODE", text1, opText, false}, 'X': {"BINUNICODE", text4, opText, true},
		0x8d: {"BINUNICODE8", text8, opText, false},
		'F':  {"FLOAT", line, opFloatText, false}, 'G': {"BINFLOAT", float8, opFloat, true},
		']': {"EMPTY_LIST", bare, opEmptyList, true}, 'a': {"APPEND", bare, opAppend, true}, 'e': {"APPENDS", bare, opAppends, true},
		'l': {"LIST", bare, opList, false},
		')': {"EMPTY_TUPLE", bare, opEmptyTuple, true}, 't': {"TUPLE", bare, opTuple, true}, 0x85: {"TUPLE1", bare, opTuple1, true},
		0x86: {"TUPLE2", bare, opTuple2, true}, 0x87: {"TUPLE3", bare, opTuple3, true},
		'}': {"EMPTY_DICT", bare, opEmptyDict, true}, 'd': {"DICT", bare, opDict, false},
		's': {"SETITEM", bare, opSetItem, true}, 'u': {"SETITEMS", bare, opSetItems, true},
		0x8f: {"EMPTY_SET", bare, opEmptySet, true}, 0x90: {"ADDITEMS", bare, opAddItems, false}, 0x91: {"FROZENSET", bare, opFrozenSet, false},
		'0': {"POP", bare, opPop, false}, '2': {"DUP", bare, opDup, false}, '(': {"MARK", bare, opMark, true}, '1': {"POP_MARK", bare, opPopMark, false},
		'g': {"GET", line, opGetText, false}, 'h': {"BINGET", uint1, opGet, true}, 'j': {"LONG_BINGET", uint4, opGet, true},
		'p': {"PUT", line, opPutText, false}, 'q': {"BINPUT", uint1, opPut, true}, 'r': {"LONG_BINPUT", uint4, opPut, true},
		0x94: {"MEMOIZE", bare, opMemoize, false},
		0x82: {"EXT1", uint1, opExtension, false}, 0x83: {"EXT2", uint2, opExtension, false}, 0x84: {"EXT4", int4, opExtension, false},
		'c': {"GLOBAL", lines, opGlobal, true}, 0x93: {"STACK_GLOBAL", bare, opStackGlobal, false},
		'R': {"REDUCE", bare, opReduce, true}, 'b': {"BUILD", bare, opBuild, true}, 'i': {"INST", lines, opInst, false},
		'o': {"OBJ", bare, opObj, false}, 0x81: {"NEWOBJ", bare, opNewObj, true}, 0x92: {"NEWOBJ_EX", bare, opNewObjEx, false},
		0x80: {"PROTO", uint1, opProto, true}, '.': {"STOP", bare, opStop, true}, 0x95: {"FRAME", uint8b, opFrame, false},
		'P': {"PERSID", line, opPersistentText, false}, 'Q': {"BINPERSID", bare, opPersistent, true},
	}
}
