package safetensors

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

// file makes a safetensors file of a header and so many bytes of data.
func file(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	return append(b, make([]byte, data)...)
}

func collectOne(t *testing.T, name string, data []byte) ([]sbom.Sighting, error) {
	t.Helper()
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

func TestHeaders(t *testing.T) {
	one := `{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`
	for name, c := range map[string]struct {
		data       []byte
		parameters int64
		rule       string // of the finding
		problem    string
	}{
		"plain":         {file(one, 24), 6, "", ""},
		"padded":        {file(one+"    ", 24), 6, "", ""},
		"empty":         {file(`{}`, 0), 0, "", ""},
		"scalar":        {file(`{"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}`, 2), 1, "", ""},
		"no elements":   {file(`{"a":{"dtype":"BF16","shape":[0,4],"data_offsets":[0,0]}}`, 0), 0, "", ""},
		"sub-byte":      {file(`{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]},"b":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[2,5]}}`, 5), 8, "", ""},
		"half a byte":   {file(`{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}`, 2), 0, "", "does not take"},
		"trailing":      {file(one, 30), 6, sbom.RuleTrailing, ""},
		"header tail":   {file(one+"  PK", 24), 6, sbom.RuleTrailing, ""},
		"hole":          {file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}`, 6), 2, sbom.RuleTrailing, ""},
		"overlap":       {file(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}`, 6), 8, sbom.RuleTrailing, ""},
		"twice":         {file(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, 4), 4, sbom.RuleTrailing, ""},
		"truncated":     {file(one, 20), 6, "", "not complete"},
		"cut header":    {file(one, 0)[:30], 0, "", "ends within the header"},
		"overflow":      {file(`{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0), 0, "", "overflows"},
		"bits overflow": {file(`{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]}}`, 0), 0, "", "does not take"},
		"total":         {file(`{"a":{"dtype":"Q9","shape":[9223372036854775807],"data_offsets":[0,2]},"b":{"dtype":"Q9","shape":[4],"data_offsets":[2,4]}}`, 4), 9223372036854775807, "", "overflows"},
		"unknown type":  {file(`{"a":{"dtype":"Q9","shape":[4],"data_offsets":[0,2]}}`, 2), 4, "", "not known"},
		"backwards":     {file(`{"a":{"dtype":"U8","shape":[2],"data_offsets":[4,2]}}`, 4), 0, "", "no valid"},
		"negative":      {file(`{"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}`, 2), 0, "", "no size"},
		"no object":     {file(`{"a":[]}`, 0), 0, "", "want an object"},
		"too large":     {binary.LittleEndian.AppendUint64(nil, 1<<60), 0, "", "would have"},
		"short":         {[]byte("abc"), 0, "", "too short"},
		"not json":      {file("abcdefgh", 0), 0, "", "does not begin"},
		"deep":          {file(`{"a":{"x":`+strings.Repeat("[", 50)+strings.Repeat("]", 50)+`}}`, 0), 0, "", "nested"},
		"text":          {file(`{"__metadata__":{"a":1,"a":"x"}}`, 0), 0, "", "not text"},
	} {
		seen, err := collectOne(t, "m/model.safetensors", c.data)
		if (err == nil) != (c.problem == "") || (err != nil && !strings.Contains(err.Error(), c.problem)) {
			t.Errorf("%s: problem %v, want %q", name, err, c.problem)
		}
		if len(seen) == 0 || seen[0].Keys.SHA256 == "" {
			t.Errorf("%s: no file with a digest: %+v", name, seen)
			continue
		}
		got, rule := int64(0), ""
		if seen[0].Component.Model != nil {
			got = seen[0].Component.Model.Parameters
		}
		if len(seen[0].Findings) > 0 {
			rule = seen[0].Findings[0].Rule
		}
		if got != c.parameters || rule != c.rule {
			t.Errorf("%s: got %d parameters, finding %q; want %d, %q", name, got, rule, c.parameters, c.rule)
		}
	}
}

func TestSniff(t *testing.T) {
	if !sniff(file(`{"__metadata__":{"format":"pt"}}`, 0)) || !sniff(file(`{"a":{"dtype":"F32"`, 0)) {
		t.Error("safetensors were not known")
	}
	for _, other := range []string{"", "GGUF\x03\x00\x00\x00{", "PK\x03\x04\x14\x00\x00\x00{\"dtype\"", "\x10\x00\x00\x00\x00\x00\x00\x00{}"} {
		if sniff([]byte(other)) {
			t.Errorf("%q is none", other)
		}
	}
}

func Fuzz(f *testing.F) {
	one := `{"__metadata__":{"format":"pt","modelspec.title":"x"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}`
	sbomtest.Fuzz(f, &Collector, "m/model.safetensors", file(one, 24), file(one, 40), file(one, 3), file(`{}`, 0),
		file(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"F4","shape":[4],"data_offsets":[2,6]}}`, 6))
}

func FuzzIndex(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "m/model.safetensors.index.json",
		[]byte(`{"metadata":{"total_size":10,"total_parameters":5},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"../x"}}`))
}

func TestAdapters(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		kind   string
		rank   string
	}{
		"peft":      {`"base.q.lora_A.weight":{"dtype":"F32","shape":[8,16],"data_offsets":[0,512]},"base.q.lora_B.weight":{"dtype":"F32","shape":[16,8],"data_offsets":[512,1024]}`, "LORA", "8"},
		"kohya":     {`"lora_unet_x.lora_down.weight":{"dtype":"F32","shape":[4,16,1,1],"data_offsets":[0,256]},"lora_unet_x.lora_up.weight":{"dtype":"F32","shape":[16,4,1,1],"data_offsets":[256,512]},"lora_unet_x.alpha":{"dtype":"F32","shape":[],"data_offsets":[512,516]}`, "LORA", "4"},
		"two ranks": {`"a.lora_A.weight":{"dtype":"U8","shape":[8,2],"data_offsets":[0,16]},"b.lora_A.weight":{"dtype":"U8","shape":[4,2],"data_offsets":[16,24]}`, "LORA", "4, 8"},
		"loha":      {`"a.hada_w1_a":{"dtype":"U8","shape":[8,2],"data_offsets":[0,16]}`, "LOHA", ""},
		"model":     {`"a.weight":{"dtype":"U8","shape":[8,2],"data_offsets":[0,16]},"b.weight":{"dtype":"U8","shape":[8],"data_offsets":[16,24]},"b.lora_A.weight":{"dtype":"U8","shape":[8],"data_offsets":[24,32]}`, "", ""},
		"inside":    {`"a.base_layer.weight":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a.lora_A.weight":{"dtype":"U8","shape":[8],"data_offsets":[8,16]},"a.lora_B.weight":{"dtype":"U8","shape":[8],"data_offsets":[16,24]}`, "", ""},
	} {
		seen, err := collectOne(t, "m/x.safetensors", file("{"+c.header+"}", 2000)[:8+len(c.header)+2+size(c.header)])
		if err != nil || len(seen) != 2 {
			t.Fatal(name, err)
		}
		m := seen[1].Component.Model
		rank := ""
		for _, p := range m.Hyperparameters {
			if p.Name == "lora.r" {
				rank = p.Value
			}
		}
		if m.AdapterType != c.kind || rank != c.rank {
			t.Errorf("%s: %q of rank %q", name, m.AdapterType, rank)
		}
	}
}

// size is where the last tensor of a header ends.
func size(header string) int {
	end := 0
	for _, part := range strings.Split(header, `"data_offsets":[`)[1:] {
		var a, b int
		if _, err := fmt.Sscanf(part, "%d,%d", &a, &b); err == nil {
			end = max(end, b)
		}
	}
	return end
}

// TestPacked: the shape that compressed-tensors keeps as a tensor is read.
func TestPacked(t *testing.T) {
	header := `{"l.weight_packed":{"dtype":"I32","shape":[2,4],"data_offsets":[0,32]},"l.weight_scale":{"dtype":"F16","shape":[2,1],"data_offsets":[32,36]},"l.weight_shape":{"dtype":"I64","shape":[2],"data_offsets":[36,52]}}`
	data := file(header, 52)
	at := len(data) - 16
	binary.LittleEndian.PutUint64(data[at:], 2)
	binary.LittleEndian.PutUint64(data[at+8:], 32)
	seen, err := collectOne(t, "m/model.safetensors", data)
	if err != nil || len(seen[0].Findings) > 0 {
		t.Fatal(seen, err)
	}
	m := seen[0].Component.Model
	if m.Parameters != 64 || m.Quantization != (sbom.Quantization{Method: "compressed-tensors", Bits: "4"}) || len(m.Tensors) != 3 {
		t.Errorf("%+v", m)
	}
}
