package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
)

// Bounds of what a person is shown; JSON has it all.
const (
	diffLines   = 50  // of one section
	diffRows    = 100 // the same in a comment, where sections are folded
	diffFolders = 20
	diffFiles   = 50 // up to so many files are named
	diffName    = 60 // characters of a name
	diffWhat    = 22 // columns of what changed
	diffValue   = 110
)

// diffSections are the headings, in the order of danger.
var diffSections = []struct {
	title string
	kinds []diff.Kind
}{
	{"alarms", nil},
	{"signatures", []diff.Kind{diff.Signature}},
	{"findings", []diff.Kind{diff.Finding, diff.Fixed, diff.Scan}},
	{"services", []diff.Kind{diff.Service}},
	{"components", []diff.Kind{diff.Added, diff.Removed, diff.Version, diff.Renamed, diff.Content, diff.Digests}},
	{"pins", []diff.Kind{diff.Pin}},
	{"licences", []diff.Kind{diff.License}},
	{"suppliers", []diff.Kind{diff.Supplier}},
	{"models", []diff.Kind{diff.Model}},
	{"data", []diff.Kind{diff.Dataset}},
	{"relations", []diff.Kind{diff.Relation}},
	{"other facts", []diff.Kind{diff.Fact, diff.Statement}},
	{"conflicts and problems", []diff.Kind{diff.Conflict, diff.Problem}},
}

// diffSection is a heading with its changes.
type diffSection struct {
	title   string
	changes []*diff.Change
}

// sections groups what is shown; files of the tree are summed up apart.
func (d *comparison) sections() []diffSection {
	of := map[diff.Kind]int{}
	all := make([]diffSection, len(diffSections))
	for i, s := range diffSections {
		all[i].title = s.title
		for _, k := range s.kinds {
			of[k] = i
		}
	}
	for i := range d.shown {
		c := &d.shown[i]
		switch {
		case c.Follows && !d.only:
		case c.Alarm:
			all[0].changes = append(all[0].changes, c)
		case c.Kind != diff.File:
			s := &all[of[c.Kind]]
			s.changes = append(s.changes, c)
		}
	}
	var some []diffSection
	for _, s := range all {
		if len(s.changes) > 0 {
			some = append(some, s)
		}
	}
	return some
}

// fileCount is how many files of the tree changed among what is shown.
func (d *comparison) fileCount() int {
	n := 0
	for i := range d.shown {
		if d.shown[i].Kind == diff.File {
			n++
		}
	}
	return n
}

// headline says how much is the same.
func (d *comparison) headline() string {
	if len(d.shown) == 0 {
		return fmt.Sprintf("no changes, %s", count(d.Paired, "component", "components"))
	}
	alarms := 0
	for i := range d.shown {
		alarms += map[bool]int{true: 1}[d.shown[i].Alarm]
	}
	text := count(len(d.shown)-d.following(), "change", "changes")
	if alarms > 0 {
		text += ", " + count(alarms, "alarm", "alarms")
	}
	return fmt.Sprintf("%s; %s before, %d after, %d in both", text, count(d.ComponentsA, "component", "components"), d.ComponentsB, d.Paired)
}

// following counts what is not listed for people, since other versions tell it.
func (d *comparison) following() int {
	n := 0
	for i := range d.shown {
		if d.shown[i].Follows && !d.only {
			n++
		}
	}
	return n
}

// notes are what the comparison as a whole has to say.
func (d *comparison) notes() []string {
	lines := append(append([]string{}, d.Notes...), d.unsaid()...)
	if n := d.following(); n > 0 {
		lines = append(lines, count(n, "more change is", "more changes are")+" what other versions of packages bring along (digests, addresses, dates, ranges); --format json has them")
	}
	return lines
}

func diffText(w io.Writer, d *comparison) error {
	fmt.Fprintf(w, "%s -> %s: %s\n", plain(d.A), plain(d.B), d.headline())
	for _, s := range d.sections() {
		fmt.Fprintf(w, "%s\n", s.title)
		rows := make([][3]string, 0, min(len(s.changes), diffLines))
		widest := 0
		for _, c := range s.changes[:min(len(s.changes), diffLines)] {
			r := diffRow(c)
			r[1] = shorten(plain(r[1]), diffName)
			widest = max(widest, len([]rune(r[1])))
			rows = append(rows, r)
		}
		for _, r := range rows {
			line := fmt.Sprintf("  %-*s %-*s  %s", diffWhat, r[0], widest, r[1], plain(r[2]))
			fmt.Fprintln(w, strings.TrimRight(line, " "))
		}
		if more := len(s.changes) - diffLines; more > 0 {
			fmt.Fprintf(w, "  … and %d more (--format json lists all)\n", more)
		}
	}
	d.textFiles(w)
	d.textNotes(w)
	return nil
}

func (d *comparison) textFiles(w io.Writer) {
	if d.fileCount() == 0 {
		return
	}
	fmt.Fprintf(w, "files of the tree: %s\n", count(d.fileCount(), "change", "changes"))
	for i, f := range d.Files {
		if i == diffFolders {
			fmt.Fprintf(w, "  … and %d more folders\n", len(d.Files)-i)
			break
		}
		fmt.Fprintf(w, "  %s: %s%s\n", shorten(plain(f.Path), diffValue), folderText(f), plain(d.filesIn(f)))
	}
}

func (d *comparison) textNotes(w io.Writer) {
	for _, n := range d.notes() {
		fmt.Fprintf(w, "note: %s\n", shorten(plain(n), 2*diffValue))
	}
}

// unsaid says which fields the tool of one side never gives.
func (d *comparison) unsaid() []string {
	var lines []string
	for _, side := range []string{"a", "b"} {
		var fields []string
		for _, u := range d.Unsaid {
			if u.Side == side {
				fields = append(fields, u.Field)
			}
		}
		if len(fields) > 0 {
			lines = append(lines, shorten(fmt.Sprintf("the tool of %s never says %s, so these are not compared", strings.ToUpper(side), strings.Join(fields, ", ")), 2*diffValue))
		}
	}
	return lines
}

// filesIn names the files of a folder that changed, where the tree has few such.
func (d *comparison) filesIn(f diff.Folder) string {
	if d.fileCount() > diffFiles {
		return ""
	}
	var names []string
	for i := range d.shown {
		c := &d.shown[i]
		name := cmp.Or(c.Field, c.After)
		if c.Kind == diff.File && sbom.DirOf(name) == f.Path {
			names = append(names, path.Base(name))
		}
	}
	slices.Sort(names)
	return " (" + shorten(strings.Join(names, ", "), diffValue) + ")"
}

func folderText(f diff.Folder) string {
	var parts []string
	for _, p := range []struct {
		n    int
		word string
	}{{f.Added, "added"}, {f.Removed, "removed"}, {f.Changed, "changed"}, {f.Moved, "moved here"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return strings.Join(parts, ", ")
}

// diffRow is what changed, of which component, and how.
func diffRow(c *diff.Change) [3]string {
	return [3]string{diffWord(c), diffSubject(c), shorten(diffHow(c), diffValue)}
}

// diffWord is what changed in a word or two.
func diffWord(c *diff.Change) string {
	switch c.Kind {
	case diff.DigestChanged:
		return "digest changed"
	case diff.Finding, diff.Fixed:
		if c.Kind == diff.Fixed {
			return "fixed " + string(c.Severity)
		}
		return "new " + string(c.Severity)
	case diff.Version, diff.Pin:
		if c.Direction != "" {
			return string(c.Kind) + " " + c.Direction
		}
		return signOf(c) + string(c.Kind)
	case diff.Renamed:
		if c.Field == "path" {
			return "moved"
		}
	case diff.Relation:
		return signOf(c) + c.Field
	case diff.License, diff.Supplier, diff.Conflict, diff.Problem:
		return signOf(c) + string(c.Kind)
	case diff.Model, diff.Dataset, diff.Service, diff.Scan, diff.Fact, diff.Statement:
		field := c.Field[strings.LastIndex(c.Field, "/")+1:]
		for _, section := range []string{"model.", "dataset.", "service.", "package.", "process.", "file."} {
			field = strings.TrimPrefix(field, section)
		}
		if c.Direction != "" {
			field += " " + c.Direction
		}
		return shorten(plain(signOf(c)+field), diffWhat)
	}
	return string(c.Kind)
}

// signOf is + of what came, - of what went.
func signOf(c *diff.Change) string {
	switch {
	case c.Before == "" && c.After != "":
		return "+"
	case c.After == "" && c.Before != "":
		return "-"
	}
	return ""
}

func diffSubject(c *diff.Change) string {
	n := c.Component()
	switch {
	case n == nil:
		return c.Where
	case c.Kind == diff.Added || c.Kind == diff.Removed:
		return strings.TrimSpace(n.Name + " " + brief(n.Version))
	case c.Kind == diff.DigestChanged && n.Kind == sbom.KindFile && n.Path != "":
		return n.Path
	case c.Kind == diff.DigestChanged:
		return strings.TrimSpace(n.Name + " " + brief(n.Version))
	}
	return n.Name
}

func diffHow(c *diff.Change) string {
	n := c.Component()
	switch c.Kind {
	case diff.Added, diff.Removed:
		text := string(n.Kind)
		if n.Named {
			text += ", named by others"
		}
		if n.Path != "" && n.Path != n.Name {
			text += " in " + n.Path
		}
		return text
	case diff.Finding, diff.Fixed, diff.Signature:
		if c.Rule != "" {
			where := ""
			if c.Where != "" {
				where = c.Where + ": "
			}
			return c.Rule + "  " + where + c.Before + c.After
		}
	case diff.DigestChanged, diff.Content:
		return c.Field + " " + brief(c.Before) + " -> " + brief(c.After)
	}
	switch {
	case c.Before == "":
		return brief(c.After)
	case c.After == "":
		return brief(c.Before)
	}
	return brief(c.Before) + " -> " + brief(c.After)
}
