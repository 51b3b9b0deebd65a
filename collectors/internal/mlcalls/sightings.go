package mlcalls

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// manifests make a folder a project of Python.
var manifests = []string{"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "environment.yml", "environment.yaml", "pixi.toml", "uv.lock", "poetry.lock"}

type projectOf string

// Project gives the application that code in a file belongs to: a script with
// metadata of its own is one (see python/script), else it is that of the nearest
// folder at or above with a manifest, else that of the root.
func Project(f *sbom.File, text string) sbom.Component {
	c := sbom.Component{Kind: sbom.KindApplication}
	if strings.Contains(text, "# /// script\n") && path.Ext(f.Path) == ".py" {
		c.Keys.Path, c.Name = f.Path, path.Base(f.Path)
		return c
	}
	dir := path.Dir(f.Path)
	at := sbom.Once(f.FS, projectOf(dir), func() string {
		for d := dir; ; d = path.Dir(d) {
			for _, m := range manifests {
				if info, err := fs.Stat(f.FS, path.Join(d, m)); err == nil && info.Mode().IsRegular() {
					return d
				}
			}
			if d == "." || d == "/" {
				return "."
			}
		}
	})
	c.Keys.Path = sbom.Project(path.Join(at, "x"), "python")
	return c
}

var (
	testPath = pattern.Lazy(`(?i)(?:^|/)(?:tests?|testing|unit_tests?|integration_tests?|fixtures)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.\w+$`)
	docsPath = pattern.Lazy(`(?i)(?:^|/)docs?/`)
)

// Role is "test" for code of tests, "docs" for that of documentation, and else "".
func Role(name string) string {
	switch {
	case testPath.MatchString(name):
		return "test"
	case docsPath.MatchString(name):
		return "docs"
	}
	return ""
}

// Place maps a line of the source to the file's, and says where that is for a reader.
type Place struct {
	Line func(line int) int
	Says func(line int) string // " (cell 3, line 2)"
}

// Sightings gives the application with what it uses, and the trainings.
func (r Result) Sightings(f *sbom.File, app sbom.Component, at Place) []sbom.Sighting {
	if len(r.Uses)+r.Dynamic == 0 {
		return nil
	}
	if at.Line == nil {
		at.Line = func(line int) int { return line }
	}
	if at.Says == nil {
		at.Says = func(int) string { return "" }
	}
	s := sbom.Sighting{Component: app, Basis: sbom.Declared}
	role := Role(f.Path)
	said := map[string]bool{}
	for _, u := range r.Uses {
		s.Links = append(s.Links, sbom.Link{Rel: u.Rel, To: u.To, Note: note(u.Note, role), Line: at.Line(u.Line)})
		if s.Where.Line == 0 {
			s.Where.Line = at.Line(u.Line)
		}
		if !said[u.Unpinned] && u.Unpinned != "" && role == "" {
			said[u.Unpinned] = true
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleUnpinned, Message: u.Unpinned + at.Says(u.Line), Where: sbom.Place{Line: at.Line(u.Line)}})
		}
		if u.Code != "" && !said[u.Code] {
			said[u.Code] = true
			rule := sbom.RuleCustomCode
			if u.Rel == sbom.Consumes {
				rule = sbom.RuleDatasetCode
			}
			s.Findings = append(s.Findings, sbom.Finding{Rule: rule, Message: u.Code + at.Says(u.Line), Where: sbom.Place{Line: at.Line(u.Line)}})
		}
	}
	if r.Dynamic > 0 {
		s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:code:unresolved", Value: fmt.Sprintf("%s: of %[3]d calls that load something, %[2]d name it in a way that only running them tells", f.Path, r.Dynamic, r.Calls)})
	}
	all := append([]sbom.Sighting{s}, r.files(f)...)
	for i, t := range r.Trainings {
		all = append(all, t.sightings(f, i, at)...)
	}
	return all
}

const maxRead = 1000 // files of data that are looked at for one source

// files gives the files of data that code reads and that are here, with their digests:
// many are in forms that nothing else reads (*.dat, *.dta, *.txt), and all can be swapped.
func (r Result) files(f *sbom.File) []sbom.Sighting {
	var all []sbom.Sighting
	seen := map[string]bool{}
	for _, u := range r.Uses {
		at := u.To.Keys.Path
		if u.Rel != sbom.Consumes || u.To.Kind != sbom.KindFile || seen[at] || len(seen) == maxRead {
			continue
		}
		seen[at] = true
		if s, ok := lineage.File(f, at); ok {
			all = append(all, s)
		}
	}
	return all
}

// sightings gives a training in code.
func (t Training) sightings(f *sbom.File, i int, at Place) []sbom.Sighting {
	key, name := f.Path+"#training", "training in "+f.Path
	if i > 0 {
		key += "-" + strconv.Itoa(i+1)
		name += " (" + strconv.Itoa(i+1) + ")"
	}
	return t.Sightings(key, name, at)
}

// Sightings gives a training as a process, and what it makes where that is known.
func (t Training) Sightings(key, name string, at Place) []sbom.Sighting {
	if at.Line == nil {
		at.Line = func(line int) int { return line }
	}
	p := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Line: at.Line(t.Line)}}
	p.Kind, p.Name, p.Keys.Path = sbom.KindProcess, name, key
	p.Process = &sbom.Process{Type: "stage", Activity: t.Activity, Tool: t.Tool, Parameters: t.Parameters}
	if t.Activity == "" {
		p.Process.Activity = sbom.ActivityTraining
		if len(t.Base) > 0 {
			p.Process.Activity = sbom.ActivityFineTuning
		}
	}
	model := sbom.Sighting{Component: t.Output, Basis: sbom.Declared, Where: p.Where, Mentioned: t.Output.Keys.Path == ""}
	model.Model = &sbom.Model{Training: sbom.Training{Hyperparameters: t.Parameters}}
	for _, d := range []struct {
		uses []Use
		note string
		rel  sbom.Rel
		how  string
	}{{t.Base, "base", sbom.DerivedFrom, "finetune"}, {t.Other, "", "", ""}, {t.Train, sbom.RoleTrain, sbom.TrainedOn, sbom.RoleTrain}, {t.Validation, sbom.RoleValidation, sbom.EvaluatedOn, sbom.RoleValidation}} {
		for _, u := range d.uses {
			line := at.Line(u.Line)
			p.Links = append(p.Links, sbom.Link{Rel: sbom.Consumes, To: u.To, Note: note(d.note, u.Note), Line: line})
			if d.rel != "" && u.To.Kind != sbom.KindFile {
				model.Links = append(model.Links, sbom.Link{Rel: d.rel, To: u.To, Note: d.how, Line: line})
			}
		}
	}
	if t.Output.Kind == "" {
		return []sbom.Sighting{p}
	}
	p.Links = append(p.Links, sbom.Link{Rel: sbom.Produces, To: t.Output})
	return []sbom.Sighting{p, model}
}

// Uses lists all that the training names.
func (t Training) Uses() []Use { return slices.Concat(t.Base, t.Other, t.Train, t.Validation) }

// Findings tells of all that the training names what can change and what runs code.
func (t Training) Findings() []sbom.Finding {
	var list []sbom.Finding
	said := map[string]bool{"": true}
	for _, u := range t.Uses() {
		if !said[u.Unpinned] {
			said[u.Unpinned] = true
			list = append(list, sbom.Finding{Rule: sbom.RuleUnpinned, Message: u.Unpinned, Where: sbom.Place{Line: u.Line}})
		}
		if !said[u.Code] {
			said[u.Code] = true
			rule := sbom.RuleCustomCode
			if u.To.Kind != sbom.KindModel {
				rule = sbom.RuleDatasetCode
			}
			list = append(list, sbom.Finding{Rule: rule, Message: u.Code, Where: sbom.Place{Line: u.Line}})
		}
	}
	return list
}

// Output gives the model that a folder of the tree holds, where a training says that
// it writes there; ok is false where nothing of it is here.
func Output(f *sbom.File, dir string) (c sbom.Component, ok bool) {
	if dir == "" || len(dir) > maxName {
		return c, false
	}
	at, folder, found := here(f, dir, holdsModel)
	if !found || !folder {
		return c, false
	}
	return inTree(sbom.KindModel, at, true), true
}
