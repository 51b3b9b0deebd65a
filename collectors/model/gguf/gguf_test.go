package gguf

import (
	"context"
	"encoding/binary"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

// builder writes GGUF.
type builder struct {
	order   binary.AppendByteOrder
	version uint32
	values  [][]byte
	tensors [][]byte
	data    int
}

func (b *builder) count(n uint64) []byte {
	if b.version == 1 {
		return b.order.AppendUint32(nil, uint32(n))
	}
	return b.order.AppendUint64(nil, n)
}

func (b *builder) str(s string) []byte { return append(b.count(uint64(len(s))), s...) }

func (b *builder) kv(key string, kind uint32, data ...byte) *builder {
	b.values = append(b.values, append(b.order.AppendUint32(b.str(key), kind), data...))
	return b
}

func (b *builder) text(key, s string) *builder { return b.kv(key, typeString, b.str(s)...) }

func (b *builder) u32(key string, n uint32) *builder {
	return b.kv(key, typeU32, b.order.AppendUint32(nil, n)...)
}

func (b *builder) strings(key string, list ...string) *builder {
	data := append(b.order.AppendUint32(nil, typeString), b.count(uint64(len(list)))...)
	for _, s := range list {
		data = append(data, b.str(s)...)
	}
	return b.kv(key, typeArray, data...)
}

func (b *builder) tensor(name string, kind uint32, offset uint64, dims ...uint64) *builder {
	data := b.order.AppendUint32(b.str(name), uint32(len(dims)))
	for _, d := range dims {
		data = append(data, b.count(d)...)
	}
	data = b.order.AppendUint32(data, kind)
	b.tensors = append(b.tensors, b.order.AppendUint64(data, offset))
	return b
}

func (b *builder) bytes() []byte {
	out := b.order.AppendUint32([]byte("GGUF"), b.version)
	out = append(append(out, b.count(uint64(len(b.tensors)))...), b.count(uint64(len(b.values)))...)
	for _, part := range append(b.values, b.tensors...) {
		out = append(out, part...)
	}
	out = append(out, make([]byte, (32-len(out)%32)%32)...)
	return append(out, make([]byte, b.data)...)
}

func new3() *builder { return &builder{order: binary.LittleEndian, version: 3} }

func run(name string, data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

// small is a model with a bit of everything.
func small(order binary.AppendByteOrder, version uint32) *builder {
	b := &builder{order: order, version: version, data: 144 + 16 + 16}
	b.text("general.architecture", "llama").text("general.name", "Tiny").u32("general.file_type", 15).u32("llama.context_length", 4096)
	b.kv("llama.rope.freq_base", typeF32, order.AppendUint32(nil, math.Float32bits(10000.5))...)
	b.strings(tokensKey, "<unk>", "<s>", "</s>").u32("tokenizer.ggml.eos_token_id", 2).u32("tokenizer.ggml.bos_token_id", 1).u32("tokenizer.ggml.unknown_token_id", 99)
	b.text("tokenizer.ggml.model", "llama").text("tokenizer.chat_template", "{{ bos_token }}")
	return b.tensor("a", 12, 0, 256).tensor("b", 0, 160, 2, 2)
}

func TestVersionsAndOrders(t *testing.T) {
	for _, version := range []uint32{1, 2, 3} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			data := small(order, version).bytes()
			if !sniff(data) {
				t.Errorf("%d %v: not known by its head", version, order)
			}
			seen, err := run("m/tiny-q4.gguf", data)
			if err != nil || len(seen) < 2 || len(seen[0].Findings) != 0 {
				t.Fatalf("%d %v: %+v, %v", version, order, seen, err)
			}
			f, s := seen[0].Component.Model, seen[1]
			m := s.Component.Model
			if f.Parameters != 260 || len(f.Tensors) != 2 || f.Tensors[1] != (sbom.TensorType{DType: "Q4_K", Tensors: 1, Parameters: 256}) {
				t.Errorf("%d %v: counts %+v", version, order, f)
			}
			if s.Name != "Tiny" || s.Keys.Path != "m/tiny-q4.gguf" || m.Family != "llama" || m.ContextLength != 4096 ||
				m.Quantization != (sbom.Quantization{Method: "gguf", Scheme: "Q4_K_M", Bits: "4"}) ||
				m.Tokenizer != (sbom.Tokenizer{Type: "llama", VocabSize: 3, BOS: "<s>", EOS: "</s>"}) || len(m.ChatTemplates) != 1 ||
				m.Hyperparameters[1] != (sbom.Property{Name: "llama.rope.freq_base", Value: "10000.5"}) {
				t.Errorf("%d %v: %+v %+v", version, order, s, m)
			}
		}
	}
}

func TestEveryPrefixIsRefused(t *testing.T) {
	data := small(binary.LittleEndian, 3).bytes()
	for n := range len(data) - 16 { // the padding of the last tensor may be missing
		if _, err := run("x.gguf", data[:n]); err == nil {
			t.Errorf("cut at %d: no problem", n)
		}
	}
}

func TestHostile(t *testing.T) {
	pad := func(b *builder, n int) *builder { b.data = n; return b }
	le := binary.LittleEndian
	for name, c := range map[string]struct {
		data    []byte
		rule    string
		problem string
	}{
		"empty header":   {new3().bytes(), "", ""},
		"trailing":       {pad(small(le, 3), 500).bytes(), sbom.RuleTrailing, ""},
		"trailing alone": {pad(new3(), 64).bytes(), sbom.RuleTrailing, ""},
		"truncated":      {pad(small(le, 3), 100).bytes(), "", "not complete"},
		"overlap":        {pad(new3().tensor("a", 0, 0, 16).tensor("b", 0, 32, 16), 96).bytes(), sbom.RuleTrailing, ""},
		"hole":           {pad(new3().tensor("a", 0, 0, 8).tensor("b", 0, 96, 8), 128).bytes(), sbom.RuleTrailing, ""},
		"duplicate key":  {new3().u32("a", 1).u32("a", 2).bytes(), sbom.RuleTrailing, ""},
		"two tensors":    {pad(new3().tensor("a", 0, 0, 8).tensor("a", 0, 0, 8), 32).bytes(), "", "stands twice"},
		"nested array":   {new3().kv("a", typeArray, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0).bytes(), "", "array of arrays"},
		"long array":     {new3().kv("a", typeArray, append([]byte{10, 0, 0, 0}, le.AppendUint64(nil, math.MaxUint64/8+1)...)...).bytes(), "", "would have"},
		"long strings":   {new3().kv("a", typeArray, append([]byte{8, 0, 0, 0}, le.AppendUint64(nil, math.MaxUint64)...)...).bytes(), "", "ends within"},
		"long text":      {new3().kv("a", typeString, le.AppendUint64(nil, 1<<63)...).bytes(), "", "allowed"},
		"no such type":   {new3().kv("a", 13).bytes(), "", "not known"},
		"shape":          {new3().tensor("a", 0, 0, 1<<40, 1<<40).bytes(), "", "overflows"},
		"offset":         {new3().tensor("a", 0, math.MaxUint64, 8).bytes(), "", "no valid size"},
		"blocks":         {new3().tensor("a", 12, 0, 100).bytes(), "", "no valid size"},
		"ggml type":      {new3().tensor("a", 99, 0, 8).bytes(), "", "99 is not known"},
		"dimensions":     {new3().tensor("a", 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1).bytes(), "", "dimensions"},
		"alignment":      {new3().u32("general.alignment", 0).bytes(), "", "power of two"},
		"many values":    {append([]byte("GGUF\x03\x00\x00\x00"), append(make([]byte, 8), le.AppendUint64(nil, 1<<60)...)...), "", "allowed"},
		"many tensors":   {append([]byte("GGUF\x03\x00\x00\x00"), append(le.AppendUint64(nil, 1<<60), make([]byte, 8)...)...), "", "allowed"},
		"version":        {[]byte("GGUF\x09\x00\x00\x00"), "", "version is 9"},
		"magic":          {[]byte("GGML\x03\x00\x00\x00"), "", "does not begin"},
		"none":           {nil, "", "not GGUF"},
		"template":       {new3().text("tokenizer.chat_template.x", "{{ a.__class__ }}").bytes(), sbom.RuleTemplateCode, ""},
	} {
		seen, err := run("x.gguf", c.data)
		if (err == nil) != (c.problem == "") || (err != nil && !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s: problem %v, want %q", name, err, c.problem)
		}
		rule := ""
		for _, s := range seen {
			for _, f := range s.Findings {
				rule = f.Rule
			}
		}
		if len(seen) == 0 || seen[0].Keys.SHA256 == "" || rule != c.rule {
			t.Errorf("%s: finding %q, want %q", name, rule, c.rule)
		}
	}
}

func Fuzz(f *testing.F) {
	for _, version := range []uint32{1, 3} {
		f.Add(small(binary.BigEndian, version).bytes())
	}
	sbomtest.Fuzz(f, &Collector, "m/x.gguf", small(binary.LittleEndian, 3).bytes(), small(binary.LittleEndian, 2).bytes(),
		new3().u32("general.alignment", 8).text("general.license", "mit").strings("general.tags", "a", "b").tensor("a", 12, 0, 256).bytes())
}
