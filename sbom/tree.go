package sbom

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The properties of a document's subject that list the files of its tree, so that a
// copy of the tree can be held against the document: see [Tree].
const (
	TreeFileProperty    = "mlbom:tree:file"    // SHA256 SIZE PATH
	TreeLinkProperty    = "mlbom:tree:link"    // JSON: [PATH, TARGET]
	TreeExcludeProperty = "mlbom:tree:exclude" // a pattern of what is left out
	TreeNoneProperty    = "mlbom:tree:none"    // why there is no list
)

// Bounds of what is read of a document.
const (
	maxTreePath = 4096 // bytes
	maxTreeSize = 1<<63 - 1
)

// Tree lists what is in a folder: its regular files and its symbolic links, in the
// order of their paths.
type Tree struct {
	Files   []TreeFile
	Links   []TreeLink
	Exclude []string // patterns of what is left out
	None    string   // why files are not listed; "" where they are
}

// TreeFile is a regular file of a tree.
type TreeFile struct {
	Path   string // below the root, with slashes
	SHA256 string // lower-case hex
	Size   int64  // bytes
}

// TreeLink is a symbolic link of a tree, which nobody follows.
type TreeLink struct{ Path, Target string }

// Properties writes the list. [ReadTree] reads it.
func (t Tree) Properties() []Property {
	var all []Property
	for _, f := range t.Files {
		all = append(all, Property{TreeFileProperty, f.String()})
	}
	for _, l := range t.Links {
		all = append(all, Property{TreeLinkProperty, l.String()})
	}
	for _, p := range t.Exclude {
		all = append(all, Property{TreeExcludeProperty, p})
	}
	if t.None != "" {
		all = append(all, Property{TreeNoneProperty, t.None})
	}
	return all
}

// String is "SHA256 SIZE PATH". The path stands last and as it is, but for one that a
// document could change or a reader misread, which is quoted as a string of Go.
func (f TreeFile) String() string {
	name := f.Path
	if odd(name) {
		name = strconv.QuoteToASCII(name)
	}
	return f.SHA256 + " " + strconv.FormatInt(f.Size, 10) + " " + name
}

// odd tells whether a path cannot stand as it is.
func odd(name string) bool {
	return strings.HasPrefix(name, `"`) || strings.HasPrefix(name, " ") || strings.HasSuffix(name, " ") ||
		strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) || r == utf8.RuneError })
}

// String is a JSON array of path and target.
func (l TreeLink) String() string {
	var b strings.Builder
	for _, r := range string(jsonOf([]string{l.Path, l.Target})) {
		switch {
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// ParseTreeFile reads what [TreeFile.String] writes, and nothing else.
func ParseTreeFile(text string) (TreeFile, error) {
	digest, rest, _ := strings.Cut(text, " ")
	length, name, ok := strings.Cut(rest, " ")
	if !ok {
		return TreeFile{}, fmt.Errorf("%.100q is not a digest, a size and a path", text)
	}
	if strings.HasPrefix(name, `"`) {
		plain, err := strconv.Unquote(name)
		if err != nil {
			return TreeFile{}, fmt.Errorf("%.100q has a path that is badly quoted", text)
		}
		name = plain
	}
	n, err := strconv.ParseInt(length, 10, 64)
	f := TreeFile{Path: name, SHA256: digest, Size: n}
	switch {
	case len(digest) != 64 || strings.Trim(digest, "0123456789abcdef") != "":
		return f, fmt.Errorf("%.100q does not begin with a SHA-256", text)
	case err != nil || n < 0 || n > maxTreeSize:
		return f, fmt.Errorf("%.100q has no valid size", text)
	case !goodTreePath(name):
		return f, fmt.Errorf("%.200q has no path below the root", text)
	case f.String() != text:
		return f, fmt.Errorf("%.200q is not as it is written", text)
	}
	return f, nil
}

// ParseTreeLink reads what [TreeLink.String] writes, and nothing else.
func ParseTreeLink(text string) (TreeLink, error) {
	var pair []string
	if err := json.Unmarshal([]byte(text), &pair); err != nil || len(pair) != 2 {
		return TreeLink{}, fmt.Errorf("%.100q is not a path and a target as JSON", text)
	}
	l := TreeLink{pair[0], pair[1]}
	switch {
	case !goodTreePath(l.Path):
		return l, fmt.Errorf("%.200q has no path below the root", text)
	case l.Target == "" || len(l.Target) > maxTreePath || strings.ContainsRune(l.Target, 0):
		return l, fmt.Errorf("%.200q has no target", text)
	case l.String() != text:
		return l, fmt.Errorf("%.200q is not as it is written", text)
	}
	return l, nil
}

func goodTreePath(name string) bool {
	return fs.ValidPath(name) && name != "." && len(name) <= maxTreePath && !strings.ContainsRune(name, 0)
}

// ReadTree gives the list of a document's subject, nil where it has none. The error
// tells what in it is no list: a line that cannot be read, or a path that stands twice.
func ReadTree(c *Component) (*Tree, error) {
	t := &Tree{}
	found := false
	for _, p := range c.Properties {
		var err error
		switch p.Name {
		case TreeFileProperty:
			var f TreeFile
			f, err = ParseTreeFile(p.Value)
			t.Files = append(t.Files, f)
		case TreeLinkProperty:
			var l TreeLink
			l, err = ParseTreeLink(p.Value)
			t.Links = append(t.Links, l)
		case TreeExcludeProperty:
			t.Exclude = append(t.Exclude, p.Value)
			continue // alone it is no list
		case TreeNoneProperty:
			t.None = p.Value
		default:
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("the list of files is damaged: %w", err)
		}
		found = true
	}
	if !found {
		return nil, nil
	}
	if t.None != "" && len(t.Files)+len(t.Links) > 0 {
		return nil, fmt.Errorf("the list of files contradicts itself: it has files, and says why it has none")
	}
	t.sort()
	return t, t.twice()
}

func (t *Tree) sort() {
	slices.SortFunc(t.Files, func(a, b TreeFile) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.SHA256, b.SHA256))
	})
	slices.SortFunc(t.Links, func(a, b TreeLink) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Target, b.Target))
	})
	slices.Sort(t.Exclude)
}

// twice finds a path that stands twice, or below a path that is a file.
func (t *Tree) twice() error {
	leaf := make(map[string]bool, len(t.Files)+len(t.Links))
	all := make([]string, 0, len(t.Files)+len(t.Links))
	for _, f := range t.Files {
		all = append(all, f.Path)
	}
	for _, l := range t.Links {
		all = append(all, l.Path)
	}
	for _, name := range all {
		if leaf[name] {
			return fmt.Errorf("the list of files contradicts itself: %.200q stands in it twice", name)
		}
		leaf[name] = true
	}
	for _, name := range all {
		for i := range len(name) {
			if name[i] == '/' && leaf[name[:i]] {
				return fmt.Errorf("the list of files contradicts itself: %.200q lies below a file", name)
			}
		}
	}
	return nil
}

// TreeFiles gives the files that a document's subject lists; none where it lists none.
func TreeFiles(c *Component) ([]TreeFile, error) {
	t, err := ReadTree(c)
	if t == nil {
		return nil, err
	}
	return t.Files, err
}

// WithoutTrees takes lists of files away from a report. What other documents say of
// the files of a tree is not seen in it.
func (r *Report) WithoutTrees() {
	for i := range r.Sightings {
		c := &r.Sightings[i].Component
		if slices.ContainsFunc(c.Properties, ofTree) {
			c.Properties = slices.DeleteFunc(slices.Clone(c.Properties), ofTree)
		}
	}
}

func ofTree(p Property) bool { return strings.HasPrefix(p.Name, "mlbom:tree:") }
