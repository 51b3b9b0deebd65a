// Package modelfile reads Modelfiles, by which Ollama makes a model of another one:
// FROM, ADAPTER, LICENSE, TEMPLATE, SYSTEM, MESSAGE, PARAMETER, RENDERER, PARSER and
// REQUIRES. The grammar is that of Ollama's own parser, whose quotes go over lines
// and whose instructions may be in any case.
//
// The model that a Modelfile makes is known by the path of that file: its name is
// given when it is made.
//
// Source: ollama/ollama parser/parser.go and docs/modelfile.
//
// Not understood: paths below somebody's home or elsewhere on a machine, which
// become names.
package modelfile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/artefact"
	"github.com/mlbom/mlbom/collectors/internal/ollamaname"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads Modelfiles.
var Collector = sbom.Collector{
	Name: "store/modelfile",
	Doc: "Modelfiles of Ollama (Modelfile)\n\nThe model that a Modelfile makes: the models and files that it is made from, adapters,\n" +
		"licences, template, system prompt, messages and parameters.",
	Match:   []string{"Modelfile", "Modelfile.*", "Modelfile-*", "Modelfile_*", "*.Modelfile"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	list, err := parse(text)
	var at *fault
	if errors.As(err, &at) {
		err = &sbom.Problem{Line: at.line, Reason: at.err.Error()}
	}
	if len(list) == 0 {
		if !strings.EqualFold(path.Base(f.Path), "Modelfile") {
			return nil, nil // some other program's file
		}
		return nil, err
	}
	d := &draft{f: f}
	for _, c := range list {
		d.command(c)
	}
	return d.sightings(), err
}

// draft collects what the instructions say: one sighting a line from which a
// field is taken, and the model itself first.
type draft struct {
	f    *sbom.File
	self sbom.Sighting
	more []sbom.Sighting
}

func (d *draft) sightings() []sbom.Sighting {
	d.self.Kind, d.self.Keys.Path, d.self.Basis = sbom.KindModel, d.f.Path, sbom.Declared
	if d.self.Where.Line == 0 {
		d.self.Where.Line = 1
	}
	return append([]sbom.Sighting{d.self}, d.more...)
}

// at gives a sighting of the model in a line.
func (d *draft) at(line int) *sbom.Sighting {
	d.more = append(d.more, sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: d.f.Path}}, Basis: sbom.Declared, Where: sbom.Place{Line: line}})
	return &d.more[len(d.more)-1]
}

func (d *draft) command(c command) {
	switch c.name {
	case "model":
		d.from(c)
	case "adapter":
		d.adapter(c)
	case "license":
		if list := artefact.Licenses(c.args); len(list) > 0 {
			d.at(c.line).Licenses = list
		}
	case "template":
		d.at(c.line).Model = &sbom.Model{ChatTemplates: []sbom.ChatTemplate{artefact.GoTemplate(c.args)}}
	case "system":
		d.at(c.line).Properties = artefact.Prompts("system", c.args)
	case "message":
		role, text, _ := strings.Cut(c.args, ": ")
		d.at(c.line).Properties = artefact.Prompts("message:"+role, text)
	case "renderer", "parser", "requires":
		d.at(c.line).Properties = []sbom.Property{{Name: "mlbom:ollama:" + c.name, Value: c.args}}
	default:
		d.at(c.line).Model = &sbom.Model{Hyperparameters: []sbom.Property{{Name: "generation." + c.name, Value: c.args}}}
	}
}

// from ties the model to what it is made from: a file or a folder of the tree, or a
// model by its name.
func (d *draft) from(c command) {
	if d.self.Where.Line == 0 {
		d.self.Where.Line = c.line
	}
	to := sbom.Component{Kind: sbom.KindModel}
	name, named := ollamaname.Parse(c.args)
	at, folder, here := d.beside(c.args)
	switch {
	case here && folder:
		to.Keys.Path = at + "/"
	case here:
		to.Keys = weights.OwnerOf(at).Keys
	case named && !isFile(c.args):
		to = name.Component()
		d.self.Findings = append(d.self.Findings, sbom.Finding{Rule: sbom.RuleUnpinned, Where: sbom.Place{Line: c.line},
			Message: fmt.Sprintf("%s is named by a tag, so what it is can change", c.args)})
		if repository, ok := name.Repository(); ok {
			d.self.Links = append(d.self.Links, sbom.Link{Rel: sbom.DerivedFrom, Line: c.line, To: repository})
		}
	default:
		if to.Name = path.Base(strings.ReplaceAll(c.args, `\`, "/")); to.Name == "." || to.Name == "/" || to.Name == "" {
			return
		}
	}
	d.self.Links = append(d.self.Links, sbom.Link{Rel: sbom.DerivedFrom, Line: c.line, To: to})
}

// isFile tells a path from a name: "./x", "/x", "~/x", "C:\x", "x.gguf".
func isFile(text string) bool {
	switch strings.ToLower(path.Ext(text)) {
	case ".gguf", ".bin", ".safetensors", ".ggml":
		return true
	}
	return strings.HasPrefix(text, ".") || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "~") || strings.Contains(text, `\`)
}

// beside finds what a path names in the tree.
func (d *draft) beside(text string) (at string, folder, here bool) {
	if weights.Escapes(text) && path.Clean(text) != "." {
		return "", false, false
	}
	if at = path.Join(path.Dir(d.f.Path), text); at == "." {
		return ".", true, true
	}
	info, err := fs.Stat(d.f.FS, at)
	return at, err == nil && info.IsDir(), err == nil
}

func (d *draft) adapter(c command) {
	to := sbom.Component{Kind: sbom.KindModel, Name: path.Base(strings.ReplaceAll(c.args, `\`, "/"))}
	switch at, folder, here := d.beside(c.args); {
	case here && folder:
		to = sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: at + "/"}}
	case here:
		to = sbom.Component{Kind: sbom.KindModel, Keys: weights.OwnerOf(at).Keys}
	}
	if to.Name == "." || to.Name == "/" {
		return
	}
	d.self.Links = append(d.self.Links, sbom.Link{Rel: sbom.Contains, Note: "adapter", Line: c.line, To: to})
}
