package xsd

import (
	"encoding/xml"
	"strings"
)

// Validator takes the events of one document and reports what is wrong. It is
// for one goroutine; the caller checks that the document is well-formed.
type Validator struct {
	schema *Schema
	report func(message, fix string)
	stack  []frame
	text   []byte // of the innermost element, where its type counts it
}

// frame is an open element.
type frame struct {
	element *Element // nil for what no declaration is held against
	at      int      // state of the content model
	lax     bool     // inside of another namespace: declared roots are checked
	lost    bool     // its order is already reported
	texted  bool     // text where none may stand is already reported
	filled  bool     // it has text or elements
}

// Validate makes a validator. The report is called while the element it is about
// is the innermost one.
func (s *Schema) Validate(report func(message, fix string)) *Validator {
	return &Validator{schema: s, report: report}
}

// Start takes the begin of an element.
func (v *Validator) Start(t xml.StartElement) {
	f := v.enter(t.Name)
	v.stack = append(v.stack, f)
	v.text = v.text[:0]
	if f.element != nil {
		v.attributes(f.element.Type, t)
	}
}

// enter finds the declaration and moves the content model on.
func (v *Validator) enter(name xml.Name) frame {
	if len(v.stack) == 0 {
		if name.Space == v.schema.Namespace && v.schema.elements[name.Local] != nil {
			return frame{element: v.schema.elements[name.Local]}
		}
		v.report("the root element "+quote(name.Local)+" of "+quote(name.Space)+" is not declared", "")
		return frame{}
	}
	above := &v.stack[len(v.stack)-1]
	above.filled = true
	own := name.Space == v.schema.Namespace
	switch {
	case above.lax || above.element != nil && above.element.Type.Anything:
		if e := v.schema.elements[name.Local]; own && e != nil {
			return frame{element: e}
		}
		return frame{lax: true}
	case above.element == nil:
		return frame{}
	case own:
		return v.child(above, name.Local)
	}
	return v.foreign(above, name)
}

func (v *Validator) child(above *frame, name string) frame {
	t := above.element.Type
	if t.Simple != nil {
		v.report("the element "+quote(name)+" may not stand inside "+quote(above.element.Name)+", which has text only", "remove it")
		return frame{}
	}
	if !above.lost {
		if to, ok := t.model.states[above.at].next[name]; ok {
			above.at = to
			return frame{element: t.byName[name]}
		}
		above.lost = true
		v.misplaced(above, name)
	} else if t.byName[name] == nil {
		v.misplaced(above, name)
	}
	if e := t.byName[name]; e != nil {
		return frame{element: e}
	}
	return frame{}
}

// misplaced says of an element whether it may stand elsewhere in the same place.
func (v *Validator) misplaced(above *frame, name string) {
	t := above.element.Type
	switch next := t.wanted(above.at); {
	case len(t.Elements) == 0:
		v.report("the element "+quote(name)+" may not stand here: "+quote(above.element.Name)+" has no elements", "remove it")
	case t.byName[name] == nil:
		v.report("the element "+quote(name)+" is not known in "+quote(above.element.Name), "allowed are: "+list(names(t)))
	case len(next) == 0:
		v.report("the element "+quote(name)+" may not stand here: nothing may follow", "keep this order: "+list(names(t)))
	case !t.model.states[above.at].done && len(t.needed(above.at)) == 1:
		v.report("the element "+quote(name)+" stands where "+quote(t.needed(above.at)[0])+" must", "keep this order: "+list(names(t)))
	default:
		v.report("the element "+quote(name)+" may not stand here: next may be "+list(next), "keep this order: "+list(names(t)))
	}
}

func names(t *Type) []string {
	var all []string
	for _, e := range t.Elements {
		all = append(all, e.Name)
	}
	return all
}

func (v *Validator) foreign(above *frame, name xml.Name) frame {
	t := above.element.Type
	to := 0
	if t.Simple == nil && name.Space != "" {
		to = t.model.states[above.at].any
	}
	switch {
	case to != 0:
		above.at = to
	case above.lost:
	default:
		above.lost = true
		fix := "remove it, or put it where the schema is open"
		if t.Open && name.Space != "" {
			fix = "put it behind the elements that the schema declares"
		}
		v.report("the element "+quote(name.Local)+" of the namespace "+quote(name.Space)+" may not stand here", fix)
		return frame{}
	}
	return frame{lax: true}
}

func (v *Validator) attributes(t *Type, start xml.StartElement) {
	if t.Anything {
		return
	}
	for _, a := range start.Attr {
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			if d := t.Attribute(a.Name.Local); d != nil {
				if wrong := d.Type.Check(a.Value); wrong != "" {
					v.report("the attribute "+quote(d.Name)+": "+wrong, "")
				}
				continue
			}
		}
		v.other(t, a)
	}
	for _, d := range t.Attributes {
		if d.Required && !has(start, d.Name) {
			v.report("the attribute "+quote(d.Name)+" is missing", "add it")
		}
	}
}

func has(start xml.StartElement, name string) bool {
	for _, a := range start.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return true
		}
	}
	return false
}

// other is an attribute that the type does not declare.
func (v *Validator) other(t *Type, a xml.Attr) {
	switch space := a.Name.Space; {
	case space == "xmlns" || space == "" && a.Name.Local == "xmlns":
	case space == instanceSpace:
		if a.Name.Local == "type" || a.Name.Local == "nil" {
			v.report("the attribute xsi:"+a.Name.Local+" is not understood", "remove it: the schema has no place that needs it")
		}
	case t.OpenAttributes == "##any", t.OpenAttributes == "##other" && space != "" && space != v.schema.Namespace:
	default:
		var known []string
		for _, d := range t.Attributes {
			known = append(known, d.Name)
		}
		fix := "remove it"
		if len(known) > 0 {
			fix = "allowed are: " + list(known)
		}
		v.report("the attribute "+quote(a.Name.Local)+" is not known here", fix)
	}
}

// Text takes character data.
func (v *Validator) Text(text []byte) {
	if len(v.stack) == 0 || len(text) == 0 {
		return
	}
	f := &v.stack[len(v.stack)-1]
	if f.element == nil {
		return
	}
	t := f.element.Type
	switch {
	case t.Simple != nil:
		f.filled = true
		if !t.Simple.free() {
			v.text = append(v.text, text...)
		}
	case t.Mixed || f.texted || strings.Trim(string(text), " \t\r\n") == "":
	default:
		f.texted = true
		v.report("text stands between the elements of "+quote(f.element.Name), "put it into an element, or remove it")
	}
}

// End takes the end of the innermost element.
func (v *Validator) End() {
	n := len(v.stack) - 1
	if n < 0 {
		return
	}
	if f := &v.stack[n]; f.element != nil {
		v.complete(f)
	}
	v.stack = v.stack[:n]
	v.text = v.text[:0]
}

func (v *Validator) complete(f *frame) {
	t := f.element.Type
	switch {
	case t.Anything:
	case t.Simple != nil:
		if !f.filled && f.element.Default != "" {
			return // the default stands for it
		}
		if t.Simple.free() {
			return
		}
		if wrong := t.Simple.Check(string(v.text)); wrong != "" {
			v.report(wrong, "")
		}
	case !f.lost && !t.model.states[f.at].done:
		v.report("the element "+quote(f.element.Name)+" ends too early", "add "+alternatives(t.needed(f.at)))
	}
}

func alternatives(next []string) string {
	if len(next) == 1 {
		return quote(next[0])
	}
	return "one of " + list(next)
}
