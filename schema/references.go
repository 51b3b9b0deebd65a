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

// references is filled in a first pass, which costs no places. Only where
// something is wrong a second pass, reporting, says where.
type references struct {
	root      any // the JSON document, for pointers
	path      []string
	defined   map[string]int // how often each bom-ref is given
	used      map[string]bool
	badPlace  bool // a citation pointer does not resolve
	reporting bool
	serial    string
	notes     bool             // look for what is noted, instead of what is wrong
	unique    bool             // equal bom-refs are wrong everywhere, as the XML schema has it
	first     map[string]Issue // the first place of a bom-ref that is given twice
	issues    []Issue
	more      int
}

func newReferences(root any) *references {
	return &references{root: root, defined: map[string]int{}, used: map[string]bool{}, first: map[string]Issue{}}
}

func referenceIssues(tree any) ([]Issue, int) { return lookedUp(newReferences(tree)) }

// referenceNotes are what the standard's own valid documents have too: references
// to nothing and equal names in places that no other part depends on.
func referenceNotes(tree any) ([]Issue, int) {
	r := newReferences(tree)
	r.notes = true
	return lookedUp(r)
}

func lookedUp(r *references) ([]Issue, int) {
	tree := r.root
	r.serial, _ = dig(tree, "serialNumber").(string)
	r.walk(tree, "", "")
	if r.reporting = r.wrong(); r.reporting {
		r.walk(tree, "", "")
	}
	return r.issues, r.more
}

func (r *references) wrong() bool {
	for _, n := range r.defined {
		if n > 1 {
			return true
		}
	}
	for s, asked := range r.used {
		if asked && r.defined[s] == 0 {
			return true
		}
	}
	return r.badPlace
}

// walk goes through all values; key is the last object key, above the one before.
// The second pass is in sorted order, so that it always calls the same one of two
// equal bom-refs the second.
func (r *references) walk(v any, above, key string) {
	switch v := v.(type) {
	case map[string]any:
		if !r.reporting {
			for k, member := range v {
				r.walk(member, key, k)
			}
			return
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			r.path = append(r.path, k)
			r.walk(v[k], key, k)
			r.path = r.path[:len(r.path)-1]
		}
	case []any:
		for i, item := range v {
			if r.reporting {
				r.path = append(r.path, strconv.Itoa(i))
			}
			r.walk(item, above, key)
			r.path = r.path[:max(0, len(r.path)-1)]
		}
	case string:
		r.text(v, [2]string{above, key})
	}
}

func (r *references) text(s string, at [2]string) {
	switch {
	case at[1] == "bom-ref":
		r.define(s, r.here)
	case at == pointerRule:
		if !r.notes && !resolves(r.root, s) {
			r.badPlace = true
			r.add(RuleReference, r.here, "the citation points to "+quote(s)+", which is not in the document",
				"point to a place that exists (RFC 6901)")
		}
	default:
		if hard, ok := refRules[at]; ok {
			r.refer(s, hard, r.here)
		}
	}
}

func (r *references) here() Issue { return Issue{Pointer: pointerOf(r.path)} }

func (r *references) define(s string, here func() Issue) {
	if !r.reporting {
		r.defined[s]++
		return
	}
	if r.defined[s] < 2 {
		return
	}
	first, seen := r.first[s]
	if !seen {
		if len(r.first) < MaxIssues {
			first = here()
		}
		r.first[s] = first
		return
	}
	again := here()
	soft := !r.unique && (inFormulation(first) && inFormulation(again) || ofTool(first) || ofTool(again))
	if ofTool(first) && !ofTool(again) {
		r.first[s] = again // what others must differ from
	}
	if soft != r.notes {
		return
	}
	where := first.Pointer
	if first.Line > 0 {
		where = "line " + strconv.Itoa(first.Line)
	}
	r.add(RuleDuplicate, here, "the bom-ref "+quote(s)+" is also that of "+printable(where, maxShownPointer),
		"give each its own bom-ref")
}

// ofTool tells whether a name is that of a tool or of who wrote an annotation:
// cdxgen gives itself one name in all its places.
func ofTool(i Issue) bool {
	return strings.Contains(i.Pointer, "/metadata/tools/") || strings.Contains(i.Pointer, "/annotator/")
}

// inFormulation tells whether a place lies where names are those of a workflow,
// which nothing outside refers to.
func inFormulation(i Issue) bool { return strings.Contains(i.Pointer+"/", "/formulation/") }

// refer notes a reference; hard ones must lead somewhere. A BOM-Link names another
// document and is not followed.
func (r *references) refer(s string, hard bool, here func() Issue) {
	switch {
	case s == "" || strings.HasPrefix(s, "urn:cdx:"): // the schema refuses the empty one
	case s == r.serial: // the document itself
	case !r.reporting:
		r.used[s] = r.used[s] || hard || r.notes
	case r.defined[s] == 0 && hard == r.notes: // the other sort
	case r.defined[s] == 0:
		r.add(RuleReference, here, "the reference "+quote(s)+" leads nowhere: nothing here has that bom-ref",
			"add what is meant, or remove the reference")
	}
}

func (r *references) add(rule string, here func() Issue, message, fix string) {
	switch {
	case !r.reporting:
	case len(r.issues) == MaxIssues:
		r.more++
	default:
		i := here()
		i.Rule, i.Message, i.Fix = rule, message, fix
		r.issues = append(r.issues, i)
	}
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
