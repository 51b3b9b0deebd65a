package main_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The rules of the house: what CONTRIBUTING.md says of the whole repository,
// read from its source. A rule about a folder holds when the folder is there.

const (
	house       = "../.."
	modulePath  = "github.com/mlbom/mlbom"
	maxFile     = 400 // lines
	maxFunction = 60  // lines
	maxMain     = 50  // lines of cmd/mlbom/main.go
)

// source is one Go file of the repository.
type source struct {
	name string // below the root, with slashes
	dir  string
	test bool
	text []byte
	file *ast.File
	set  *token.FileSet
}

func (s source) line(p token.Pos) int { return s.set.Position(p).Line }

// imports maps the import paths of a file to their lines.
func (s source) imports() map[string]int {
	all := map[string]int{}
	for _, i := range s.file.Imports {
		name, _ := strconv.Unquote(i.Path.Value)
		all[name] = s.line(i.Pos())
	}
	return all
}

var readSources = sync.OnceValues(func() ([]source, error) {
	var all []source
	err := filepath.WalkDir(house, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != house && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); d.IsDir() && name != house && err == nil {
			return filepath.SkipDir // a module of its own: an example tree
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		s, err := readSource(name)
		all = append(all, s)
		return err
	})
	return all, err
})

func readSource(name string) (source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return source{}, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	rel, err := filepath.Rel(house, name)
	rel = filepath.ToSlash(rel)
	return source{rel, path.Dir(rel), strings.HasSuffix(rel, "_test.go"), text, file, set}, err
}

// code gives the files that are no tests.
func code(t *testing.T) []source {
	t.Helper()
	all, err := readSources()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(all), func(s source) bool { return s.test })
}

// floor is the height of a package; imports go down only.
func floor(dir string) int {
	parts := strings.Split(dir, "/")
	switch {
	case dir == "sbom/license" || dir == "sbom/purl" || dir == "sbom/pep440" || dir == "sbom/secret":
		return 5
	case dir == "sbom" || parts[0] == "schema":
		return 10
	case dir == "sbom/vcs", dir == "sbom/sign", strings.HasPrefix(dir, "collectors/internal/") || strings.HasPrefix(dir, "sbom/internal/"):
		return 15
	case dir == "sbom/document":
		return 22
	case strings.HasPrefix(dir, "collectors/bom/"):
		return 24
	case parts[0] == "sbom" && parts[1] == "plugin":
		return 30
	case strings.HasPrefix(dir, "sbom/deliver"):
		return 26
	case dir == "collectors":
		return 30
	case parts[0] == "sbom" || parts[0] == "collectors":
		return 20
	case parts[0] == "cmd":
		return 40
	}
	return 50 // examples: strangers
}

// mayImport tells whether one package of the house may use another: from a
// floor below, of its own folders, or among the shared parsers.
func mayImport(from, to string) bool {
	related := strings.HasPrefix(to, from+"/") && floor(from) == floor(to) || strings.HasPrefix(from, to+"/") && floor(from) == floor(to)
	return floor(to) < floor(from) || related || floor(from) == 15 && floor(to) == 15
}

func TestFloors(t *testing.T) {
	for _, s := range code(t) {
		for name, line := range s.imports() {
			to, ours := strings.CutPrefix(name, modulePath+"/")
			if ours && to != s.dir && !mayImport(s.dir, to) {
				t.Errorf("%s:%d: %s (floor %d) imports %s (floor %d): imports go down and siblings never meet; move what both need to a floor below, or hand it in as a value",
					s.name, line, s.dir, floor(s.dir), to, floor(to))
			}
			if s.dir == "sbom" && !standard(name) && floor(to) >= floor(s.dir) && name != "github.com/package-url/packageurl-go" {
				t.Errorf("%s:%d: sbom imports %s: the vocabulary needs the standard library and packageurl-go only", s.name, line, name)
			}
		}
	}
}

func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

// reserved are imports that only some folders may have; empty means none.
var reserved = []struct {
	name  string // the path and what is below it
	only  []string
	below string // where the rule holds; "" is everywhere
	why   string
}{
	{"github.com/CycloneDX/cyclonedx-go", []string{"sbom/cyclonedx"}, "", "the format's library stays behind one folder: go through sbom/cyclonedx"},
	{"github.com/spdx/tools-golang", []string{"sbom/spdx"}, "", "the format's library stays behind one folder: go through sbom/spdx"},
	{"os/exec", []string{"sbom/plugin"}, "", "only a plugin that the user names is ever run: go through sbom/plugin"},
	{"net/http", []string{"sbom/deliver", "sbom/source", "examples/release/servers"}, "", "the network lives in sbom/deliver and sbom/source"},
	{"net/rpc", nil, "", "the network lives in sbom/deliver and sbom/source, and speaks HTTP"},
	{"net/smtp", nil, "", "the network lives in sbom/deliver and sbom/source, and speaks HTTP"},
	{"net", []string{"sbom/deliver", "sbom/source", "examples/release/servers"}, "", "the network lives in sbom/deliver and sbom/source"},
	{"testing", []string{"sbom/sbomtest"}, "", "test code stays in _test.go files and sbom/sbomtest"},
	{"golang.org/x/tools/txtar", []string{"sbom/sbomtest"}, "", "test code stays in _test.go files and sbom/sbomtest"},
	{"C", nil, "", "the program is static Go"},
	{"unsafe", nil, "", "what we read is hostile: stay inside the language's safety"},
	{"plugin", nil, "", "nothing that was read is ever loaded"},
	{"log", nil, "collectors", "a collector has no logger: return a Problem or a Finding"},
	{"flag", nil, "collectors", "a collector has no flags"},
	{"math/rand", nil, "collectors", "the same bytes give the same sightings"},
}

func TestReservedImports(t *testing.T) {
	for _, s := range code(t) {
		for name, line := range s.imports() {
			for _, rule := range reserved {
				// "net" alone: net/url, net/mail and net/netip touch no network
				if name != rule.name && (rule.name == "net" || !strings.HasPrefix(name, rule.name+"/")) {
					continue
				}
				if !under(s.dir, rule.below) || slices.ContainsFunc(rule.only, func(dir string) bool { return under(s.dir, dir) }) {
					continue
				}
				t.Errorf("%s:%d: imports %s: %s", s.name, line, name, rule.why)
			}
		}
	}
}

func under(dir, root string) bool {
	return root == "" || dir == root || strings.HasPrefix(dir, root+"/")
}

func TestCeilings(t *testing.T) {
	for _, s := range code(t) {
		if ast.IsGenerated(s.file) {
			continue
		}
		limit := maxFile
		if s.name == "cmd/mlbom/main.go" {
			limit = maxMain
		}
		if n := bytes.Count(s.text, []byte("\n")); n > limit {
			t.Errorf("%s has %d lines, more than %d: split it by what its parts are about", s.name, n, limit)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			name := "a function literal"
			switch f := n.(type) {
			case *ast.FuncDecl:
				name = f.Name.Name
			case *ast.FuncLit:
			default:
				return true
			}
			if first, last := s.line(n.Pos()), s.line(n.End()-1); last-first+1 > maxFunction {
				t.Errorf("%s:%d: %s has %d lines, more than %d: take a step out of it and name it", s.name, first, name, last-first+1, maxFunction)
			}
			return true
		})
	}
}

func TestNoInit(t *testing.T) {
	for _, s := range code(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s:%d: func init works in secret: make a value, or a sync.OnceValue that the user calls", s.name, s.line(f.Pos()))
			}
		}
	}
}

func TestPackageDocs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range code(t) {
		documented[s.dir] = documented[s.dir] || s.file.Doc.Text() != ""
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc: say above one package clause what it is, and what it does not do", dir)
		}
	}
}

func TestFolderNames(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "helper", "helpers", "types", "misc", "shared"}
	for _, s := range code(t) {
		for part := range strings.SplitSeq(s.dir, "/") {
			if slices.Contains(forbidden, part) {
				t.Errorf("%s: a folder named %q says nothing: name it by what it holds", s.name, part)
			}
		}
	}
}

func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "sbom", "collectors", "schema", "examples", "go.mod", "go.sum", "README.md", "LICENSE", "CONTRIBUTING.md"}
	entries, err := os.ReadDir(house)
	if err != nil {
		t.Fatal(err)
	}
	ignored := ignoredNames(t)
	for _, e := range entries {
		isIgnored := slices.ContainsFunc(ignored, func(pattern string) bool { ok, _ := path.Match(pattern, e.Name()); return ok })
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) && !isIgnored {
			t.Errorf("%s stands at the top level: put it into one of %s", e.Name(), strings.Join(allowed[:5], ", "))
		}
	}
}

// ignoredNames are the patterns of .gitignore: what they match is never committed.
func ignoredNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(house, ".gitignore"))
	if err != nil {
		return nil
	}
	var patterns []string
	for line := range strings.Lines(string(text)) {
		patterns = append(patterns, strings.Trim(strings.TrimSpace(line), "/"))
	}
	return patterns
}

// TestPatterns compiles the expressions that are compiled lazily, as far as they stand
// in the source as they are; no package holds others that are compiled at the start.
func TestPatterns(t *testing.T) {
	for _, s := range code(t) {
		shared := strings.HasPrefix(s.dir, "collectors/")
		for _, d := range s.file.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				c, ok := n.(*ast.CallExpr)
				if !ok || len(c.Args) != 1 {
					return true
				}
				f, _ := c.Fun.(*ast.SelectorExpr)
				if f == nil {
					return true
				}
				from, _ := f.X.(*ast.Ident)
				switch {
				case from != nil && from.Name == "pattern" && f.Sel.Name == "Lazy":
					if text, ok := literal(c.Args[0]); ok {
						if _, err := regexp.Compile(text); err != nil {
							t.Errorf("%s:%d: %v", s.name, s.line(c.Pos()), err)
						}
					}
				case shared && from != nil && from.Name == "regexp" && f.Sel.Name == "MustCompile" && s.dir != "collectors/internal/pattern":
					t.Errorf("%s:%d: compiled when the program starts; use pattern.Lazy", s.name, s.line(c.Pos()))
				}
				return true
			})
		}
	}
}

// literal is the value of a text that is written down, in one piece or in several.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, also := literal(e.Y)
		return a + b, ok && also
	}
	return "", false
}
