package dvc

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// config is what .dvc/config says: where copies of the data lie, and how templates
// are written.
type config struct {
	first   string            // the remote that is meant where none is named
	remotes map[string]string // addresses by name; "" for a folder of somebody's machine
	order   []string
	lines   map[string]int
	flags   flags
}

var section = pattern.Lazy(`^\[\s*'?\s*(remote|core|parsing)(?:\s+"([^"]*)")?\s*'?\s*\]$`)

const maxRemotes = 100

// parseConfig reads the lines "key = value" of sections.
func parseConfig(content string) config {
	c := config{remotes: map[string]string{}, lines: map[string]int{}}
	part, name := "", ""
	for i, line := range strings.Split(content, "\n") {
		line = strings.TrimSpace(line)
		if m := section.FindStringSubmatch(line); m != nil {
			part, name = m[1], m[2]
			if _, known := c.remotes[name]; part == "remote" && !known && len(c.order) < maxRemotes {
				c.order = append(c.order, name)
				c.remotes[name] = ""
			}
			continue
		}
		if strings.HasPrefix(line, "[") {
			part = ""
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), `"'`)
		_, known := c.remotes[name]
		switch {
		case !ok || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";"):
		case part == "core" && key == "remote":
			c.first = value
		case part == "remote" && key == "url" && known:
			c.remotes[name], c.lines[name] = c.address(value), i+1
		case part == "parsing" && key == "bool":
			c.flags.optional = value == "boolean_optional"
		case part == "parsing" && key == "list":
			c.flags.repeat = value == "append"
		}
	}
	return c
}

// address gives where a remote lies; "remote://other/path" begins at another one.
func (c *config) address(value string) string {
	if rest, ok := strings.CutPrefix(value, "remote://"); ok {
		name, below, _ := strings.Cut(rest, "/")
		if base := c.remotes[name]; base != "" {
			return strings.TrimSuffix(base, "/") + "/" + below
		}
		return ""
	}
	return lineage.URL(value)
}

// readConfig reads the configuration of the repository in a folder.
func readConfig(tree fs.FS, root string) config {
	type key string
	return sbom.Once(tree, key(root), func() config {
		content, err := smallText(tree, path.Join(root, ".dvc/config"))
		if err != nil {
			return parseConfig("")
		}
		return parseConfig(content)
	})
}

// rootOf is the folder of the repository: the nearest with .dvc in it, or else the
// folder of the file.
func rootOf(tree fs.FS, file string) string {
	for dir := path.Dir(file); ; dir = path.Dir(dir) {
		if isFolder(tree, path.Join(dir, ".dvc")) {
			return dir
		}
		if dir == "." {
			return path.Dir(file)
		}
	}
}

// stored tells where the bytes of an output can be fetched: of the remote that it
// names, or the repository's own.
func (c *config) stored(e *entry) []sbom.Ref {
	name := e.remote
	if name == "" {
		name = c.first
	}
	address := c.remotes[name]
	if address == "" || e.noCache || e.noPush || e.md5 == "" && e.etag == "" && e.version == "" {
		return nil
	}
	return []sbom.Ref{{Type: "distribution", URL: address, Comment: "DVC remote " + clip(name, maxShown)}}
}

// configured reads .dvc/config itself: the pipeline of the repository, where there is
// one, keeps its data there.
func configured(f *sbom.File) ([]sbom.Sighting, error) {
	content, err := f.Text()
	if err != nil {
		return nil, err
	}
	c := parseConfig(content)
	root := path.Dir(path.Dir(f.Path))
	s := sbom.Sighting{Component: process(path.Join(root, "dvc.yaml"), "pipeline"), Basis: sbom.Declared, Hint: true}
	for _, name := range c.order {
		if address := c.remotes[name]; address != "" {
			s.Refs = append(s.Refs, sbom.Ref{Type: "distribution", URL: address, Comment: "DVC remote " + clip(name, maxShown)})
			if s.Where.Line == 0 {
				s.Where.Line = c.lines[name]
			}
		}
	}
	if len(s.Refs) == 0 {
		return nil, nil
	}
	return []sbom.Sighting{s}, nil
}
