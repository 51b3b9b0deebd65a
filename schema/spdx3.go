package schema

import (
	"bytes"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// versions3 are those of SPDX in JSON-LD, with their context and schema. A next
// one is a line here and a file.
var versions3 = map[string]*linked{
	"3.0.1": {context: "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", file: "spdx/spdx-3.0.1.schema.json"},
}

var contextShape = regexp.MustCompile(`^https?://spdx\.(?:org|github\.io)/.*?([0-9]{1,3}\.[0-9]{1,3}(?:\.[0-9]{1,3})?)/.*spdx-context\.jsonld$`)

// linked checks documents of one version of SPDX in JSON-LD.
//
// The official schema is a choice between all classes for each element, which is
// slow and whose complaints nobody can read. Here an element is held against the
// class that its type names, by the same definitions of the same file.
type linked struct {
	context, file string

	once     sync.Once
	err      error
	mu       sync.Mutex
	compiler *jsonschema.Compiler
	defs     map[string]any
	classes  map[string]*jsonschema.Schema
	ranges   map[string]map[string][]string // class -> property -> classes that it refers to
}

func (l *linked) open() error {
	l.once.Do(func() { l.err = l.load() })
	return l.err
}

func (l *linked) load() error {
	data, err := fs.ReadFile(files, l.file)
	if err != nil {
		return err
	}
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	whole, _ := tree.(map[string]any)
	l.defs, _ = whole["$defs"].(map[string]any)
	l.compiler = jsonschema.NewCompiler()
	l.compiler.AssertFormat()
	l.compiler.UseLoader(embedded{})
	l.compiler.UseRegexpEngine(expression)
	l.classes, l.ranges = map[string]*jsonschema.Schema{}, map[string]map[string][]string{}
	return l.compiler.AddResource(l.file, tree)
}

// iriShape is the one expression of the schema that Go's regexp has no word for.
const iriShape = "^(?!_:).+:.+"

type iri struct{}

var afterColon = regexp.MustCompile(`^.+:.+`)

func (iri) String() string { return iriShape }
func (iri) MatchString(s string) bool {
	return !strings.HasPrefix(s, "_:") && afterColon.MatchString(s)
}

func expression(s string) (jsonschema.Regexp, error) {
	if s == iriShape {
		return iri{}, nil
	}
	return regexp.Compile(s)
}

// class gives the schema of one class; nil where there is no such class.
func (l *linked) class(name string) (*jsonschema.Schema, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.classes[name]; ok {
		return s, nil
	}
	if def, _ := l.defs[name].(map[string]any); def == nil || !isClass(def) || name == "extension_Extension" {
		return nil, nil
	}
	url := "class-" + name
	if err := l.compiler.AddResource(url, map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$ref": l.file + "#/$defs/" + name, "unevaluatedProperties": false, "required": []any{"type"}}); err != nil {
		return nil, err
	}
	s, err := l.compiler.Compile(url)
	if err == nil {
		l.classes[name] = s
	}
	return s, err
}

// dig follows keys and indexes into a JSON tree.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			list, _ := v.([]any)
			if p >= len(list) {
				return nil
			}
			v = list[p]
		}
	}
	return v
}

func isClass(def map[string]any) bool { return dig(def, "allOf", 0, "properties", "type") != nil }

// rangesOf tells, for each property of a class that refers to elements, which
// classes it may refer to.
func (l *linked) rangesOf(class string) map[string][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r, ok := l.ranges[class]; ok {
		return r
	}
	r := map[string][]string{}
	l.collect(class+"_props", r)
	l.ranges[class] = r
	return r
}

func (l *linked) collect(def string, into map[string][]string) {
	parents, _ := dig(l.defs[def], "allOf").([]any)
	for _, p := range parents {
		if above, ok := dig(p, "$ref").(string); ok {
			l.collect(strings.TrimPrefix(above, "#/$defs/"), into)
		}
		properties, _ := dig(p, "properties").(map[string]any)
		for name, v := range properties {
			to, _ := dig(v, "$ref").(string)
			if to == "" {
				to, _ = dig(v, "oneOf", 0, "items", "$ref").(string)
			}
			to, _ = dig(l.defs[strings.TrimPrefix(to, "#/$defs/")], "$ref").(string)
			if to = strings.TrimPrefix(to, "#/$defs/"); strings.HasSuffix(to, "_derived") {
				into[name] = l.derived(to)
			}
		}
	}
}

// derived gives the classes, and the individuals, that stand for a range.
func (l *linked) derived(def string) []string {
	var names []string
	for _, v := range asList(dig(l.defs[def], "anyOf")) {
		if word, ok := dig(v, "const").(string); ok {
			names = append(names, word)
		}
		for _, c := range asList(dig(v, "anyOf")) {
			to, _ := dig(c, "$ref").(string)
			names = append(names, strings.TrimPrefix(to, "#/$defs/"))
		}
	}
	return names
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}
