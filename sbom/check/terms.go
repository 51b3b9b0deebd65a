package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/license"
)

const shownNames = 5

// opaque are names of licences that say nothing.
var opaque = map[string]bool{"other": true, "unknown": true, "custom": true, "proprietary": true, "cc": true, "see license": true, "see license file": true}

// unknownLicense: a licence is stated, and nobody can tell what it says.
func unknownLicense(_ *view, n *sbom.Node) string {
	if n.Mentioned {
		return ""
	}
	for _, l := range n.Licenses {
		if l.ID != "" || l.Expression != "" || l.Text != "" || l.URL != "" {
			return "" // it can be read somewhere
		}
	}
	for _, l := range n.Licenses {
		if _, known := license.TermsOf(l.Name); !known || opaque[strings.ToLower(l.Name)] {
			return fmt.Sprintf("the licence of %s is stated as %q, with no text and no address", called(n), l.Name)
		}
	}
	return ""
}

// licenses are those that a node stands under: its own, those that a source states
// and the merge put aside, or those of what it is a part of.
func (v *view) licenses(n *sbom.Node) []sbom.License {
	for depth := 0; ; depth++ {
		if all := append(slices.Clone(n.Licenses), v.aside[n.ID]...); len(all) > 0 || depth == maxDepth || len(v.over[n.ID]) == 0 {
			return all
		}
		next := v.over[n.ID][0]
		if !slices.Contains(artefacts, next.Kind) {
			return nil
		}
		n = next
	}
}

// putAside gives the licences that the merge dropped, by node.
func putAside(g *sbom.Graph) map[sbom.ID][]sbom.License {
	all := map[sbom.ID][]sbom.License{}
	for _, c := range g.Conflicts {
		var list []sbom.License
		if c.Field == "licenses" && json.Unmarshal([]byte(c.Dropped.Value), &list) == nil {
			all[c.Node] = append(all[c.Node], list...)
		}
	}
	return all
}

// termsOf gives the terms of a licence; an expression gives those of each choice.
func termsOf(l sbom.License) (choices []license.Terms, ok bool) {
	for _, choice := range strings.Split(strings.Trim(cmp.Or(l.ID, l.Expression, l.Name), "()"), " OR ") {
		var all license.Terms
		for _, part := range strings.Split(choice, " AND ") {
			part, _, _ = strings.Cut(strings.Trim(part, "() "), " WITH ")
			t, known := license.TermsOf(part)
			if !known {
				return nil, false
			}
			all = license.Terms{NonCommercial: all.NonCommercial || t.NonCommercial, Research: all.Research || t.Research,
				NoDerivatives: all.NoDerivatives || t.NoDerivatives, Alike: cmp.Or(all.Alike, t.Alike), Uses: cmp.Or(all.Uses, t.Uses)}
		}
		choices = append(choices, all)
	}
	return choices, true
}

// forbids tells what of the origin's licence does not fit any of those of what was
// made; "" where one fits, or where not all of those are known.
func forbids(origin sbom.License, made []sbom.License, data bool) string {
	from, ok := termsOf(origin)
	if !ok {
		return ""
	}
	why := ""
	for _, l := range made {
		to, ok := termsOf(l)
		if !ok {
			return ""
		}
		for _, f := range from {
			for _, t := range to {
				if why = f.Forbids(t, data); why == "" {
					return ""
				}
			}
		}
	}
	return why
}

// licenseConflict: what a model or a dataset was made from asks for more than it
// hands on.
func licenseConflict(v *view, n *sbom.Node) []sbom.Finding {
	made := v.licenses(n)
	if n.Mentioned || len(made) == 0 {
		return nil
	}
	var all []sbom.Finding
	for _, e := range v.origins[n.ID] {
		from := v.g.Node(e.To)
		for _, l := range v.licenses(from) {
			how, data := "is made from", false
			if e.Rel == sbom.TrainedOn {
				how, data = "was trained on", true
			}
			if why := forbids(l, made, data && n.Kind == sbom.KindModel); why != "" {
				all = append(all, sbom.Finding{Where: edgePlace(e, n), Message: fmt.Sprintf("%s is under %s and %s %s, whose licence %s %s",
					called(n), namesOf(made), how, from.Name, licenseName(l), why)})
			}
		}
	}
	return all
}

// licenseGap: what it was made from has no licence that anybody could compare.
func licenseGap(v *view, n *sbom.Node) string {
	made := v.licenses(n)
	comparable := func(l sbom.License) bool { _, ok := termsOf(l); return ok }
	if n.Mentioned || !slices.ContainsFunc(made, comparable) {
		return ""
	}
	var names []string
	for _, e := range v.origins[n.ID] {
		from := v.g.Node(e.To)
		if from.Kind == sbom.KindFile || slices.Contains(e.Notes, "download") { // its own bytes, before they were unpacked
			continue
		}
		if list := v.licenses(from); !slices.ContainsFunc(list, comparable) {
			names = append(names, from.Name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return ""
	}
	rest := ""
	if len(names) > shownNames {
		names, rest = names[:shownNames], fmt.Sprintf(" and %d more", len(names)-shownNames)
	}
	return fmt.Sprintf("%s is under %s, and the licence of what it was made from is not known here: %s%s", called(n), namesOf(made), strings.Join(names, ", "), rest)
}

// differs: two sources state licences that have nothing in common.
func licensesDiffer(v *view, n *sbom.Node) []sbom.Finding {
	var all []sbom.Finding
	for _, c := range v.g.Conflicts {
		if c.Node != n.ID || c.Field != "licenses" {
			continue
		}
		var kept, dropped []sbom.License
		if json.Unmarshal([]byte(c.Kept.Value), &kept) != nil || json.Unmarshal([]byte(c.Dropped.Value), &dropped) != nil {
			continue
		}
		where := c.Dropped.Seen.Place
		where.By = "check"
		all = append(all, sbom.Finding{Where: where, Message: fmt.Sprintf("the licence of %s is %s by %s, and %s here", called(n), namesOf(kept), c.Kept.Seen.Place, namesOf(dropped))})
	}
	return all
}

func edgePlace(e *sbom.Edge, n *sbom.Node) sbom.Place {
	if len(e.Seen) == 0 {
		return place(n)
	}
	p := e.Seen[0].Place
	p.By = "check"
	return p
}

func licenseName(l sbom.License) string { return cmp.Or(l.ID, l.Expression, l.Name) }

func namesOf(list []sbom.License) string {
	var names []string
	for _, l := range list {
		if name := licenseName(l); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
