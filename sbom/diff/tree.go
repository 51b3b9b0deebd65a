package diff

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/mlbom/mlbom/sbom"
)

// tree compares the lists of all files that both subjects have.
func (c *comparison) tree() {
	a, b := c.trees[0], c.trees[1]
	switch {
	case a == nil && b == nil:
		return
	case a == nil || b == nil:
		c.note("A", a == nil, c.none[0])
		c.note("B", b == nil, c.none[1])
		return
	}
	folders := map[string]*Folder{}
	for name, f := range c.treeChanges(a, b) {
		dir := sbom.DirOf(name)
		if folders[dir] == nil {
			folders[dir] = &Folder{Path: dir}
		}
		f(folders[dir])
	}
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		c.r.Files = append(c.r.Files, *folders[dir])
	}
}

func (c *comparison) note(name string, none bool, why string) {
	if none {
		c.r.Notes = append(c.r.Notes, name+" does not list the files of its tree, so they are not compared"+why)
	}
}

// listed reads the list of a side; nil where there is none, with the reason.
func listed(s *side) (map[string]string, string) {
	i, ok := s.at[s.Root]
	if !ok {
		return nil, ""
	}
	t, err := sbom.ReadTree(&s.Nodes[i].Component)
	switch {
	case err != nil:
		return nil, ": " + err.Error()
	case t == nil:
		return nil, ""
	case t.None != "":
		return nil, ": " + t.None
	}
	return entries(t), ""
}

// entries gives the content of each path.
func entries(t *sbom.Tree) map[string]string {
	all := map[string]string{}
	for _, f := range t.Files {
		all[f.Path] = f.SHA256 + " " + strconv.FormatInt(f.Size, 10)
	}
	for _, l := range t.Links {
		all[l.Path] = "link to " + l.Target
	}
	return all
}

// pointed tells whether a file has one digest on both sides, though the lists have two:
// a pointer lies in its place on one of them.
func (c *comparison) pointed(before, after map[string]int, name string) bool {
	i, ok := before[name]
	j, ok2 := after[name]
	return ok && ok2 && c.a.Nodes[i].Keys.SHA256 == c.b.Nodes[j].Keys.SHA256
}

// treeChanges notes each change of a file, and gives for its path what to count.
func (c *comparison) treeChanges(a, b map[string]string) map[string]func(*Folder) {
	count := map[string]func(*Folder){}
	before, after, pointers := filesOf(c.a), filesOf(c.b), 0
	gone, came := map[string][]string{}, map[string][]string{} // by content
	for name, content := range a {
		other, ok := b[name]
		switch {
		case !ok:
			gone[content] = append(gone[content], name)
		case other != content && c.pointed(before, after, name):
			pointers++
		case other != content:
			c.r.add(Change{Kind: File, Field: name, Before: content, After: other})
			count[name] = func(f *Folder) { f.Changed++ }
		}
	}
	for name, content := range b {
		if _, ok := a[name]; !ok {
			came[content] = append(came[content], name)
		}
	}
	for content, names := range gone {
		if to := came[content]; len(names) == 1 && len(to) == 1 {
			c.r.add(Change{Kind: File, Before: names[0], After: to[0], Where: "moved"})
			count[to[0]] = func(f *Folder) { f.Moved++ }
			delete(came, content)
			continue
		}
		for _, name := range names {
			c.r.add(Change{Kind: File, Field: name, Before: content})
			count[name] = func(f *Folder) { f.Removed++ }
		}
	}
	if pointers > 0 {
		c.r.Notes = append(c.r.Notes, fmt.Sprintf("%d of the files: a pointer on one side, and on the other the bytes that it names, which is no change", pointers))
	}
	for content, names := range came {
		for _, name := range names {
			c.r.add(Change{Kind: File, Field: name, After: content})
			count[name] = func(f *Folder) { f.Added++ }
		}
	}
	return count
}
