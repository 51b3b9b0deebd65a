package folder

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const (
	maxNamed = 1000    // classes that are told of one by one
	maxText  = 8 << 10 // bytes of their names together
)

// sightings give the dataset. Where something in the folder says what it is, the counts
// add to that.
func (d *dataset) sightings() []sbom.Sighting {
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindDataset, Keys: sbom.Keys{Path: sbom.DirOf(path.Join(d.root, "x"))}, Dataset: &sbom.Dataset{}},
		Basis:     sbom.Inferred,
		Where:     sbom.Place{Path: d.root},
	}
	set := s.Dataset
	if d.marked {
		s.Basis = sbom.Observed
	}
	if !d.cut && (!d.marked || d.classed() || d.near()) {
		set.Size, set.Rows = d.all.bytes, d.all.files
	}
	for _, name := range slices.Sorted(maps.Keys(d.splits)) {
		c := d.splits[name]
		set.Splits = append(set.Splits, sbom.Split{Name: name, Rows: c.files, Bytes: c.bytes})
	}
	set.Modalities = d.modalities()
	s.Properties = d.properties()
	if d.classed() && !d.marked || d.marked && len(d.splits) > 0 && d.classed() {
		labels := d.names()
		for _, m := range set.Modalities {
			set.Features = append(set.Features, sbom.Feature{Name: m, Type: m})
		}
		set.Features = append(set.Features, sbom.Feature{Name: "label", Type: "class_label", Labels: labels[:min(len(labels), maxNamed)]})
	}
	for _, name := range d.metadata {
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{Path: name}}})
	}
	return []sbom.Sighting{s}
}

func (d *dataset) modalities() []string {
	var list []string
	for ending := range d.formats {
		list = append(list, modality[ending])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (d *dataset) properties() []sbom.Property {
	var list []sbom.Property
	add := func(name, value string) {
		list = append(list, sbom.Property{Name: "mlbom:folder:" + name, Value: value})
	}
	add("files", fmt.Sprint(d.all.files))
	var formats []string
	for _, e := range slices.SortedFunc(maps.Keys(d.formats), func(a, b string) int { return cmp.Or(cmp.Compare(d.formats[b], d.formats[a]), strings.Compare(a, b)) }) {
		formats = append(formats, fmt.Sprintf("%s %d", e, d.formats[e]))
	}
	add("formats", strings.Join(formats, ", "))
	if d.cut {
		add("counted", fmt.Sprintf("no more than %d files, %d folders deep", int64(maxFiles), maxDeep))
	}
	if d.classed() {
		for _, split := range append([]string{""}, slices.Sorted(maps.Keys(d.splits))...) {
			if text := d.distribution(split); text != "" {
				add(strings.TrimSuffix("classes:"+split, ":"), text)
			}
		}
	}
	return list
}

// distribution writes how many files the classes of a split have, the largest first.
func (d *dataset) distribution(split string) string {
	var list []class
	for c := range d.classes {
		if c.split == split {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b class) int {
		return cmp.Or(cmp.Compare(d.classes[b].files, d.classes[a].files), strings.Compare(a.name, b.name))
	})
	var b strings.Builder
	for i, c := range list {
		if i == maxNamed || b.Len() > maxText {
			fmt.Fprintf(&b, ", and %d more classes", len(list)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %d", c.name, d.classes[c].files)
	}
	return b.String()
}
