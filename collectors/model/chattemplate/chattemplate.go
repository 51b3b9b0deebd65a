// Package chattemplate reads chat templates that are files of their own. A
// template is a program that runs on every request: it is a component, known by
// the digest of its text, and what it should not do is found.
//
// Files: chat_template.jinja (transformers), additional_chat_templates/NAME.jinja,
// chat_template.json. Other places, tokenizer_config.json and the configuration of
// processors, are read by the collectors of these files and give the same
// components.
//
// Source: the documentation of transformers (chat templates).
package chattemplate

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files.
var Collector = sbom.Collector{
	Name:    "model/chattemplate",
	Doc:     "Chat templates (chat_template.jinja, additional_chat_templates/*.jinja, chat_template.json)\n\nEach template as a component with its digest, and what it reaches for.",
	Match:   []string{"chat_template.jinja", "chat_template.json", "additional_chat_templates/*.jinja"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	base := path.Base(f.Path)
	d := hfmodel.In(hfmodel.Owner(f))
	switch {
	case strings.EqualFold(base, "chat_template.json"):
		v, err := jsonlines.Parse(text)
		d.Templates(v.Get("chat_template"))
		if len(d.Links) == 0 {
			return nil, err
		}
		return d.Done(true), err
	case strings.EqualFold(base, "chat_template.jinja"):
		d.Template("", text, 1)
	default:
		d = hfmodel.In(sbom.DirOf(path.Dir(f.Path)))
		d.Template(strings.TrimSuffix(base, path.Ext(base)), text, 1)
	}
	for i := range d.More {
		d.More[i].Keys.Path = f.Path
		if file, err := f.Digest(); err == nil && file.SHA256() != d.More[i].Keys.SHA256 { // of a file with other ends of lines
			d.More[i].Also = append(d.More[i].Also, sbom.Keys{SHA256: d.More[i].Keys.SHA256})
			d.More[i].Keys.SHA256, d.More[i].Hashes = file.SHA256(), file.Hashes
		}
	}
	if len(d.Links) == 0 {
		return nil, nil
	}
	return d.Done(true), nil
}
