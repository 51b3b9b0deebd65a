package check

import (
	"embed"
	"strings"
	"sync"

	"github.com/mlbom/mlbom/sbom"
)

// names holds, by ecosystem, well-known names that are imitated ("pypi.txt") and
// names of good standing that are near one of them ("pypi-known.txt", for conda
// channels "conda-known.txt" too), each with its method in its head. A name on either list is never a finding.
//
//go:embed names/*.txt
var names embed.FS

// wellKnown is the lists of one ecosystem.
type wellKnown struct {
	all     map[string]bool     // on either list
	conda   map[string]bool     // of good standing on conda channels
	shapes  map[string]string   // shape of an imitated name, and the name
	sorted  map[string]string   // its words in order
	byFirst map[string][]string // Go: imitated modules by their last element
	list    []target            // imitated names, in the order of the file
}

// target is an imitated name, ready to be compared.
type target struct{ name, plain, digits, single string }

var pypiNames = sync.OnceValue(func() *wellKnown { return readNames("pypi") })
var goNames = sync.OnceValue(func() *wellKnown { return readNames("go") })

func readNames(ecosystem string) *wellKnown {
	w := &wellKnown{map[string]bool{}, map[string]bool{}, map[string]string{}, map[string]string{}, map[string][]string{}, nil}
	for _, name := range readList(ecosystem) {
		w.list = append(w.list, target{name, plain(name), digits(name), single(plain(name))})
		w.all[name] = true
	}
	for _, name := range readList(ecosystem + "-known") {
		w.all[name] = true
	}
	for _, name := range readList("conda-known") {
		w.conda[name] = true
	}
	for _, t := range w.list {
		name := t.name
		if _, ok := w.shapes[shape(name)]; !ok {
			w.shapes[shape(name)] = name
		}
		w.sorted[sortedWords(name)] = name
		last := name[strings.LastIndexByte(name, '/')+1:]
		w.byFirst[last] = append(w.byFirst[last], name)
	}
	return w
}

func readList(file string) (all []string) {
	text, _ := names.ReadFile("names/" + file + ".txt") // embedded: it is there
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		all = append(all, strings.Fields(line)...)
	}
	return all
}

const maxName = 200 // bytes of a name that is compared

// lookalike tells of a package whose name is almost that of a well-known one.
// Names that are equal as their index compares them are the same package.
func lookalike(_ *view, n *sbom.Node) string {
	rest, ok := strings.CutPrefix(n.Keys.PURL, "pkg:")
	if !ok || len(rest) > maxName {
		return ""
	}
	kind, name, _ := strings.Cut(rest, "/")
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, "?")
	name = strings.ToLower(strings.ReplaceAll(name, "%2B", "+"))
	var like, how string
	switch kind {
	case "pypi", "conda":
		like, how = pypiNames().near(strings.ReplaceAll(name, "_", "-"), kind)
	case "golang":
		like, how = goNames().nearModule(name)
	}
	if like == "" {
		return ""
	}
	return "the name " + name + " is almost " + like + ", a well-known package: " + how
}

// near finds the package that a name imitates, and says how they differ.
func (w *wellKnown) near(name, kind string) (like, how string) {
	if w.all[name] || kind == "conda" && w.conda[name] || len(name) < minName {
		return "", ""
	}
	if like = w.shapes[shape(name)]; like != "" {
		if plain(name) == plain(like) {
			return like, "they differ in separators only"
		}
		return like, "they differ in characters that look alike"
	}
	if like = w.sorted[sortedWords(name)]; like != "" {
		return like, "the words stand in another order"
	}
	short, number := plain(name), digits(name)
	once := single(short)
	for _, t := range w.list {
		if t.digits != number {
			continue // a number is a name of its own: jinja2, torch28
		}
		if t.single == once && len(once) >= minDressed {
			return t.name, "a letter is repeated"
		}
		if how := slip(short, t.plain); how != "" && !otherWord(name, t.name) {
			return t.name, how
		}
	}
	if kind == "conda" { // where "python-x" is how x is named
		return "", ""
	}
	return w.dressed(name)
}

// dressed finds a name that has a word more in front or behind which makes it no
// other thing: "python3-dateutil", "requests2".
func (w *wellKnown) dressed(name string) (like, how string) {
	for _, d := range []struct{ from, to string }{{"python3-", "python-"}, {"python3-", ""}, {"python-", ""}, {"py-", "python-"}} {
		if rest, ok := strings.CutPrefix(name, d.from); ok && len(rest) >= minDressed && w.imitated(d.to+rest) {
			return d.to + rest, "it begins with " + strings.TrimSuffix(d.from, "-")
		}
	}
	for _, end := range []string{"-python3", "-python", "-dev", "dev", "-py", "-lib", "-package", "-pip", "-plus", "lib", "2", "3", "4"} {
		if rest, ok := strings.CutSuffix(name, end); ok && len(rest) >= minDressed && w.imitated(rest) {
			return rest, "it ends in " + strings.TrimPrefix(end, "-")
		}
	}
	return "", ""
}

func (w *wellKnown) imitated(name string) bool { return w.shapes[shape(name)] == name }
