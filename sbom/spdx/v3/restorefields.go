package v3

import (
	"reflect"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/schema"
)

// ownIDs are the identifiers that the nodes had in a document of SPDX 3: of those
// that have one, and that nothing else has.
func ownIDs(nodes []*sbom.Node, space string) map[sbom.ID]string {
	ids, owners := map[sbom.ID]string{}, map[string]int{}
	for _, n := range nodes {
		if id := oneProperty(n, idProperty); iriShape.MatchString(id) && !strings.HasPrefix(id, space) {
			ids[n.ID] = id
			owners[id]++
		}
	}
	for node, id := range ids {
		if owners[id] > 1 {
			delete(ids, node)
		}
	}
	return ids
}

// oneProperty gives the value of a property that the node has once.
func oneProperty(n *sbom.Node, name string) string {
	value, found := "", false
	for _, p := range n.Properties {
		if p.Name == name && found {
			return ""
		} else if p.Name == name {
			value, found = p.Value, true
		}
	}
	return value
}

// lay puts fields over an element: a list grows, but for what the fields say in
// other words.
func lay(over object, fields object) {
	for key, v := range fields {
		if more, ok := v.([]any); ok {
			for _, old := range list(plain(object{"v": over[key]})["v"]) {
				if !slices.ContainsFunc(more, func(v any) bool { return alike(old, v) }) {
					more = append(more, old)
				}
			}
			v = more
		}
		over[key] = v
	}
}

// alike tells whether two elements of a list are of the same thing.
func alike(a, b any) bool {
	x, _ := a.(object)
	y, _ := b.(object)
	for _, key := range []string{"identifier", "algorithm", "locator", "key"} {
		if x[key] != nil && reflect.DeepEqual(x[key], y[key]) {
			return true
		}
	}
	return reflect.DeepEqual(a, b)
}

// restoreFields lays the fields that the node keeps as properties over its element.
func (e *encoder) restoreFields(n *sbom.Node, o object) {
	class := kind(o)
	for _, p := range n.Properties {
		key, foreign := strings.CutPrefix(p.Name, foreignPrefix)
		if !foreign || slices.Contains([]string{"spdxId", "type", "extension", "SPDXID", "name"}, key) {
			continue
		}
		if slices.Contains(agentKeys, key) {
			e.restoreAgent(o, key, e.restored.names[p.Value])
			continue
		}
		if oneProperty(n, p.Name) != p.Value {
			continue
		}
		if p.Name == infoProperty {
			if to := e.restored.names[p.Value]; to != "" && kind(e.world[to]) == "CreationInfo" {
				o["creationInfo"] = to
			}
			continue
		}
		for _, v := range []any{p.Value, plainJSON(p.Value)} {
			with := plain(o)
			lay(with, object{key: v})
			if schema.ValidSPDXPart(e.version, class, []byte(carrier.Text(with))) {
				lay(o, object{key: v})
				break
			}
		}
	}
}

// restoreAgent refers to an agent that is an element again.
func (e *encoder) restoreAgent(o object, key, id string) {
	switch kind(e.world[id]) {
	case "Person", "Organization", "SoftwareAgent", "Agent":
	default:
		return
	}
	if key == "suppliedBy" && o[key] == nil {
		o[key] = id
	} else if made, _ := o[key].([]string); key == "originatedBy" && !slices.Contains(made, id) {
		o[key] = append(made, id)
	}
}
