package v3

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// object is an element; its keys are written in alphabetical order.
type object = map[string]any

const (
	creationID   = "_:creationinfo"
	noTime       = "1970-01-01T00:00:00Z" // where the caller gives none, for the format demands one
	refPrefix    = "SPDXRef-"
	noLicense    = "expandedlicensing_NoAssertionLicense"
	noneLicense  = "expandedlicensing_NoneLicense"
	licensesList = "https://spdx.org/licenses/"
)

// Options say how a document is written.
type Options struct {
	Version string // "" is DefaultVersion
	Compact bool   // without indentation
	// Carried, where given, is told what of each node the format has no place for,
	// by the name of the property or annotation that it went to.
	Carried func(node sbom.ID, name string)
}

// Encode writes the graph. The same input gives the same bytes.
func Encode(w io.Writer, g *sbom.Graph, m sbom.Meta, o Options) error {
	data, err := render(g, m, o)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		return fmt.Errorf("spdx: %w", err)
	}
	return nil
}

// render writes natively again what came from SPDX 3, unless a document with that
// would not be valid.
func render(g *sbom.Graph, m sbom.Meta, o Options) ([]byte, error) {
	d := dialects[cmp.Or(o.Version, DefaultVersion)]
	if d == nil {
		return nil, fmt.Errorf("version %q is not written", o.Version)
	}
	var b bytes.Buffer
	for _, restore := range []bool{true, false} {
		e := newEncoder(g, m)
		e.dialect, e.restore = d, restore
		e.document()
		b.Reset()
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if !o.Compact {
			enc.SetIndent("", "  ")
		}
		if err := enc.Encode(object{"@context": d.context, "@graph": e.graph}); err != nil {
			return nil, err
		}
		if restore && e.changed && schema.Validate(schema.FormatSPDX, d.version, b.Bytes()) != nil {
			continue
		}
		for _, l := range e.lost {
			if o.Carried != nil {
				o.Carried(l.node, l.name)
			}
		}
		break
	}
	return b.Bytes(), nil
}

type encoder struct {
	carrier.Index
	*dialect
	meta  sbom.Meta
	space string
	taken carrier.IDs
	ids   map[sbom.ID]string // identifiers without the name space, "SPDXRef-" in front

	graph    []object
	world    world             // agents and licences, by identifier
	parties  map[string]string // JSON of a party -> identifier
	licenses map[string]string // what was said -> identifier
	ran      map[string]string // the name of a tool that ran a process -> identifier
	rest     []object          // agents, licences, relationships: after the nodes
	profiles map[string]bool
	lost     []loss
	restore  bool // natively what came from SPDX 3
	changed  bool // something is
	restored restored
}

// loss is what the caller is told once the document is made.
type loss struct {
	node sbom.ID
	name string
}

func newEncoder(g *sbom.Graph, m sbom.Meta) *encoder {
	e := &encoder{Index: carrier.NewIndex(g), meta: m, space: m.Serial, taken: carrier.IDs{"DOCUMENT": 1, "SBOM": 1}, ids: map[sbom.ID]string{},
		world: world{}, parties: map[string]string{}, licenses: map[string]string{}, ran: map[string]string{}, profiles: map[string]bool{"core": true, "software": true}}
	if e.space == "" {
		e.space = derived(g, m)
	}
	e.restored = restored{names: map[string]string{}, native: map[*sbom.Record]bool{}, covered: map[string]bool{}, licensed: map[string]string{}, known: map[string]string{},
		tools: map[string]string{}, document: map[string]object{}, used: map[string]struct{}{}}
	own := ownIDs(g.Nodes, e.space)
	for _, n := range g.Nodes {
		if e.ids[n.ID] = own[n.ID]; own[n.ID] == "" {
			e.ids[n.ID] = e.taken.Take(carrier.IDText(string(n.ID)))
		}
		e.restored.used[e.iri(e.ids[n.ID])] = struct{}{}
	}
	return e
}

// derived makes a name space from the content without its time.
func derived(g *sbom.Graph, m sbom.Meta) string {
	m.Time = time.Time{}
	text, _ := json.Marshal([]any{g, m})
	id := sha256.Sum256(text)
	id[6], id[8] = id[6]&0x0f|0x50, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

// iri is the identifier in the document of one without its name space.
func (e *encoder) iri(id string) string {
	if strings.Contains(id, ":") {
		return id // that of another document
	}
	return e.space + "#" + refPrefix + id
}

// element starts one.
func (e *encoder) element(class, id string) object {
	return object{"type": class, "spdxId": e.iri(id), "creationInfo": creationID}
}

func (e *encoder) document() {
	if e.restore {
		e.placeRecords()
		e.learnLicenses()
		e.changed = len(e.restored.placed) > 0 || len(e.restored.document) > 0
	}
	var nodes []object
	var all []string
	for _, n := range e.Graph.Nodes {
		nodes = append(nodes, e.nodeElement(n))
	}
	for _, n := range e.Graph.Nodes {
		e.relations(n)
	}
	e.builds()
	head := e.head()
	for _, c := range e.restored.placed {
		e.rest = append(e.rest, c.value)
	}
	for _, list := range [][]object{nodes, e.rest} {
		for _, o := range list {
			if id := str(o["spdxId"]); id != "" {
				all = append(all, id)
			}
		}
	}
	sbomElement, doc := e.element("software_Sbom", "SBOM"), e.element("SpdxDocument", "DOCUMENT")
	sbomElement["rootElement"], sbomElement["element"] = e.described(), all
	if types := sbomTypes(e.meta.Lifecycles); len(types) > 0 {
		sbomElement["software_sbomType"] = types
	}
	doc["rootElement"] = []string{e.iri("SBOM")}
	profiles := make([]string, 0, len(e.profiles))
	for p := range e.profiles {
		profiles = append(profiles, p)
	}
	slices.Sort(profiles)
	doc["profileConformance"], sbomElement["profileConformance"] = profiles, profiles
	if len(all) == 0 {
		delete(sbomElement, "element")
	}
	named := e.OfDocument(e.ids, e.Graph.Records)
	for i := range e.Graph.Records {
		if r := &e.Graph.Records[i]; !e.restored.native[r] {
			e.lost = append(e.lost, loss{"", carrier.Record + r.Part})
		}
	}
	if root := e.Root(); root != nil && root.Name != "" {
		doc["name"] = root.Name
	}
	for class, o := range map[string]object{"SpdxDocument": doc, "software_Sbom": sbomElement} {
		lay(o, e.restored.document[class])
	}
	extend(doc, named)
	e.graph = slices.Concat([]object{head, doc, sbomElement}, nodes, e.rest)
}

// head says who made the document.
func (e *encoder) head() object {
	name := e.meta.ToolName
	if name == "" {
		name = "mlbom"
	}
	if e.meta.ToolVersion != "" {
		name += "-" + e.meta.ToolVersion
	}
	tool := e.element("Tool", e.taken.Take("Tool-"+carrier.IDText(name)))
	tool["name"] = name
	e.rest = append(e.rest, tool)
	var makers []string
	parties, tools := e.Makers()
	for _, p := range slices.Concat(e.meta.Authors, []sbom.Party{e.meta.Supplier}, parties) {
		if id := e.party(p); id != "" && !slices.Contains(makers, id) {
			makers = append(makers, id)
		}
	}
	if len(makers) == 0 { // the format wants an agent: the program is the one
		agent := e.element("SoftwareAgent", e.taken.Take("SoftwareAgent-"+carrier.IDText(name)))
		agent["name"] = name
		e.rest = append(e.rest, agent)
		makers = append(makers, agent["spdxId"].(string))
	}
	using := []string{tool["spdxId"].(string)}
	for _, name := range tools {
		if id := e.restored.tools[name]; id != "" {
			using = append(using, id)
			continue
		}
		t := e.element("Tool", e.taken.Take("Tool-"+carrier.IDText(name)))
		t["name"] = name
		e.rest = append(e.rest, t)
		using = append(using, t["spdxId"].(string))
	}
	info := object{"type": "CreationInfo", "@id": creationID, "specVersion": e.version, "created": noTime, "createdBy": makers, "createdUsing": using}
	if e.meta.Time.IsZero() {
		info["comment"] = "The time of creation was not given."
	} else {
		info["created"] = e.meta.Time.UTC().Format("2006-01-02T15:04:05Z")
	}
	return info
}

func sbomTypes(lifecycles []string) []string {
	var types []string
	for _, l := range lifecycles {
		t := map[string]string{"design": "design", "pre-build": "source", "build": "build", "post-build": "analyzed", "operations": "deployed"}[l]
		if t != "" && !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	slices.Sort(types)
	return types
}

// described is the root, or else what everything is reached from.
func (e *encoder) described() []string {
	list := []string{}
	for _, id := range e.Described() {
		list = append(list, e.iri(e.ids[id]))
	}
	return list
}

// extend adds named values.
func extend(o object, named []sbom.Property) {
	if len(named) == 0 {
		return
	}
	list := make([]object, len(named))
	for i, p := range named {
		list[i] = object{"type": "extension_CdxPropertyEntry", "extension_cdxPropName": p.Name, "extension_cdxPropValue": p.Value}
	}
	all := []any{object{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": list}}
	had, _ := o["extension"].([]any)
	o["extension"] = append(all, had...)
}

// nodeElement gives the element of a node: what the format knows, and carriers
// of what it does not.
func (e *encoder) nodeElement(n *sbom.Node) object {
	o := e.native(n)
	if e.restore {
		before := carrier.Text(o)
		e.restoreFields(n, o)
		e.changed = e.changed || carrier.Text(o) != before
	}
	back := read(plain(o), e.world)
	back.Licenses = slices.Concat(e.license(n, o, false), e.license(n, o, true))
	links := carrier.Links(e.Out[n.ID], e.ids, func(edge *sbom.Edge) bool {
		return !e.covers(edge) && nativeRelation(edge.Rel) != "other" && len(edge.Notes) == 0 && slices.Equal(edge.Seen, n.Seen) && e.Parallel[[2]sbom.ID{edge.From, edge.To}] == 1
	})
	named := carrier.Plainly(n, &back)
	if len(named) > 0 {
		e.lost = append(e.lost, loss{n.ID, "properties"})
	}
	for _, p := range carrier.Of(n, &back, e.Source != nil, links, e.Conflicts[n.ID]) {
		named = append(named, p)
		e.lost = append(e.lost, loss{n.ID, p.Name})
	}
	extend(o, named)
	return o
}

// plain gives the element as a reader of the document sees it.
func plain(o object) object {
	data, err := json.Marshal(o)
	if err != nil {
		return object{}
	}
	var again object
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&again) != nil {
		return object{}
	}
	return again
}

func (e *encoder) relation(from, kind string, to []string) object {
	o := e.element("Relationship", e.taken.Take(carrier.IDText(from+"-"+kind)))
	o["from"], o["relationshipType"], o["to"] = e.iri(from), kind, to
	e.rest = append(e.rest, o)
	return o
}

// relationTypes are those for what the vocabulary says.
var relationTypes = map[sbom.Rel]string{
	sbom.DependsOn: "dependsOn", sbom.Contains: "contains", sbom.DerivedFrom: "descendantOf", sbom.TrainedOn: "trainedOn", sbom.EvaluatedOn: "testedOn",
	sbom.VariantOf: "hasVariant", sbom.Describes: "describes",
}

// foreignPrefix is that of properties and relations that the vocabulary lacks.
const foreignPrefix = "spdx:"

// otherTypes stand for relations of their own.
var otherTypes = strings.Fields(`affects amendedBy availableFrom configures coordinatedBy copiedTo delegatedTo doesNotAffect expandsTo exploitCreatedBy
	fixedBy fixedIn foundBy generates hasAddedFile hasAssessmentFor hasAssociatedVulnerability hasDeletedFile hasDependencyManifest
	hasDistributionArtifact hasDocumentation hasDynamicLink hasEvidence hasExample hasHost hasInput hasMetadata hasOptionalComponent
	hasOptionalDependency hasOutput hasPrerequisite hasProvidedDependency hasRequirement hasSpecification hasStaticLink hasTest hasTestCase
	invokedBy modifiedBy packagedBy patchedBy publishedBy reportedBy republishedBy serializedInArtifact underInvestigationFor usesTool`)

// nativeRelation gives the type of a relation; "other" where it has none.
func nativeRelation(rel sbom.Rel) string {
	if kind := relationTypes[rel]; kind != "" {
		return kind
	}
	if name, ok := strings.CutPrefix(string(rel), foreignPrefix); ok && slices.Contains(otherTypes, name) {
		return name
	}
	return "other"
}
