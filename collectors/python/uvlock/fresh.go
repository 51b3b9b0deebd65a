package uvlock

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxTold = 5 // names in one finding

// fresh holds the names that the manifest beside the lock requires against those
// that the lock was made for, as far as uv says: what backends compute it does
// not. Ranges are not compared, since both sides spell them differently.
func (r *reader) fresh(f *sbom.File) {
	i := slices.IndexFunc(r.entries, func(e entry) bool { return e.p == r.Project })
	manifest := pylock.Beside(f)
	if i < 0 || manifest.Get("project") == nil || slices.Contains(manifest.Get("project", "dynamic").Strs(), "dependencies") ||
		slices.Contains(manifest.Get("project", "dynamic").Strs(), "optional-dependencies") {
		return
	}
	locked := r.entries[i].v.Get("metadata")
	if locked == nil { // locks of before uv 0.3 do not say
		return
	}
	have, want := map[string]bool{}, map[string]bool{}
	names(have, locked.Get("requires-dist"))
	groups := locked.Get("requires-dev")
	for _, g := range groups.Keys() {
		names(have, groups.Get(g))
	}
	for _, w := range pylock.Wants(manifest) {
		want[pylock.Normalize(w.Name)] = true
	}
	own := pylock.Normalize(manifest.Get("project", "name").Str()) // what extras of the project are asked for with
	delete(have, own)
	delete(want, own)
	r.differ("pyproject.toml requires what uv.lock was not made for", want, have, locked.Line())
	r.differ("uv.lock was made for what pyproject.toml does not require", have, want, locked.Line())
}

func names(into map[string]bool, list *tomllines.Value) {
	for _, d := range list.Items() {
		into[pylock.Normalize(d.Get("name").Str())] = true
	}
}

func (r *reader) differ(what string, these, others map[string]bool, line int) {
	var list []string
	for name := range these {
		if !others[name] {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	if len(list) > 0 {
		r.Finding(sbom.RuleLockMismatch, what+": "+strings.Join(list[:min(len(list), maxTold)], ", "), line)
	}
}
