package hfmodel

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Code notes what auto_map would run: code of this folder, or of another
// repository ("org/repo--module.Class").
func (d *Draft) Code(v *jsonlines.Value) {
	all := v.Get("auto_map")
	if !all.Is(jsonlines.Object) {
		return
	}
	for _, m := range all.Members {
		for _, target := range m.Value.Strings() {
			if target == "" {
				continue
			}
			message := m.Key + " runs " + target + " of this folder"
			if repo, module, other := strings.Cut(target, "--"); other {
				message = m.Key + " runs " + module + " of the repository " + repo
				if to, ok := hub.Model(repo, ""); ok && len(d.Links) < MaxParts {
					d.Links = append(d.Links, sbom.Link{Rel: sbom.Uses, To: to, Note: "code", Line: m.Line})
				}
			}
			d.Runs(m.Key+"="+target, m.Line, message)
		}
	}
}

// Class notes a class that a library gets by its name: ["module", "Class"] is a
// module of this folder.
func (d *Draft) Class(v *jsonlines.Value) {
	pair := v.Strings()
	if !v.Is(jsonlines.Array) || len(pair) != 2 {
		d.Set("model.architecture", &d.Model.Architecture, v)
		return
	}
	d.Text("model.architecture", &d.Model.Architecture, pair[1], v.Line)
	d.Runs(strings.Join(pair, "."), v.Line, "the pipeline "+pair[1]+" is that of "+pair[0]+".py of this folder")
}
