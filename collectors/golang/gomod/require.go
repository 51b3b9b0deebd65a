package gomod

import (
	"path"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/sbom"
)

// maxRequirements bounds what is read of one manifest. The largest known have 1 500.
const maxRequirements = 20_000

// requirements leaves out what can be no module.
func (r *reader) requirements() {
	var kept []*modfile.Require
	for _, q := range r.mod.Require {
		if len(kept) == maxRequirements {
			r.problem(q.Syntax.Start.Line, "the file has more than %d requirements; the rest is not read", maxRequirements)
			break
		}
		if err := module.CheckImportPath(q.Mod.Path); err != nil {
			r.problem(q.Syntax.Start.Line, "require: %v; the statement is left out", err)
			continue
		}
		kept = append(kept, q)
	}
	r.mod.Require = kept
}

// place tells where the facts of a required module stand.
func (r *reader) place(s *sbom.Sighting, q *modfile.Require, to gomanifest.Instead, tool *modfile.Tool) {
	s.Where.Line = q.Syntax.Start.Line
	if s.Lines == nil {
		s.Lines = map[string]int{}
	}
	if tool != nil {
		s.Lines["package.groups"] = tool.Syntax.Start.Line
	}
	gomanifest.ReplacedLines(s, to, r.mod.Replace)
}

// groupsOf says on what a requirement is needed for. The go command marks a
// module that only a tool needs as indirect; "tool" says more.
func groupsOf(q *modfile.Require, tool *modfile.Tool) (groups []string, note string) {
	switch {
	case tool != nil && q.Indirect:
		return []string{"tool"}, "tool"
	case tool != nil:
		return []string{"main", "tool"}, ""
	case q.Indirect:
		return []string{"indirect"}, "indirect"
	}
	return []string{"main"}, ""
}

// tools maps the path of each required module to the first tool it provides. A
// tool is named by its package: the longest module path above it provides it.
func (r *reader) tools() map[string]*modfile.Tool {
	required := map[string]bool{}
	for _, q := range r.mod.Require {
		required[q.Mod.Path] = true
	}
	if r.mod.Module != nil {
		required[r.mod.Module.Mod.Path] = true
	}
	tools := map[string]*modfile.Tool{}
	for _, t := range r.mod.Tool {
		p := t.Path
		for p != "." && p != "/" && !required[p] {
			p = path.Dir(p)
		}
		if tools[p] == nil {
			tools[p] = t
		}
	}
	return tools
}

// idle keeps the replacements of what is not taken.
func (r *reader) idle(used map[*modfile.Replace]bool) {
	for _, rep := range r.mod.Replace {
		if !used[rep] {
			r.property(rep.Syntax, "replace", rep.Old.String()+" => "+rep.New.String())
		}
	}
}
