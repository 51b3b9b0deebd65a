package tokenizer

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"

	"github.com/mlbom/mlbom/sbom"
)

const maxLine = 1 << 20 // bytes of one line of a vocabulary

// readTekken reads tekken.json: its settings come first, so that the vocabulary
// after them is counted alone.
func readTekken(in source) (*facts, error) {
	t := &facts{Tokenizer: sbom.Tokenizer{Type: "tekken"}}
	tokens, known := int64(0), false
	s := newStream(in)
	_, err := s.object(func(key string) error {
		switch key {
		case "config":
			known = true
			_, err := s.object(func(key string) error {
				v, err := s.scalar()
				switch key {
				case "default_vocab_size":
					t.VocabSize, _ = strconv.ParseInt(v, 10, 64)
				case "version", "default_num_special_tokens", "num_vocab_tokens":
					t.step(key, v)
				}
				return err
			})
			return err
		case "vocab":
			return s.array(func() error { tokens++; return s.skip() })
		}
		return s.skip()
	})
	t.step("tokens", count(tokens))
	if err != nil {
		err = fail(err)
	}
	if !known {
		return nil, errors.Join(err, in.whole())
	}
	t.VocabSize = max(t.VocabSize, 0)
	return t, errors.Join(err, in.whole())
}

// readVocabulary reads vocab.json: a mapping of tokens to numbers.
func readVocabulary(in source) (*facts, error) {
	t := &facts{}
	s := newStream(in)
	ok, err := s.object(func(string) error {
		t.VocabSize++
		return s.skip()
	})
	if err != nil {
		err = fail(err)
	}
	if !ok {
		return nil, err
	}
	return t, errors.Join(err, in.whole())
}

// eachLine calls each for every line, without its end, of at most [maxLine] bytes.
func eachLine(in source, each func(n int, line []byte) error) error {
	lines := bufio.NewScanner(in.reader())
	lines.Buffer(make([]byte, 0, 1<<16), maxLine)
	n := 0
	for lines.Scan() {
		n++
		if err := each(n, lines.Bytes()); err != nil {
			return err
		}
	}
	if lines.Err() != nil {
		return &sbom.Problem{Line: n + 1, Reason: "the line cannot be read: " + lines.Err().Error()}
	}
	return in.whole()
}

// readLines reads vocab.txt (a token a line) and merges.txt (a pair a line, after
// a line with the version).
func readLines(in source, name string) (*facts, error) {
	t := &facts{}
	merges := name == "merges.txt"
	n := int64(0)
	err := eachLine(in, func(at int, line []byte) error {
		if merges && (len(bytes.TrimSpace(line)) == 0 || at == 1 && bytes.HasPrefix(line, []byte("#version"))) {
			return nil
		}
		n++
		return nil
	})
	if merges {
		t.Type = "BPE"
		t.step("merges", count(n))
		return t, err
	}
	t.VocabSize = n
	return t, err
}

// isRanks tells whether a file is a list of ranks of tiktoken, not a protobuf.
func isRanks(in source) bool {
	head := make([]byte, 256)
	n, _ := in.at.ReadAt(head, 0)
	line, _, ok := bytes.Cut(head[:n], []byte("\n"))
	return ok && rank(line)
}

// rank tells whether a line is a token in base64 and a number.
func rank(line []byte) bool {
	token, number, ok := bytes.Cut(bytes.TrimRight(line, "\r"), []byte(" "))
	if _, err := strconv.ParseUint(string(number), 10, 32); !ok || err != nil {
		return false
	}
	_, err := base64.StdEncoding.DecodeString(string(token))
	return err == nil || string(token) == "=" // Python's decoder takes it, and Whisper's vocabulary has it
}

// readRanks reads a file of tiktoken.
func readRanks(in source) (*facts, error) {
	t := &facts{Tokenizer: sbom.Tokenizer{Type: "tiktoken"}}
	err := eachLine(in, func(at int, line []byte) error {
		switch {
		case len(line) == 0:
		case rank(line):
			t.VocabSize++
		default:
			return &sbom.Problem{Line: at, Reason: "no token in base64 with its rank; what follows is not read"}
		}
		return nil
	})
	if t.VocabSize == 0 {
		return nil, errors.Join(err, errors.New("the file holds no ranks of tiktoken"))
	}
	return t, err
}
