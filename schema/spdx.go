package schema

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// FormatSPDX is SPDX 2.2 or 2.3 in JSON, or 3.0.1 in JSON-LD.
const FormatSPDX = "spdx-json"

// spdxSchemas are the files, by where each thinks it stands.
var spdxSchemas = map[string]string{
	"http://spdx.org/rdf/terms":     "spdx/spdx-2.2.schema.json",
	"http://spdx.org/rdf/terms/2.3": "spdx/spdx-2.3.schema.json",
}

var spdxCompiled = map[string]func() (*jsonschema.Schema, error){
	"2.2": onceSPDX("http://spdx.org/rdf/terms"), "2.3": onceSPDX("http://spdx.org/rdf/terms/2.3"),
}

func onceSPDX(url string) func() (*jsonschema.Schema, error) {
	return sync.OnceValues(func() (*jsonschema.Schema, error) {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		c.UseLoader(embedded{})
		return c.Compile(url)
	})
}

// validateSPDX: every SPDXID is unique, every reference leads somewhere.
func validateSPDX(version string, tree any, locate func([]Issue)) error {
	get, ok := spdxCompiled[version]
	if !ok {
		return fmt.Errorf("no schema for SPDX %s in JSON: want 2.2, 2.3 or 3.0.1", quote(version))
	}
	if version == "2.2" {
		hyphens(tree)
	}
	return hold("SPDX "+version, unlistedSPDX, tree, get, func(tree any) ([]Issue, int) {
		r := &spdxReferences{known: map[string]string{"NONE": "", "NOASSERTION": ""}}
		r.check(tree)
		return r.issues, r.more
	}, locate)
}

// hyphens spells categories as the schema of 2.2 does. The specification writes
// them with a hyphen, as do its examples and the schema of 2.3.
func hyphens(tree any) {
	doc, _ := tree.(map[string]any)
	each(doc, "", "packages", func(p map[string]any, at string) {
		each(p, at, "externalRefs", func(ref map[string]any, _ string) {
			if ref["referenceCategory"] == "PACKAGE-MANAGER" {
				ref["referenceCategory"] = "PACKAGE_MANAGER"
			}
		})
	})
}

type spdxReferences struct {
	known  map[string]string // SPDXID -> where it is given
	issues []Issue
	more   int
}

func (r *spdxReferences) add(rule, pointer, message, fix string) {
	if len(r.issues) == MaxIssues {
		r.more++
		return
	}
	r.issues = append(r.issues, Issue{Rule: rule, Pointer: pointer, Message: message, Fix: fix})
}

func (r *spdxReferences) check(tree any) {
	doc, _ := tree.(map[string]any)
	r.define(doc, "")
	for _, list := range []string{"packages", "files", "snippets"} {
		each(doc, "", list, r.define)
	}
	each(doc, "", "packages", func(p map[string]any, at string) {
		r.uses(p, at, "hasFiles")
	})
	r.uses(doc, "", "documentDescribes")
	each(doc, "", "relationships", func(rel map[string]any, at string) {
		r.use(rel["spdxElementId"], at+"/spdxElementId")
		r.use(rel["relatedSpdxElement"], at+"/relatedSpdxElement")
	})
	each(doc, "", "snippets", func(s map[string]any, at string) {
		r.use(s["snippetFromFile"], at+"/snippetFromFile")
	})
	r.licenses(doc)
	if doc["spdxVersion"] != selfContaining {
		containment(edges2(doc, "CONTAINS", "CONTAINED_BY"), func(i Issue) { r.add(i.Rule, i.Pointer, i.Message, i.Fix) })
	}
}

// each calls f for every object of a list, with its pointer.
func each(of map[string]any, at, name string, f func(object map[string]any, at string)) {
	list, _ := of[name].([]any)
	for i, v := range list {
		if m, ok := v.(map[string]any); ok {
			f(m, at+"/"+name+"/"+strconv.Itoa(i))
		}
	}
}

func (r *spdxReferences) define(m map[string]any, at string) {
	id, ok := m["SPDXID"].(string)
	if !ok {
		return
	}
	if tail, ok := strings.CutPrefix(id, "SPDXRef-"); !ok || strings.Trim(tail, idLetters) != "" || tail == "" {
		r.add("", at+"/SPDXID", "the SPDXID "+quote(id)+" is not SPDXRef- and letters, digits, '.' or '-'", "rename it and what refers to it")
	}
	if first, twice := r.known[id]; twice {
		r.add(RuleDuplicate, at+"/SPDXID", "the SPDXID "+quote(id)+" is given twice, first at "+first, "give each element an id of its own")
		return
	}
	r.known[id] = at + "/SPDXID"
}

const idLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

func (r *spdxReferences) uses(m map[string]any, at, name string) {
	list, _ := m[name].([]any)
	for i, v := range list {
		r.use(v, at+"/"+name+"/"+strconv.Itoa(i))
	}
}

func (r *spdxReferences) use(v any, at string) {
	id, ok := v.(string)
	if !ok || strings.HasPrefix(id, "DocumentRef-") {
		return // another document's
	}
	if _, found := r.known[id]; !found {
		r.add(RuleReference, at, "the reference "+quote(id)+" names no element of the document", "add the element or drop the reference")
	}
}

// licenses holds each LicenseRef against those that the document explains.
func (r *spdxReferences) licenses(doc map[string]any) {
	given := map[string]bool{}
	each(doc, "", "hasExtractedLicensingInfos", func(l map[string]any, at string) {
		id, _ := l["licenseId"].(string)
		if given[id] {
			r.add(RuleDuplicate, at+"/licenseId", "the licence "+quote(id)+" is given twice", "give each an id of its own")
		}
		given[id] = true
	})
	for _, list := range []string{"packages", "files", "snippets"} {
		each(doc, "", list, func(m map[string]any, at string) {
			for _, field := range []string{"licenseConcluded", "licenseDeclared"} {
				text, _ := m[field].(string)
				for _, word := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ()+", c) }) {
					if strings.HasPrefix(word, "LicenseRef-") && !given[word] {
						r.add(RuleReference, at+"/"+field, "the licence "+quote(word)+" is not explained in hasExtractedLicensingInfos", "add its text there")
					}
				}
			}
		})
	}
}
