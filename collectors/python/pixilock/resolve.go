package pixilock

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
)

// holding is what one environment holds on one platform.
type holding struct {
	rows   []*row
	conda  map[string]*row
	pypi   map[string]*row // and conda packages that are one of PyPI
	wanted map[string]bool // extras that some package asks for: "name[extra]"
}

func newHolding() *holding {
	return &holding{conda: map[string]*row{}, pypi: map[string]*row{}, wanted: map[string]bool{}}
}

func (h *holding) add(r *row) {
	h.rows = append(h.rows, r)
	if r.pypi {
		h.pypi[r.name] = r
		return
	}
	h.conda[r.name] = r
	for _, name := range r.offers {
		if old := h.pypi[name]; old == nil || !old.pypi && r.mapped && !old.mapped {
			h.pypi[name] = r
		}
	}
}

// find gives what a row means by a name.
func (h *holding) find(from *row, name string) *row {
	if from.pypi {
		return h.pypi[name]
	}
	return h.conda[name]
}

var extraMarker = pattern.Lazy(`\bextra\s*==\s*['"]([^'"]+)['"]`)

// extraOf is the extra under which alone a requirement counts; "" for none.
func extraOf(marker string) string {
	if m := extraMarker.FindStringSubmatch(marker); m != nil {
		return pylock.Normalize(m[1])
	}
	return ""
}

// rounds bounds how often extras that ask for extras are followed.
const rounds = 10

// resolve adds the edges of one environment on one platform. A requirement that
// belongs to an extra counts where some package of the environment asks for the
// extra; the manifest may ask for more, so what is left out makes what is known
// of the package incomplete where the environment holds the thing.
func (r *reader) resolve(h *holding, platform string) {
	r.want(h)
	for _, from := range h.rows {
		if !r.Step(1+len(from.needs), 0) {
			return
		}
		complete := from.whole
		for _, n := range from.needs {
			to := h.find(from, n.name)
			switch {
			case to == from:
			case n.extra != "" && !h.wanted[from.name+"["+n.extra+"]"]:
				complete = complete && to == nil
			case to != nil:
				r.Need(from.p, to.p, platform, "", n.note, n.extras, n.line)
			case !n.conditional && !strings.HasPrefix(n.name, "__"):
				complete = false
			}
		}
		if from.p.Package != nil {
			r.Known(from.p, complete)
		}
	}
}

// want finds the extras that packages ask for of each other.
func (r *reader) want(h *holding) {
	for range rounds {
		before := len(h.wanted)
		for _, from := range h.rows {
			if !r.Step(1+len(from.needs), 0) {
				return
			}
			for _, n := range from.needs {
				if n.extra != "" && !h.wanted[from.name+"["+n.extra+"]"] {
					continue
				}
				for _, x := range n.extras {
					h.wanted[n.name+"["+pylock.Normalize(x)+"]"] = true
				}
			}
		}
		if len(h.wanted) == before {
			return
		}
	}
}
