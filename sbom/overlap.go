package sbom

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// MaxRowPrints is how many rows of one file [RowPrints] knows.
const MaxRowPrints = 1 << 14

// RowPrints are the least of the 64-bit hashes of a file's rows, sorted and without
// doubles: those of all rows where the file has no more, else a sample that is the same
// rows in every file. Rows that say too little to be known again are left out.
type RowPrints []uint64

// upTo is the hash up to which all rows are known.
func (p RowPrints) upTo() uint64 {
	if len(p) < MaxRowPrints {
		return math.MaxUint64
	}
	return p[len(p)-1]
}

// minOverlap is the share of the rows of test data that have to be in the training data
// too for a finding, in percent: single rows come twice in much that people collect.
const minOverlap = 1

// part is one split of a dataset.
type part struct {
	files []string
	rows  RowPrints
	upTo  uint64
}

// Overlaps compares the rows of the splits of each dataset in a report, where collectors
// left prints of them, and adds a hint with a finding where rows to test with are among
// those to train with.
func Overlaps(r *Report) {
	of := map[string]Keys{} // of a file: its dataset
	for i := range r.Sightings {
		if s := &r.Sightings[i]; s.Kind == KindDataset && !s.Where.Hearsay() {
			for _, l := range s.Links {
				if l.Rel == Contains && l.To.Kind == KindFile && l.To.Keys.Path != "" {
					of[l.To.Keys.Path] = s.Keys
				}
			}
		}
	}
	parts := map[Keys]map[string]*part{}
	for i := range r.Sightings {
		s := &r.Sightings[i]
		key, known := of[s.Keys.Path]
		if s.Kind != KindFile || !known || s.File == nil || len(s.File.Rows) == 0 || s.File.Table.Split == "" {
			continue
		}
		if parts[key] == nil {
			parts[key] = map[string]*part{}
		}
		p := parts[key][s.File.Table.Split]
		if p == nil {
			p = &part{upTo: math.MaxUint64}
			parts[key][s.File.Table.Split] = p
		}
		p.files = append(p.files, s.Keys.Path)
		p.rows = append(p.rows, s.File.Rows...)
		p.upTo = min(p.upTo, s.File.Rows.upTo())
	}
	for _, key := range slices.SortedFunc(maps.Keys(parts), func(a, b Keys) int { return strings.Compare(a.Path, b.Path) }) {
		r.Sightings = append(r.Sightings, overlapsOf(key, parts[key])...)
	}
}

// overlapsOf compares the training part of one dataset with each other part.
func overlapsOf(key Keys, parts map[string]*part) (list []Sighting) {
	train := parts[RoleTrain]
	if train == nil {
		return nil
	}
	train.settle()
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		other := parts[name]
		if name == RoleTrain {
			continue
		}
		other.settle()
		both, compared := train.common(other)
		if both == 0 || both*100 < compared*minOverlap {
			continue
		}
		list = append(list, Sighting{
			Component: Component{Kind: KindDataset, Keys: key}, Hint: true, Basis: Observed,
			Where: Place{Path: other.files[0], By: "rows"},
			Findings: []Finding{{Rule: RuleOverlap, Where: Place{Path: other.files[0], By: "rows"},
				Message: fmt.Sprintf("%d of the %d different rows of the %s data that were compared stand in the training data too (%s, %s)", both, compared, name, other.files[0], train.files[0])}},
		})
	}
	return list
}

func (p *part) settle() {
	slices.Sort(p.files)
	slices.Sort(p.rows)
	p.rows = slices.Compact(p.rows)
}

// common counts the rows of another part that are in this one, of those that both know.
func (p *part) common(other *part) (both, compared int64) {
	most := min(p.upTo, other.upTo)
	for _, h := range other.rows {
		if h > most {
			break
		}
		compared++
		if _, ok := slices.BinarySearch(p.rows, h); ok {
			both++
		}
	}
	return both, compared
}
