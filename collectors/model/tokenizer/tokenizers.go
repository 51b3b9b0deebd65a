package tokenizer

import (
	"errors"
	"strconv"
	"strings"
)

// fast is a tokenizer.json while it is read.
type fast struct {
	facts
	added    map[string]bool // tokens that are added to the vocabulary, and whether they stand in it
	again    bool            // the added tokens are known from a first reading
	late     bool            // the added tokens came after the model
	special  int64
	vocab    int64
	merges   int64
	hasModel bool
	shape    string // the type of a file without one, as tokenizers tells it
}

// readTokenizers reads tokenizer.json.
func readTokenizers(in source) (*facts, error) {
	t := &fast{added: map[string]bool{}}
	err := t.read(newStream(in))
	if err == nil && t.late && len(t.added) > 0 {
		t = &fast{added: t.added, again: true, special: t.special}
		err = t.read(newStream(in))
	}
	if err != nil {
		err = fail(err)
	}
	if !t.hasModel {
		return nil, errors.Join(err, in.whole()) // another program's file, where it is whole
	}
	t.close()
	return &t.facts, errors.Join(err, in.whole())
}

// close works out what follows from all that was read.
func (t *fast) close() {
	if t.Type == "" {
		t.Type = t.shape
	}
	t.VocabSize = t.vocab
	for _, there := range t.added {
		if !there {
			t.VocabSize++
		}
	}
	t.step("added_tokens", count(int64(len(t.added))))
	t.step("special_tokens", count(t.special))
	t.step("merges", count(t.merges))
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (t *fast) read(s *stream) error {
	_, err := s.object(func(key string) error {
		switch {
		case key == "added_tokens" && !t.again:
			t.late = t.hasModel
			return s.array(func() error { return t.addedToken(s) })
		case key == "normalizer", key == "pre_tokenizer", key == "post_processor", key == "decoder":
			types, err := steps(s)
			t.step(key, strings.Join(types, ", "))
			return err
		case key == "model":
			return t.model(s)
		}
		return s.skip()
	})
	return err
}

func (t *fast) addedToken(s *stream) error {
	content := ""
	_, err := s.object(func(key string) (err error) {
		switch key {
		case "content":
			content, err = s.str()
			return err
		case "special":
			v, err := s.scalar()
			if v == "true" {
				t.special++
			}
			return err
		}
		return s.skip()
	})
	if content != "" {
		t.added[content] = false
	}
	return err
}

// model reads the vocabulary, which is a mapping, or a list of pairs (Unigram).
func (t *fast) model(s *stream) error {
	_, err := s.object(func(key string) (err error) {
		switch key {
		case "type":
			t.Type, err = s.str()
			return err
		case "unk_token":
			t.UNK, err = s.str()
			return err
		case "vocab":
			t.vocab, t.hasModel = 0, true
			return t.vocabulary(s)
		case "merges":
			if t.shape == "" {
				t.shape = "BPE"
			}
			t.merges = 0
			return s.array(func() error { t.merges++; return s.skip() })
		case "max_input_chars_per_word":
			t.shape = "WordPiece"
		}
		return s.skip()
	})
	return err
}

func (t *fast) vocabulary(s *stream) error {
	token := func(text string) {
		t.vocab++
		if _, ok := t.added[text]; ok {
			t.added[text] = true
		}
	}
	if c, err := s.peek(); err != nil || c != '[' {
		_, err = s.object(func(key string) error {
			token(key)
			return s.skip()
		})
		return err
	}
	t.shape = "Unigram"
	return s.array(func() error {
		n, text := 0, ""
		err := s.array(func() (err error) {
			if n++; n == 1 {
				text, err = s.str()
				return err
			}
			return s.skip()
		})
		token(text)
		return err
	})
}

// steps gives the types of a step and of those in it.
func steps(s *stream) (types []string, err error) {
	_, err = s.object(func(key string) error {
		switch key {
		case "type":
			text, err := s.str()
			if text != "" && text != "Sequence" {
				types = append(types, text)
			}
			return err
		case "normalizers", "pretokenizers", "processors", "decoders":
			return s.array(func() error {
				inner, err := inner(s)
				if inner != "" && len(types) < maxSteps {
					types = append(types, inner)
				}
				return err
			})
		}
		return s.skip()
	})
	return types, err
}

func inner(s *stream) (kind string, err error) {
	_, err = s.object(func(key string) (err error) {
		if key == "type" {
			kind, err = s.str()
			return err
		}
		return s.skip()
	})
	return kind, err
}
