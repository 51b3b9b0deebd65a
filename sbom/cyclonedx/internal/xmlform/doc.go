// Package xmlform converts CycloneDX between XML and JSON, versions 1.2 to 1.7. The
// official XML schema drives it: it says what is an attribute, what an element, in
// which order they stand, and what is a number. A member k of JSON is the attribute k
// or the element k; an element that does nothing but hold others of one name is a list.
// Where the two forms differ by more, the tables of exceptions.go say how.
//
// What one form says and the other cannot is named to the caller, never dropped in
// silence. Comments and processing instructions are not taken for content.
package xmlform

// Bounds on what is converted.
const (
	maxDepth = 256 // nested elements
	maxLeft  = 50  // places that are named as left out
)

const space = "http://cyclonedx.org/schema/bom/"

// left collects the places that have no room in the other form.
type left struct {
	places []string
	more   int
}

func (l *left) add(place string) {
	if len(l.places) == maxLeft {
		l.more++
		return
	}
	l.places = append(l.places, place)
}
