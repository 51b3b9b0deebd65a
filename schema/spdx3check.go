package schema

import (
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func validateSPDX3(version string, data []byte) error {
	l := versions3[version]
	if l == nil {
		return fmt.Errorf("no schema for SPDX %s in JSON-LD: want 3.0.1", quote(version))
	}
	tree, err := parse(data)
	if err != nil {
		return err
	}
	if err := l.open(); err != nil {
		return fmt.Errorf("the embedded schema of SPDX %s: %w", version, err)
	}
	c := &linkedCheck{linked: l, known: map[string]string{}, types: map[string]string{}, given: map[string]any{}}
	if err := c.document(tree); err != nil {
		return fmt.Errorf("the embedded schema of SPDX %s: %w", version, err)
	}
	containment(edges3(tree, "contains"), func(i Issue) { c.rule(i.Rule, i.Pointer, i.Message, i.Fix) })
	n := newNames(unlistedSPDX3).read(tree)
	c.issues = append(c.issues, n.issues.list...)
	fillLines(data, c.issues)
	return toErrorOf(c.issues, c.more, n.issues.more)
}

// linkedCheck is one pass over a document.
type linkedCheck struct {
	*linked
	issues    []Issue
	more      int
	known     map[string]string // identifier -> where it is given
	types     map[string]string // identifier -> class
	given     map[string]any    // identifier -> element
	documents int
}

func (c *linkedCheck) add(pointer, message, fix string) { c.rule("", pointer, message, fix) }

func (c *linkedCheck) rule(rule, pointer, message, fix string) {
	if len(c.issues) >= MaxIssues {
		c.more++
		return
	}
	c.issues = append(c.issues, Issue{Rule: rule, Pointer: pointer, Message: message, Fix: fix})
}

func (c *linkedCheck) document(tree any) error {
	doc, ok := tree.(map[string]any)
	if !ok {
		c.add("", "the document is no object", "")
		return nil
	}
	if context, _ := doc["@context"].(string); context != c.context {
		c.add("/@context", "the context is "+quote(fmt.Sprint(doc["@context"]))+", want "+quote(c.context), "write the official context, as text")
	}
	if _, ok := doc["@graph"]; !ok {
		rest := map[string]any{}
		for k, v := range doc {
			if k != "@context" {
				rest[k] = v
			}
		}
		return c.elements([]any{rest}, func(int) string { return "" })
	}
	for key := range doc {
		if key != "@context" && key != "@graph" {
			c.add("/"+escapeToken(key), "additional property "+quote(key)+" not allowed", "move it into an element of @graph")
		}
	}
	list, ok := doc["@graph"].([]any)
	if !ok {
		c.add("/@graph", "want a list of elements", "")
		return nil
	}
	return c.elements(list, func(i int) string { return "/@graph/" + strconv.Itoa(i) })
}

func (c *linkedCheck) elements(list []any, at func(int) string) error {
	for i, v := range list {
		c.define(v, at(i))
	}
	if err := c.hold(list, at); err != nil {
		return err
	}
	for i, v := range list {
		c.references(v, at(i))
	}
	return nil
}

// define notes the identifiers of an element and of those that stand inside it.
func (c *linkedCheck) define(v any, at string) {
	m, ok := v.(map[string]any)
	if !ok {
		for i, w := range asList(v) {
			c.define(w, at+"/"+strconv.Itoa(i))
		}
		return
	}
	class, _ := m["type"].(string)
	for _, key := range []string{"spdxId", "@id"} {
		id, ok := m[key].(string)
		if !ok {
			continue
		}
		if first, twice := c.known[id]; twice {
			if reflect.DeepEqual(c.given[id], v) {
				continue // linked data makes one of the two
			}
			c.rule(RuleDuplicate, at+"/"+key, "the identifier "+quote(id)+" is given twice, first at "+first, "give each element an identifier of its own")
		} else {
			c.known[id], c.types[id], c.given[id] = at+"/"+key, class, v
		}
	}
	if class == "SpdxDocument" {
		if c.documents++; c.documents > 1 {
			c.add(at, "a second SpdxDocument", "keep one to a file")
		}
	}
	if id, ok := m["externalSpdxId"].(string); ok && class == "ExternalMap" {
		c.known[id] = at + "/externalSpdxId"
	}
	for _, key := range sortedKeys(m) {
		if w := m[key]; key != "type" {
			c.define(w, at+"/"+escapeToken(key))
		}
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// held is what holding an element against its class gives.
type held struct {
	class  *jsonschema.Schema
	issues []Issue
	more   int
}

// hold holds each element against the schema of its class, on all processors: it
// is by far the most of the work.
func (c *linkedCheck) hold(list []any, at func(int) string) error {
	all := make([]held, len(list))
	for i, v := range list {
		name, _ := dig(v, "type").(string)
		s, err := c.class(name) // compiled before any is used
		if err != nil {
			return err
		}
		all[i].class = s
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				if h := &all[i]; h.class != nil {
					h.issues, h.more = schemaIssues(h.class.Validate(list[i]))
				}
			}
		})
	}
	wg.Wait()
	for i, h := range all {
		c.take(h, list[i], at(i))
	}
	return nil
}

func (c *linkedCheck) take(h held, v any, at string) {
	if name, _ := dig(v, "type").(string); name == "" {
		c.add(at, "the element has no type", "name its class, such as software_Package")
	} else if h.class == nil {
		c.add(at+"/type", quote(name)+" is no class of SPDX", "name one, such as software_Package")
	}
	for _, i := range h.issues {
		if len(c.issues) >= MaxIssues {
			h.more++
			continue
		}
		i.Pointer = at + i.Pointer
		c.issues = append(c.issues, i)
	}
	c.more += h.more
}

// references holds what a reader of the linked data sees and the schema does
// not: where references lead, values that expand to something else, doubles.
func (c *linkedCheck) references(v any, at string) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	class, _ := m["type"].(string)
	c.extension(m, class, at)
	ranges := c.rangesOf(class)
	for _, key := range sortedKeys(m) {
		place := at + "/" + escapeToken(key)
		if list, ok := m[key].([]any); ok {
			if words := ranges[key]; slices.Contains(words, "DictionaryEntry") {
				c.unique(list, place)
			}
			for i, w := range list {
				c.reference(w, ranges[key], place+"/"+strconv.Itoa(i))
			}
			continue
		}
		c.reference(m[key], ranges[key], place)
	}
	if _, number := m["ai_energyQuantity"].(string); m["ai_energyQuantity"] != nil && !number {
		c.add(at+"/ai_energyQuantity", "a number of JSON is no xsd:decimal when it is read as linked data", `write it as text: "0.5"`)
	}
	for i, w := range asList(m["profileConformance"]) {
		if w == "extension" {
			c.add(at+"/profileConformance/"+strconv.Itoa(i), `"extension" is another term in the official context`, "leave it out")
		}
	}
}

// extension holds what the shapes say of the one extension that the standard
// defines, and the schema, which takes any extension for anybody's, does not.
func (c *linkedCheck) extension(m map[string]any, class, at string) {
	switch class {
	case "extension_CdxPropertiesExtension":
		if list, one := m["extension_cdxProperty"].([]any); m["extension_cdxProperty"] == nil || one && len(list) == 0 {
			c.add(at, `missing "extension_cdxProperty"`, "name at least one property, or leave the extension out")
		}
	case "extension_CdxPropertyEntry":
		if name, ok := m["extension_cdxPropName"].(string); !ok {
			c.add(at, `the property has no "extension_cdxPropName" that is a text`, "name it")
		} else if _, ok := m["extension_cdxPropValue"].(string); !ok && m["extension_cdxPropValue"] != nil {
			c.add(at+"/extension_cdxPropValue", "the value of "+quote(name)+" is no text", "write it in quotes")
		}
	}
}

// standardID is that of a listed licence or of an individual of the model: of
// elements that the standard itself defines.
var standardID = regexp.MustCompile(`^https?://spdx\.org/(licenses|rdf/[0-9.]+/terms)/`)

func (c *linkedCheck) reference(v any, allowed []string, at string) {
	id, ok := v.(string)
	if !ok {
		c.references(v, at)
		return
	}
	if len(allowed) == 0 || slices.Contains(allowed, id) {
		return // plain text, or an individual of the model
	}
	place, found := c.known[id]
	switch {
	case !found && !standardID.MatchString(id):
		c.rule(RuleReference, at, "the reference "+quote(id)+" names no element of the document", "add the element, or import it by an ExternalMap")
	case found && c.types[id] != "" && !slices.Contains(allowed, c.types[id]) && c.defs[c.types[id]] != nil:
		c.add(at, "the reference leads to "+quote(c.types[id])+" at "+place+", want "+wanted(allowed), "refer to an element of that class")
	}
}

// wanted shows the class that gives a range its name, which is the shortest.
func wanted(allowed []string) string {
	shown := slices.Clone(allowed)
	slices.SortFunc(shown, func(a, b string) int { return len(a) - len(b) })
	return strings.Join(shown[:min(len(shown), 3)], ", ")
}

func (c *linkedCheck) unique(list []any, at string) {
	seen := map[string]bool{}
	for i, w := range list {
		key, ok := dig(w, "key").(string)
		if ok && seen[key] {
			c.add(at+"/"+strconv.Itoa(i)+"/key", "the key "+quote(key)+" stands twice in one dictionary", "keep one entry for each key")
		}
		seen[key] = seen[key] || ok
	}
}
