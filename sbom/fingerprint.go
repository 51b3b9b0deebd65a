package sbom

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Print is what one tensor adds to the [Fingerprints] of its model. It is made by
// collectors/internal/fingerprint, which says how, and never written: the ids that
// follow from it are.
type Print struct {
	Shape   [sha256.Size]byte // of the name and the shape
	Header  [sha256.Size]byte // of the name, the data type and the shape
	Content Sum               // of the bytes; nil where they were not read
}

// The first bytes of what is hashed say what it is, so that no two ids are equal
// by accident.
const (
	shapesPrefix  = "mlbom shapes 1\n"
	headerPrefix  = "mlbom header 1\n"
	contentPrefix = "mlbom content 1\n"
)

// FingerprintsOf gives the ids of a model whose tensors have these prints, in any
// order; a tensor that is in two files counts once. Content needs all bytes.
func FingerprintsOf(prints []Print) Fingerprints {
	if len(prints) == 0 {
		return Fingerprints{}
	}
	shapes, headers, contents := make([][]byte, 0, len(prints)), make([][]byte, 0, len(prints)), make([][]byte, 0, len(prints))
	for i := range prints {
		p := &prints[i]
		shapes, headers = append(shapes, p.Shape[:]), append(headers, p.Header[:])
		if p.Content != nil {
			contents = append(contents, append(slices.Clone(p.Header[:]), p.Content[:]...))
		}
	}
	f := Fingerprints{Shapes: idOf(shapesPrefix, shapes), Header: idOf(headerPrefix, headers)}
	if len(contents) == len(prints) {
		f.Content = idOf(contentPrefix, contents)
	}
	return f
}

// idOf is the SHA-256 of a prefix and the sorted set of records.
func idOf(prefix string, records [][]byte) string {
	slices.SortFunc(records, bytes.Compare)
	h := sha256.New()
	h.Write([]byte(prefix))
	for _, r := range slices.CompactFunc(records, bytes.Equal) {
		h.Write(r)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// fingerprint derives the ids of a model from the files that hold its weights. All
// of its files have to be there: the id of a part would be another model's.
func (n *Node) fingerprint(files, weights []*Node) {
	if n.Model == nil || len(weights) == 0 {
		return
	}
	var prints []Print
	for _, f := range files {
		same := slices.Contains(weights, f) || f.File != nil && weights[0].File != nil && f.File.Format == weights[0].File.Format
		switch {
		case f.Mentioned, same && (f.File == nil || len(f.File.Prints) == 0):
			return
		case same:
			prints = append(prints, f.File.Prints...)
		}
	}
	ids := FingerprintsOf(prints)
	mine := &n.Model.Fingerprints
	for _, row := range []struct {
		field string
		into  *string
		id    string
	}{{"content", &mine.Content, ids.Content}, {"header", &mine.Header, ids.Header}, {"shapes", &mine.Shapes, ids.Shapes}} {
		field := "model.fingerprints." + row.field
		told := slices.ContainsFunc(n.Facts, func(f Fact) bool { return f.Field == field && hearsay(f.Seen) })
		if row.id != "" && (*row.into == "" || told) { // what a found BOM says is not what the files say
			*row.into = row.id
			n.Facts = slices.DeleteFunc(n.Facts, func(f Fact) bool { return f.Field == field })
			n.seenIn(field, weights)
		}
	}
}

// seenIn notes that a field follows from what was seen in files. Other than what is
// derived it is kept when the graph is taken apart, for it cannot be worked out anew
// without the files.
func (n *Node) seenIn(field string, files []*Node) {
	fact := Fact{Field: field}
	for _, f := range files {
		fact.Seen = append(fact.Seen, f.Seen[0])
	}
	n.addFact(fact)
}

// copies ties models with the same weights to the first of them: a copy, or the same
// in other shards.
func (ix *index) copies() {
	first := map[string]*Node{}
	for _, n := range ix.g.Nodes {
		if n.Kind != KindModel || n.Mentioned || n.Model == nil || n.Model.Fingerprints.Content == "" || hearsay(n.Seen) {
			continue
		}
		over := first[n.Model.Fingerprints.Content]
		if over == nil {
			first[n.Model.Fingerprints.Content] = n
			continue
		}
		if before := len(ix.g.Edges); !ix.tied[[2]ID{over.ID, n.ID}] {
			ix.link(n.ID, over.ID, VariantOf, n.Keys.Path)
			if len(ix.g.Edges) > before {
				ix.g.Edges[before].Notes = []string{SameWeights}
			}
		}
	}
}
