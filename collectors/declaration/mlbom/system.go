package mlbom

import (
	"path"

	"github.com/mlbom/mlbom/sbom"
)

// self is the application that the file's folder is.
func (d *document) self() sbom.Component {
	return sbom.Component{Kind: sbom.KindApplication, Keys: sbom.Keys{Path: d.f.Dir()}}
}

// projects are the manifests that make a folder a project of one language, which is
// the same application.
var projects = []struct{ manifest, language string }{{"pyproject.toml", "python"}, {"setup.py", "python"}, {"setup.cfg", "python"}, {"requirements.txt", "python"}}

// system says what the folder is.
func (d *document) system() {
	v := d.root.Get("system")
	if !v.IsMap() {
		return
	}
	e, ok := d.entry(v, d.self(), "the system")
	if !ok {
		return
	}
	if d.f.Dir() != "./" { // of the root the subject of the document knows
		for _, p := range projects {
			if found, _ := d.there(path.Join(path.Dir(d.f.Path), p.manifest)); found {
				e.s.Also = []sbom.Keys{{Path: sbom.Project(d.f.Path, p.language)}}
				break
			}
		}
	}
	e.whose()
	e.property("intended-use", "users", "out-of-scope", "limitations", "autonomy", "risk-level", "contact")
	for _, r := range e.refs(v.Get("uses"), sbom.KindModel) {
		e.s.Links = append(e.s.Links, sbom.Link{Rel: sbom.Uses, To: r.to, Line: r.line})
	}
	e.done()
}
