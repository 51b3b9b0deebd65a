// Package inspectai reads the logs of Inspect AI (https://inspect.aisi.org.uk/eval-logs.html,
// inspect_ai/log/_log.py): JSON of version 2, and .eval, a zip whose header.json says the
// same without the samples. Of a run that did not end there is _journal/start.json alone.
//
// A model is on the hub where the provider takes ids of the hub (hf, vllm, sglang); names
// of other providers are their own. A dataset is known by its location; a name alone is
// no id.
//
// Not understood: samples, events, reductions and shards; zips whose header is packed
// other than by DEFLATE or Zstandard.
package inspectai

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads logs of Inspect AI.
var Collector = sbom.Collector{
	Name: "evaluation/inspectai",
	Doc: "Inspect AI logs (*.eval, JSON)\n\n" +
		"The task, its dataset, the model and its graders, scores with their errors, the commit\n" +
		"of the code and the packages of the run.",
	Match:   []string{"*.eval", "*.json"},
	Sniff:   func(head []byte) bool { return begins.Match(head) },
	Collect: collect,
}

var begins = pattern.Lazy(`^\s*\{\s*"version"\s*:\s*[12]\s*,\s*"status"\s*:\s*"[a-z]+"\s*,\s*"eval"\s*:\s*\{`)

const (
	maxHeader  = 16 << 20 // bytes of header.json
	maxMembers = 1_000_000
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, inZip, err := header(f)
	if text == "" {
		return nil, err
	}
	root, failed := jsonlines.Parse(text)
	if !root.Get("eval").Is(jsonlines.Object) || root.Path("eval", "task").Str() == "" {
		return nil, errors.Join(err, failed)
	}
	l := &log{f: f, root: root, eval: root.Get("eval"), inZip: inZip}
	seen, over := l.read()
	return seen, errors.Join(err, failed, over)
}

// header gives the JSON: the file's, or that of a member of the zip.
func header(f *sbom.File) (text string, inZip bool, err error) {
	r, size, err := f.Open()
	if err != nil {
		return "", false, err
	}
	defer r.Close()
	magic := make([]byte, 4)
	if _, err := r.ReadAt(magic, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", false, err
	}
	if string(magic) != "PK\x03\x04" {
		if !evaluation.Begins(f, nil, begins.Match) {
			return "", false, nil
		}
		if text, err = f.Text(); err != nil || !begins.MatchString(text) {
			return "", false, nil // another's
		}
		return text, false, nil
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", true, fmt.Errorf("the zip cannot be read: %w", err)
	}
	z.RegisterDecompressor(zstd.ZipMethodWinZip, zstd.ZipDecompressor(zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxHeader), zstd.WithDecoderLowmem(true)))
	for _, name := range []string{"header.json", "_journal/start.json"} {
		for _, m := range z.File[:min(len(z.File), maxMembers)] {
			if m.Name == name {
				text, err := member(m)
				return text, true, err
			}
		}
	}
	return "", true, nil // a zip of something else
}

func member(m *zip.File) (string, error) {
	r, err := m.Open()
	if err != nil {
		return "", fmt.Errorf("%s cannot be unpacked: %w", m.Name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxHeader+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("%s cannot be unpacked: %w", m.Name, err)
	case len(data) > maxHeader:
		return "", fmt.Errorf("%s is larger than %d MiB", m.Name, maxHeader>>20)
	}
	return sbom.DecodeText(data)
}

type log struct {
	f     *sbom.File
	root  *jsonlines.Value
	eval  *jsonlines.Value
	run   *evaluation.Run
	model *evaluation.Model
	inZip bool
}

// at is the line of a value; in a zip lines say nothing.
func (l *log) at(v *jsonlines.Value) int {
	if l.inZip {
		return 0
	}
	return v.LineOf()
}

func scalar(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.String):
		return v.Text
	}
	return v.Compact()
}

// measured reads "hf/org/name": what is asked, and by which provider.
func (l *log) measured(name string, args *jsonlines.Value, line int) *evaluation.Model {
	provider, ref, ok := strings.Cut(name, "/")
	if !ok {
		return l.run.Hosted(name, "", line)
	}
	switch provider {
	case "hf", "vllm", "sglang", "transformer_lens", "nnterp", "llama-cpp-python":
		if path := args.Get("model_path").Str(); path != "" {
			ref = path
		}
		return l.run.Model(ref, scalar(args.Get("revision")), line)
	}
	return l.run.Hosted(ref, provider, line)
}
