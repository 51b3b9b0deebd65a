package sbom

import (
	"slices"
	"strings"
)

// class is the space in which digests, URLs and paths are keys: a file and the
// model in it have one path and are two things.
func class(k Kind) string {
	switch k {
	case KindModel:
		return "model"
	case KindDataset:
		return "data"
	case KindFile:
		return "file"
	case KindService:
		return "service"
	case KindProcess:
		return "process"
	}
	return "app"
}

// groups is a union-find over entries that knows each group's package URL.
type groups struct {
	entries   []*entry
	parent    []int
	purls     []string // of each root; "" for none
	contested []contest
}

type contest struct {
	a, b int // entries that share the key and stay apart
	key  string
}

func (g *groups) find(i int) int {
	for g.parent[i] != i {
		g.parent[i] = g.parent[g.parent[i]]
		i = g.parent[i]
	}
	return i
}

func (g *groups) union(a, b int) {
	a, b = g.find(a), g.find(b)
	if a == b {
		return
	}
	if a > b {
		a, b = b, a
	}
	g.parent[b] = a
	if g.purls[a] == "" {
		g.purls[a] = g.purls[b]
	}
}

// members lists the groups, each as its entries.
func (g *groups) members() [][]int {
	at := map[int]int{}
	var all [][]int
	for i := range g.entries {
		r := g.find(i)
		j, ok := at[r]
		if !ok {
			j = len(all)
			at[r] = j
			all = append(all, nil)
		}
		all[j] = append(all[j], i)
	}
	return all
}

// identify joins entries: by purl, then by each weaker kind of key in turn.
func identify(entries []*entry, purls []string, known pins) *groups {
	g := &groups{entries: entries, parent: make([]int, len(entries)), purls: make([]string, len(entries))}
	for i := range entries {
		g.parent[i] = i
	}
	g.joinPURLs(purls, known)
	if slices.ContainsFunc(entries, func(e *entry) bool { return e.at.Hearsay() }) {
		g.join(func(e *entry) bool { return !e.at.Hearsay() }) // else a found BOM could put its purl between two keys of ours
	}
	g.join(func(*entry) bool { return true })
	return g
}

// join joins the entries that among takes.
func (g *groups) join(among func(*entry) bool) {
	g.joinBy(among, func(k Keys) string { return k.SHA256 })
	g.joinBy(among, func(k Keys) string { return k.URL })
	g.joinBy(among, func(k Keys) string { return k.Path })
	g.joinKeyless(among)
	g.adopt(among)
}

func canonical(purl string) string {
	if c, err := NormalizePURL(purl); err == nil {
		return c
	}
	return purl
}

// joinPURLs groups equal purls, the ones without a version by where they stand.
func (g *groups) joinPURLs(of []string, known pins) {
	first := map[string]int{}
	for i, e := range g.entries {
		p := of[i]
		if p == "" {
			continue
		}
		if base, version := splitPURL(p); version == "" {
			if list := known.nearest(base, e); len(list) == 1 {
				p = list[0]
			}
		}
		g.purls[i] = p
		if j, ok := first[p]; ok {
			g.union(i, j)
		} else {
			first[p] = i
		}
	}
}

// joinBy joins the groups that share a key of one kind, but never two purls.
// Groups without purl that share keys form a cluster; a cluster that touches
// one purl joins it, one that touches several stays alone.
func (g *groups) joinBy(among func(*entry) bool, key func(Keys) string) {
	holders := map[string][]int{}
	var order []string
	for i, e := range g.entries {
		if !among(e) {
			continue
		}
		for _, k := range append([]Keys{e.comp.Keys}, e.also...) {
			if v := key(k); v != "" {
				v = class(e.comp.Kind) + ":" + v
				if holders[v] == nil {
					order = append(order, v)
				}
				holders[v] = append(holders[v], g.find(i))
			}
		}
	}
	cluster := &groups{entries: g.entries, parent: slices.Clone(g.parent), purls: make([]string, len(g.purls))}
	for _, k := range order {
		joinAll(cluster, slices.DeleteFunc(slices.Clone(holders[k]), func(r int) bool { return g.purls[r] != "" }))
	}
	touches := map[int]map[int]string{} // cluster -> roots with a purl -> key
	for _, k := range order {
		g.touch(cluster, k, holders[k], touches)
	}
	for i := range g.entries {
		if r := g.find(i); g.purls[r] == "" {
			g.union(r, cluster.find(r))
		}
	}
	g.joinTouched(touches)
}

func joinAll(g *groups, roots []int) {
	for _, r := range roots {
		g.union(roots[0], r)
	}
}

// touch notes which purl groups a key ties to which cluster, and contests keys
// that tie two purls to each other.
func (g *groups) touch(cluster *groups, key string, roots []int, touches map[int]map[int]string) {
	withPURL := map[int]bool{}
	first := -1
	for _, r := range roots {
		if g.purls[r] == "" || withPURL[r] {
			continue
		}
		withPURL[r] = true
		if first >= 0 {
			g.contested = append(g.contested, contest{first, r, key})
			continue
		}
		first = r
	}
	for _, r := range roots {
		if g.purls[r] != "" {
			continue
		}
		c := cluster.find(r)
		if touches[c] == nil {
			touches[c] = map[int]string{}
		}
		for p := range withPURL {
			if old, ok := touches[c][p]; !ok || key < old {
				touches[c][p] = key
			}
		}
	}
}

func (g *groups) joinTouched(touches map[int]map[int]string) {
	for c, roots := range touches {
		for r, key := range roots {
			if len(roots) == 1 {
				g.union(c, r)
			} else {
				g.contested = append(g.contested, contest{c, r, key})
			}
		}
	}
}

// joinKeyless joins what has no key at all by kind, name and folder.
func (g *groups) joinKeyless(among func(*entry) bool) {
	first := map[string]int{}
	for i, e := range g.entries {
		if e.comp.Keys != (Keys{}) || len(e.also) > 0 || !among(e) {
			continue
		}
		k := mentionKey(e)
		if j, ok := first[k]; ok {
			g.union(i, j)
		} else {
			first[k] = i
		}
	}
}

func mentionKey(e *entry) string {
	return strings.Join([]string{class(e.comp.Kind), DirOf(e.at.Path), e.comp.Name}, "\x00")
}

// adopt joins a folder's model (its card, its configuration) with the one
// artefact in that folder that is a model by itself, such as a single GGUF. A
// folder with weights of its own, or with several artefacts, adopts none: it
// contains them (see derive.go).
func (g *groups) adopt(among func(*entry) bool) {
	folder := map[string]int{}     // path key of a folder -> group
	artefact := map[string][]int{} // folder -> groups of single files
	weights := map[string]bool{}   // folders whose model contains files directly
	for i, e := range g.entries {
		p := e.comp.Keys.Path
		if e.comp.Kind != KindModel || p == "" || e.mention || e.Hint || !among(e) {
			continue
		}
		if !strings.HasSuffix(p, "/") {
			if dir, r := DirOf(p), g.find(i); !slices.Contains(artefact[dir], r) {
				artefact[dir] = append(artefact[dir], r)
			}
			continue
		}
		folder[p] = g.find(i)
		for _, l := range e.Links {
			if l.Rel == Contains && l.To.Kind == KindFile && DirOf(l.To.Keys.Path) == p && l.To.Keys.Path != "" && !strings.HasPrefix(l.Note, "auxiliary") && l.Note != "tokenizer" {
				weights[p] = true
			}
		}
	}
	for dir, list := range artefact {
		f, ok := folder[dir]
		if !ok || weights[dir] || len(list) != 1 {
			continue
		}
		a, b := g.purls[g.find(f)], g.purls[g.find(list[0])]
		if a == "" || b == "" || a == b {
			g.union(f, list[0])
		}
	}
}
