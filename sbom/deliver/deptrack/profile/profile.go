// Package profile makes of a graph one whose CycloneDX document loses nothing that
// matters when Dependency-Track imports it. The server keeps, of a component, type,
// group, name, version, description, package URL, CPE, digests, licences, properties,
// supplier, authors and references, and the dependencies; it drops model cards, data,
// evidence, pedigree, formulation, annotations, compositions and all that stands in
// metadata, and takes components for one that agree in package URL, CPE, group, name and
// version (its classes ModelConverter and ComponentIdentity, read in 4.14 and 5.0). So
//
//   - what models, datasets, files and packages say, findings, verdicts of scans,
//     chains of licences, lineage and results of evaluations become properties;
//   - the subject stands among the components too, where it is a model or a dataset,
//     or has findings: the server makes a project of it and forgets the rest;
//   - files are named by their path, and what would still be taken for one is told apart;
//   - names, values and texts are cut to what the server stores, by us and not by it,
//     so that what is told apart stays apart;
//   - a package URL that the server would not read becomes a property;
//   - the dependencies of the subject reach everything;
//   - where the tree's files are listed as properties, the list is left out, and so are
//     places, conflicts, processes and documents' own words.
//
// What of the graph is in none of this is told: see [Make].
package profile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/internal/facts"
)

// Name is that of the profile.
const Name = "dependency-track"

// What the server stores, in characters.
const (
	maxName  = 255 // of group, name, version, name of a property
	maxValue = 1024
	maxPURL  = 786 // of version 4; 1024 in version 5
)

// Bounds on what is made of one component.
const (
	maxFindings   = 20 // places of one rule
	maxProperties = 500
	maxRefs       = 100
)

// Make gives the graph, and tells of each node what of it is not in there, by the name
// of the field.
func Make(g *sbom.Graph, lost func(node sbom.ID, field string)) *sbom.Graph {
	x := carrier.NewIndex(g)
	m := &maker{Index: x, teller: facts.NewTeller(&x), lost: lost, chains: g.LicenseChains(), out: &sbom.Graph{Root: g.Root}, names: map[identity]bool{}}
	if m.lost == nil {
		m.lost = func(sbom.ID, string) {}
	}
	for _, n := range x.Graph.Nodes {
		if n.Kind == sbom.KindProcess {
			m.lost(n.ID, "process") // what it made and read says so
			continue
		}
		m.out.Nodes = append(m.out.Nodes, m.node(n))
	}
	m.twin()
	m.apart()
	m.connect()
	m.document()
	return m.out
}

type maker struct {
	carrier.Index
	teller *facts.Teller
	lost   func(sbom.ID, string)
	out    *sbom.Graph
	names  map[identity]bool
	chains map[sbom.ID][]sbom.ChainLink
}

// node makes what stands for a node.
func (m *maker) node(n *sbom.Node) *sbom.Node {
	c := sbom.Component{Kind: n.Kind, Keys: sbom.Keys{PURL: n.Keys.PURL}, Name: text(cmp.Or(n.Name, string(n.ID)), 0), Group: text(n.Group, 0), Version: text(n.Version, maxName), CPE: text(n.CPE, maxName),
		Description: text(n.Description, maxValue), Copyright: text(n.Copyright, maxValue), Publisher: text(n.Publisher, maxName),
		Supplier: party(n.Supplier), Manufacturer: party(n.Manufacturer), Hashes: n.Hashes, Service: service(n.Service)}
	if n.Kind == sbom.KindFile {
		c.Group, c.Name = place(n, c.Group, c.Name)
	}
	c.Group, c.Name = cut(c.Group), cut(c.Name)
	var props properties
	if c.Keys.PURL = readable(n.Keys.PURL); c.Keys.PURL == "" {
		props.add("mlbom:purl", n.Keys.PURL)
	}
	for _, a := range n.Authors {
		c.Authors = append(c.Authors, party(a))
	}
	for _, l := range n.Licenses {
		l = sbom.License{ID: text(l.ID, 0), Expression: text(l.Expression, 0), Name: text(l.Name, maxName), URL: text(l.URL, 0), Concluded: l.Concluded}
		c.Licenses = append(c.Licenses, l.Written())
	}
	for i, r := range n.Refs {
		if i < maxRefs {
			c.Refs = append(c.Refs, sbom.Ref{Type: r.Type, URL: text(r.URL, 0), Comment: text(r.Comment, maxName)})
		}
	}
	m.tell(n, &props)
	if n.Kind != sbom.KindService {
		c.Properties = props.list
	} else if len(props.list) > 0 {
		m.lost(n.ID, "properties") // the server has no place for those of a service
	}
	sbom.Sort(&c)
	m.missing(n, &c)
	return &sbom.Node{ID: n.ID, Component: c}
}

// twin puts the subject among the components where it has to be known as one.
func (m *maker) twin() {
	root := m.Root()
	if root == nil {
		m.subject()
		return
	}
	at := slices.IndexFunc(m.out.Nodes, func(n *sbom.Node) bool { return n.ID == root.ID })
	if at < 0 {
		m.out.Root = ""
		m.subject()
		return
	}
	told := root.Kind == sbom.KindModel || root.Kind == sbom.KindDataset || len(root.Findings) > 0 || len(m.Graph.Problems) > 0
	if !told {
		return
	}
	twin := *m.out.Nodes[at]
	twin.ID = "subject:" + root.ID
	if n := len(m.Graph.Problems); n > 0 {
		twin.Properties = append(slices.Clone(twin.Properties), sbom.Property{Name: "mlbom:incomplete", Value: fmt.Sprint("places that could not be read: ", n)})
	}
	m.out.Nodes = append(m.out.Nodes, &twin)
	m.out.Edges = append(m.out.Edges, sbom.Edge{From: root.ID, To: twin.ID, Rel: sbom.DependsOn})
	m.out.Nodes[at].Properties = nil // which the server forgets
}

// subject makes one for a graph of several subjects, or of none.
func (m *maker) subject() {
	name := "unknown"
	if len(m.Graph.Subjects) > 0 {
		if n := m.Node[m.Graph.Subjects[0]]; n != nil {
			name = fmt.Sprint(n.Name, " and others")
		}
	}
	m.out.Root = "app:subject"
	m.out.Nodes = append(m.out.Nodes, &sbom.Node{ID: m.out.Root, Component: sbom.Component{Kind: sbom.KindApplication, Name: cut(text(name, 0))}})
}

// document tells what the document says of itself and the server forgets.
func (m *maker) document() {
	for range m.Graph.Records {
		m.lost("", "records")
	}
	for range m.Graph.Problems {
		m.lost("", "problems")
	}
	for range m.Graph.Conflicts {
		m.lost("", "conflicts")
	}
}
