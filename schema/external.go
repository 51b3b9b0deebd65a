package schema

import "encoding/xml"

// externals holds what the XML schema of CycloneDX 1.7 says in words only: a
// component has a range of versions only where it is external. The JSON schema
// says it too.
type externals struct {
	open []external // components, the innermost last
}

type external struct {
	depth      int
	ranged, is bool
}

func (e *externals) start(depth int, t xml.StartElement) {
	if n := len(e.open); n > 0 && e.open[n-1].depth == depth-1 && t.Name.Local == "versionRange" {
		e.open[n-1].ranged = true
	}
	if t.Name.Local != "component" {
		return
	}
	c := external{depth: depth}
	for _, a := range t.Attr {
		c.is = c.is || a.Name.Local == "isExternal" && (a.Value == "true" || a.Value == "1")
	}
	e.open = append(e.open, c)
}

// end gives what is wrong with a component that ends here.
func (e *externals) end(depth int, say func(message, fix string)) {
	n := len(e.open)
	if n == 0 || e.open[n-1].depth != depth {
		return
	}
	if c := e.open[n-1]; c.ranged && !c.is {
		say("the component has a versionRange and is not external", `say isExternal="true", or give a version`)
	}
	e.open = e.open[:n-1]
}
