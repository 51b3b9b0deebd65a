package gguf

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

const (
	defaultAlignment = 32
	maxAlignment     = 1 << 20
)

// checkLayout checks that the tensors lie side by side up to the end of the
// file. Bytes that no tensor owns are where something else can hide.
func (h *header) checkLayout(size int64) {
	align := uint64(defaultAlignment)
	if v, ok := h.values["general.alignment"]; ok {
		if !v.isInt || v.whole == 0 || v.whole > maxAlignment || v.whole&(v.whole-1) != 0 {
			h.problem("general.alignment is %q, and a power of two is wanted", v.text)
			return
		}
		align = v.whole
	}
	pad := func(n uint64) uint64 { return (n + align - 1) &^ (align - 1) }
	start := pad(uint64(h.r.at))
	h.start = start
	slices.SortStableFunc(h.spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end)) })
	end := uint64(0)
	for _, s := range h.spans {
		switch {
		case h.unsized || s.begin == s.end:
		case s.begin < end:
			h.trailing(start+s.begin, fmt.Sprintf("tensor %q shares bytes with another", s.name))
		case s.begin > pad(end):
			h.trailing(start+end, fmt.Sprintf("%d bytes before tensor %q belong to none", s.begin-end, s.name))
		}
		end = max(end, s.end)
	}
	switch last := start + end; {
	case len(h.spans) > 0 && uint64(size) < last:
		h.problem("the file is not complete: it has %d bytes, and its tensors end at %d", size, last)
	case !h.unsized && uint64(size) > pad(last):
		h.trailing(last, fmt.Sprintf("%d bytes lie behind the last tensor", uint64(size)-last))
	}
}

// trailing adds a finding, a bounded number of times.
func (h *header) trailing(offset uint64, message string) {
	if len(h.findings) <= maxProblems {
		h.findings = append(h.findings, sbom.Finding{Rule: sbom.RuleTrailing, Message: message, Where: sbom.Place{Offset: int64(offset)}})
	}
}
