package schema

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// CheckReferences checks what CycloneDX JSON says about itself: no bom-ref twice,
// no reference to a bom-ref that is not there, no citation pointer to a place that
// is not there. A BOM-Link (urn:cdx:) names another document and is not followed.
// It gives nil or an *Error, also for what is not JSON.
func CheckReferences(data []byte) error {
	tree, err := parse(data)
	if err != nil {
		return err
	}
	issues, more := referenceIssues(tree)
	fillLines(data, issues)
	return toError(issues, more)
}

// A mention is a bom-ref or a reference in its place.
type mention struct {
	text    string
	pointer string
	line    int
}

type references struct {
	root     any
	path     []string
	defined  map[string]mention // the first place of each bom-ref
	uses     []mention
	pointers []mention
	issues   []Issue
	more     int
}

func referenceIssues(tree any) ([]Issue, int) {
	r := &references{root: tree, defined: map[string]mention{}}
	r.walk(tree, "", "")
	r.resolve()
	for _, m := range r.pointers {
		if !resolves(r.root, m.text) {
			r.add(m, "the citation points to "+quote(m.text)+", which is not in the document",
				"point to a place that exists (RFC 6901)")
		}
	}
	return r.issues, r.more
}

// walk goes in sorted order, so that the same one of two equal bom-refs is called
// the second. key is the last object key, above the one before it.
func (r *references) walk(v any, above, key string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			r.path = append(r.path, k)
			r.walk(v[k], key, k)
			r.path = r.path[:len(r.path)-1]
		}
	case []any:
		for i, item := range v {
			r.path = append(r.path, strconv.Itoa(i))
			r.walk(item, above, key)
			r.path = r.path[:len(r.path)-1]
		}
	case string:
		r.text(v, [2]string{above, key})
	}
}

func (r *references) text(s string, at [2]string) {
	switch {
	case at[1] == "bom-ref":
		r.define(mention{text: s, pointer: pointerOf(r.path)})
	case at == pointerRule:
		r.pointers = append(r.pointers, mention{text: s, pointer: pointerOf(r.path)})
	case refRules[at] && !isLink(s):
		r.uses = append(r.uses, mention{text: s, pointer: pointerOf(r.path)})
	}
}

// isLink knows a BOM-Link, which names another document.
func isLink(s string) bool { return strings.HasPrefix(s, "urn:cdx:") }

func (r *references) define(m mention) {
	first, twice := r.defined[m.text]
	if !twice {
		r.defined[m.text] = m
		return
	}
	r.add(m, "the bom-ref "+quote(m.text)+" is also that of "+printable(first.pointer, maxShownPointer),
		"give each its own bom-ref")
}

func (r *references) resolve() {
	for _, m := range r.uses {
		if _, ok := r.defined[m.text]; !ok {
			r.add(m, "the reference "+quote(m.text)+" leads nowhere: nothing here has that bom-ref",
				"add what is meant, or remove the reference")
		}
	}
}

func (r *references) add(m mention, message, fix string) {
	if len(r.issues) == MaxIssues {
		r.more++
		return
	}
	r.issues = append(r.issues, Issue{Pointer: m.pointer, Line: m.line, Message: message, Fix: fix})
}

// resolves follows an RFC 6901 pointer.
func resolves(v any, pointer string) bool {
	if pointer == "" {
		return true
	}
	if pointer[0] != '/' {
		return false
	}
	for token := range strings.SplitSeq(pointer[1:], "/") {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		switch at := v.(type) {
		case map[string]any:
			next, ok := at[token]
			if !ok {
				return false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(at) || strconv.Itoa(i) != token {
				return false
			}
			v = at[i]
		default:
			return false
		}
	}
	return true
}
