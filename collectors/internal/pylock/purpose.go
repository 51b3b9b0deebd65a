package pylock

import "slices"

// Group says what the package is needed for, once for each label.
func (l *Lock) Group(p *Package, label string, line int) {
	groups := p.Package.Groups
	i, found := slices.BinarySearch(groups, label)
	switch {
	case found:
	case len(groups) < maxGroups:
		p.Package.Groups = slices.Insert(groups, i, label)
		p.first("package.groups", line)
	default:
		l.crowd(p, line)
	}
}

// Marker keeps an environment marker of the package, once.
func (l *Lock) Marker(p *Package, text string, line int) {
	markers := p.Package.Markers
	switch {
	case text == "" || slices.Contains(markers, text):
	case len(markers) < maxNotes:
		p.Package.Markers = append(markers, text)
		p.at("package.markers", line)
	default:
		l.crowd(p, line)
	}
}

// Always says that some entry of the package has no marker, so that those of the
// others do not decide whether it is needed.
func (p *Package) Always() {
	p.Package.Markers = nil
	delete(p.Lines, "package.markers")
}

func (l *Lock) crowd(p *Package, line int) {
	if key := "groups of " + p.Name; !l.crowded[key] {
		l.crowded[key] = true
		l.limit(line, "%s has too many groups or markers; the rest is left out", p.Name)
	}
}
