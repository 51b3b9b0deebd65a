package deptracktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf16"

	"github.com/mlbom/mlbom/sbom/purl"
)

// Component is one as the server keeps it.
type Component struct {
	UUID, Type, Group, Name, Version, PURL, CPE string
	Description                                 string
	Hashes                                      map[string]string
	Licenses                                    []string
	Properties                                  []Property
	Ref                                         string // bom-ref of the first that it stands for
	Direct                                      []string
}

// Property is one as policies see it.
type Property struct{ Group, Name, Value string }

// Has tells whether a component has a property; "" is any value.
func (c Component) Has(group, name, value string) bool {
	for _, p := range c.Properties {
		if p.Group == group && p.Name == name && (value == "" || p.Value == value) {
			return true
		}
	}
	return false
}

// Imported is what is left of a document.
type Imported struct {
	Name, Version string
	Components    []Component
	Services      []string
	Collapsed     int  // components that were taken for another one
	Reached       int  // components to which dependencies lead from the subject
	Rooted        bool // the subject has dependencies: else the graph is called incomplete
}

type cdxComponent struct {
	Ref         string `json:"bom-ref"`
	Type        string
	Group       string
	Name        string
	Version     string
	Description string
	PURL        string
	CPE         string
	Hashes      []struct{ Alg, Content string }
	Licenses    []struct {
		Expression string
		License    struct{ ID, Name string }
	}
	Properties []struct{ Name, Value string }
	Components []cdxComponent
}

// Import does to a document what the server does (ModelConverter, ComponentIdentity and
// BomUploadProcessingTask of 4.14 and 5.0).
func Import(bom []byte) (*Imported, error) {
	var d struct {
		Metadata     struct{ Component cdxComponent }
		Components   []cdxComponent
		Services     []struct{ Group, Name, Version string }
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	if err := json.Unmarshal(bom, &d); err != nil {
		return nil, err
	}
	if bytes.Contains(bom, []byte(`\u0000`)) {
		return nil, errors.New("PostgreSQL takes no NUL in a text") // of version 5, after which the token says that all is done
	}
	out := &Imported{Name: d.Metadata.Component.Name, Version: d.Metadata.Component.Version}
	stands := map[string]int{} // bom-ref to component
	known := map[[5]string]int{}
	var walk func([]cdxComponent)
	walk = func(list []cdxComponent) {
		for _, c := range list {
			k := kept(c)
			id := [5]string{k.PURL, k.CPE, k.Group, k.Name, k.Version}
			at, doubled := known[id]
			if doubled {
				out.Collapsed++
			} else {
				at = len(out.Components)
				known[id] = at
				out.Components = append(out.Components, k)
			}
			stands[c.Ref] = at
			walk(c.Components)
		}
	}
	walk(d.Components)
	for _, s := range d.Services {
		out.Services = append(out.Services, s.Name)
	}
	to := map[string][]string{}
	for _, dep := range d.Dependencies {
		to[dep.Ref] = append(to[dep.Ref], dep.DependsOn...)
	}
	out.Rooted = len(to[d.Metadata.Component.Ref]) > 0
	out.reach(d.Metadata.Component.Ref, to, stands)
	return out, nil
}

func (im *Imported) reach(root string, to map[string][]string, stands map[string]int) {
	seen, counted := map[string]bool{}, map[int]bool{}
	stack := []string{root}
	for len(stack) > 0 {
		ref := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[ref] {
			continue
		}
		seen[ref] = true
		if at, ok := stands[ref]; ok {
			counted[at] = true
		}
		stack = append(stack, to[ref]...)
	}
	im.Reached = len(counted)
}

// kept is what the server stores of a component.
func kept(c cdxComponent) Component {
	k := Component{Type: strings.ToUpper(strings.ReplaceAll(c.Type, "-", "_")), Ref: c.Ref, Hashes: map[string]string{},
		Group: abbreviate(c.Group, 255), Name: abbreviate(c.Name, 255), Version: abbreviate(c.Version, 255), CPE: strings.TrimSpace(c.CPE), Description: abbreviate(c.Description, 1024)}
	if k.Name == "" {
		k.Name = "-"
	}
	if canonical, err := purl.Canonical(c.PURL); err == nil && len(canonical) <= 786 {
		k.PURL = canonical
	}
	for _, h := range c.Hashes {
		k.Hashes[h.Alg] = h.Content
	}
	for _, l := range c.Licenses { // an expression, or the first that can be resolved
		if s := l.Expression + l.License.ID + l.License.Name; s != "" && len(k.Licenses) == 0 {
			k.Licenses = append(k.Licenses, s)
		}
	}
	seen := map[Property]bool{}
	for _, p := range c.Properties {
		one := Property{Name: strings.TrimSpace(p.Name), Value: abbreviate(p.Value, 1024)}
		if group, name, parted := strings.Cut(one.Name, ":"); parted {
			one.Group, one.Name = group, name
		}
		one.Group, one.Name = abbreviate(one.Group, 255), abbreviate(one.Name, 255)
		if !seen[one] {
			seen[one] = true
			k.Properties = append(k.Properties, one)
		}
	}
	return k
}

// abbreviate is StringUtils.abbreviate after trimToNull, in the units of Java.
func abbreviate(s string, most int) string {
	s = strings.TrimSpace(s)
	if units := utf16.Encode([]rune(s)); len(units) > most {
		return string(utf16.Decode(units[:most-3])) + "..."
	}
	return s
}
