// Package bomfile reads BOMs that lie in the tree: CycloneDX
// (https://cyclonedx.org/specification/overview/) and SPDX
// (https://spdx.dev/use/specifications/) in every form that mlbom converts,
// among them those that Python packages bring along (PEP 770).
//
// A found BOM is hearsay, and its author may be hostile. Each of its components
// is one sighting, at best declared, at the place of the BOM, whatever the
// document says of itself: findings and conflicts that it tells become
// properties, problems of another run and what it says of its own making become
// properties of the BOM's file, its subject is a component like others, and
// paths are those of its own tree, below a folder named after the document. See
// [sbom.Place.Hearsay] for how little Merge takes from it.
//
// Not understood: SPDX in RDF, which is said, wherever package schema does not
// know it; envelopes of signatures.
package bomfile

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/schema"
)

// Collector is the declared value.
var Collector = sbom.Collector{
	Name: "bom/bomfile",
	Doc: "BOMs in the tree (CycloneDX, SPDX)\n\n" +
		"BOMs that others made, by their names (*.cdx.json, bom.xml, *.spdx, *sbom*.json and the like, *.dist-info/sboms/* of PEP 770, in wheels too) or their first bytes. " +
		"What they say is hearsay: at best declared, joined by package URL and digest, and never stronger than what was seen in the tree itself.",
	Match: []string{
		"*.cdx.json", "*.cdx.xml", "*.cyclonedx.json", "*.cyclonedx.xml", "bom.json", "bom.xml", "*.bom.json", "*.bom.xml", "*-bom.json", "*-bom.xml", "*sbom*.json", "*sbom*.xml",
		"*.spdx", "*.spdx.json", "*.spdx.yaml", "*.spdx.yml", "*.spdx.tag", "*.spdx.jsonld", "*.spdx3.json", "*.spdx3.jsonld", "*.spdx.rdf", "*.spdx.rdf.xml", "*.spdx.xml", "*sbom*.spdx*",
		"*.dist-info/sboms/*", "*.whl",
	},
	Sniff:   sniff,
	Collect: collect,
}

const maxDocument = 64 << 20 // bytes of a found BOM; a person can name larger ones to mlbom merge

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if strings.EqualFold(path.Ext(f.Path), ".whl") {
		return wheel(f)
	}
	data, err := read(f)
	if err != nil || !claims(data) {
		return nil, err // the name of a BOM, and something else
	}
	return one(fileOf(f.Path, data), data)
}

// one reads the BOM whose file is self.
func one(self sbom.Sighting, data []byte) ([]sbom.Sighting, error) {
	base := self.Name
	tree := document.TreeOf(data)
	place := tree + "/" + base
	d, err := document.Decode(data, document.Options{Name: base, Place: place, Lenient: true})
	switch {
	case errors.Is(err, schema.ErrNotBOM):
		return nil, nil
	case err != nil:
		return []sbom.Sighting{self}, broken(err, base)
	}
	self.File.Format, self.File.MediaType = d.Format, mediaTypes[d.Format]
	self.Properties = append(self.Properties, sbom.Property{Name: "bom:specVersion", Value: d.Version})
	var problems []error
	if d.Invalid != nil {
		i := d.Invalid.Issues[0]
		line := i.Line
		i.Line = 0
		problems = append(problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf("not valid %s %s, and read as far as it goes: %s", d.Format, d.Version, i)})
	}
	g := sbom.Merge(d.Report.WithoutUnusedNames())
	for _, p := range g.Problems {
		if p.Path == place {
			problems = append(problems, &sbom.Problem{Line: p.Line, Reason: p.Reason})
		} else {
			self.Properties = append(self.Properties, sbom.Property{Name: "bom:problem", Value: p.Error()})
		}
	}
	return tell(&self, g, d.Tree, tree), errors.Join(problems...)
}

// fileOf is the BOM itself, as a file that was seen.
func fileOf(name string, data []byte) sbom.Sighting {
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	return sbom.Sighting{
		Component: sbom.Component{
			Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{Path: name, SHA256: digest},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: digest}},
			File:   &sbom.FileFacts{Size: int64(len(data))},
		},
		Basis: sbom.Observed,
	}
}

var mediaTypes = map[string]string{
	schema.FormatJSON: "application/vnd.cyclonedx+json", schema.FormatXML: "application/vnd.cyclonedx+xml",
	schema.FormatSPDX: "application/spdx+json", schema.FormatSPDXYAML: "application/spdx+yaml", schema.FormatSPDXTag: "text/spdx",
}

// broken says where a document that claims to be a BOM cannot be read.
func broken(err error, name string) error {
	line := 0
	var e *document.Error
	if errors.As(err, &e) {
		line = e.Line
	}
	reason := strings.TrimPrefix(err.Error(), name+": ")
	return &sbom.Problem{Line: line, Reason: "this BOM cannot be read: " + strings.TrimPrefix(reason, fmt.Sprintf("line %d: ", line))}
}

// tell gives the document's components as its word, below the folder that stands
// for their tree, and the file that describes its subject.
func tell(self *sbom.Sighting, g *sbom.Graph, folder, tree string) []sbom.Sighting {
	for _, n := range g.Nodes {
		if plain := packageOf(n.Keys.PURL); plain != n.Keys.PURL {
			n.Properties = append(n.Properties, sbom.Property{Name: "bom:purl", Value: n.Keys.PURL})
			n.Keys.PURL = plain
		}
	}
	told := g.Told(sbom.Declared, true, func(n *sbom.Node) sbom.Keys { return keysOf(n, tree) }).Below(folder)
	for i := range told.Sightings {
		s := &told.Sightings[i]
		if s.Root {
			self.Links = append(self.Links, sbom.Link{Rel: sbom.Describes, To: sbom.Component{Kind: s.Kind, Keys: s.Keys}})
		}
		s.Root = false
		if s.File != nil { // a digest that we see is not less seen for this, and nobody else says what is clean
			if s.File.Asserted, s.File.Scan = false, (sbom.Scan{}); reflect.ValueOf(*s.File).IsZero() {
				s.File = nil
			}
		}
		for j := range s.Properties {
			if strings.HasPrefix(s.Properties[j].Name, ours) {
				s.Properties[j].Name = theirs + s.Properties[j].Name
			}
		}
	}
	for _, r := range told.Records {
		if own := aboutItself(r.Part); own != "" {
			self.Properties = append(self.Properties, sbom.Property{Name: theirs + own, Value: r.Value})
		} else {
			self.Records = append(self.Records, r)
		}
	}
	return append(slices.Clip(told.Sightings), *self)
}

// Beginnings of names of properties: what we state ourselves, and what they do.
const (
	ours   = "mlbom:"
	theirs = "bom:"
)

// packageOf takes off a package URL of PyPI which file of the package is meant, as
// auditwheel writes it into each wheel that it repairs: the package is the same.
func packageOf(purl string) string {
	head, query, ok := strings.Cut(purl, "?")
	if !ok || !strings.HasPrefix(head, "pkg:pypi/") || strings.Contains(query, "#") {
		return purl
	}
	rest := slices.DeleteFunc(strings.Split(query, "&"), func(q string) bool { return strings.HasPrefix(q, "file_name=") })
	if len(rest) > 0 {
		head += "?" + strings.Join(rest, "&")
	}
	return head
}

// keysOf gives a node without keys one within its document: it must not join by
// its name what lies beside the document.
func keysOf(n *sbom.Node, tree string) sbom.Keys {
	if n.Keys == (sbom.Keys{}) {
		return sbom.Keys{Path: "#" + strings.ReplaceAll(string(n.ID), tree+"/", "")}
	}
	return n.Keys
}

// aboutItself names the part of a record that speaks of the document and not of
// components: our document has other authors and tools.
func aboutItself(part string) string {
	_, at, _ := strings.Cut(part, ":")
	if strings.HasPrefix(at, "metadata/") || at == "properties" || at == "externalReferences" {
		return at
	}
	return ""
}

func read(f *sbom.File) ([]byte, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > maxDocument {
		return nil, &sbom.Problem{Reason: fmt.Sprintf("the BOM is larger than %d MiB, and is not read; mlbom merge reads larger ones", maxDocument>>20)}
	}
	data, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err == nil && len(data) > maxDocument {
		err = fmt.Errorf("the BOM grew beyond %d MiB while it was read", maxDocument>>20)
	}
	return data, err
}
