package plugin

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// relative takes the folder out of a text, where it begins the text or a string
// in JSON: where a tree lies on this machine is no fact of it.
func (r *reading) relative(text string) string {
	if r.dir == "/" || !strings.Contains(text, r.dir) {
		return text
	}
	if text == r.dir || text == r.dir+"/" {
		return "."
	}
	text = strings.TrimPrefix(text, r.dir+"/")
	for _, quote := range []string{`"`, `'`, " ", "=", "file://"} {
		text = strings.ReplaceAll(text, quote+r.dir+"/", quote)
		for _, end := range []string{`"`, `'`, " "} {
			text = strings.ReplaceAll(text, quote+r.dir+end, quote+"."+end)
		}
	}
	return text
}

// clean takes the folder out of what a component says.
func (r *reading) clean(c *sbom.Component) {
	c.Name = r.relative(c.Name)
	if c.Kind == sbom.KindFile && c.Keys.Path != "" && c.Keys.Path == r.find(c.Name) {
		c.Name = path.Base(c.Keys.Path)
	}
	if c.Version == "UNKNOWN" { // Syft has no other word for it
		c.Version = ""
	}
	c.Description = r.relative(c.Description)
	for i := range c.Properties {
		c.Properties[i].Value = r.relative(c.Properties[i].Value)
	}
	for i := range c.Refs {
		c.Refs[i].URL = r.relative(c.Refs[i].URL)
	}
}

// records keeps what speaks of components and which tools there were. What else
// the program's document says of itself is not said of ours, and becomes
// properties.
func (r *reading) records(all []sbom.Record) (list []sbom.Record, about []sbom.Property) {
	for _, one := range all {
		one.Value = r.relative(one.Value)
		_, at, _ := strings.Cut(one.Part, ":")
		if strings.HasPrefix(at, "metadata/") && !strings.HasPrefix(at, "metadata/tools/") || at == "properties" || at == "externalReferences" {
			about = append(about, sbom.Property{Name: r.by + ":" + at, Value: one.Value})
			continue
		}
		for i := range one.Refs {
			if ref := &one.Refs[i]; ref.Name != "" {
				ref.Name = r.by + ":" + ref.Name // may be the name of something of ours
			} else if r.isRoot(ref.Keys) {
				ref.Kind = r.tree.Root.Kind
			}
		}
		list = append(list, one)
	}
	return list, about
}
