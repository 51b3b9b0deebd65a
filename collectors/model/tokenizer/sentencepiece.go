package tokenizer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/mlbom/mlbom/sbom"
)

// Numbers of fields in sentencepiece_model.proto.
const (
	modelPieces     = 1
	modelTrainer    = 2
	modelNormalizer = 3
	pieceText       = 1
	pieceType       = 3
)

// Bounds on a SentencePiece model.
const (
	maxMessage = 16 << 20 // bytes of one piece or of the trainer's settings
	maxInputs  = 20
)

// Kinds of field on the wire.
const (
	wireVarint = 0
	wireFixed8 = 1
	wireBytes  = 2
	wireFixed4 = 5
)

var errWire = errors.New("the bytes are no protobuf message")

// spm is a SentencePiece model while it is read.
type spm struct {
	facts
	pieces  int64
	special map[string]int64 // ids of special tokens: "unk" ... as the trainer gave them
	text    map[int64]string // pieces with these low ids
	types   map[uint64]int64
}

const lowIDs = 1000 // special tokens stand at the start

// readSentencePiece reads a ModelProto, piece by piece.
func readSentencePiece(in source) (*facts, error) {
	m := &spm{special: map[string]int64{"unk": 0, "bos": 1, "eos": 2, "pad": -1}, text: map[int64]string{}, types: map[uint64]int64{}}
	r := bufio.NewReaderSize(in.reader(), 1<<16)
	err := m.read(r)
	if m.pieces == 0 {
		return nil, &sbom.Problem{Reason: "neither a SentencePiece model nor ranks of tiktoken; find out what the file is"}
	}
	m.VocabSize = m.pieces
	if m.Type == "" {
		m.Type = modelTypes[1] // the default of the format
	}
	m.tokens()
	for _, k := range []struct {
		kind uint64
		name string
	}{{3, "control_pieces"}, {4, "user_defined_pieces"}, {6, "byte_pieces"}} {
		m.step(k.name, count(m.types[k.kind]))
	}
	if err != nil {
		err = &sbom.Problem{Reason: fmt.Sprintf("the SentencePiece model breaks off after %d pieces: %v; fetch it anew", m.pieces, err)}
	}
	return &m.facts, errors.Join(err, in.whole())
}

// tokens names the special tokens.
func (m *spm) tokens() {
	for _, k := range []struct {
		name string
		into *string
	}{{"unk", &m.UNK}, {"bos", &m.BOS}, {"eos", &m.EOS}, {"pad", &m.PAD}} {
		if id := m.special[k.name]; id >= 0 {
			*k.into = m.text[id]
		}
	}
}

// modelTypes are those of TrainerSpec.ModelType, in the words of tokenizers.
var modelTypes = map[uint64]string{1: "Unigram", 2: "BPE", 3: "Word", 4: "Char"}

func (m *spm) read(r *bufio.Reader) error {
	for {
		field, kind, err := tag(r)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind != wireBytes {
			if err := pass(r, kind); err != nil {
				return err
			}
			continue
		}
		n, err := binary.ReadUvarint(r)
		if err != nil || n > maxMessage {
			return errWire
		}
		if field > modelNormalizer {
			if _, err := r.Discard(int(n)); err != nil {
				return err
			}
			continue
		}
		data := make([]byte, n)
		if _, err := io.ReadFull(r, data); err != nil {
			return err
		}
		if err := m.message(field, data); err != nil {
			return err
		}
	}
}

func (m *spm) message(field uint64, data []byte) error {
	switch field {
	case modelPieces:
		id, kind := m.pieces, uint64(1)
		m.pieces++
		err := fields(data, func(n, v uint64, text []byte) {
			switch {
			case n == pieceType:
				kind = v
			case n == pieceText && id < lowIDs && len(text) <= maxStep:
				m.text[id] = valid(text)
			}
		})
		m.types[min(kind, 7)]++
		return err
	case modelTrainer:
		return m.trainer(data)
	}
	return fields(data, func(n, _ uint64, text []byte) {
		if n == 1 {
			m.step("normalizer", valid(text))
		}
	})
}

// trainer reads TrainerSpec. Its inputs are the files of text that the tokenizer
// was made of.
func (m *spm) trainer(data []byte) error {
	inputs := 0
	return fields(data, func(n, v uint64, text []byte) {
		switch n {
		case 1:
			if inputs++; inputs <= maxInputs {
				m.step("trained_on", valid(text))
			}
		case 3:
			m.Type = modelTypes[v]
		case 35:
			m.step("byte_fallback", strconv.FormatBool(v != 0))
		case 40, 41, 42, 43:
			m.special[[]string{"unk", "bos", "eos", "pad"}[n-40]] = int64(int32(v))
		}
	})
}

// fields walks one message; text is that of a field with bytes, v any number.
func fields(data []byte, each func(field, v uint64, text []byte)) error {
	for len(data) > 0 {
		key, n := binary.Uvarint(data)
		if n <= 0 || key>>3 == 0 {
			return errWire
		}
		data = data[n:]
		var v uint64
		var text []byte
		switch key & 7 {
		case wireVarint:
			if v, n = binary.Uvarint(data); n <= 0 {
				return errWire
			}
		case wireFixed8:
			n = 8
		case wireFixed4:
			n = 4
		case wireBytes:
			size, used := binary.Uvarint(data)
			if used <= 0 || size > uint64(len(data)-used) {
				return errWire
			}
			text, n = data[used:used+int(size)], used+int(size)
		default:
			return errWire
		}
		if n > len(data) {
			return errWire
		}
		data = data[n:]
		each(key>>3, v, text)
	}
	return nil
}

func tag(r *bufio.Reader) (field uint64, kind int, err error) {
	if _, err := r.Peek(1); err != nil {
		return 0, 0, err
	}
	key, err := binary.ReadUvarint(r)
	if err != nil || key>>3 == 0 {
		return 0, 0, errWire
	}
	return key >> 3, int(key & 7), nil
}

// pass passes over a value that is no bytes.
func pass(r *bufio.Reader, kind int) (err error) {
	switch kind {
	case wireVarint:
		_, err = binary.ReadUvarint(r)
	case wireFixed8:
		_, err = r.Discard(8)
	case wireFixed4:
		_, err = r.Discard(4)
	default:
		err = errWire
	}
	return err
}
