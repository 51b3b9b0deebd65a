package plugin

import (
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// relative takes the folder out of a text, wherever a path begins with it: where
// a tree lies on this machine is no fact of it.
func (r *reading) relative(text string) string {
	if r.dir == "/" || !strings.Contains(text, r.dir) {
		return text
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, r.dir)
		b.WriteString(before)
		switch {
		case !found:
			return b.String()
		case !begins(b.String()) || after != "" && after[0] != '/' && inPath(after[0]):
			b.WriteString(r.dir)
		case strings.HasPrefix(after, "/") && len(after) > 1 && inPath(after[1]):
			after = after[1:]
		default:
			after = strings.TrimPrefix(after, "/")
			b.WriteByte('.')
		}
		text = after
	}
}

// begins tells whether a path can begin after the text; cdxgen writes lists with
// a backslash and an n between them.
func begins(text string) bool {
	return text == "" || !inPath(text[len(text)-1]) || strings.HasSuffix(text, `\n`) || strings.HasSuffix(text, "file://")
}

func inPath(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80 || strings.IndexByte("_-.~/@%+", c) >= 0
}

// clean takes the folder out of what a component says.
func (r *reading) clean(c *sbom.Component) {
	c.Name = r.relative(c.Name)
	if c.Version == unknown {
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

const unknown = "UNKNOWN" // Syft's version of what has none

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
