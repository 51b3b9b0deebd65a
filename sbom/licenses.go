package sbom

import (
	"cmp"
	"slices"
	"strings"
)

// joinLicenses joins what sources state of a model or a dataset. Sources that have a
// licence in common complete each other; one that has none in common with the best
// contradicts it: a card says MIT, and a description of the same data CC-BY-NC. Its
// licences are a Conflict then, which stays visible. A licence that an analysis
// concluded, and a name that says nothing, contradict nobody.
func (f Field) joinLicenses(into *Component, holders []*entry) (seen []Seen, conflicts []Conflict) {
	var with, against []*entry
	said := map[string]bool{}
	for _, e := range holders {
		if agrees(said, e) || len(said) == 0 {
			with = append(with, e)
			say(said, e)
			continue
		}
		against = append(against, e)
	}
	for grown := true; grown; { // who agrees with one of those that agree
		grown = false
		against = slices.DeleteFunc(against, func(e *entry) bool {
			if !agrees(said, e) {
				return false
			}
			with = append(with, e)
			say(said, e)
			grown = true
			return true
		})
	}
	f.unite(into, with)
	for _, e := range with {
		seen = append(seen, e.place(f.Name))
	}
	kept := Claim{f.Text(into), with[0].place(f.Name)}
	for _, e := range against {
		if !e.mention {
			var dropped Component
			f.unite(&dropped, []*entry{e}) // in order, as they come back from a graph
			conflicts = append(conflicts, Conflict{Field: f.Name, Kept: kept, Dropped: Claim{f.Text(&dropped), e.place(f.Name)}})
		}
	}
	return seen, conflicts
}

// licenseKey is the licence as it is compared; "" for one that contradicts nobody.
func licenseKey(l License) string {
	name := strings.ToLower(cmp.Or(l.ID, l.Expression, l.Name))
	if l.Concluded || l.ID == "" && l.Expression == "" && vague[name] {
		return ""
	}
	return name
}

var vague = map[string]bool{"": true, "other": true, "unknown": true, "custom": true, "see license": true}

func say(said map[string]bool, e *entry) {
	for _, l := range e.comp.Licenses {
		if s := licenseKey(l); s != "" {
			said[s] = true
		}
	}
}

// agrees tells whether the entry states nothing that counts, or one of those said.
func agrees(said map[string]bool, e *entry) bool {
	none := true
	for _, l := range e.comp.Licenses {
		s := licenseKey(l)
		if said[s] {
			return true
		}
		none = none && s == ""
	}
	return none
}
