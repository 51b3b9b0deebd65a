package mlflow

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxEntries = 2000    // files of one sort in a run
	maxSmall   = 1 << 20 // bytes of one of them
	maxUp      = 12      // folders between a model and its run
	contextTag = "mlflow.data.context"
)

// run reads what the file store knows of the model: its own record, and that of
// the run that made it.
func (m *model) run() []sbom.Sighting {
	home := m.home()
	if home == "" {
		return nil
	}
	var seen []sbom.Sighting
	meta := read(m.f.FS, path.Join(home, "meta.yaml"))
	if id := meta.Get("source_run_id").Text(); id != "" { // the record of a model
		own := m.part(path.Join(home, "meta.yaml"))
		own.Text("name", &own.Name, meta.Get("name").Text(), meta.Get("name").Line())
		seen = append(seen, own.Sighting)
		if !fs.ValidPath(id) || strings.Contains(id, "/") {
			return seen
		}
		seen = append(seen, m.values(home)...)
		home = path.Join(path.Dir(path.Dir(home)), id)
		meta = read(m.f.FS, path.Join(home, "meta.yaml"))
	}
	if meta.Get("run_id").Text() == "" && meta.Get("run_uuid").Text() == "" {
		return seen
	}
	seen = append(seen, m.made(home))
	seen = append(seen, m.values(home)...)
	seen = append(seen, m.source(home)...)
	return append(seen, m.inputs(home)...)
}

// made ties the run to the model that lies in it, or names it.
func (m *model) made(home string) sbom.Sighting {
	s := sbom.Sighting{Component: process(home), Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Line: m.root.Get("run_id").Line()}}
	s.Links = []sbom.Link{{Rel: sbom.Produces, To: sbom.Component{Kind: sbom.KindModel, Keys: m.Keys}}}
	return s
}

// home is the folder over "artifacts" that has a record.
func (m *model) home() string {
	dir := path.Dir(m.f.Path)
	for range maxUp {
		if over := path.Dir(dir); path.Base(dir) == "artifacts" && isFile(m.f.FS, path.Join(over, "meta.yaml")) {
			return over
		}
		if dir == "." {
			return ""
		}
		dir = path.Dir(dir)
	}
	return ""
}

// part begins what another file adds to the model.
func (m *model) part(file string) *hfmodel.Draft {
	d := hfmodel.New(m.f)
	d.Hint, d.Where = true, sbom.Place{Path: file}
	return d
}

func isFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

// read reads a small record; what is broken in it is none.
func read(tree fs.FS, name string) *yamllines.Value {
	text := small(tree, name)
	if text == "" {
		return nil
	}
	v, _ := yamllines.Parse(text)
	return v
}

func small(tree fs.FS, name string) string {
	info, err := fs.Stat(tree, name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSmall {
		return ""
	}
	text, err := sbom.NewFile(tree, name).Text()
	if err != nil {
		return ""
	}
	return text
}

// each calls f for the small files below a folder, whose names may have folders.
func each(tree fs.FS, folder string, f func(name, file, text string)) {
	n := 0
	_ = fs.WalkDir(tree, folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil
		}
		if n++; n > maxEntries {
			return fs.SkipAll
		}
		if text := small(tree, name); text != "" {
			f(strings.TrimPrefix(name, folder+"/"), name, text)
		}
		return nil
	})
}

// values reads the parameters, and the last value of each metric: a line holds the
// time, the value and the step.
func (m *model) values(home string) (seen []sbom.Sighting) {
	each(m.f.FS, path.Join(home, "params"), func(name, file, text string) {
		if len(text) <= maxText && len(seen) < maxValues {
			d := m.part(file)
			d.Model.Training.Hyperparameters = []sbom.Property{{Name: name, Value: strings.TrimSpace(text)}}
			seen = append(seen, d.Sighting)
		}
	})
	each(m.f.FS, path.Join(home, "metrics"), func(name, file, text string) {
		metric, ok := last(name, text)
		if !ok || len(seen) >= 2*maxValues {
			return
		}
		d := m.part(file)
		d.Model.Metrics, d.Where.Line = []sbom.Metric{metric}, strings.Count(strings.TrimSpace(text), "\n")+1
		seen = append(seen, d.Sighting)
	})
	return seen
}

// source reads the tags that say which code made the model.
func (m *model) source(home string) (seen []sbom.Sighting) {
	tag := func(name string) (text, file string) {
		file = path.Join(home, "tags", "mlflow."+name)
		return strings.TrimSpace(small(m.f.FS, file)), file
	}
	commit, at := tag("source.git.commit")
	if !sbom.IsCommit(commit) {
		return nil
	}
	d := m.part(at)
	property(d, "source.commit", commit, 1)
	repository, _ := tag("source.git.repoURL")
	if address := lineage.Repository(repository); address != "" {
		d.Refs = []sbom.Ref{{Type: "vcs", URL: address, Comment: "the code that made the model, at commit " + commit}}
	}
	if name, _ := tag("source.name"); !path.IsAbs(name) && !strings.Contains(name, ":") {
		property(d, "source.name", name, 1)
	}
	return []sbom.Sighting{d.Sighting}
}

// inputs reads the datasets of the run.
func (m *model) inputs(home string) (seen []sbom.Sighting) {
	for _, in := range inputsOf(m.f.FS, home) {
		set := datasetAt(m.f, path.Join(path.Dir(home), "datasets", in.id))
		if in.kind != "DATASET" || set.Kind == "" {
			continue
		}
		d := m.part(set.Where.Path)
		rel, role := relation(in.context)
		d.Links = []sbom.Link{{Rel: rel, To: sbom.Component{Kind: set.Kind, Name: set.Name, Keys: set.Keys}, Note: role}}
		seen = append(seen, d.Sighting)
	}
	return seen
}
