package mof

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// refs are the kinds of reference to a component that has an address.
var refs = map[string]string{"model card": "model-card", "research paper": "documentation", "technical report": "documentation", "data card": "documentation",
	"evaluation results": "quality-metrics", "evaluation data": "other", "training code": "vcs", "inference code": "vcs", "evaluation code": "vcs",
	"data preprocessing code": "vcs", "model architecture": "vcs", "supporting libraries and tools": "vcs", "model parameters (final)": "distribution",
	"model parameters (intermediate)": "distribution", "sample model outputs": "other", "model metadata": "other"}

func (d *declaration) components() {
	for i, c := range d.release.Get("components").Items() {
		if i == maxComponents {
			return
		}
		if name := said(c.Get("name")); name != "" {
			d.component(name, c)
		}
	}
}

func (d *declaration) component(name string, c *yamllines.Value) {
	stated := said(c.Get("license"))
	l, ok := license(c.Get("license"), c.Get("license_path"))
	what := "inherited"
	if stated != "" {
		what = stated
	}
	if ok {
		what = label(l)
	}
	if l.URL != "" {
		what += " " + l.URL
	}
	d.property("component:"+name, what)
	key := strings.ToLower(name)
	if key == "model parameters (final)" && ok && len(d.Licenses) == 0 {
		d.Licenses = append(d.Licenses, l)
		d.Lines["licenses"] = c.Get("license").Line()
	}
	at := said(c.Get("component_path"))
	if file := said(c.Get("license_path")); file != "" && l.URL == "" {
		d.property("component:"+name+".license_path", file)
	}
	if at == "" {
		return
	}
	line := c.Get("component_path").Line()
	if address := evaluation.Address(at); address != "" {
		if key == "datasets" {
			d.dataset(address, l, ok, line)
		}
		kind := refs[key]
		if kind == "" {
			kind = "other"
		}
		d.ref(kind, address, name)
		return
	}
	d.property("component:"+name+".path", at)
	d.local(name, at, l, ok, line)
}

// dataset links to the data at an address.
func (d *declaration) dataset(address string, l sbom.License, ok bool, line int) {
	to := evaluation.Dataset(d.f, address, "")
	if ok {
		to.Licenses = []sbom.License{l}
	}
	d.Links = append(d.Links, sbom.Link{Rel: sbom.TrainedOn, To: to, Note: sbom.RoleTrain, Line: line})
}

// local links to a file or a folder of the tree, by its path below the declaration.
func (d *declaration) local(name, at string, l sbom.License, ok bool, line int) {
	file := path.Join(path.Dir(d.f.Path), strings.TrimPrefix(at, "./"))
	if path.IsAbs(at) || !fs.ValidPath(file) {
		return
	}
	info, err := fs.Stat(d.f.FS, file)
	if err != nil {
		return
	}
	to := sbom.Component{Kind: sbom.KindFile, Name: path.Base(file), Keys: sbom.Keys{Path: file}}
	rel := sbom.Contains
	switch {
	case strings.EqualFold(name, "datasets"):
		to.Kind, rel = sbom.KindDataset, sbom.TrainedOn
		if info.IsDir() {
			to.Keys.Path += "/"
		}
	case info.IsDir():
		return
	}
	if ok {
		to.Licenses = []sbom.License{l}
	}
	d.Links = append(d.Links, sbom.Link{Rel: rel, To: to, Note: name, Line: line})
}
