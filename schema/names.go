package schema

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom/license"
	"github.com/mlbom/mlbom/sbom/purl"
)

// nameKind says what a text of a document is the name of.
type nameKind int

const (
	noName     nameKind = iota
	expressed           // a licence expression
	listed              // a licence id, which the schema holds against the list
	packageURL          // a package URL
)

// judgement is what there is to say on one text.
type judgement struct {
	message, fix string // why the standard refuses it; empty where it does not
	notes        []string
}

// names holds licences and package URLs against the standards that they are
// written in. Documents repeat them, so each text is judged once.
type names struct {
	unlisted  string // what a format does with a licence that SPDX does not list
	judged    map[nameKind]map[string]judgement
	found     bool
	reporting bool
	path      []string
	issues    issueList
	notes     issueList
}

// What the formats do with a licence that SPDX does not list.
const (
	unlistedCDX   = "goes into license.name"
	unlistedSPDX  = "is LicenseRef-NAME with its text in hasExtractedLicensingInfos"
	unlistedSPDX3 = "is LicenseRef-NAME, explained by simplelicensing_customIdToUri"
)

func newNames(unlisted string) *names {
	return &names{unlisted: unlisted, judged: map[nameKind]map[string]judgement{expressed: {}, listed: {}, packageURL: {}}}
}

// issueList is bounded.
type issueList struct {
	list []Issue
	more int
}

func (l *issueList) add(i Issue) {
	if len(l.list) >= MaxIssues {
		l.more++
		return
	}
	l.list = append(l.list, i)
}

func (n *names) judge(k nameKind, s string) judgement {
	j, ok := n.judged[k][s]
	if !ok {
		switch k {
		case expressed:
			j = n.judgeExpression(s)
		case listed:
			j.notes = listedNotes(s)
		case packageURL:
			if _, err := purl.Canonical(s); err != nil {
				j.message, j.fix = printable(err.Error(), maxShownPointer), "write it as its type is defined, or leave it out"
			}
			j.notes = purl.Remarks(s)
		}
		n.judged[k][s] = j
	}
	return j
}

func (n *names) judgeExpression(s string) (j judgement) {
	if word := strings.ToUpper(s); word == "NONE" || word == "NOASSERTION" {
		return j
	}
	e, err := license.Parse(s)
	own := "a licence that SPDX does not list " + n.unlisted
	if err != nil {
		j.message, j.fix = "the licence "+quote(s)+" is no SPDX expression: "+printable(err.Error(), maxShownPointer), "join ids by AND, OR and WITH; "+own
		return j
	}
	if len(e.Unknown) > 0 {
		j.message, j.fix = "the licence list of SPDX does not have "+quoteFirst(e.Unknown), own
	}
	if len(e.Deprecated) > 0 {
		j.notes = append(j.notes, "SPDX has deprecated the licence id "+quoteFirst(e.Deprecated))
	}
	if e.Text != s {
		j.notes = append(j.notes, "the licence expression is spelt "+quote(e.Text)+" by SPDX")
	}
	return j
}

// quoteFirst shows the first of a list and how many more there are.
func quoteFirst(list []string) string {
	s := quote(list[0])
	if len(list) > 1 {
		s += " and " + strconv.Itoa(len(list)-1) + " more"
	}
	return s
}

func listedNotes(s string) []string {
	switch e, ok := license.Find(s); {
	case ok && e.Exception:
		return []string{"the licence id " + quote(s) + " is that of an exception, which is no licence by itself"}
	case ok && e.Deprecated:
		return []string{"SPDX has deprecated the licence id " + quote(s)}
	}
	return nil
}

// refused tells whether any of the texts is refused.
func (n *names) refused() bool {
	for _, all := range n.judged {
		for _, j := range all {
			if j.message != "" {
				return true
			}
		}
	}
	return false
}

// see notes a text; here is called where there is something to say.
func (n *names) see(k nameKind, s string, here func() Issue) {
	j := n.judge(k, s)
	if j.message == "" && len(j.notes) == 0 {
		return
	}
	if n.found = true; !n.reporting {
		return
	}
	i := here()
	i.Rule = RuleLicense
	if k == packageURL {
		i.Rule = RulePURL
	}
	if j.message != "" {
		i.Message, i.Fix = j.message, j.fix
		n.issues.add(i)
	}
	for _, text := range j.notes {
		i.Message, i.Fix = text, ""
		n.notes.add(i)
	}
}

// read goes through a tree in any order and, where there is something to say,
// once more in the order of the keys.
func (n *names) read(tree any) *names {
	n.walk(tree, "", "")
	if n.reporting = n.found; n.reporting {
		n.walk(tree, "", "")
	}
	return n
}

func (n *names) walk(v any, above, key string) {
	switch v := v.(type) {
	case map[string]any:
		if !n.reporting {
			for k, member := range v {
				n.member(v, member, key, k)
			}
			return
		}
		for _, k := range sortedKeys(v) {
			n.path = append(n.path, k)
			n.member(v, v[k], key, k)
			n.path = n.path[:len(n.path)-1]
		}
	case []any:
		for i, item := range v {
			n.path = append(n.path, strconv.Itoa(i))
			n.member(nil, item, above, key)
			n.path = n.path[:len(n.path)-1]
		}
	}
}

func (n *names) member(of map[string]any, v any, above, key string) {
	s, ok := v.(string)
	if !ok {
		n.walk(v, above, key)
		return
	}
	if k := nameAt(of, above, key); k != noName {
		n.see(k, s, func() Issue { return Issue{Pointer: pointerOf(n.path)} })
	}
}

// fileLicences are the lists of SPDX 2 whose items are licences.
var fileLicences = []string{"licenseInfoInFiles", "licenseInfoFromFiles", "licenseInfoInSnippets"}

// nameAt tells what stands at a key: of is the object around, nil in a list.
func nameAt(of map[string]any, above, key string) nameKind {
	switch key {
	case "purl", "software_packageUrl":
		return packageURL
	case "expression":
		if above == "licenses" {
			return expressed
		}
	case "id":
		if above == "license" {
			return listed
		}
	case "licenseConcluded", "licenseDeclared", "simplelicensing_licenseExpression":
		return expressed
	case "referenceLocator":
		if t, _ := of["referenceType"].(string); t == "purl" || t == "http://spdx.org/rdf/references/purl" {
			return packageURL
		}
	case "identifier":
		if t, _ := of["externalIdentifierType"].(string); t == "packageUrl" {
			return packageURL
		}
	}
	if of == nil && slices.Contains(fileLicences, key) {
		return expressed
	}
	return noName
}
