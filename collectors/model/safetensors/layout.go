package safetensors

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// checkLayout checks that the tensors lie one behind the other from the start of
// the data to the end of the file. Bytes that no tensor owns are where something
// else can hide.
func (h *header) checkLayout() error {
	slices.SortStableFunc(h.spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	end, holes, overlaps := int64(0), 0, 0
	var hole, overlap span
	for _, s := range h.spans {
		switch {
		case s.begin > end:
			if holes++; holes == 1 {
				hole = s
			}
		case s.begin < end && s.begin != s.end:
			if overlaps++; overlaps == 1 {
				overlap = s
			}
		}
		end = max(end, s.end)
	}
	if holes > 0 {
		h.trailing(h.start, fmt.Sprintf("%d holes lie between the tensors, the first before %q", holes, hole.name))
	}
	if overlaps > 0 {
		h.trailing(h.start, fmt.Sprintf("%d tensors share bytes with another, the first is %q", overlaps, overlap.name))
	}
	data := h.size - h.start
	switch {
	case data < end:
		h.problem("the file is not complete: the header speaks of %d bytes of tensors, and %d are there", end, max(data, 0))
	case data > end && len(h.problems) == 0:
		h.trailing(h.start+end, fmt.Sprintf("%d bytes lie behind the last tensor", data-end))
	}
	return errors.Join(h.problems...)
}

func (h *header) trailing(offset int64, message string) {
	h.findings = append(h.findings, sbom.Finding{Rule: sbom.RuleTrailing, Message: message, Where: sbom.Place{Offset: offset}})
}
