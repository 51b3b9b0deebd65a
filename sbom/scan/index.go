package scan

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// index finds the collectors that may match a name without asking each: by the
// whole last element, or by its extension. It only narrows down;
// [sbom.Collector.Matches] has the last word.
type index struct {
	all   []*sbom.Collector
	exact map[string][]int // last element, lower case
	ext   map[string][]int // with the dot, lower case
	rest  []other          // patterns of other shapes
}

// other is a collector with a pattern of another shape, and a text that a path
// holds, in lower case, which that pattern takes; "" where it holds none.
type other struct {
	collector int
	holds     string
}

const metas = `*?[]\`

func newIndex(all []*sbom.Collector) *index {
	x := &index{all: all, exact: map[string][]int{}, ext: map[string][]int{}}
	for i, c := range all {
		for _, p := range c.Match {
			last := path.Base(strings.ToLower(p))
			ext := path.Ext(last)
			switch {
			case !strings.ContainsAny(last, metas):
				x.exact[last] = append(x.exact[last], i)
			case len(ext) > 1 && !strings.ContainsAny(ext, metas) && !strings.Contains(last, `\`):
				x.ext[ext] = append(x.ext[ext], i)
			default:
				if o := (other{i, holds(strings.ToLower(p))}); !slices.Contains(x.rest, o) {
					x.rest = append(x.rest, o)
				}
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
	last := path.Base(lower)
	var found []int
	try := func(i int) {
		if !slices.Contains(found, i) && x.all[i].Matches(name) {
			found = append(found, i)
		}
	}
	for _, some := range [][]int{x.exact[last], x.ext[path.Ext(last)]} {
		for _, i := range some {
			try(i)
		}
	}
	for _, o := range x.rest {
		if o.holds == "" || strings.Contains(lower, o.holds) {
			try(o.collector)
		}
	}
	slices.Sort(found)
	return found
}
