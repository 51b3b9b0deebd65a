package ggml

import (
	"context"
	"encoding/binary"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/ggml-x.bin") }

var le = binary.LittleEndian

func u32(b []byte, list ...uint32) []byte {
	for _, n := range list {
		b = le.AppendUint32(b, n)
	}
	return b
}

// vocab writes tokens.
func vocab(b []byte, n int, scores bool) []byte {
	for i := range n {
		b = append(u32(b, 2), 'a', byte('a'+i))
		if scores {
			b = u32(b, 0)
		}
	}
	return b
}

// tensor writes a tensor; dims with the fastest first.
func tensor(b []byte, name string, kind uint32, size int, align bool, dims ...uint32) []byte {
	b = u32(b, uint32(len(dims)), uint32(len(name)), kind)
	b = append(u32(b, dims...), name...)
	for align && len(b)%alignment != 0 {
		b = append(b, 0)
	}
	return append(b, make([]byte, size)...)
}

func llamaFile(magic string, version uint32, block int) []byte {
	b := []byte(magic)
	if version > 0 {
		b = u32(b, version)
	}
	b = vocab(u32(b, 3, 64, 32, 2, 1, 32, 2), 3, version > 0)
	b = tensor(b, "norm.weight", 0, 256, magic == "tjgg", 64)
	return tensor(b, "output.weight", 2, 2*3*block, magic == "tjgg", 64, 3)
}

func whisperFile() []byte {
	b := u32([]byte("lmgg"), 5, 1500, 384, 6, 4, 448, 384, 6, 4, 2, 1, 2, 3)
	b = vocab(u32(append(b, make([]byte, 24)...), 4), 4, false)
	b = tensor(b, "decoder.positional_embedding", 0, 32, false, 4, 2)
	return tensor(b, "encoder.conv1.weight", 1, 24, false, 3, 2, 2)
}

func collectOne(data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"m/ggml-x.bin": {Data: data}}, "m/ggml-x.bin"))
}

func TestLayouts(t *testing.T) {
	adapter := tensor(u32([]byte("algg"), 1, 8, 16), "layers.0.attention.wq.weight.loraA", 0, 128, true, 8, 4)
	for name, c := range map[string]struct {
		data       []byte
		container  string
		family     string
		parameters int64
		scheme     string
	}{
		"ggml":         {llamaFile("lmgg", 0, 20), "ggml", "llama", 256, "Q4_0"},
		"ggmf":         {llamaFile("fmgg", 1, 20), "ggmf 1", "llama", 256, "Q4_0"},
		"ggjt 1":       {llamaFile("tjgg", 1, 20), "ggjt 1", "llama", 256, "Q4_0"},
		"ggjt 3":       {llamaFile("tjgg", 3, 18), "ggjt 3", "llama", 256, "Q4_0"},
		"whisper":      {whisperFile(), "ggml", "whisper", 20, ""},
		"ggla adapter": {adapter, "ggla 1", "llama", 32, ""},
	} {
		seen, err := collectOne(c.data)
		if err != nil || len(seen) != 2 || !sniff(c.data) {
			t.Errorf("%s: %+v, %v", name, seen, err)
			continue
		}
		f, m := seen[0].Component.Model, seen[1].Component.Model
		if seen[0].Properties[0].Value != c.container || m.Family != c.family || f.Parameters != c.parameters || m.Quantization.Scheme != c.scheme || f.Fingerprints.Content == "" {
			t.Errorf("%s: %+v %+v %+v", name, seen[0].Properties, f, m)
		}
		if strings.HasPrefix(name, "ggla") && (m.AdapterType != "LORA" || m.Hyperparameters[0].Value != "8") {
			t.Errorf("%s: %+v", name, m)
		}
		for n := range len(c.data) {
			if cut, err := collectOne(c.data[:n]); err == nil && len(cut) > 0 && cut[0].Component.Model != nil && cut[0].Component.Model.Parameters == c.parameters {
				t.Errorf("%s, cut at %d: no problem", name, n)
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	other := append(u32([]byte("lmgg"), 50257, 1024, 768, 12, 12, 1), make([]byte, 5000)...)
	seen, err := collectOne(other)
	if len(seen) != 2 || err == nil || !strings.Contains(err.Error(), "not known here") || seen[1].Component.Model.Family != "" {
		t.Errorf("%+v, %v", seen, err)
	}
	for name, data := range map[string][]byte{
		"overflow": tensor(u32([]byte("algg"), 1, 8, 16), "x", 0, 0, true, 1<<31, 1<<31, 1<<31),
		"dims":     u32([]byte("algg"), 1, 8, 16, 1<<31, 4, 0),
		"name":     u32([]byte("algg"), 1, 8, 16, 1, 1<<31, 0),
		"type":     tensor(u32([]byte("algg"), 1, 8, 16), "x", 77, 4, true, 1),
		"version":  u32([]byte("tjgg"), 9, 0, 0),
		"none":     []byte("abcdefghijklmnop"),
	} {
		if seen, err := collectOne(data); err == nil {
			t.Errorf("%s: %+v", name, seen)
		}
	}
}
