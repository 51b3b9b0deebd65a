package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// RuleProfile marks what a profile of SPDX 3 demands in its prose only: neither
// the official schema nor the official shapes look at it, and the document is
// valid without.
const RuleProfile = "profile"

// lintProfiles tells what a document of SPDX 3 lacks that the profiles ask for.
func lintProfiles(d linted, notes *issueList) {
	if d.format != FormatSPDX || versions3[d.version] == nil {
		return
	}
	l := &profileLint{licenses: map[[2]string]int{}, has: map[string]string{}, claims: map[string]string{}}
	doc, _ := d.tree.(map[string]any)
	if graph, ok := doc["@graph"]; ok {
		l.collect(graph, "/@graph")
	} else {
		l.collect(d.tree, "")
	}
	l.check()
	for _, i := range l.issues {
		notes.add(i)
	}
}

// demands are the properties that the prose of a profile asks of a class
// (https://spdx.github.io/spdx-spec/v3.0.1/model/AI/Classes/AIPackage/ and
// .../Dataset/Classes/DatasetPackage/, "External properties restrictions").
var demands = []struct {
	class, profile string
	properties     []string
}{
	{"ai_AIPackage", "AI", []string{"releaseTime", "suppliedBy", "software_downloadLocation", "software_packageVersion", "software_primaryPurpose"}},
	{"dataset_DatasetPackage", "Dataset", []string{"builtTime", "originatedBy", "releaseTime", "software_downloadLocation", "software_primaryPurpose"}},
}

// liteDemands are those of the Lite profile, of any package of a document that
// claims it (https://spdx.github.io/spdx-spec/v3.0.1/model/Lite/Lite/).
var liteDemands = []string{"software_copyrightText", "software_packageVersion", "suppliedBy"}

// profilePrefixes are how the classes of a profile begin.
var profilePrefixes = map[string]string{"software": "software_", "simpleLicensing": "simplelicensing_", "expandedLicensing": "expandedlicensing_", "security": "security_",
	"build": "build_", "ai": "ai_", "dataset": "dataset_"}

type lintElement struct {
	object map[string]any
	at     string
}

// profileLint is one look at a document.
type profileLint struct {
	elements []lintElement
	licenses map[[2]string]int // element and type of relationship -> how many
	has      map[string]string // profile -> where its first element stands
	claims   map[string]string // profile -> where a collection claims to conform to it
	issues   []Issue
}

func (l *profileLint) note(at, message, fix string) {
	if len(l.issues) < 10*MaxIssues {
		l.issues = append(l.issues, Issue{Pointer: at, Rule: RuleProfile, Message: message, Fix: fix})
	}
}

// collect finds the elements, wherever they stand.
func (l *profileLint) collect(v any, at string) {
	switch v := v.(type) {
	case []any:
		for i, w := range v {
			l.collect(w, at+"/"+strconv.Itoa(i))
		}
	case map[string]any:
		if class, _ := v["type"].(string); class != "" {
			l.element(v, class, at)
		}
		for _, key := range sortedKeys(v) {
			l.collect(v[key], at+"/"+escapeToken(key))
		}
	}
}

func (l *profileLint) element(v map[string]any, class, at string) {
	for profile, prefix := range profilePrefixes {
		if _, seen := l.has[profile]; !seen && strings.HasPrefix(class, prefix) {
			l.has[profile] = at
		}
	}
	for i, p := range asList(v["profileConformance"]) {
		if name, _ := p.(string); name != "" && l.claims[name] == "" {
			l.claims[name] = at + "/profileConformance/" + strconv.Itoa(i)
		}
	}
	if kind, _ := v["relationshipType"].(string); kind == "hasDeclaredLicense" || kind == "hasConcludedLicense" {
		l.licenses[[2]string{identifier(v["from"]), kind}]++
	}
	l.elements = append(l.elements, lintElement{v, at})
}

func identifier(v any) string {
	if m, ok := v.(map[string]any); ok {
		v = m["spdxId"]
	}
	id, _ := v.(string)
	return id
}

func (l *profileLint) check() {
	lite := l.claims["lite"] != ""
	for _, e := range l.elements {
		class, _ := e.object["type"].(string)
		for _, d := range demands {
			if class == d.class {
				l.lacks(e, d.profile, d.properties)
				l.licensed(e, d.profile)
			}
		}
		isPackage := slices.Contains([]string{"software_Package", "ai_AIPackage", "dataset_DatasetPackage"}, class)
		if lite && isPackage {
			l.lacks(e, "Lite", liteDemands)
			if class == "software_Package" {
				l.licensed(e, "Lite")
			}
			if e.object["software_downloadLocation"] == nil && e.object["software_packageUrl"] == nil {
				l.note(e.at, "the Lite profile asks for software_downloadLocation or software_packageUrl", "state one where it is known")
			}
		}
	}
	l.profiles()
}

func (l *profileLint) lacks(e lintElement, profile string, properties []string) {
	for _, p := range properties {
		if e.object[p] == nil {
			l.note(e.at, fmt.Sprintf("the %s profile asks for %s", profile, p), "state it where it is known")
		}
	}
	if made := asList(e.object["originatedBy"]); profile == "Dataset" && len(made) > 1 {
		l.note(e.at+"/originatedBy", fmt.Sprintf("the Dataset profile asks for one originatedBy, here are %d", len(made)), "")
	}
}

// licensed counts the relationships to licences, of which there must be one each.
func (l *profileLint) licensed(e lintElement, profile string) {
	for _, kind := range []string{"hasConcludedLicense", "hasDeclaredLicense"} {
		if n := l.licenses[[2]string{identifier(e.object), kind}]; n != 1 {
			l.note(e.at, fmt.Sprintf("the %s profile asks for exactly one relationship %s, here are %d", profile, kind, n), "expandedlicensing_NoAssertionLicense says that it is not known")
		}
	}
}

// profiles holds what collections claim against the elements that there are.
func (l *profileLint) profiles() {
	for _, profile := range sortedNames(profilePrefixes) {
		switch at, claimed := l.claims[profile]; {
		case claimed && l.has[profile] == "":
			l.note(at, fmt.Sprintf("the document claims the profile %s and has no element of it", profile), "leave it out of profileConformance")
		case !claimed && l.has[profile] != "" && len(l.claims) > 0:
			l.note(l.has[profile], fmt.Sprintf("an element of the profile %s, which no profileConformance names", profile), "name it there")
		}
	}
}

func sortedNames(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
