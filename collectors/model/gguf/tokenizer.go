package gguf

import (
	"io"
	"math"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const (
	tokensKey = "tokenizer.ggml.tokens"
	maxToken  = 256     // bytes
	maxVocab  = 1 << 24 // tokens
)

var special = [...]string{"bos", "eos", "padding", "unknown"}

// readTokens finds the texts of the special tokens in a second pass over the
// vocabulary, which is not kept.
func (h *header) readTokens(src io.ReaderAt, size int64) {
	v, ok := h.values[tokensKey]
	if !ok || v.of != typeString || v.count > maxVocab {
		return
	}
	wanted, last := map[uint64]bool{}, uint64(0)
	for _, name := range special {
		if id := h.values["tokenizer.ggml."+name+"_token_id"]; id.isInt && id.whole < v.count {
			wanted[id.whole], last = true, max(last, id.whole)
		}
	}
	h.tokens = map[uint64]string{}
	if len(wanted) == 0 {
		return
	}
	r := newReader(src, size, h.r.most)
	r.order, r.wide = h.r.order, h.r.wide
	r.seek(v.at)
	for i := uint64(0); i <= last && r.err == nil; i++ {
		n := r.count()
		if !wanted[i] || n > maxToken {
			r.skip(n)
			continue
		}
		if text := string(r.take(int(n))); r.err == nil {
			h.tokens[i] = strings.ToValidUTF8(text, "\uFFFD")
		}
	}
}

func (h *header) tokenizer(m *sbom.Model) {
	t := &m.Tokenizer
	t.Type = h.text("tokenizer.ggml.model")
	if v := h.values[tokensKey]; v.count <= math.MaxInt64 {
		t.VocabSize = int64(v.count)
	}
	token := func(name string) string {
		if id := h.values["tokenizer.ggml."+name+"_token_id"]; id.isInt {
			return h.tokens[id.whole]
		}
		return ""
	}
	t.BOS, t.EOS, t.PAD, t.UNK = token("bos"), token("eos"), token("padding"), token("unknown")
}
