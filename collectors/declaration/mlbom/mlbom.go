// Package mlbom reads mlbom.yaml, in which people declare what no file says of an
// AI system: its purpose and users, where data comes from and what it is sensitive
// of, which role data has for which model, pipelines, evaluations and sign-off. It
// lies beside any project or model, and speaks of what lies below its own folder or
// has a name on a hub. The format is ours; its keys are in shape.go and in the JSON
// Schema schema/mlbom.schema.json, which `mlbom schema` prints.
//
// It is another file than .mlbom.yaml, which gives flags to the program.
//
// Everything is declared, by a person who is named: an entry without declared-by, its
// own or that of the file, is a problem and not taken over. Nothing here overrules what
// was observed: values that differ are conflicts, and a digest is held against the
// bytes. A key that is not known, or a value of another shape, is a problem with its
// line, and the rest is read.
//
// Not understood: several documents in one file (the first is read), references from
// one mlbom.yaml to the names in another.
package mlbom

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads mlbom.yaml.
var Collector = sbom.Collector{
	Name: "declaration/mlbom",
	Doc: "Declarations by people (mlbom.yaml)\n\n" +
		"What no file says, and who says it: purpose of the system, provenance, sensitivity and roles\n" +
		"of data, licences, base models, pipelines, evaluations with evidence, expected digests, sign-off.\n" +
		"`mlbom schema` prints its JSON Schema. Not to be confused with .mlbom.yaml, which sets flags.",
	Match:   []string{"mlbom.yaml", "mlbom.yml"},
	Last:    true,
	Collect: collect,
}

// Bounds on a file.
const (
	maxEntries = 2000 // of one list
	maxText    = 4000 // bytes of one text
	maxWords   = 200  // bytes of a name
)

func firstOf(list []*yamllines.Value) []*yamllines.Value { return list[:min(len(list), maxEntries)] }

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	source, err := f.Text()
	if err != nil {
		return nil, err
	}
	root, broken := yamllines.Parse(source)
	if !root.IsMap() {
		if broken == nil && strings.TrimSpace(source) != "" && root.Len() > 0 {
			broken = &sbom.Problem{Line: root.Line(), Reason: "the file wants keys and values; the keys are " + names(documentFields)}
		}
		return nil, broken
	}
	d := &document{f: f, root: root, named: map[string]sbom.Component{}, taken: map[string]bool{}, observed: map[string]bool{}, datasets: map[string]bool{}}
	d.object(root, documentFields, "the file")
	d.by = readBy(root.Get("declared-by"))
	d.learn()
	d.system()
	for _, l := range []struct {
		key  string
		read func(*yamllines.Value)
	}{{"models", d.model}, {"datasets", d.dataset}, {"services", d.service}, {"pipelines", d.pipeline}, {"reviews", d.review}} {
		for _, v := range firstOf(root.Get(l.key).Items()) {
			if v.IsMap() {
				l.read(v)
			}
		}
	}
	if d.more > 0 {
		d.problems = append(d.problems, &sbom.Problem{Reason: fmt.Sprintf("%d more places are wrong", d.more)})
	}
	return d.seen, errors.Join(append([]error{broken}, d.problems...)...)
}

// document is the file on its way to sightings.
type document struct {
	checker
	f        *sbom.File
	root     *yamllines.Value
	by       string
	named    map[string]sbom.Component // entries, by what others call them
	taken    map[string]bool           // paths of processes
	observed map[string]bool           // files whose bytes were read
	datasets map[string]bool           // paths of data that is there
	seen     []sbom.Sighting
}

// learn notes the names of the entries, so that others can refer to them.
func (d *document) learn() {
	for _, l := range []struct {
		key  string
		kind sbom.Kind
	}{{"models", sbom.KindModel}, {"datasets", sbom.KindDataset}, {"services", sbom.KindService}} {
		for _, v := range firstOf(d.root.Get(l.key).Items()) {
			c, ok := d.identity(v, l.kind, false)
			if !ok {
				continue
			}
			if s := v.Get("name").Text(); s != "" {
				c.Name = clip(s, maxWords)
			}
			for _, key := range []string{"id", "name", "path", "hub", "url", "purl"} {
				name := v.Get(key).Text()
				if key == "path" && name != "" {
					name = path.Clean(name)
				}
				if _, known := d.named[name]; name != "" && !known {
					d.named[name] = c
				}
			}
		}
	}
}

// readBy says who states something: "Ann Example, ML lead <ann@example.com>".
func readBy(v *yamllines.Value) string {
	p, role := readParty(v)
	text := p.Name
	if role != "" {
		text += ", " + role
	}
	if p.Email != "" {
		text += " <" + p.Email + ">"
	}
	if p.Name == "" {
		return ""
	}
	return text
}

// readParty reads a name alone, or name, role, email and url.
func readParty(v *yamllines.Value) (p sbom.Party, role string) {
	if s := v.Text(); s != "" {
		return sbom.Party{Name: clip(s, maxWords)}, ""
	}
	p = sbom.Party{Name: clip(v.Get("name").Text(), maxWords), Email: clip(v.Get("email").Text(), maxWords), URL: clip(v.Get("url").Text(), maxWords)}
	return p, clip(v.Get("role").Text(), maxWords)
}

// clip bounds a text.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
