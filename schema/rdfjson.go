package schema

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	listedLicenses = "spdx.org/licenses/"
	referenceTypes = "spdx.org/rdf/references/"
	maxExpression  = 1 << 16 // bytes of a licence expression
	maxLicenseSets = 50      // one inside the other
)

// JSONOfRDF gives the JSON form of a document of SPDX 2 in RDF/XML, and what of
// it is not understood. A document that cannot be read at all is an *Error.
func JSONOfRDF(data []byte) ([]byte, []Issue, error) {
	w, err := writeRDF(data)
	if err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(w.doc)
	return text, w.issues, err
}

// rdfWriter makes the JSON form.
type rdfWriter struct {
	*rdfReader
	doc      map[string]any
	space    string            // namespace of the document, with "#"
	others   map[string]string // namespace of another document -> its DocumentRef
	lines    map[string]int    // JSON pointer -> line
	licences map[*rdfNode]string
	busy     map[*rdfNode]bool
	written  int // objects
}

func writeRDF(data []byte) (*rdfWriter, error) {
	r, err := readRDF(data)
	if err != nil {
		return nil, err
	}
	w := &rdfWriter{rdfReader: r, doc: map[string]any{}, others: map[string]string{}, lines: map[string]int{}, licences: map[*rdfNode]string{}, busy: map[*rdfNode]bool{}}
	var document *rdfNode
	for _, n := range r.order {
		switch {
		case n.class != "SpdxDocument":
		case document != nil:
			w.wrong(n.line, "a second SpdxDocument, which is not read")
		default:
			document = n
		}
	}
	if document == nil {
		return nil, oneIssue(Issue{Message: "there is no SpdxDocument", Fix: "give the document its element"})
	}
	space, tail, _ := strings.Cut(document.id, "#")
	w.space = space + "#"
	w.neighbours(document)
	w.object(document, w.doc, "")
	w.doc["SPDXID"], w.doc["documentNamespace"] = tail, space
	w.lines["/documentNamespace"] = document.line
	w.relations(document)
	for _, n := range r.order {
		w.element(n)
	}
	return w, nil
}

// neighbours learns by which names the document calls others.
func (w *rdfWriter) neighbours(document *rdfNode) {
	for _, p := range document.all("externalDocumentRef") {
		if p.node == nil {
			continue
		}
		id := p.node.text("externalDocumentId")
		if id == "" {
			id = strings.TrimPrefix(p.node.id, w.space)
		}
		for _, to := range p.node.all("spdxDocument") {
			w.others[strings.TrimSuffix(address(to), "#")] = id
		}
	}
}

// address is the IRI, or the text, that a property has.
func address(p rdfProp) string {
	if p.node != nil {
		return p.node.id
	}
	return p.text
}

// element writes a package, file or snippet.
func (w *rdfWriter) element(n *rdfNode) {
	list := map[string]string{"Package": "packages", "File": "files", "Snippet": "snippets"}[n.class]
	if list == "" {
		return
	}
	m := map[string]any{"SPDXID": w.id(n)}
	all, _ := w.doc[list].([]any)
	at := "/" + list + "/" + strconv.Itoa(len(all))
	w.doc[list] = append(all, m)
	w.lines[at] = n.line
	w.object(n, m, at)
	w.relations(n)
}

// relations writes the relationships that begin at an element.
func (w *rdfWriter) relations(of *rdfNode) {
	for _, p := range of.all("relationship") {
		all, _ := w.doc["relationships"].([]any)
		m := map[string]any{"spdxElementId": w.id(of)}
		at := "/relationships/" + strconv.Itoa(len(all))
		w.doc["relationships"] = append(all, m)
		w.lines[at] = p.line
		if p.node != nil {
			w.object(p.node, m, at)
		}
	}
}

// id gives the SPDXID of an element, "DocumentRef-x:SPDXRef-y" of one elsewhere.
func (w *rdfWriter) id(n *rdfNode) string {
	switch className(n.id) {
	case "noassertion":
		return "NOASSERTION"
	case "none":
		return "NONE"
	}
	if tail, ok := strings.CutPrefix(n.id, w.space); ok {
		if plain, err := url.PathUnescape(tail); err == nil {
			return plain
		}
		return tail
	}
	space, tail, _ := strings.Cut(n.id, "#")
	if id := w.others[space]; id != "" && tail != "" {
		return id + ":" + tail
	}
	return n.id
}

// object writes the properties of a thing by the terms of its class.
func (w *rdfWriter) object(n *rdfNode, into map[string]any, at string) {
	if w.busy[n] {
		w.wrong(n.line, "%s stands inside itself", quote(n.class))
		return
	}
	w.busy[n] = true
	defer delete(w.busy, n)
	if w.written++; w.written > 2*len(w.order) { // things that stand in many places, by their names
		if w.written == 2*len(w.order)+1 {
			w.wrong(n.line, "too many values are one and the same; the rest is not read")
		}
		return
	}
	terms := rdfTerms[n.class]
	if terms == nil {
		w.wrong(n.line, "the class %s is not known here", quote(n.class))
	}
	switch n.class {
	case "ExtractedLicensingInfo":
		into["licenseId"] = w.simple(n)
	case "ExternalDocumentRef":
		if tail, ok := strings.CutPrefix(n.id, w.space); ok {
			into["externalDocumentId"] = tail
		}
	}
	for _, p := range n.props {
		term, known := terms[p.name]
		switch {
		case terms != nil && !known:
			w.wrong(p.line, "the property %s of a %s is not known", quote(p.name), n.class)
		case known && term.as != asNothing:
			w.set(into, at, term, p)
		}
	}
}

func (w *rdfWriter) set(into map[string]any, at string, term rdfTerm, p rdfProp) {
	key, place := term.key, ""
	name, many := strings.CutSuffix(key, "*")
	list, _ := into[name].([]any)
	if place = at + "/" + name; many {
		place += "/" + strconv.Itoa(len(list))
	}
	w.lines[place] = p.line
	v := w.value(term.as, p, place)
	switch {
	case v == nil:
	case many:
		into[name] = append(list, v)
	case into[name] != nil && into[name] != v:
		w.wrong(p.line, "%s is given twice", quote(p.name))
	default:
		into[name] = v
	}
}

// value writes one value; nil where it has no sense.
func (w *rdfWriter) value(as rdfAs, p rdfProp, at string) any {
	switch as {
	case asWord:
		return rdfWord(address(p))
	case asBool:
		if text := strings.TrimSpace(p.text); text == "true" || text == "false" {
			return text == "true"
		}
	case asNumber:
		if n, err := strconv.ParseInt(strings.TrimSpace(p.text), 10, 64); err == nil {
			return json.Number(strconv.FormatInt(n, 10))
		}
	case asAddress:
		if p.node != nil {
			return w.plainAddress(p.node)
		}
	case asLicense:
		if p.node != nil {
			return w.license(p.node, 0)
		}
	case asElement:
		if p.node != nil {
			return w.id(p.node)
		}
	case asObject:
		if p.node == nil {
			w.wrong(p.line, "the property %s is a text, want a thing", quote(p.name))
			return nil
		}
		m := map[string]any{}
		w.object(p.node, m, at)
		return m
	case asText:
		if p.node != nil {
			return w.plainAddress(p.node)
		}
	}
	return p.text
}

// plainAddress gives an IRI; individuals and types of references by their words.
func (w *rdfWriter) plainAddress(n *rdfNode) string {
	if id := className(n.id); id == "noassertion" || id == "none" {
		return strings.ToUpper(id)
	}
	if _, name, ok := strings.Cut(n.id, referenceTypes); ok {
		return name
	}
	return n.id
}

// license writes a licence, or a set of them, as an expression.
func (w *rdfWriter) license(n *rdfNode, depth int) string {
	if text, known := w.licences[n]; known {
		return text
	}
	text := ""
	switch {
	case depth > maxLicenseSets || w.busy[n]:
		w.wrong(n.line, "sets of licences inside each other without end")
		return "NOASSERTION"
	case n.class == "ConjunctiveLicenseSet":
		text = w.licenseSet(n, " AND ", depth)
	case n.class == "DisjunctiveLicenseSet":
		text = w.licenseSet(n, " OR ", depth)
	case n.class == "OrLaterOperator":
		text = strings.Join(w.members(n, "member", depth), "") + "+"
	case n.class == "WithExceptionOperator":
		text = strings.Join(w.members(n, "member", depth), "") + " WITH " + strings.Join(w.members(n, "licenseException", depth), "")
	default:
		text = w.simple(n)
	}
	if len(text) > maxExpression {
		w.wrong(n.line, "a licence expression of more than %d bytes", maxExpression)
		text = "NOASSERTION"
	}
	w.licences[n] = text
	return text
}

func (w *rdfWriter) licenseSet(n *rdfNode, word string, depth int) string {
	return "(" + strings.Join(w.members(n, "member", depth), word) + ")"
}

// members are a set: sorted, for a document has them in any order.
func (w *rdfWriter) members(n *rdfNode, name string, depth int) []string {
	w.busy[n] = true
	defer delete(w.busy, n)
	var list []string
	for _, p := range n.all(name) {
		if p.node != nil {
			list = append(list, w.license(p.node, depth+1))
		}
	}
	slices.Sort(list)
	return list
}

// simple writes a licence, or an exception, that is no set.
func (w *rdfWriter) simple(n *rdfNode) string {
	switch className(n.id) {
	case "noassertion":
		return "NOASSERTION"
	case "none":
		return "NONE"
	}
	for _, class := range [][2]string{{"SpdxNoAssertionLicense", "NOASSERTION"}, {"SpdxNoneLicense", "NONE"}} {
		if n.class == class[0] {
			return class[1]
		}
	}
	if _, id, ok := strings.Cut(n.id, listedLicenses); ok && !strings.ContainsAny(id, "/#") {
		return id
	}
	for _, name := range []string{"licenseId", "licenseExceptionId"} {
		if id := n.text(name); id != "" {
			return id
		}
	}
	return w.id(n)
}

// validateRDF holds the JSON form against the schema of the version; issues have
// the lines of the RDF.
func validateRDF(version string, data []byte) error {
	w, err := writeRDF(data)
	if err != nil {
		return err
	}
	return validateForm(version, w.doc, w.lines, w.issues, w.more)
}

// lineFor gives the line of a value or of what it stands in.
func lineFor(lines map[string]int, pointer string) int {
	for pointer != "" {
		if line := lines[pointer]; line > 0 {
			return line
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
	return 0
}
