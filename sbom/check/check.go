// Package check judges a joined graph: what no single file can tell, such as a
// model without any licence. Rules are rows of one table.
package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// rule is a question to one node.
type rule struct {
	id    string
	kinds []sbom.Kind
	// broken gives the message of the finding, or "" where all is well.
	broken func(v *view, n *sbom.Node) string
	// find gives all findings with their places, for rules of several.
	find func(v *view, n *sbom.Node) []sbom.Finding
}

// view is the graph with its containments indexed.
type view struct {
	g     *sbom.Graph
	needs map[sbom.ID][]*sbom.Edge // what a node depends on
	over  map[sbom.ID][]*sbom.Node // what contains a node
	whole map[sbom.ID]bool         // nodes that contain others

	askers map[sbom.ID][]sbom.ID       // what depends on a node
	conda  map[sbom.ID]map[string]bool // see condaOf
	served map[sbom.ID]bool            // models that run at a service

	parts     map[sbom.ID][]*sbom.Node    // what a node contains
	origins   map[sbom.ID][]*sbom.Edge    // what a node was made from: derived from, trained on
	trained   map[sbom.ID][]*sbom.Edge    // who was trained on a node
	tested    map[[2]sbom.ID]bool         // model, dataset: who was tested on what
	made      map[sbom.ID]bool            // what a process produces
	conflicts map[sbom.ID][]sbom.Conflict // by node
	aside     map[sbom.ID][]sbom.License  // licences that the merge dropped
	measured  map[string][]*sbom.Node     // models at a commit that reports of evaluations measured, by their purl without it
	loose     map[string]bool             // places where code was found to name no revision
}

func newView(g *sbom.Graph) *view {
	v := &view{g: g, needs: map[sbom.ID][]*sbom.Edge{}, over: map[sbom.ID][]*sbom.Node{}, whole: map[sbom.ID]bool{},
		askers: map[sbom.ID][]sbom.ID{}, conda: map[sbom.ID]map[string]bool{}, served: map[sbom.ID]bool{},
		parts: map[sbom.ID][]*sbom.Node{}, origins: map[sbom.ID][]*sbom.Edge{}, trained: map[sbom.ID][]*sbom.Edge{},
		tested: map[[2]sbom.ID]bool{}, made: map[sbom.ID]bool{}, conflicts: map[sbom.ID][]sbom.Conflict{}, aside: putAside(g), measured: map[string][]*sbom.Node{}, loose: map[string]bool{}}
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			if f.Rule == sbom.RuleUnpinned {
				v.loose[f.Where.String()] = true
			}
		}
		if base, _, pinned := strings.Cut(n.Keys.PURL, "@"); pinned && n.Kind == sbom.KindModel && len(tested(n, sbom.IsCommit)) > 0 {
			v.measured[base] = append(v.measured[base], n)
		}
	}
	for _, c := range g.Conflicts {
		v.conflicts[c.Node] = append(v.conflicts[c.Node], c)
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		switch e.Rel {
		case sbom.ServedBy:
			v.served[e.From] = true
		case sbom.DependsOn:
			v.needs[e.From] = append(v.needs[e.From], e)
			v.askers[e.To] = append(v.askers[e.To], e.From)
		case sbom.Contains:
			v.over[e.To] = append(v.over[e.To], g.Node(e.From))
			v.whole[e.From] = true
			v.parts[e.From] = append(v.parts[e.From], g.Node(e.To))
		default:
			v.lineage(e)
		}
	}
	return v
}

// lineage sorts what tells how things were made and measured.
func (v *view) lineage(e *sbom.Edge) {
	switch {
	case e.From == e.To:
	case e.Rel == sbom.DerivedFrom:
		v.origins[e.From] = append(v.origins[e.From], e)
	case e.Rel == sbom.TrainedOn:
		v.origins[e.From] = append(v.origins[e.From], e)
		v.trained[e.To] = append(v.trained[e.To], e)
	case e.Rel == sbom.EvaluatedOn && !slices.Equal(e.Notes, []string{sbom.RoleValidation}):
		v.tested[[2]sbom.ID{e.From, e.To}] = true
	case e.Rel == sbom.Produces:
		v.made[e.To] = true
	}
}

var datasets = []sbom.Kind{sbom.KindDataset}

var artefacts = []sbom.Kind{sbom.KindModel, sbom.KindDataset}

func rules() []rule {
	return []rule{
		{id: sbom.RuleNoLicense, kinds: artefacts, broken: noLicense},
		{id: sbom.RuleOpaqueLicense, kinds: artefacts, broken: unknownLicense},
		{id: sbom.RuleLicenseDiffer, kinds: artefacts, find: licensesDiffer},
		{id: sbom.RuleLicenseChain, kinds: artefacts, find: licenseConflict},
		{id: sbom.RuleLicenseGap, kinds: artefacts, broken: licenseGap},
		{id: sbom.RuleNoProvenance, kinds: datasets, broken: noProvenance},
		{id: sbom.RuleSensitive, kinds: datasets, broken: sensitive},
		{id: sbom.RuleOverlap, kinds: []sbom.Kind{sbom.KindFile}, find: overlap},
		{id: sbom.RuleRows, kinds: []sbom.Kind{sbom.KindDataset, sbom.KindFile}, find: rowCounts},
		{id: sbom.RuleSchema, kinds: datasets, broken: columnsGone},
		{id: sbom.RuleDigest, kinds: datasets, find: rootChanged},
		{id: sbom.RuleNoHash, kinds: []sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindFile}, broken: noHash},
		{id: sbom.RuleUnpinned, kinds: artefacts, broken: unpinned},
		{id: sbom.RuleDigest, kinds: []sbom.Kind{sbom.KindFile}, find: changed},
		{id: sbom.RuleLoose, kinds: []sbom.Kind{sbom.KindLibrary}, find: loose},
		{id: sbom.RuleNoLock, kinds: []sbom.Kind{sbom.KindApplication}, find: unlocked},
		{id: sbom.RuleLockMismatch, kinds: []sbom.Kind{sbom.KindApplication}, find: contradicted},
		{id: sbom.RuleOtherModel, kinds: []sbom.Kind{sbom.KindModel}, find: otherModel},
		{id: sbom.RuleLookalike, kinds: []sbom.Kind{sbom.KindLibrary}, broken: lookalike},
	}
}

// Run gives the graph with the findings of every rule added to its nodes, but for
// those that the caller does without. The given graph is not changed.
func Run(g *sbom.Graph, without ...string) *sbom.Graph {
	out, v := *g, newView(g)
	out.Nodes = make([]*sbom.Node, len(g.Nodes))
	for i, n := range g.Nodes {
		c := *n
		c.Findings = withoutSettled(n)
		for _, r := range rules() {
			if !slices.Contains(r.kinds, n.Kind) || slices.Contains(without, r.id) {
				continue
			}
			for _, f := range r.run(v, n) {
				f.Rule = r.id
				c.Findings = append(c.Findings, f)
			}
		}
		slices.SortStableFunc(c.Findings, sbom.CompareFindings)
		c.Findings = unpinnedOnce(slices.Compact(c.Findings))
		out.Nodes[i] = &c
	}
	return &out
}

// unpinnedOnce makes one finding of all places where one thing is named without a
// revision: it is one thing to mend. The first place stands for the others, which the
// node's own evidence has.
func unpinnedOnce(list []sbom.Finding) []sbom.Finding {
	first, more := -1, 0
	var out []sbom.Finding
	for _, f := range list {
		if f.Rule == sbom.RuleUnpinned && first >= 0 {
			more++
			continue
		}
		if f.Rule == sbom.RuleUnpinned {
			first = len(out)
		}
		out = append(out, f)
	}
	switch {
	case more == 1:
		out[first].Message += "; and in 1 more place"
	case more > 1:
		out[first].Message += fmt.Sprintf("; and in %d more places", more)
	}
	return out
}

// withoutSettled leaves out that a manifest names no commit where a lock does.
func withoutSettled(n *sbom.Node) []sbom.Finding {
	pinned := n.Kind == sbom.KindLibrary && n.Package != nil && n.Package.Source.Commit != "" && slices.ContainsFunc(n.Facts, func(f sbom.Fact) bool {
		return f.Field == "package.source.commit" && locked(f.Seen)
	})
	return slices.DeleteFunc(slices.Clone(n.Findings), func(f sbom.Finding) bool { return pinned && f.Rule == sbom.RuleUnpinned })
}

func (r *rule) run(v *view, n *sbom.Node) []sbom.Finding {
	if r.find != nil {
		return r.find(v, n)
	}
	if message := r.broken(v, n); message != "" {
		return []sbom.Finding{{Message: message, Where: place(n)}}
	}
	return nil
}

func place(n *sbom.Node) sbom.Place {
	if len(n.Seen) == 0 {
		return sbom.Place{By: "check"}
	}
	p := n.Seen[0].Place
	p.By = "check"
	return p
}

// noLicense: parts of another model (a quantisation, a text encoder, a version) stand
// under the whole's licence, and where that has none it is told once, of the whole.
func noLicense(v *view, n *sbom.Node) string {
	part := slices.ContainsFunc(v.over[n.ID], func(over *sbom.Node) bool {
		return slices.Contains(artefacts, over.Kind) && !over.Mentioned && below(over.Keys.Path, n.Keys.Path)
	})
	if n.Mentioned || len(n.Licenses) > 0 || v.bare(n) || part || ownData(n) || v.licensedAbove(n.ID, 0) {
		return ""
	}
	return "no source states a licence for " + called(n)
}

// called is the name for a sentence: of what nobody named, and of what has no name
// but that of a folder called by a commit (a store's), it is what it is.
func called(n *sbom.Node) string {
	if n.Name != "unknown" && !commit.MatchString(n.Name) {
		return n.Name
	}
	switch n.Kind {
	case sbom.KindModel:
		return "this model"
	case sbom.KindDataset:
		return "this dataset"
	}
	return "this project"
}

var commit = regexp.MustCompile(`^[0-9a-f]{40}$`)

// below tells whether a path key lies in the folder of another.
func below(folder, key string) bool {
	if folder == "./" {
		return key != "" && key != "./"
	}
	return strings.HasSuffix(folder, "/") && strings.HasPrefix(key, folder) && key != folder
}

// ownData tells whether a dataset is one by its files alone: no card or description
// hands it on as one, so it stands under the licence of the project.
func ownData(n *sbom.Node) bool {
	if n.Kind != sbom.KindDataset || n.Keys.URL != "" || n.Keys.PURL != "" {
		return false
	}
	return !slices.ContainsFunc(n.Facts, func(f sbom.Fact) bool {
		return tells(f.Field) && slices.ContainsFunc(f.Seen, func(s sbom.Seen) bool { return s.Basis < sbom.Inferred })
	})
}

// tells is whether a field is of those that a description of a dataset fills, and no
// reader of its files.
func tells(field string) bool {
	switch field {
	case "description", "authors", "supplier", "publisher", "released", "version":
		return true
	case "dataset.size", "dataset.rows", "dataset.splits", "dataset.features", "dataset.rootDigest", "dataset.schemaDigest", "dataset.modalities", "dataset.files":
		return false
	}
	return strings.HasPrefix(field, "dataset.")
}

const maxDepth = 20

func (v *view) licensedAbove(id sbom.ID, depth int) bool {
	if depth > maxDepth {
		return false
	}
	for _, over := range v.over[id] {
		if slices.Contains(artefacts, over.Kind) && (len(over.Licenses) > 0 || v.licensedAbove(over.ID, depth+1)) {
			return true
		}
	}
	return false
}

// bare tells whether the tree has a model's configuration alone, as an experiment
// has it: it is no model that somebody could take.
func (v *view) bare(n *sbom.Node) bool {
	return n.Kind == sbom.KindModel && !v.whole[n.ID] && slices.ContainsFunc(n.Properties, func(p sbom.Property) bool { return p.Name == sbom.NoWeights })
}

func noHash(v *view, n *sbom.Node) string {
	switch {
	case len(n.Hashes) > 0 || n.Keys.SHA256 != "":
		return ""
	case n.Mentioned && sbom.IsCommit(n.Version): // a file of a repository at a commit
		return ""
	case n.Kind == sbom.KindFile && (told(n) || strings.HasSuffix(n.Keys.Path, "/")): // nothing here to take a digest of
		return ""
	case n.Kind == sbom.KindFile:
		return "the file " + n.Name + " is named, and no digest of it is known"
	case n.Mentioned || v.whole[n.ID] || v.bare(n) || v.served[n.ID]: // not here, or judged by its parts
		return ""
	case n.Kind == sbom.KindDataset:
		return v.noDataHash(n)
	}
	return "no weights and no digest of " + called(n) + " are known"
}

// unpinned: what others merely name can be changed by its owner at any time
// unless a commit is named.
func unpinned(v *view, n *sbom.Node) string {
	if len(n.Seen) > 0 && v.loose[n.Seen[0].Place.String()] { // told of the code, call by call
		return ""
	}
	if !n.Mentioned || n.Keys == (sbom.Keys{}) || strings.Contains(n.Keys.PURL, "@") || pinnedURL(n.Keys.URL) || n.Keys.Path != "" || n.Keys.SHA256 != "" {
		return ""
	}
	if slices.ContainsFunc(strings.Split(n.Keys.URL, "/"), commit.MatchString) { // a file at a commit, as raw.githubusercontent.com has it
		return ""
	}
	if n.Keys.PURL == "" && !strings.HasPrefix(n.Keys.URL, "https://huggingface.co/") { // nothing that has commits
		if n.Version != "" || len(n.Hashes) > 0 {
			return ""
		}
		return n.Name + " is named without a version or a digest, so what it is can change"
	}
	return n.Name + " is named without a commit, so what it is can change"
}

// pinnedURL tells whether the address of a hub names a commit; a branch moves.
func pinnedURL(url string) bool {
	_, revision, ok := strings.Cut(url, "/tree/")
	return ok && sbom.IsCommit(revision)
}
