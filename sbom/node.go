package sbom

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"
)

// makeNode joins the entries of one group, which come in order of precedence.
func makeNode(list []*entry, purl string) (*Node, []Conflict) {
	n := &Node{Mentioned: true}
	n.Kind = list[0].comp.Kind
	for _, e := range list {
		n.Mentioned = n.Mentioned && e.mention
	}
	n.keys(list, purl)
	n.ID = nodeID(n, list[0])
	for _, e := range list {
		if n.Mentioned || !e.mention {
			n.Seen = append(n.Seen, e.at)
		}
		if e.link == nil {
			n.Findings = append(n.Findings, e.Findings...)
		}
	}
	n.Seen = slices.Compact(sorted(n.Seen, compareSeen))
	n.Findings = slices.Compact(sorted(n.Findings, CompareFindings))
	conflicts := n.titles(n.values(list))
	n.prints(list)
	return n, conflicts
}

// prints takes the prints of the first who has some.
func (n *Node) prints(list []*entry) {
	for _, e := range list {
		if e.comp.File != nil && len(e.comp.File.Prints) > 0 {
			if n.File == nil {
				n.File = &FileFacts{}
			}
			n.File.Prints = e.comp.File.Prints
			return
		}
	}
}

// keys picks the strongest key of each sort and keeps the others.
func (n *Node) keys(list []*entry, purl string) {
	n.Keys.PURL = purl
	var also []Keys
	var paths []string
	add := func(k Keys) {
		if k.PURL != "" && canonical(k.PURL) != purl {
			also = append(also, Keys{PURL: canonical(k.PURL)})
		}
		if k.SHA256 != "" && n.Keys.SHA256 == "" {
			n.Keys.SHA256 = k.SHA256
		} else if k.SHA256 != "" && k.SHA256 != n.Keys.SHA256 {
			also = append(also, Keys{SHA256: k.SHA256})
		}
		if k.URL != "" && n.Keys.URL == "" {
			n.Keys.URL = k.URL
		} else if k.URL != "" && k.URL != n.Keys.URL {
			also = append(also, Keys{URL: k.URL})
		}
		if k.Path != "" {
			paths = append(paths, k.Path)
		}
	}
	for _, e := range list {
		add(e.comp.Keys)
	}
	for _, e := range list {
		for _, k := range e.also {
			add(k)
		}
	}
	slices.SortFunc(paths, func(a, b string) int { // a path of this tree before those of others
		return cmp.Or(cmp.Compare(rank(mounted.MatchString(a)), rank(mounted.MatchString(b))), strings.Compare(a, b))
	})
	for i, p := range slices.Compact(paths) {
		if i == 0 {
			n.Keys.Path = p
		} else {
			also = append(also, Keys{Path: p})
		}
	}
	n.Also = slices.Compact(sorted(also, compareKeys))
}

func compareKeys(a, b Keys) int {
	return strings.Compare(a.PURL+"\x00"+a.SHA256+"\x00"+a.URL+"\x00"+a.Path, b.PURL+"\x00"+b.SHA256+"\x00"+b.URL+"\x00"+b.Path)
}

// nodeID is the strongest key, or else what mentions it.
func nodeID(n *Node, first *entry) ID {
	if id := KeyID(n.Kind, n.Keys); id != "" {
		return id
	}
	return mentionID(n.Kind, first.at.Path, first.comp.Name)
}

// KeyID is the id that a component has by its strongest key, in words that a
// reader of the document knows; "" where it has no key.
func KeyID(kind Kind, k Keys) ID {
	c := class(kind) + ":"
	switch {
	case k.PURL != "":
		return ID(k.PURL)
	case k.SHA256 != "":
		return ID(c + "sha256:" + k.SHA256)
	case k.URL != "":
		return ID(c + k.URL)
	case k.Path != "":
		return ID(c + k.Path)
	}
	return ""
}

func mentionID(kind Kind, path, name string) ID {
	return ID(class(kind) + ":mention:" + DirOf(path) + ":" + name)
}

func (n *Node) values(list []*entry) []Conflict {
	var conflicts []Conflict
	for _, f := range fieldTable() {
		var holders []*entry
		for _, e := range list {
			if !f.Empty(e.comp) && (n.Mentioned || !e.mention || len(holders) == 0 || holders[0].mention) {
				holders = append(holders, e)
			}
		}
		if len(holders) == 0 {
			continue
		}
		if f.Name == "name" {
			holders = nameFirst(holders, n.Keys)
		}
		seen, dropped := f.join(&n.Component, holders)
		n.Facts = append(n.Facts, Fact{f.Name, slices.Compact(sorted(seen, compareSeen))})
		conflicts = append(conflicts, dropped...)
	}
	return conflicts
}

// at is where the entry states the field.
func (e *entry) place(field string) Seen {
	at := e.at
	if line := e.Lines[field]; line > 0 && e.link == nil {
		at.Line, at.Offset = line, 0
	}
	return at
}

// join sets the node's value and tells which places state it and which differ.
func (f Field) join(into *Component, holders []*entry) (seen []Seen, conflicts []Conflict) {
	if f.Name == "hashes" {
		return joinHashes(into, holders)
	}
	if f.Name == "package.dependencies" {
		holders = knowing(holders)
	}
	if f.Name == "released" && holders[0].comp.Kind == KindLibrary {
		holders = earliest(holders)
	}
	if kind := holders[0].comp.Kind; f.Name == "licenses" && (kind == KindModel || kind == KindDataset) {
		return f.joinLicenses(into, holders)
	}
	if f.Policy == Union {
		f.unite(into, holders)
		for _, e := range holders {
			seen = append(seen, e.place(f.Name))
		}
		return seen, nil
	}
	f.Copy(into, holders[0].comp)
	kept := Claim{f.Text(into), holders[0].place(f.Name)}
	for _, e := range holders {
		if f.Equal(e.comp, into) {
			seen = append(seen, e.place(f.Name))
		} else if !e.mention {
			conflicts = append(conflicts, Conflict{Field: f.Name, Kept: kept, Dropped: Claim{f.Text(e.comp), e.place(f.Name)}})
		}
	}
	return seen, conflicts
}

// earliest keeps those that know of the first file of a package: locks list
// different files of one version, and each gives the time of the first it has.
func earliest(holders []*entry) []*entry {
	var first time.Time
	var keep []*entry
	for _, e := range holders {
		at, err := time.Parse(time.RFC3339Nano, e.comp.Released)
		if err != nil || e.at.Basis != holders[0].at.Basis || e.at.Hearsay() != holders[0].at.Hearsay() {
			return holders
		}
		switch {
		case keep == nil || at.Before(first):
			first, keep = at, []*entry{e}
		case at.Equal(first):
			keep = append(keep, e)
		}
	}
	return keep
}

// knowing keeps those that know most of what the package needs: that one source
// does not know contradicts nobody. A found BOM speaks where nobody else does.
func knowing(holders []*entry) []*entry {
	if own := slices.DeleteFunc(slices.Clone(holders), func(e *entry) bool { return e.at.Hearsay() }); len(own) > 0 {
		holders = own
	}
	for _, word := range []string{"complete", "incomplete"} {
		if best := slices.DeleteFunc(slices.Clone(holders), func(e *entry) bool { return e.comp.Package.Dependencies != word }); len(best) > 0 {
			return best
		}
	}
	return holders
}

// unite makes the sorted union of lists of any element type.
func (f Field) unite(into *Component, holders []*entry) {
	list := f.find(into, true)
	if len(holders) == 1 && list.Type().Elem().Kind() != reflect.String && f.find(holders[0].comp, false).Len() == 1 {
		list.Set(f.find(holders[0].comp, false))
		return
	}
	type element struct {
		key   string
		value reflect.Value
	}
	var all []element
	for _, e := range holders {
		v := f.find(e.comp, false)
		for i := range v.Len() {
			key := ""
			if v.Index(i).Kind() == reflect.String {
				key = v.Index(i).String()
			} else {
				key = string(jsonOf(v.Index(i).Interface()))
			}
			all = append(all, element{key, v.Index(i)})
		}
	}
	slices.SortStableFunc(all, func(a, b element) int { return strings.Compare(a.key, b.key) })
	all = slices.CompactFunc(all, func(a, b element) bool { return a.key == b.key })
	out := reflect.MakeSlice(list.Type(), len(all), len(all))
	for i, e := range all {
		out.Index(i).Set(e.value)
	}
	list.Set(out)
	if f.Name == "licenses" {
		into.Licenses = richest(into.Licenses)
	}
}

// richest drops a licence that another one says too, with an address, with a text,
// or of analyses with more confidence.
func richest(all []License) []License {
	return slices.DeleteFunc(slices.Clone(all), func(l License) bool {
		return l.URL == "" && l.Text == "" && slices.ContainsFunc(all, func(o License) bool {
			same := o.ID == l.ID && o.Expression == l.Expression && o.Name == l.Name && o.Concluded == l.Concluded
			return same && (o.URL != "" || o.Text != "" || o.Concluded && o.Confidence > l.Confidence)
		})
	})
}

// joinHashes keeps one value an algorithm: two digests of one thing are a conflict.
func joinHashes(into *Component, holders []*entry) (seen []Seen, conflicts []Conflict) {
	kept := map[string]Claim{}
	for _, e := range holders {
		at := e.place("hashes")
		agreed := false
		for _, h := range e.comp.Hashes {
			old, ok := kept[h.Alg]
			switch {
			case !ok:
				kept[h.Alg] = Claim{h.Value, at}
				into.Hashes = append(into.Hashes, h)
				agreed = true
			case old.Value == h.Value:
				agreed = true
			case !e.mention:
				conflicts = append(conflicts, Conflict{Field: "hashes", Key: h.Alg, Kept: old, Dropped: Claim{h.Value, at}})
			}
		}
		if agreed {
			seen = append(seen, at)
		}
	}
	slices.SortFunc(into.Hashes, func(a, b Hash) int { return strings.Compare(a.Alg, b.Alg) })
	return seen, conflicts
}

// Sort puts the lists of a component that are sets in order, as Merge does.
func Sort(c *Component) {
	for _, f := range fieldTable() {
		if f.Policy != Union || f.Empty(c) {
			continue
		}
		alone := *c
		if f.Name == "hashes" {
			c.Hashes = nil
			joinHashes(c, []*entry{{Sighting: &Sighting{}, comp: &alone}})
			continue
		}
		list := reflect.New(f.find(c, false).Type()).Elem()
		list.Set(f.find(c, false))
		holder := Component{}
		f.find(&holder, true).Set(list)
		f.unite(c, []*entry{{comp: &holder}})
	}
}
