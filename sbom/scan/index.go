package scan

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// index finds the collectors that match a name without asking each: by the whole
// last element, or by its extension. Where these do not say all of a pattern,
// [sbom.Collector.Matches] has the last word.
type index struct {
	exact map[string][]entry // last element, lower case
	ext   map[string][]entry // with the dot, lower case
	rest  []other            // patterns of other shapes
}

// entry is one pattern of a collector.
type entry struct {
	collector int
	only      *sbom.Collector // with that pattern alone; nil where the key is all of the pattern
}

// other is a pattern of another shape, and a text that a path holds, in lower
// case, which that pattern takes; "" where it holds none.
type other struct {
	entry
	holds string
}

const metas = `*?[]\`

func newIndex(all []*sbom.Collector) *index {
	x := &index{exact: map[string][]entry{}, ext: map[string][]entry{}}
	for i, c := range all {
		for _, p := range c.Match {
			lower := strings.ToLower(p)
			last := path.Base(lower)
			ext := path.Ext(last)
			e := entry{i, &sbom.Collector{Match: []string{lower}}}
			switch {
			case !strings.ContainsAny(last, metas):
				if lower == last {
					e.only = nil
				}
				x.exact[last] = append(x.exact[last], e)
			case len(ext) > 1 && !strings.ContainsAny(ext, metas) && !strings.Contains(last, `\`):
				if lower == "*"+ext {
					e.only = nil
				}
				x.ext[ext] = append(x.ext[ext], e)
			default:
				x.rest = append(x.rest, other{e, holds(lower)})
			}
		}
	}
	return x
}

// holds gives the longest text that every path holds which the pattern takes:
// ".dist-info/licenses/" of "*.dist-info/licenses/*".
func holds(pattern string) string {
	best, start := "", 0
	end := func(i int) {
		if run := pattern[start:i]; len(run) > len(best) {
			best = run
		}
	}
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*', '?':
			end(i)
		case '\\':
			end(i)
			i++
		case '[':
			end(i)
			for i++; i < len(pattern) && pattern[i] != ']'; i++ {
				if pattern[i] == '\\' {
					i++
				}
			}
		default:
			continue
		}
		start = i + 1
	}
	if start < len(pattern) {
		end(len(pattern))
	}
	return best
}

// find gives the collectors whose patterns take the path, in their order.
func (x *index) find(name string) []int {
	lower := strings.ToLower(name)
	last := lower[strings.LastIndexByte(lower, '/')+1:]
	var found []int
	try := func(e entry) {
		if !slices.Contains(found, e.collector) && (e.only == nil || e.only.Matches(lower)) {
			found = append(found, e.collector)
		}
	}
	for _, some := range [][]entry{x.exact[last], x.ext[path.Ext(last)]} {
		for _, e := range some {
			try(e)
		}
	}
	for _, o := range x.rest {
		if o.holds == "" || strings.Contains(lower, o.holds) {
			try(o.entry)
		}
	}
	slices.Sort(found)
	return found
}
