package cyclonedx

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// keptCarrier names the values of a component that are a foreign document's own
// words, with the mask of each: they come back as properties or records. In a
// document that was made of one other document no component needs it.
const keptCarrier = "mlbom:kept"

func readKept(props []cdx.Property) map[string]any {
	var kept map[string]any
	for _, p := range props {
		if p.Name == keptCarrier {
			_ = json.Unmarshal([]byte(p.Value), &kept)
		}
	}
	return kept
}

// withoutKept is the evidence that we wrote.
func withoutKept(raw json.RawMessage, mask any) *cdx.Evidence {
	var ev cdx.Evidence
	if json.Unmarshal([]byte(jsonText(unmasked(plainJSON(raw), mask))), &ev) != nil {
		return nil
	}
	return &ev
}

// kept finds the foreign words again.
func (r *reader) kept(it *item, all map[string]json.RawMessage, kept map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(kept)) {
		if key == "bom-ref" {
			it.Properties = append(it.Properties, sbom.Property{Name: foreignRef, Value: it.ref})
		} else if v := masked(plainJSON(all[key]), kept[key]); v != nil {
			it.left = append(it.left, leftover{Key: key, Value: v})
		}
	}
}

// fixed are the keys that no foreign words stand for: what the component is and what
// is in it.
var fixed = map[string]bool{"bom-ref": true, "type": true, "name": true, "components": true, "services": true, "properties": true}

var keyShape = regexp.MustCompile(`^[A-Za-z][A-Za-z-]*$`)

// regain adds to the grafts, which records are, the values that properties keep,
// where the version has a place for them.
func (e *encoder) regain() {
	for _, n := range e.Graph.Nodes {
		for i, p := range n.Properties {
			key, ok := strings.CutPrefix(p.Name, foreignPrefix)
			if !ok || fixed[key] || !keyShape.MatchString(key) || e.grafts[n.ID][key] != nil || repeated(n.Properties, i) {
				continue
			}
			if v := e.fitting(n, key, p.Value); v != nil {
				e.graft(n.ID, key, v)
			}
		}
	}
}

func (e *encoder) graft(id sbom.ID, key string, value any) {
	if e.grafts[id] == nil {
		e.grafts[id] = map[string]any{}
	}
	e.grafts[id][key] = value
}

// repeated tells whether the property's name stands more than once.
func repeated(list []sbom.Property, i int) bool {
	return slices.ContainsFunc(list[:i], func(p sbom.Property) bool { return p.Name == list[i].Name }) ||
		slices.ContainsFunc(list[i+1:], func(p sbom.Property) bool { return p.Name == list[i].Name })
}

// fitting reads the text of a value as the version's schema wants it; nil where
// it wants none of that sort.
func (e *encoder) fitting(n *sbom.Node, key, text string) any {
	place := e.placeOf(n) + key
	once := place + "\x00" + text
	if v, known := e.fits[once]; known {
		return v
	}
	v := e.reading(place, text)
	e.fits[once] = v
	return v
}

func (e *encoder) reading(place, text string) any {
	fits := func(v any) bool {
		return schema.ValidPart(e.version.String(), place, []byte(jsonText(v))) && (!e.xml || e.survivesXML(place, v))
	}
	v := plainJSON([]byte(text))
	if _, isText := v.(string); v != nil && !isText && fits(v) {
		return v
	}
	if fits(text) {
		return text
	}
	return nil
}

func (e *encoder) placeOf(n *sbom.Node) string {
	if e.serves(n) {
		return "services/*/"
	}
	return "components/*/"
}

// serves tells whether the node is written as a service, which the subject of a
// document never is.
func (e *encoder) serves(n *sbom.Node) bool {
	return n.Kind == sbom.KindService && n.ID != e.Graph.Root
}

func (e *encoder) recordOf(n *sbom.Node) string {
	if e.serves(n) {
		return servicePart
	}
	return componentPart
}

// plainly is the component without the properties that stand at their places.
func (e *encoder) plainly(n *sbom.Node) *sbom.Component {
	c := n.Component
	grafts := e.grafts[n.ID]
	if len(grafts) == 0 && !e.keeps[n.ID] && e.Source == nil {
		return &c
	}
	var ofCard []sbom.Property
	if e.Source != nil {
		ofCard = cardProperties(objectOf(json.RawMessage(jsonText(grafts["modelCard"]))))
	}
	c.Properties = slices.DeleteFunc(slices.Clone(c.Properties), func(p sbom.Property) bool {
		if slices.Contains(ofCard, p) || e.Source != nil && p.Name == foreignLeaf && e.leaf(n) {
			return true
		}
		key, ok := strings.CutPrefix(p.Name, foreignPrefix)
		return ok && (grafts[key] != nil || p.Name == foreignRef && e.keeps[n.ID])
	})
	return &c
}

// grafted puts the foreign words into what we write, and tells which of them are
// found again, by their masks. The others stay in properties.
func (e *encoder) grafted(n *sbom.Node, tree map[string]any) (masks map[string]any) {
	masks = map[string]any{}
	if e.keeps[n.ID] {
		masks["bom-ref"] = true
	}
	for _, key := range slices.Sorted(maps.Keys(e.grafts[n.ID])) {
		joined, mask, whole := e.join(n, key, tree)
		if !schema.ValidPart(e.version.String(), e.placeOf(n)+key, []byte(jsonText(joined))) {
			continue
		}
		tree[key] = joined
		if whole {
			masks[key] = mask
		}
	}
	return masks
}

// join joins a foreign value and ours. Where they say the same to us, the foreign
// one stands for both.
func (e *encoder) join(n *sbom.Node, key string, tree map[string]any) (joined, mask any, whole bool) {
	value := e.grafts[n.ID][key]
	unread := key == "evidence" || key == "pedigree" // of which the component has nothing
	if tree[key] != nil && !unread && !carrier.Within(tree[key], value) {
		if key == "purl" && samePURL(value, tree[key]) || key != "purl" && e.saysAll(n, tree, key, value) {
			return value, true, true
		}
	}
	return graft(value, tree[key])
}

// samePURL tells whether two spellings are one package URL.
func samePURL(a, b any) bool {
	x, err := sbom.NormalizePURL(textOf(a))
	y, bad := sbom.NormalizePURL(textOf(b))
	return err == nil && bad == nil && x == y
}

// saysAll tells whether a foreign value says of the node what ours says: all the
// fields that are read from ours are read from it, as the node has them.
func (e *encoder) saysAll(n *sbom.Node, tree map[string]any, key string, value any) bool {
	read := func(v any) *sbom.Component {
		return e.readOwn(n, []byte(jsonText(map[string]any{"type": tree["type"], key: v})), nil)
	}
	theirs, ours := read(value), read(tree[key])
	if reflect.DeepEqual(theirs, ours) {
		return true
	}
	for _, f := range sbom.Fields() {
		if !f.Empty(ours) && !f.Equal(theirs, &n.Component) {
			return false
		}
	}
	return true
}

// unkept are the properties whose values no mask finds again.
func (e *encoder) unkept(n *sbom.Node, masks map[string]any) (out, back []sbom.Property) {
	for _, p := range n.Properties {
		key, ok := strings.CutPrefix(p.Name, foreignPrefix)
		switch {
		case !ok || e.grafts[n.ID][key] == nil && !(p.Name == foreignRef && e.keeps[n.ID]):
		case masks[key] == nil:
			out = append(out, p)
		default:
			back = append(back, p)
		}
	}
	return out, back
}

// lostGrafts are the records of a node that no mask finds again.
func (e *encoder) lostGrafts(n *sbom.Node, masks map[string]any) {
	for key, r := range e.graftOf[n.ID] {
		if masks[key] == nil {
			e.rest = append(e.rest, r)
		}
	}
}

// marker is the property with the masks; none where there is nothing to find.
func marker(masks map[string]any) []cdx.Property {
	if len(masks) == 0 {
		return nil
	}
	return []cdx.Property{{Name: keptCarrier, Value: carrier.Text(masks)}}
}

// inline finds what stands in the words of other components alone, such as the
// ancestors of a pedigree: it is no component of its own.
func (e *encoder) inline() {
	if e.Source == nil {
		return
	}
	from := map[sbom.ID][]sbom.ID{}
	for i := range e.Graph.Edges {
		edge := &e.Graph.Edges[i]
		from[edge.To] = append(from[edge.To], edge.From)
	}
	spoken := map[sbom.ID]bool{}
	for _, r := range e.Graph.Records {
		for _, ref := range r.Refs {
			spoken[ref.Node] = true
		}
	}
	for _, n := range e.Graph.Nodes {
		if !n.Mentioned || len(e.Out[n.ID]) > 0 || len(from[n.ID]) == 0 || spoken[n.ID] {
			continue
		}
		for i, p := range n.Properties {
			if p.Name == foreignInline && !repeated(n.Properties, i) {
				e.inlined[n.ID] = !slices.ContainsFunc(from[n.ID], func(id sbom.ID) bool { return e.grafts[id][p.Value] == nil })
			}
		}
	}
}
