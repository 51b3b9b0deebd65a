package verify

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Options steer Compare.
type Options struct {
	// Listed asks for what the BOM lists alone: other files are of no interest.
	Listed bool
	// Expected tells files that may be there though the BOM does not know them.
	Expected func(name string) bool
	// Now is what a scan of the tree says, for digests over whole models and datasets,
	// pointers and signatures. It may be nil.
	Now *sbom.Graph
	// Trusting: the user named whom to trust.
	Trusting bool
}

// comparison is one run of Compare.
type comparison struct {
	*book
	Options
	seen   *Seen
	now    map[string][]*sbom.Node
	result *Result
	bad    map[string]bool // files that are not as the BOM says
	roots  []string        // folders of models whose digest over all files is as it was
	spared int             // by size alone, in fast mode
	filled int             // bytes that the BOM knew by a pointer
	stands int             // pointers whose bytes the BOM knows, in fast mode
	hollow int             // pointers, now as when the BOM was made
	others int             // files and links that nobody asked for, by Listed
}

// Compare holds a tree against its BOM. The error is that of a BOM whose list of files
// is damaged.
func Compare(g *sbom.Graph, seen *Seen, o Options) (*Result, error) {
	b, err := newBook(g)
	if err != nil {
		return nil, err
	}
	c := &comparison{book: b, Options: o, seen: seen, now: map[string][]*sbom.Node{}, bad: map[string]bool{},
		result: &Result{Counts: map[Status]int{}, Entries: []Entry{}, Mode: "full"}}
	switch {
	case seen.fast:
		c.result.Mode = "fast"
	case o.Listed:
		c.result.Mode = "listed"
	}
	if n := g.Node(g.Root); n != nil {
		c.result.Subject = strings.TrimSpace(n.Name + " " + n.Version)
	}
	if o.Now != nil {
		for _, n := range o.Now.Nodes {
			for _, p := range pathsOf(n, "", false) {
				c.now[p] = append(c.now[p], n)
			}
		}
	}
	c.run()
	c.result.Bytes = seen.Bytes
	c.result.finish()
	return c.result, nil
}

func (c *comparison) run() {
	if c.seen.Stopped != nil {
		c.add(Entry{Status: Unreadable, Of: OfTree, Path: ".", Notes: []string{"the tree could not be listed to its end: " + cause(c.seen.Stopped).Error()}})
	}
	for _, name := range slices.Sorted(maps.Keys(c.seen.Failed)) {
		if _, listed := c.files[name]; listed || !c.expected(name) {
			c.add(c.entry(Unreadable, OfFile, name, c.seen.Failed[name]))
		}
	}
	c.dangerous()
	missing := c.listed()
	c.linksListed()
	c.claimed()
	c.wholes()
	if c.tree != nil {
		c.pair(missing, c.added())
	} else {
		c.rest()
	}
	c.signatures()
	c.something()
	c.notes()
}

func (c *comparison) add(e Entry) { c.result.Entries = append(c.result.Entries, e) }

func (c *comparison) expected(name string) bool {
	return c.Expected != nil && c.Expected(name)
}

// entry begins what is said of a file.
func (c *comparison) entry(s Status, of, name string, notes ...string) Entry {
	nodes := append(slices.Clone(c.now[name]), c.at[name]...)
	class := classOf(name, nodes, len(c.seenIn[name]) > 0, c.inModel(name))
	e := Entry{Status: s, Of: of, Path: name, Class: class, Means: class.means(s), Components: c.components(name), Notes: notes}
	if s == Changed || s == Added {
		e.Loud = class == Runs || class == Code && s == Added
		for _, n := range c.now[name] {
			if s == Added && n.File != nil && n.File.Scan.Verdict != "" {
				e.Class, e.Loud, e.Means = Runs, true, Runs.means(s)
			}
			for _, f := range n.Findings {
				if rule, _ := sbom.RuleByID(f.Rule); rule.Severity == sbom.Critical || rule.Severity == sbom.High {
					e.Notes = append(e.Notes, f.Rule+": "+f.Message)
				}
			}
		}
	}
	return e
}

// unreadable tells whether a path or a folder above it could not be looked at.
func (c *comparison) unreadable(name string) bool {
	if _, ok := c.seen.Failed[name]; ok {
		return true
	}
	for i := range len(name) {
		if name[i] == '/' {
			if _, ok := c.seen.Failed[name[:i]]; ok {
				return true
			}
		}
	}
	_, root := c.seen.Failed["."]
	return root || c.seen.Stopped != nil
}

// listed holds the list of files against the tree, and gives those that are not here.
func (c *comparison) listed() (missing []sbom.TreeFile) {
	for _, f := range slices.SortedFunc(maps.Values(c.files), func(a, b sbom.TreeFile) int { return strings.Compare(a.Path, b.Path) }) {
		d, here := c.seen.Files[f.Path]
		want := &State{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: f.SHA256}}, Size: f.Size}
		link, linked := c.seen.Links[f.Path]
		switch {
		case here:
			c.file(f, d, want)
		case linked:
			want.Kind = "file"
			e := c.entry(Changed, OfFile, f.Path, "a link lies where a file should")
			e.Want, e.Got = want, &State{Kind: "link", Target: link.Target}
			c.differs(e)
		case c.unreadable(f.Path):
			c.bad[f.Path] = true
			if _, said := c.seen.Failed[f.Path]; !said {
				c.add(c.entry(Unreadable, OfFile, f.Path, "its folder could not be read"))
			}
		default:
			missing = append(missing, f)
		}
	}
	return missing
}

func (c *comparison) differs(e Entry) {
	c.bad[e.Path] = true
	c.add(e)
}

// file holds one file against its line.
func (c *comparison) file(f sbom.TreeFile, d sbom.Digest, want *State) {
	sum := d.SHA256()
	switch {
	case sum == f.SHA256 && d.Size == f.Size:
		c.result.Counts[Same]++
		if _, ok := c.pointer(f.Path); ok {
			c.hollow++
		}
		return
	case sum == "" && d.Size == f.Size:
		c.result.Counts[Same]++
		c.spared++
		return
	}
	if oid, ok := c.pointer(f.Path); ok {
		c.stub(f, oid, d, want)
		return
	}
	if sum != "" && pointerTo(sum, d.Size) == f.SHA256 {
		c.result.Counts[Same]++
		c.filled++
		return
	}
	e := c.entry(Changed, OfFile, f.Path)
	e.Want, e.Got = want, &State{Hashes: d.Hashes, Size: d.Size}
	c.differs(e)
}

// linksListed holds the links of the list against those of the tree.
func (c *comparison) linksListed() {
	for _, name := range slices.Sorted(maps.Keys(c.links)) {
		l, here := c.seen.Links[name]
		want := &State{Target: c.links[name], Kind: "link"}
		switch {
		case here && l.Target == want.Target:
			c.result.Counts[Same]++
		case here:
			e := c.entry(Changed, OfLink, name, "the link leads elsewhere")
			e.Want, e.Got = want, &State{Target: l.Target, Kind: "link"}
			c.differs(e)
		case c.unreadable(name):
			c.bad[name] = true
			if _, said := c.seen.Failed[name]; !said {
				c.add(c.entry(Unreadable, OfLink, name, "its folder could not be read"))
			}
		default:
			e := c.entry(Missing, OfLink, name)
			e.Want = want
			if d, file := c.seen.Files[name]; file {
				e.Status, e.Got = Changed, &State{Kind: "file", Size: d.Size, Hashes: d.Hashes}
				e.Notes = append(e.Notes, "a file lies where a link should")
			}
			c.differs(e)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.seen.Links)) {
		if l := c.seen.Links[name]; l.Outside != "" && c.links[name] == l.Target && !c.expected(name) && !c.vouched(name) {
			e := c.entry(NotCovered, OfLink, name, l.Outside)
			e.Got = &State{Target: l.Target, Kind: "link"}
			c.add(e)
		}
	}
}

// vouched tells whether a component says which bytes are behind a link, and they are.
func (c *comparison) vouched(name string) bool {
	if len(c.claims[name]) == 0 || c.seen.resolved == nil {
		return false
	}
	d, err := c.seen.resolved(name)
	return err == nil && !slices.ContainsFunc(c.claims[name], func(k claim) bool { return c.verdict(k, d) != agrees })
}

// added gives the files and links that the list does not know.
func (c *comparison) added() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.seen.Files)) {
		_, listed := c.files[name]
		_, link := c.links[name] // told of already
		if !listed && !link && !c.seen.Owned[name] && !c.expected(name) {
			names = append(names, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.seen.Links)) {
		_, listed := c.links[name]
		_, file := c.files[name]
		if listed || file || c.expected(name) {
			continue
		}
		if c.Listed {
			c.others++
			continue
		}
		e := c.entry(Added, OfLink, name)
		e.Got = &State{Target: c.seen.Links[name].Target, Kind: "link"}
		if why := c.seen.Links[name].Outside; why != "" {
			e.Notes = append(e.Notes, why)
		}
		c.differs(e)
	}
	return names
}

// pair finds what was moved among what is missing and what was added.
func (c *comparison) pair(missing []sbom.TreeFile, added []string) {
	by := map[string][]string{}
	for _, name := range added {
		d := c.seen.Files[name]
		by[d.SHA256()] = append(by[d.SHA256()], name)
	}
	moved := map[string]bool{}
	for _, f := range missing {
		want := &State{Hashes: []sbom.Hash{{Alg: "SHA-256", Value: f.SHA256}}, Size: f.Size}
		if to := by[f.SHA256]; len(to) > 0 && f.Size > 0 {
			by[f.SHA256] = to[1:]
			moved[to[0]] = true
			e := c.entry(Moved, OfFile, f.Path)
			e.From, e.Path, e.Want = f.Path, to[0], want
			c.bad[f.Path] = true
			c.differs(e)
			continue
		}
		e := c.entry(Missing, OfFile, f.Path)
		e.Want = want
		c.differs(e)
	}
	for _, name := range added {
		if moved[name] {
			continue
		}
		if c.Listed {
			c.others++
			continue
		}
		d := c.seen.Files[name]
		e := c.entry(Added, OfFile, name)
		e.Got = &State{Hashes: d.Hashes, Size: d.Size}
		c.differs(e)
	}
}

// rest is what a BOM without a list says nothing of.
func (c *comparison) rest() {
	var names []string
	look := func(name string, link bool) {
		switch {
		case len(c.claims[name]) > 0 || c.bad[name] || c.seen.Owned[name]:
		case c.rooted(name, link):
			c.result.Counts[Same]++
		case c.expected(name):
		case c.Listed:
			c.others++
		default:
			names = append(names, name)
		}
	}
	for name := range c.seen.Files {
		look(name, false)
	}
	for name := range c.seen.Links {
		look(name, true)
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	c.add(Entry{Status: NotCovered, Of: OfTree, Path: ".", Notes: []string{fmt.Sprintf("the BOM has no list of files and says nothing of %d: %s", len(names), some(names))}})
}

// rooted tells whether the signing digest of a model covers a file, which leaves out
// some at the top of its folder, and links to folders.
func (c *comparison) rooted(name string, link bool) bool {
	if link {
		if _, err := c.seen.resolved(name); err != nil {
			return false
		}
	}
	return slices.ContainsFunc(c.roots, func(dir string) bool {
		below, ok := strings.CutPrefix(name, strings.TrimPrefix(dir, "./"))
		top, _, deep := strings.Cut(below, "/")
		return ok && !slices.Contains([]string{".git", ".gitignore", ".gitattributes", ".github"}, top) && (deep || !strings.HasSuffix(top, ".sig"))
	})
}
