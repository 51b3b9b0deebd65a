package verify

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// row is a digest over a whole model or dataset.
type row struct {
	name       string
	want, have string
}

func rows(n, now *sbom.Node) []row {
	var all []row
	if n.Model != nil {
		var f sbom.Fingerprints
		if now.Model != nil {
			f = now.Model.Fingerprints
		}
		w := n.Model.Fingerprints
		all = append(all, row{"content id", w.Content, f.Content}, row{"header id", w.Header, f.Header}, row{"shapes id", w.Shapes, f.Shapes}, row{"signing digest", w.Signing, f.Signing})
	}
	if n.Dataset != nil {
		var d sbom.Dataset
		if now.Dataset != nil {
			d = *now.Dataset
		}
		all = append(all, row{"root digest", n.Dataset.RootDigest, d.RootDigest})
	}
	return slices.DeleteFunc(all, func(r row) bool { return r.want == "" })
}

// wholes holds the digests of models and datasets against those of the tree.
func (c *comparison) wholes() {
	if c.Now == nil {
		return
	}
	for _, n := range c.g.Nodes {
		p := n.Keys.Path
		if n.Kind != sbom.KindModel && n.Kind != sbom.KindDataset || n.Mentioned || p == "" || !slices.ContainsFunc(n.Seen, func(s sbom.Seen) bool { return !s.Hearsay() }) {
			continue
		}
		i := slices.IndexFunc(c.now[p], func(o *sbom.Node) bool { return o.Kind == n.Kind })
		if i < 0 {
			c.away(n)
			continue
		}
		c.whole(n, c.now[p][i])
	}
}

// away is a model of the BOM that the tree does not show.
func (c *comparison) away(n *sbom.Node) {
	if c.tree == nil && len(rows(n, &sbom.Node{})) > 0 {
		of := OfModel
		if n.Kind == sbom.KindDataset {
			of = OfDataset
		}
		c.add(Entry{Status: Missing, Of: of, Path: n.Keys.Path, Class: Weights, Components: []string{label(n)}, Notes: []string{"nothing here is this " + of}})
	}
}

func (c *comparison) whole(n, now *sbom.Node) {
	var equal, other []string
	signed, unknown := false, false
	for _, r := range rows(n, now) {
		switch {
		case r.have == "":
			unknown = true
		case r.have == r.want:
			equal = append(equal, r.name)
			signed = signed || r.name == "signing digest"
		default:
			other = append(other, r.name)
		}
	}
	dir := n.Keys.Path
	if signed && strings.HasSuffix(dir, "/") {
		c.roots = append(c.roots, dir)
	}
	touched := c.touched(n)
	if slices.Contains(equal, "content id") && len(touched) > 0 {
		c.sameTensors(n, touched)
	}
	of, class := OfModel, Weights
	if n.Kind == sbom.KindDataset {
		of, class = OfDataset, Data
	}
	e := Entry{Status: Changed, Of: of, Path: dir, Class: class, Components: []string{label(n)}}
	switch {
	case len(other) > 0 && len(touched) == 0 && c.tree != nil && !c.disturbed(dir):
		e.Status, e.Notes = Contradicted, []string{"the BOM states another " + strings.Join(other, " and ") + " than the files have, which are as it lists them"}
		c.add(e)
	case len(other) > 0 && c.tree == nil:
		e.Means, e.Notes = class.means(Changed), []string{"another " + strings.Join(other, " and ")}
		c.add(e)
	case unknown && len(other)+len(equal) == 0 && c.tree == nil:
		e.Status, e.Notes = NotCovered, []string{"the digests that the BOM states of it could not be made"}
		c.add(e)
	}
	if c.seen.fast && slices.Contains(other, "header id") && c.tree != nil && e.Status == Changed {
		e.Means, e.Notes = class.means(Changed), []string{"another header id: other tensors, types or shapes"}
		c.add(e)
	}
}

// touched gives the files of a model that are not as the BOM says.
func (c *comparison) touched(n *sbom.Node) (names []string) {
	for name := range c.bad {
		for _, f := range c.at[name] {
			if slices.Contains(c.owners[f.ID], n) {
				names = append(names, name)
			}
		}
		if name == n.Keys.Path {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// disturbed tells whether anything in a folder is not as the BOM says.
func (c *comparison) disturbed(dir string) bool {
	own := strings.TrimSuffix(dir, "/") // a folder, or a file
	in := func(name string) bool { return dir == "./" || name == own || strings.HasPrefix(name, own+"/") }
	for name := range c.bad {
		if in(name) {
			return true
		}
	}
	for name := range c.seen.Failed {
		if in(name) || name == "." {
			return true
		}
	}
	for name := range c.seen.Files {
		if _, listed := c.files[name]; !listed && in(name) {
			return true
		}
	}
	for name := range c.files {
		if _, here := c.seen.Files[name]; !here && in(name) {
			return true
		}
	}
	for name, l := range c.seen.Links {
		if t, listed := c.links[name]; in(name) && (!listed || t != l.Target) {
			return true
		}
	}
	for name := range c.links {
		if _, here := c.seen.Links[name]; !here && in(name) {
			return true
		}
	}
	return c.filled+c.stands > 0
}

// sameTensors says of changed files that their tensors are those of the BOM.
func (c *comparison) sameTensors(n *sbom.Node, touched []string) {
	for i := range c.result.Entries {
		e := &c.result.Entries[i]
		if e.Status == Changed && e.Class == Weights && slices.Contains(touched, e.Path) {
			e.Notes = append(e.Notes, "the tensors of "+label(n)+" are those of the BOM, bit by bit: another container or other metadata")
		}
	}
}

// signatures says what is wrong with signatures of models in the tree.
func (c *comparison) signatures() {
	if c.Now == nil {
		return
	}
	for _, n := range c.Now.Nodes {
		i := slices.IndexFunc(n.Properties, func(p sbom.Property) bool { return p.Name == "oms:signer" })
		if n.Kind != sbom.KindFile || i < 0 {
			continue
		}
		var wrong, doubt []string
		for _, f := range n.Findings {
			switch f.Rule {
			case sbom.RuleSignature:
				wrong = append(wrong, f.Message)
			case sbom.RuleUnverified:
				doubt = append(doubt, f.Message)
			}
		}
		signer := n.Properties[i].Value
		e := Entry{Status: Changed, Of: OfSignature, Path: cmp.Or(n.Keys.Path, n.Name), Class: Signature, Components: c.components(n.Keys.Path), Means: "the model is not the one that was signed: do not use it", Notes: wrong}
		switch {
		case len(wrong) > 0:
			c.add(e)
		case c.seen.fast:
			c.result.Notes = append(c.result.Notes, "the signature "+e.Path+" was not checked: that needs the bytes")
		case c.Trusting && !strings.HasPrefix(signer, "verified"):
			e.Means, e.Notes = "nobody whom you trust signed it", doubt
			c.add(e)
		case !strings.HasPrefix(signer, "verified"):
			c.result.Notes = append(c.result.Notes, "whose the signature "+e.Path+" is was not checked; --trust-key or --trust-cert says whom to trust")
		default:
			c.result.Notes = append(c.result.Notes, "the signature "+e.Path+" is "+signer)
		}
	}
}
