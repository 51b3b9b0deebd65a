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
	rest  []int            // patterns of other shapes
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
			case len(ext) > 1 && !strings.ContainsAny(ext, metas) && !strings.ContainsAny(last, `[\`):
				x.ext[ext] = append(x.ext[ext], i)
			default:
				x.rest = append(x.rest, i)
			}
		}
	}
	return x
}

// find gives the collectors whose patterns take the path, in their order.
func (x *index) find(name string) []int {
	last := strings.ToLower(path.Base(name))
	var found []int
	for _, some := range [][]int{x.exact[last], x.ext[path.Ext(last)], x.rest} {
		for _, i := range some {
			if !slices.Contains(found, i) && x.all[i].Matches(name) {
				found = append(found, i)
			}
		}
	}
	slices.Sort(found)
	return found
}
