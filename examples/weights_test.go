package examples

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the weights of the examples anew")

// TestWeights makes the weights of the example trees. They are real files of
// their formats with pseudo-random numbers: nobody trained them.
func TestWeights(t *testing.T) {
	for name, data := range map[string][]byte{
		"finetuned-model/model.safetensors":                 safetensors("BF16", 2, base()),
		"finetuned-model/adapter/adapter_model.safetensors": safetensors("F32", 4, adapter()),
		"go-service/models/tiny-Q8_0.gguf":                  gguf(),
	} {
		if *update {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := os.ReadFile(name); err != nil || !bytes.Equal(have, data) {
			t.Errorf("%s is not what this test makes (%v): go test ./examples -update", name, err)
		}
	}
}

type tensor struct {
	name  string
	shape []int
}

func (t tensor) size() int {
	n := 1
	for _, d := range t.shape {
		n *= d
	}
	return n
}

func base() []tensor {
	const layer = "model.layers.0."
	return []tensor{
		{"model.embed_tokens.weight", []int{64, 16}},
		{layer + "self_attn.q_proj.weight", []int{16, 16}},
		{layer + "self_attn.k_proj.weight", []int{8, 16}},
		{layer + "self_attn.v_proj.weight", []int{8, 16}},
		{layer + "self_attn.o_proj.weight", []int{16, 16}},
		{layer + "mlp.gate_proj.weight", []int{32, 16}},
		{layer + "mlp.up_proj.weight", []int{32, 16}},
		{layer + "mlp.down_proj.weight", []int{16, 32}},
		{layer + "input_layernorm.weight", []int{16}},
		{layer + "post_attention_layernorm.weight", []int{16}},
		{"model.norm.weight", []int{16}},
	}
}

func adapter() []tensor {
	const layer = "base_model.model.model.layers.0.self_attn."
	return []tensor{
		{layer + "q_proj.lora_A.weight", []int{8, 16}},
		{layer + "q_proj.lora_B.weight", []int{16, 8}},
		{layer + "v_proj.lora_A.weight", []int{8, 16}},
		{layer + "v_proj.lora_B.weight", []int{8, 8}},
	}
}

// noise is a fixed sequence of bytes.
func noise(n int) []byte {
	data, x := make([]byte, n), uint32(2463534242)
	for i := range data {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		data[i] = byte(x >> 8)
	}
	return data
}

// safetensors writes the header's length, the header and the data.
func safetensors(dtype string, width int, tensors []tensor) []byte {
	type entry struct {
		DType   string `json:"dtype"`
		Shape   []int  `json:"shape"`
		Offsets [2]int `json:"data_offsets"`
	}
	header, end := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, 0
	for _, t := range tensors {
		start := end
		end += t.size() * width
		header[t.name] = entry{dtype, t.shape, [2]int{start, end}}
	}
	text, err := json.Marshal(header)
	if err != nil {
		panic(err)
	}
	text = append(text, bytes.Repeat([]byte(" "), (8-len(text)%8)%8)...)
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	return append(append(out, text...), noise(end)...)
}

// gguf writes version 3 with one block of a small llama in Q8_0: 32 values in 34
// bytes.
func gguf() []byte {
	const typeU32, typeString, q8 = 4, 8, 8
	le := binary.LittleEndian
	text := func(b []byte, s string) []byte { return append(le.AppendUint64(b, uint64(len(s))), s...) }
	var head []byte
	count := 0
	str := func(key, value string) {
		head, count = text(le.AppendUint32(text(head, key), typeString), value), count+1
	}
	num := func(key string, n uint32) {
		head, count = le.AppendUint32(le.AppendUint32(text(head, key), typeU32), n), count+1
	}
	str("general.architecture", "llama")
	str("general.type", "model")
	str("general.name", "Tiny Answers")
	str("general.basename", "tiny-answers")
	str("general.size_label", "3K")
	str("general.license", "apache-2.0")
	num("general.base_model.count", 1)
	str("general.base_model.0.name", "SmolLM2 135M Instruct")
	str("general.base_model.0.organization", "HuggingFaceTB")
	str("general.base_model.0.repo_url", "https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct")
	num("general.file_type", 7)
	num("general.quantization_version", 2)
	num("llama.context_length", 2048)
	num("llama.embedding_length", 32)
	num("llama.block_count", 1)
	num("llama.attention.head_count", 4)
	str("tokenizer.ggml.model", "gpt2")
	str("tokenizer.chat_template", "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}")
	values, size := count, 0
	tensors := []tensor{{"token_embd.weight", []int{32, 64}}, {"blk.0.attn_q.weight", []int{32, 32}}, {"blk.0.ffn_up.weight", []int{32, 64}}}
	for _, t := range tensors {
		head = le.AppendUint32(text(head, t.name), uint32(len(t.shape)))
		for _, d := range t.shape {
			head = le.AppendUint64(head, uint64(d))
		}
		head = le.AppendUint64(le.AppendUint32(head, q8), uint64(size))
		size += t.size() / 32 * 34
	}
	out := le.AppendUint32([]byte("GGUF"), 3)
	out = le.AppendUint64(le.AppendUint64(out, uint64(len(tensors))), uint64(values))
	out = append(out, head...)
	out = append(out, make([]byte, (32-len(out)%32)%32)...)
	return append(out, noise(size)...)
}
