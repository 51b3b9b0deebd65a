package gomanifest

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/golicense"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// Graphed makes sightings of a complete module graph.
type Graphed struct {
	Graph *gograph.Graph
	Cache fs.FS
	Sums  gograph.Sums
}

// Target gives what a module of the graph is in the build; it is false for Go
// itself and for a module that is not selected.
func (g *Graphed) Target(name string) (Instead, bool) {
	if main, ok := g.Graph.Main(name); ok {
		return Instead{Folder: true, Component: sbom.Component{Kind: sbom.KindApplication, Keys: Key(main.Dir), Name: name}}, true
	}
	version, ok := g.Graph.Selected(name)
	if !ok || gograph.IsToolchain(name) {
		return Instead{}, false
	}
	m := module.Version{Path: name, Version: version}
	return Resolve(m, g.Graph.Replacement(m)), true
}

// Links makes the edges of one requirement: to the selected version, with a note
// for what more there is to say of it.
func (g *Graphed) Links(e gograph.Edge, line int) []sbom.Link {
	to, ok := g.Target(e.To.Path)
	if !ok {
		return nil
	}
	var notes []string
	if e.Indirect {
		notes = append(notes, "indirect")
	}
	if v, _ := g.Graph.Selected(e.To.Path); v != e.To.Version && v != "" {
		notes = append(notes, e.To.Version)
	}
	if len(notes) == 0 {
		notes = []string{""}
	}
	var links []sbom.Link
	for _, note := range notes {
		links = append(links, sbom.Link{Rel: sbom.DependsOn, To: to.Mention(), Note: note, Line: line})
	}
	return links
}

// Module makes the sighting of a selected module, with what it requires itself
// where edges are wanted.
func (g *Graphed) Module(m module.Version, edges bool) sbom.Sighting {
	to := Resolve(m, g.Graph.Replacement(m))
	s := sbom.Sighting{Component: to.Component, Basis: sbom.Resolved, Lines: map[string]int{}}
	p := sbom.Package{}
	if s.Package != nil {
		p = *s.Package
	}
	s.Package = &p
	if file := g.Graph.File(m); file != nil {
		p.GoVersion = file.Go
	}
	if !edges {
		return s
	}
	requires, ok := g.Graph.Requires(m)
	p.Dependencies = "complete"
	if !ok {
		p.Dependencies = "unknown" // pruned: the build takes nothing from there
	}
	for _, e := range requires {
		s.Links = append(s.Links, g.Links(e, 0)...)
	}
	return s
}

// Standing tells what the module cache knows of a version: where it comes from,
// under which licence, and
// what a later one says of it: that it was withdrawn, or that the module is deprecated.
func (g *Graphed) Standing(s *sbom.Sighting, m module.Version, line int) {
	if rep := g.Graph.Replacement(m); rep != nil {
		if rep.New.Version == "" {
			return
		}
		m = rep.New
	}
	Standing(g.Cache, g.Sums, s, m, line)
}

// Standing is [Graphed.Standing] for what stands in a manifest.
func Standing(cache fs.FS, sums gograph.Sums, s *sbom.Sighting, m module.Version, line int) {
	origin(cache, s, m)
	licensed(cache, s, m)
	version, latest := gograph.Latest(cache, sums, m.Path)
	if latest == nil {
		return
	}
	if why, ok := latest.Withdrawn(m.Version); ok {
		message := fmt.Sprintf("%s is retracted by the go.mod of %s", m, version)
		if why != "" {
			message += ": " + short(why)
		}
		if s.Package != nil && slices.Equal(s.Package.Groups, []string{"unused"}) {
			s.Properties = append(s.Properties, sbom.Property{Name: Property("retracted"), Value: message}) // nothing of it is built
		} else {
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleWithdrawn, Message: message, Where: sbom.Place{Line: line}})
		}
	}
	if latest.Deprecated != "" && (semver.Prerelease(version) == "" || version == m.Version) {
		s.Properties = append(s.Properties, sbom.Property{Name: Property("deprecated"), Value: short(latest.Deprecated)})
	}
}

// origin tells where the version was found, and since when it is there, as the
// module cache notes it.
func origin(cache fs.FS, s *sbom.Sighting, m module.Version) {
	info := gograph.ReadInfo(cache, m)
	s.Released = info.Time
	at := pylock.Clean(info.URL)
	if info.VCS == "" || !strings.Contains(at, "://") {
		return
	}
	s.Refs = append(s.Refs, sbom.Ref{Type: "vcs", URL: at, Comment: strings.TrimSpace(info.Ref + " " + info.Commit)})
	if s.Package != nil && s.Package.Source == (sbom.Source{}) {
		s.Package.Source = sbom.Source{Type: info.VCS, URL: at, Ref: info.Ref, Commit: info.Commit}
	}
}

// licensed classifies the licence texts of a module in the module cache. One that
// cannot be read there says nothing of the tree.
func licensed(cache fs.FS, s *sbom.Sighting, m module.Version) {
	if cache == nil || m.Version == "" {
		return
	}
	found, err := golicense.Cached(cache, m.Path, m.Version)
	if err == nil || len(found.Licenses) > 0 {
		s.Licenses, s.Copyright = found.Licenses, found.Copyright
	}
}

// maxMessage bounds what is quoted of other modules, in bytes.
const maxMessage = 500

func short(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxMessage {
		return strings.ToValidUTF8(text[:maxMessage], "") + "..."
	}
	return text
}

// Refused makes a finding of each go.mod in the cache that go.sum does not stand for.
func Refused(g *gograph.Graph) []sbom.Finding {
	var list []sbom.Finding
	for _, m := range g.Missing {
		if m.Mismatch {
			list = append(list, sbom.Finding{Rule: sbom.RuleDigest, Message: m.String()})
		}
	}
	return list
}

// GraphProperty says, on a project, why its module graph is not known.
const GraphProperty = "mlbom:go:module-graph"

// Unknown says why a graph is not known, and what the user can do.
func Unknown(g *gograph.Graph, cache fs.FS) sbom.Property {
	text := "unknown: the module cache of the go command was not read"
	if cache != nil {
		text = fmt.Sprintf("unknown: %d go.mod files that it needs cannot be read, as that of %s", len(g.Missing), g.Missing[0])
	}
	help := `; "go mod graph" or "go mod download" in this folder fills the cache`
	if len(Refused(g)) > 0 { // what is there is not fetched again
		help = `; "go clean -modcache" empties the cache, where it was changed`
	}
	return sbom.Property{Name: GraphProperty, Value: text + help}
}
