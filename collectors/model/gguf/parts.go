package gguf

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// part is a component inside the header: a chat template, the tokenizer.
type part struct {
	format   string
	sha256   string
	size, at int64
	findings []sbom.Finding
}

// parts gives the components inside the header, which the model contains: each by the
// digest of what it is, so that one template or tokenizer in several files is one.
func (h *header) parts(f *sbom.File, model *sbom.Sighting) ([]sbom.Sighting, error) {
	t, err := h.tokenizerPart(f)
	if t.sha256 != "" {
		h.found = append(h.found, t)
	}
	var all []sbom.Sighting
	for _, p := range h.found {
		c := sbom.Component{Kind: sbom.KindFile, Name: p.format, Keys: sbom.Keys{SHA256: p.sha256},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: p.sha256}}, File: &sbom.FileFacts{Size: p.size, Format: p.format}}
		model.Links = append(model.Links, sbom.Link{Rel: sbom.Contains, Note: p.format, To: sbom.Component{Kind: sbom.KindFile, Name: c.Name, Keys: c.Keys}})
		if p.format == "tokenizer" {
			c.Model = &sbom.Model{}
			h.tokenizer(c.Model)
		}
		all = append(all, sbom.Sighting{Component: c, Findings: p.findings, Where: sbom.Place{Offset: p.at}})
	}
	return all, err
}

// tokenizerPart makes the digest of the tokenizer: SHA-256 over all keys that begin with
// "tokenizer.ggml.", in the order of their bytes, each followed by a zero byte and its
// value as it stands in a little-endian file of version 2 or 3, from its type on. A file
// of another kind has the same tokenizer in other bytes, so that there is none.
func (h *header) tokenizerPart(f *sbom.File) (part, error) {
	p := part{format: "tokenizer"}
	if h.values[tokensKey].count == 0 || h.r.order == binary.BigEndian || h.version < 2 || h.r.err != nil {
		return p, nil
	}
	r, _, err := f.Open()
	if err != nil {
		return p, err
	}
	defer r.Close()
	sum := sha256.New()
	for _, key := range slices.Sorted(slices.Values(h.keys)) {
		if !strings.HasPrefix(key, "tokenizer.ggml.") {
			continue
		}
		v := h.values[key]
		n, err := io.Copy(sum, io.MultiReader(strings.NewReader(key+"\x00"), io.NewSectionReader(r, v.from, v.to-v.from)))
		if err != nil {
			return part{}, err
		}
		p.size += n
	}
	p.at = h.values[tokensKey].at
	p.sha256 = hex.EncodeToString(sum.Sum(nil))
	return p, nil
}

const maxRanks = 16

// adapter says which kind of adapter the file is, and of which rank: the shorter side
// of its tensors, which are named NAME.lora_a and NAME.lora_b.
func (h *header) adapter(m *sbom.Model) {
	if h.text("general.type") != "adapter" && h.text("adapter.type") == "" {
		return
	}
	m.AdapterType = strings.ToUpper(h.text("adapter.type"))
	var ranks []int64
	for _, t := range h.tensors {
		if strings.HasSuffix(t.Name, ".lora_a") && len(t.Shape) == 2 && !slices.Contains(ranks, t.Shape[0]) && len(ranks) <= maxRanks {
			ranks = append(ranks, t.Shape[0])
		}
	}
	if len(ranks) == 0 || len(ranks) > maxRanks {
		return
	}
	slices.Sort(ranks)
	var text []string
	for _, r := range ranks {
		text = append(text, strconv.FormatInt(r, 10))
	}
	m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: "lora.r", Value: strings.Join(text, ", ")})
}

var splitName = pattern.Lazy(`-(\d{5})-of-(\d{5})\.gguf$`)

// splitFindings holds what a shard says of itself against its name.
func (h *header) splitFindings(file string) []sbom.Finding {
	no, count := h.values["split.no"], h.values["split.count"]
	m := splitName.FindStringSubmatch(strings.ToLower(path.Base(file)))
	if m == nil || !no.isInt || !count.isInt || count.whole == 0 {
		return nil
	}
	n, err1 := strconv.ParseUint(m[1], 10, 64)
	of, err2 := strconv.ParseUint(m[2], 10, 64)
	if errors.Join(err1, err2) != nil || n == no.whole+1 && of == count.whole {
		return nil
	}
	return []sbom.Finding{{Rule: sbom.RuleBadShards, Where: sbom.Place{Offset: no.at},
		Message: fmt.Sprintf("the file says that it is shard %d of %d, and its name says %d of %d", no.whole+1, count.whole, n, of)}}
}
