package lmeval

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxFirst = 1 << 20 // bytes of the first line that are looked at
	maxFiles = 10_000  // of a folder
)

// samples counts the answers of one task; each line is one.
func samples(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	r, _, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := firstLine(b)
	if err != nil || !bytes.Contains(head, []byte(`"doc_id"`)) || !bytes.Contains(head, []byte(`resps"`)) {
		return nil, err
	}
	rows := int64(1)
	for open, buffer := false, make([]byte, 64<<10); ; {
		n, err := b.Read(buffer)
		rows += int64(bytes.Count(buffer[:n], []byte{'\n'}))
		if n > 0 {
			open = buffer[n-1] != '\n'
		}
		if err != nil && !errors.Is(err, io.EOF) || ctx.Err() != nil {
			return nil, errors.Join(err, ctx.Err())
		}
		if err != nil {
			if open {
				rows++
			}
			break
		}
	}
	s, err := weights.File(f, "lm-eval-samples")
	if err != nil {
		return nil, err
	}
	s.File.Table = sbom.Table{Rows: &rows}
	return []sbom.Sighting{s}, nil
}

// firstLine reads up to the first newline; of a longer one its beginning.
func firstLine(b *bufio.Reader) (head []byte, err error) {
	for {
		part, err := b.ReadSlice('\n')
		if len(head) < maxFirst {
			head = append(head, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err == nil || errors.Is(err, io.EOF):
			return head, nil
		default:
			return head, err
		}
	}
}

// samples links to the files of answers that the run wrote beside its results, which
// bear the same time.
func (r *report) samples(f *sbom.File) {
	base := strings.TrimSuffix(path.Base(f.Path), ".json")
	_, time, ok := strings.Cut(base, "results_")
	if !ok || len(time) < len("2026-01-26") {
		return
	}
	entries, _ := fs.ReadDir(f.FS, path.Dir(f.Path))
	for _, e := range entries[:min(len(entries), maxFiles)] {
		if name := e.Name(); strings.HasPrefix(name, "samples_") && strings.HasSuffix(name, "_"+time+".jsonl") {
			r.run.Produces(path.Join(path.Dir(f.Path), name), 0)
		}
	}
}
