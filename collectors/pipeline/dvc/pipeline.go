package dvc

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/sbom"
)

// writer makes the sightings of one file.
type writer struct {
	f    *sbom.File
	ix   *index
	seen []sbom.Sighting
	done map[string]bool // files that were told, with their digests
}

func newWriter(f *sbom.File) *writer {
	return &writer{f: f, ix: readIndex(f.FS, rootOf(f.FS, f.Path)), done: map[string]bool{}}
}

func (w *writer) add(s sbom.Sighting) { w.seen = append(w.seen, s) }

// pipeline reads dvc.yaml.
func pipeline(f *sbom.File) ([]sbom.Sighting, error) {
	w := newWriter(f)
	p, err := readProject(f.FS, f.Path, w.ix.config.flags)
	if p == nil {
		return nil, err
	}
	l, _ := readLock(f.FS, path.Join(p.dir, "dvc.lock")) // its faults are told where it is read
	if len(p.stages) > 0 || len(p.metrics) > 0 {
		w.pipeline(p)
	}
	for _, st := range p.stages {
		w.stage(st, l.stages[st.name])
		w.activity(st)
	}
	for _, a := range p.artifacts {
		w.artifact(a)
	}
	for _, d := range p.datasets {
		w.dataset(d, sbom.Declared)
	}
	return w.seen, errors.Join(append([]error{err}, p.problems...)...)
}

func (w *writer) pipeline(p *project) {
	s := sbom.Sighting{Component: process(p.file, "pipeline"), Basis: sbom.Declared, Where: sbom.Place{Line: max(p.root.get("stages").at(), 1)}}
	s.Name = p.file
	for _, st := range p.stages {
		c := st.component()
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: c.Kind, Name: c.Name, Keys: c.Keys}, Line: st.line})
	}
	for _, m := range p.metrics {
		s.Process.Metrics = append(s.Process.Metrics, metrics(w.f.FS, inside(p.dir, m.string()))...)
	}
	for _, v := range p.params {
		if at := inside(p.dir, v.string()); at != "" {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:params", Value: clip(at, maxText)})
		}
	}
	for _, v := range p.plots {
		name := v.string()
		if v.is(dict) && len(v.members) > 0 {
			name = v.members[0].key
		}
		s.Properties = lineage.Property(s.Properties, "mlbom:dvc:plots", clip(name, maxText))
	}
	w.add(s)
}

// stage tells of one stage of dvc.yaml, with what it ran with by the lock.
func (w *writer) stage(st *stage, locked *value) {
	s := sbom.Sighting{Component: st.component(), Basis: sbom.Declared, Where: sbom.Place{Line: st.line}}
	s.Description = clip(st.desc, maxText)
	s.Process.Commands = commands(st.cmd)
	var changed []string
	s.Process.Parameters, changed = st.parameters(w.f.FS, locked.get("params"))
	if was := texts(locked.get("cmd")); locked != nil && !slices.Equal(was, st.cmd) {
		changed = append(changed, "cmd")
	}
	for _, c := range changed {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:changed", Value: clip(c, maxText)})
	}
	s.Properties = append(s.Properties, st.properties()...)
	w.links(&s, st)
	w.present(st)
	for _, o := range st.outs {
		if o.part == "metrics" {
			s.Process.Metrics = append(s.Process.Metrics, metrics(w.f.FS, o.at)...)
		}
	}
	for _, b := range w.ix.before(st) {
		c := b.component()
		if b.name != "" || len(b.cmd) > 0 { // a file that only tracks data is no process
			s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, To: sbom.Component{Kind: c.Kind, Name: c.Name, Keys: c.Keys}, Line: st.line})
		}
	}
	w.add(s)
	for _, o := range st.outs {
		w.described(o)
	}
}

// commands makes one of several, for they have an order.
func commands(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return []string{lineage.NoMail(lineage.Command(clip(strings.Join(list, "\n"), maxCommand)))}
}

func (st *stage) properties() (all []sbom.Property) {
	if st.frozen {
		all = append(all, sbom.Property{Name: "mlbom:dvc:frozen", Value: "true"})
	}
	if st.always {
		all = append(all, sbom.Property{Name: "mlbom:dvc:always_changed", Value: "true"})
	}
	if st.group != "" {
		all = append(all, sbom.Property{Name: "mlbom:dvc:group", Value: clip(st.group, maxText)})
	}
	if dir := path.Dir(st.file); st.wdir != dir && fs.ValidPath(st.wdir) {
		all = append(all, sbom.Property{Name: "mlbom:dvc:wdir", Value: clip(st.wdir, maxText)})
	}
	return append(all, meta(st.meta)...)
}

// meta is free: what it holds is kept by its names.
func meta(v *value) (all []sbom.Property) {
	for _, p := range flat("meta", v, nil) {
		all = append(all, sbom.Property{Name: "mlbom:dvc:" + p.Name, Value: p.Value})
	}
	return all
}

// links ties a stage to what it takes and gives.
func (w *writer) links(s *sbom.Sighting, st *stage) {
	for _, d := range st.deps {
		for _, to := range w.targets(d, st) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: to, Line: d.line})
		}
	}
	for _, p := range st.params {
		if p.at != "" {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Consumes, To: file(p.at), Note: "params", Line: p.line})
		}
	}
	for _, o := range st.outs {
		note := ""
		if o.part == "metrics" || o.part == "plots" {
			note = o.part
		}
		for _, to := range w.targets(o, st) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Produces, To: to, Note: note, Line: o.line})
		}
	}
}

// present tells of the files that a stage takes or gives and that are in the tree.
func (w *writer) present(st *stage) {
	all := make([]string, 0, len(st.deps)+len(st.outs)+len(st.params))
	for _, list := range [][]*entry{st.deps, st.outs} {
		for _, e := range list {
			all = append(all, e.at)
		}
	}
	for _, p := range st.params {
		all = append(all, p.at)
	}
	for _, at := range all {
		if !w.done[at] {
			w.done[at] = true
			if s, ok := lineage.File(w.f, at); ok {
				w.add(s)
			}
		}
	}
}

func file(at string) sbom.Component {
	return sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
}

// targets are what a path is: a file, and the model or dataset in it that something
// declares.
func (w *writer) targets(e *entry, st *stage) []sbom.Component {
	switch {
	case e.dataset != "":
		return []sbom.Component{datasetMention(path.Join(path.Dir(st.file), "dvc.yaml"), e.dataset)}
	case e.repo != nil || e.db != nil:
		return nil // where it comes from is said of what was made of it
	case e.url != "":
		return []sbom.Component{{Kind: sbom.KindFile, Name: e.name(), Keys: sbom.Keys{URL: e.url}}}
	case e.at == "":
		if e.name() == "" {
			return nil
		}
		return []sbom.Component{{Kind: sbom.KindFile, Name: e.name()}}
	}
	all := []sbom.Component{w.path(e.at)}
	if c, ok := w.typed(e.at, w.ix.typeOf(e)); ok {
		all = append(all, c)
	}
	return all
}

// path is the file or folder at a path.
func (w *writer) path(at string) sbom.Component {
	c := file(at)
	if w.ix.folder(w.f.FS, at) {
		c.Keys.Path += "/"
	}
	return c
}

// typeOf is what an output is declared to be, by itself or by an artifact.
func (ix *index) typeOf(e *entry) string {
	if a := ix.artifacts[e.at]; a != nil && a.typ != "" {
		return a.typ
	}
	if e.typ != "" {
		return e.typ
	}
	return ix.types[e.at]
}

func (ix *index) folder(tree fs.FS, at string) bool {
	if info, err := fs.Stat(tree, at); err == nil {
		return info.IsDir()
	}
	return ix.folders[at]
}

const maxMetrics = 500 // of one file

// metrics reads a file of metrics, which is nested numbers.
func metrics(tree fs.FS, at string) (all []sbom.Metric) {
	if at == "" {
		return nil
	}
	v, err := paramFile(tree, at)
	if err != nil || !v.is(dict) {
		return nil // it is not there before a run, or is a table
	}
	for _, p := range flat("", v, nil) {
		if k, _ := plain(p.Value); k == number && len(all) < maxMetrics {
			all = append(all, sbom.Metric{Type: p.Name, Value: p.Value})
		}
	}
	return all
}

// described tells what dvc.yaml says of an output beside its path.
func (w *writer) described(o *entry) {
	if o.at == "" || o.desc == "" && o.typ == "" && len(o.labels) == 0 && o.meta == nil {
		return
	}
	w.annotate(o, &artifact{typ: o.typ, desc: o.desc, labels: o.labels, meta: o.meta, at: o.at, line: o.line})
}

// annotate tells of a path what is declared of it: of the model or dataset where it is
// one, else of the file.
func (w *writer) annotate(o *entry, a *artifact) {
	s := sbom.Sighting{Component: w.path(o.at), Basis: sbom.Declared, Where: sbom.Place{Line: a.line}}
	if c, ok := w.typed(a.at, a.typ); ok {
		s.Links = []sbom.Link{{Rel: sbom.Contains, To: w.path(o.at)}}
		s.Component = c
		s.Name = a.name
	} else if a.typ != "" {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:type", Value: clip(a.typ, maxText)})
	}
	if a.name != "" && s.Kind == sbom.KindFile {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:artifact", Value: clip(a.name, maxText)})
	}
	s.Description = clip(a.desc, maxText)
	for _, l := range a.labels[:min(len(a.labels), maxParams)] {
		s.Tags = append(s.Tags, clip(strings.TrimSpace(l), maxText))
	}
	s.Properties = append(s.Properties, meta(a.meta)...)
	w.add(s)
}
