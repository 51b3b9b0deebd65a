package vendor

import (
	"fmt"
	"go/version"
	"io/fs"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/collectors/internal/gomanifest"
	"github.com/mlbom/mlbom/collectors/internal/govendor"
	"github.com/mlbom/mlbom/sbom"
)

// maxFindings bounds what is told of one folder.
const maxFindings = 20

// marksAll is the Go version from which on the list marks what go.mod requires
// itself, and repeats all replacements.
const marksAll = "1.14"

// checker holds a list against the manifests that it was made from.
type checker struct {
	list     *govendor.List
	input    gograph.Input
	manifest string // what is told of
	old      bool   // the list marks less
	findings []sbom.Finding
	more     int
}

// check gives what does not fit, and the key of the project. There is none where
// the manifest is not in the tree.
func check(tree fs.FS, dir string, list *govendor.List) ([]sbom.Finding, sbom.Keys) {
	c := &checker{list: list, manifest: "go.mod"}
	key := gomanifest.Key(dir)
	work, here := gomanifest.WorkIn(tree, dir)
	if list.Workspace && here {
		mains, _ := gomanifest.Members(tree, work)
		c.input = gograph.Input{Mains: mains, Work: &work}
		c.manifest, key = "the go.mod files of the workspace", gomanifest.WorkKey(dir)
	} else if main, ok := gomanifest.Module(tree, dir); ok && !list.Workspace {
		c.input = gograph.Input{Mains: []gograph.Main{main}}
		c.old = main.File.Go == nil || version.Compare("go"+main.File.Go.Version, "go"+marksAll) < 0
	} else {
		return nil, key
	}
	c.required()
	c.replaced()
	c.listed()
	if c.more > 0 {
		c.findings = append(c.findings, sbom.Finding{Rule: sbom.RuleLockMismatch, Message: fmt.Sprintf("%d more entries do not fit", c.more)})
	}
	return c.findings, key
}

func (c *checker) tell(line int, format string, args ...any) {
	if len(c.findings) >= maxFindings {
		c.more++
		return
	}
	c.findings = append(c.findings, sbom.Finding{Rule: sbom.RuleLockMismatch, Message: fmt.Sprintf(format, args...), Where: sbom.Place{Line: line}})
}

// required: each requirement is marked in the list.
func (c *checker) required() {
	for _, main := range c.input.Mains {
		for _, r := range main.File.Require {
			if m := c.list.Find(r.Mod); m != nil && m.Explicit {
				continue
			}
			v, ok := c.list.Selected(r.Mod.Path)
			switch {
			case ok && v != r.Mod.Version:
				c.tell(c.lineOf(r.Mod.Path), "%s is required in go.mod, and %s is vendored", r.Mod, v)
			case !c.old:
				c.tell(0, "%s is required in go.mod, and not marked as explicit in vendor/modules.txt", r.Mod)
			}
		}
	}
}

func (c *checker) lineOf(path string) int {
	v, _ := c.list.Selected(path)
	if m := c.list.Find(module.Version{Path: path, Version: v}); m != nil {
		return m.Line
	}
	return 0
}

// replaced: each replacement stands in the list.
func (c *checker) replaced() {
	seen := map[module.Version]bool{}
	each := func(list []*modfile.Replace) {
		for _, r := range list {
			if !seen[r.Old] {
				seen[r.Old] = true
				c.replacement(r.Old)
			}
		}
	}
	for _, main := range c.input.Mains {
		each(main.File.Replace)
	}
	if c.input.Work != nil {
		each(c.input.Work.File.Replace)
	}
}

func (c *checker) replacement(old module.Version) {
	want := c.wanted(old)
	if want == (module.Version{}) {
		return
	}
	var got module.Version
	line := 0
	if m := c.list.Find(old); m != nil {
		got, line = m.Replace, m.ReplaceLine
	}
	selected, _ := c.list.Selected(old.Path)
	switch {
	case got == want:
	case got != (module.Version{}):
		c.tell(line, "%s is replaced by %s in %s, and by %s in vendor/modules.txt", old, want, c.manifest, got)
	case c.old && (old.Version == "" || selected != old.Version):
	default:
		c.tell(0, "%s is replaced in %s, and not in vendor/modules.txt", old, c.manifest)
	}
}

// wanted is what the manifests put in the place of a module, with a folder as it
// is seen from that of the list.
func (c *checker) wanted(old module.Version) module.Version {
	rep := c.input.Replacement(old)
	if rep == nil {
		return module.Version{}
	}
	if rep.New.Version != "" || c.input.Work == nil {
		return rep.New
	}
	folder, ok := gograph.Inside(rep.Dir, rep.New.Path)
	if !ok {
		return module.Version{} // what is outside of the tree cannot be compared
	}
	return module.Version{Path: gograph.Local(c.input.Work.Dir, folder)}
}

// listed: what the list marks is in the manifests.
func (c *checker) listed() {
	required := map[module.Version]bool{}
	for _, main := range c.input.Mains {
		for _, r := range main.File.Require {
			required[r.Mod] = true
		}
	}
	for _, m := range c.list.Modules {
		if m.Explicit && len(m.Packages) > 0 && !required[m.Version] {
			c.tell(m.AnnotationLine, "%s is marked as explicit in vendor/modules.txt, and not required in %s", m.Version, c.manifest)
		}
		if m.Replace != (module.Version{}) && c.input.Replacement(m.Version) == nil {
			c.tell(m.ReplaceLine, "%s is replaced in vendor/modules.txt, and not in %s", m.Version, c.manifest)
		}
	}
}
