package dvc

import (
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// typed gives the model or dataset at a path that is declared to be one.
func (w *writer) typed(at, typ string) (sbom.Component, bool) {
	folder := w.ix.folder(w.f.FS, at)
	switch strings.ToLower(typ) {
	case "model":
		c := sbom.Component{Kind: sbom.KindModel}
		if folder {
			c.Keys.Path = at + "/"
			return c, true
		}
		o := weights.OwnerOf(at)
		c.Keys, c.Name = o.Keys, o.Name
		return c, true
	case "dataset", "data":
		c := sbom.Component{Kind: sbom.KindDataset, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
		if folder {
			c.Keys.Path += "/"
		}
		return c, true
	}
	return sbom.Component{}, false
}

func (w *writer) artifact(a *artifact) {
	if a.at == "" {
		return // in another repository, or with no path in this tree
	}
	w.annotate(&entry{at: a.at}, a)
}

func datasetMention(file, name string) sbom.Component {
	return sbom.Component{Kind: sbom.KindDataset, Name: clip(name, maxText), Keys: sbom.Keys{Path: strings.TrimPrefix(file+"#"+clip(name, maxText), "./")}}
}

// dataset tells of an entry of "datasets", which stages name as ds://NAME; the lock
// knows its version.
func (w *writer) dataset(v *value, basis sbom.Basis) {
	name := v.get("name").string()
	if name == "" {
		return
	}
	s := sbom.Sighting{Component: datasetMention(path.Join(path.Dir(w.f.Path), "dvc.yaml"), name), Basis: basis, Where: sbom.Place{Line: v.line}}
	address := v.get("url").string()
	switch v.get("type").string() {
	case "dvc":
		if from, ok := ofRepository(v, v.get("path").string()); ok {
			from.Kind = sbom.KindDataset
			s.Links = []sbom.Link{{Rel: sbom.DerivedFrom, To: from}}
		}
		s.Version = clip(firstText(v.get("rev_lock").shown(), v.get("rev").shown()), maxText)
	default:
		if u := lineage.URL(address); u != "" {
			s.Links = []sbom.Link{{Rel: sbom.DerivedFrom, To: sbom.Component{Kind: sbom.KindDataset, Name: lineage.Name(u), Keys: sbom.Keys{URL: u}}}}
		}
		if n := v.get("version"); n.is(number) || n.is(text) {
			s.Version = clip(n.shown(), maxText)
		}
	}
	s.Properties = lineage.Property(s.Properties, "mlbom:dvc:type", clip(v.get("type").string(), maxText))
	w.add(s)
}

func firstText(all ...string) string {
	for _, s := range all {
		if s != "" && s != "None" {
			return s
		}
	}
	return ""
}

// ofRepository gives what was imported from another repository: a model or dataset of
// a hub, or a path at a commit.
func ofRepository(repo *value, name string) (sbom.Component, bool) {
	address := lineage.Repository(repo.get("url").string())
	commit := repo.get("rev_lock").string()
	if address == "" {
		return sbom.Component{}, false // a folder of somebody's machine, or this repository itself
	}
	revision := firstText(commit, repo.get("rev").shown())
	if strings.HasPrefix(address, "https://huggingface.co/") {
		if c, ok := hub.Model(address, revision); ok {
			return c, true
		}
		if c, ok := hub.Dataset(address, revision); ok {
			return c, true
		}
	}
	c := sbom.Component{Kind: sbom.KindFile, Name: firstText(lineage.Name(name), path.Base(address)), Version: clip(revision, maxText)}
	c.Refs = []sbom.Ref{{Type: "vcs", URL: address, Comment: clip(strings.TrimPrefix(name, "/"), maxText)}}
	if sbom.IsCommit(commit) && name != "" {
		c.Keys.URL = "git+" + address + "@" + commit + "#" + (&url.URL{Path: strings.TrimPrefix(name, "/")}).EscapedPath()
	}
	return c, true
}

// origin ties an output to where it was taken from.
func origin(d *entry) (sbom.Link, []sbom.Property, bool) {
	switch {
	case d.repo != nil:
		from, ok := ofRepository(d.repo, d.def)
		return sbom.Link{Rel: sbom.DerivedFrom, To: from, Note: "import", Line: d.line}, nil, ok
	case d.db != nil:
		var all []sbom.Property
		for _, key := range []string{"connection", "table", "query", "file_format"} {
			all = lineage.Property(all, "mlbom:dvc:db."+key, clip(lineage.Command(d.db.get(key).string()), maxText))
		}
		return sbom.Link{}, all, false
	case d.url != "":
		to := sbom.Component{Kind: sbom.KindFile, Name: d.name(), Keys: sbom.Keys{URL: d.url}}
		if to.Version = clip(d.version, maxText); to.Version != "" && len(d.cloud) == 0 {
			to.Version = clip(d.version, maxText)
		}
		if d.etag != "" {
			to.Properties = append(to.Properties, sbom.Property{Name: "mlbom:dvc:etag", Value: clip(strings.Trim(d.etag, `"`), maxText)})
		}
		return sbom.Link{Rel: sbom.DerivedFrom, To: to, Note: "import-url", Line: d.line}, nil, true
	}
	return sbom.Link{}, nil, false
}

var (
	trains    = pattern.Lazy(`(?i)(?:^|[^a-z])(?:train|training|retrain|fit|finetune|fine[-_]tun\w*)(?:[^a-z]|$)`)
	evaluates = pattern.Lazy(`(?i)(?:^|[^a-z])(?:eval|evaluate|evaluation|test|testing|validate|validation|score|measure|metrics|benchmark)(?:[^a-z]|$)`)
	modelFile = pattern.Lazy(`(?i)\.(?:pt|pth|h5|hdf5|keras|onnx|safetensors|ckpt|tflite|gguf|cbm|mlmodel|xgb|lgb)$`)
	fitted    = pattern.Lazy(`(?i)\.(?:pkl|pickle|joblib|sav|bin|model|skops|json|txt)$`)
)

// isModel tells whether an entry is a model: declared, or inferred from its name.
func (w *writer) isModel(e *entry) (is, declared bool) {
	if typ := strings.ToLower(w.ix.typeOf(e)); typ != "" {
		return typ == "model", typ == "model"
	}
	return modelFile.MatchString(e.at) || fitted.MatchString(e.at) && weights.ModelLike(e.at), false
}

// activity says what a stage does as far as its outputs show it.
func (w *writer) activity(st *stage) {
	var made, taken []*entry
	declared := false
	for _, o := range st.outs {
		if is, said := w.isModel(o); is && o.part == "outs" {
			made, declared = append(made, o), declared || said
		}
	}
	measured := false
	for _, o := range st.outs {
		measured = measured || o.part == "metrics"
	}
	for _, d := range st.deps {
		if is, _ := w.isModel(d); is {
			taken = append(taken, d)
		}
	}
	name := trains.MatchString(st.name) || trains.MatchString(path.Base(st.file)) && st.name == ""
	s := sbom.Sighting{Component: process(st.id(), ""), Basis: sbom.Inferred, Hint: true, Where: sbom.Place{Line: st.line}}
	s.Process.Tool = ""
	switch {
	case len(made) > 0 && (name || declared && len(taken) == 0 && len(st.deps) > 0):
		s.Process.Activity = sbom.ActivityTraining
		w.add(s)
		w.relate(made, st, sbom.TrainedOn, sbom.RoleTrain)
	case len(made) == 0 && len(taken) > 0 && measured && evaluates.MatchString(st.name):
		s.Process.Activity = sbom.ActivityEvaluation
		w.add(s)
		w.relate(taken, st, sbom.EvaluatedOn, sbom.RoleTest)
	}
}

// relate ties declared models to the declared datasets that the stage takes.
func (w *writer) relate(models []*entry, st *stage, rel sbom.Rel, role string) {
	for _, m := range models {
		c, ok := w.typed(m.at, w.ix.typeOf(m))
		if !ok || c.Kind != sbom.KindModel {
			continue
		}
		s := sbom.Sighting{Component: c, Basis: sbom.Inferred, Hint: true, Where: sbom.Place{Line: st.line}}
		for _, d := range st.deps {
			if to, ok := w.typed(d.at, w.ix.typeOf(d)); ok && to.Kind == sbom.KindDataset && d.at != "" {
				s.Links = append(s.Links, sbom.Link{Rel: rel, To: to, Note: role, Line: d.line})
			}
		}
		if len(s.Links) > 0 {
			w.add(s)
		}
	}
}
