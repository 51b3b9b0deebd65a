package numpy

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/npy"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// isArchive knows a zip archive by the name of its first member.
func isArchive(head []byte) bool {
	if len(head) < 30 || string(head[:4]) != "PK\x03\x04" {
		return false
	}
	n := int(binary.LittleEndian.Uint16(head[26:]))
	return 30+n <= len(head) && strings.HasSuffix(string(head[30:30+n]), ".npy")
}

// openArchive reads the headers of the arrays in an archive.
func openArchive(ctx context.Context, f *sbom.File, r io.ReaderAt, size int64) (*found, error) {
	a, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits})
	if err != nil {
		return &found{}, nil
	}
	if a.Format() != "npz" {
		return &found{}, nil
	}
	is := &found{format: "npz", scan: sbom.Scan{Verdict: sbom.Clean, Coverage: a.Coverage, Reason: a.Reason}, findings: a.Faults}
	if a.Coverage != sbom.Complete {
		is.scan.Verdict = sbom.Undecided
		is.problem("the archive was not read as a whole: %s", a.Reason)
	}
	budget := pickle.NewBudget(f.Settings.Limits)
	for i, m := range a.Members {
		if i == maxArrays {
			is.problem("the archive has more than %d arrays; the rest was not read", maxArrays)
			is.scan = pickle.Merge(is.scan, sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.OverLimit, Reason: "too many arrays"})
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := is.member(ctx, f, m, budget); err != nil {
			is.problem("array %.80q: %w", m.Name, err)
			is.scan = pickle.Merge(is.scan, sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Partial, Reason: fmt.Sprintf("%.80q: %v", m.Name, err)})
		}
	}
	return is, nil
}

func (is *found) member(ctx context.Context, f *sbom.File, m *archive.Member, budget *pickle.Budget) error {
	content, err := m.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	b := bufio.NewReader(content)
	if head, _ := b.Peek(sbom.HeadSize); !strings.HasPrefix(string(head), npy.Magic) && pickle.IsPickle(head) {
		got := pickle.Analyze(ctx, b, pickle.Options{Limits: f.Settings.Limits, In: m.Name, Budget: budget})
		is.join(got, 0)
		return errors.New("it is a pickle, and no NumPy array")
	}
	h, err := npy.Read(b)
	if err != nil {
		if head, _ := b.Peek(sbom.HeadSize); pickle.IsPickle(head) { // behind a header that only NumPy can read
			is.join(pickle.Analyze(ctx, b, pickle.Options{Limits: f.Settings.Limits, In: m.Name, Budget: budget}), h.Offset)
		}
		return err
	}
	one := array{name: strings.TrimSuffix(m.Name, ".npy"), Header: h, at: -1}
	if _, at, ok := m.At(); ok {
		one.at = at
	}
	is.arrays = append(is.arrays, one)
	if h.Objects {
		got := pickle.Analyze(ctx, b, pickle.Options{Limits: f.Settings.Limits, In: m.Name, Budget: budget})
		is.join(got, h.Offset)
		return nil
	}
	n, ok := h.DataSize()
	switch {
	case !ok || m.Size >= 0 && n > m.Size-h.Offset:
		return fmt.Errorf("it is not complete: %s %s does not fit into its %d bytes", h.DType, h.Dims(), m.Size)
	case m.Size >= 0 && n < m.Size-h.Offset:
		is.findings = append(is.findings, sbom.Finding{Rule: sbom.RuleTrailing,
			Message: fmt.Sprintf("%d bytes lie behind the array %.80q", m.Size-h.Offset-n, m.Name)})
	}
	return nil
}
