package gomod

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom"
)

// maxNamed bounds the modules that one finding names.
const maxNamed = 10

// unsummed tells of required modules that no go.sum ties to their bytes: one that a
// package is imported from needs a sum of its own, any other at least one of its
// go.mod. A folder that stands in for a module needs none.
func (r *reader) unsummed() {
	replacement := gomanifest.Replaced(r.dir, r.mod.Replace)
	inside := r.inside()
	var names []string
	for _, q := range r.mod.Require {
		m := q.Mod
		if rep := replacement(m); rep != nil {
			m = rep.New
		}
		if m.Version == "" || inside[m.Path] {
			continue
		}
		if content, manifest := r.sums.Has(m); !content && (!manifest || !q.Indirect) {
			names = append(names, m.String())
		}
	}
	if len(names) == 0 {
		return
	}
	what := "go.sum has"
	if len(r.sums) == 0 {
		what = "there is no go.sum, so there is"
	}
	message := fmt.Sprintf(what+" no sum of %d required modules: %s", len(names), strings.Join(names[:min(maxNamed, len(names))], ", "))
	if len(names) > maxNamed {
		message += ", ..."
	}
	r.app.Findings = append(r.app.Findings, sbom.Finding{Rule: sbom.RuleNoHash, Message: message})
}

// inside are the modules of the workspace, which are taken as they lie there, and
// what it replaces.
func (r *reader) inside() map[string]bool {
	inside := map[string]bool{}
	for _, m := range r.members {
		inside[m.Path()] = true
	}
	if r.work != nil {
		for _, rep := range r.work.File.Replace {
			inside[rep.Old.Path] = true
		}
	}
	return inside
}
