package mlflow

import (
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// registered reads a version of the registry: the model that it names lies in the
// same store, and has name and version from here.
func registered(f *sbom.File, v *yamllines.Value) []sbom.Sighting {
	name, version := v.Get("name"), v.Get("version")
	if name.Text() == "" || version.Text() == "" || v.Get("current_stage") == nil && v.Get("status") == nil {
		return nil
	}
	folder := place(f, v)
	if folder == "" {
		return nil // in another store
	}
	d := hfmodel.In(folder)
	d.Basis, d.Model = sbom.Resolved, nil
	d.Text("name", &d.Name, name.Text(), name.Line())
	d.Text("version", &d.Component.Version, version.Text(), version.Line())
	d.Text("description", &d.Description, v.Get("description").Text(), v.Get("description").Line())
	if stage := v.Get("current_stage"); stage.Text() != "None" {
		property(d, "stage", stage.Text(), stage.Line())
	}
	aliases := read(f.FS, path.Join(path.Dir(path.Dir(f.Path)), "meta.yaml")).Get("aliases")
	for _, e := range aliases.Entries() {
		if e.Value.Text() == version.Text() {
			property(d, "alias", e.Key, v.Get("name").Line())
		}
	}
	return d.Done(true)
}

// place finds the folder of a model in the tree by the end of its address, which
// begins on another machine: after the store's own folder, the path is the same.
func place(f *sbom.File, v *yamllines.Value) string {
	store := path.Dir(path.Dir(path.Dir(path.Dir(f.Path)))) // over models/NAME/version-N
	for _, key := range []string{"storage_location", "source"} {
		u, err := url.Parse(v.Get(key).Text())
		if err != nil {
			continue
		}
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		for i := range parts {
			at := path.Join(append([]string{store}, parts[i:]...)...)
			if strings.HasPrefix(at, "..") || len(parts)-i < 2 {
				break
			}
			if isFile(f.FS, path.Join(at, "MLmodel")) {
				return at + "/"
			}
		}
	}
	return ""
}
