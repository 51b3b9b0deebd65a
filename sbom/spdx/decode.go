package spdx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spdx/tools-golang/spdx/v2/v2_3"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/spdx/v3"
	"github.com/mlbom/mlbom/schema"
)

const collectorName = "spdx" // the source of what a foreign document states

// Decode reads a document of SPDX 2.2 or 2.3 in JSON, YAML, tag-value, XML
// or RDF/XML, or of 3.0 in JSON-LD; path is where it lies. A document of our own
// comes back as the sightings that made it. A package or file of another tool is one sighting at path, resolved, and what
// the vocabulary has no field for is kept in its properties as "spdx:NAME".
//
// Parts that cannot be read are Problems; an error means that this is no such
// document.
func Decode(data []byte, path string) (sbom.Report, error) {
	format, version, err := schema.Detect(data)
	if err == nil && strings.HasPrefix(version, "3.") {
		return v3.Decode(data, path)
	}
	var wrong []schema.Issue
	if plain := plainForms[format]; err == nil && plain != nil {
		if data, wrong, err = plain(data); err != nil {
			return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, err)
		}
	}
	doc, err := open(data)
	if err != nil {
		return sbom.Report{}, fmt.Errorf("spdx: %s: %w", path, err)
	}
	r := &reader{Builder: carrier.NewBuilder(path, collectorName), space: doc.Namespace, files: map[*carrier.Item][]string{}, licenses: map[string]sbom.License{}, snippets: map[string]bool{}}
	for _, i := range wrong {
		r.Problem("%s", i)
	}
	r.Origin.ID = doc.Namespace
	if t, err := time.Parse(time.RFC3339, doc.Creation.Created); err == nil && doc.Creation.Created != noTime {
		r.Origin.Time = t.UTC()
	}
	r.document(doc)
	r.made(doc.Creation.Creators)
	return r.Report(), nil
}

// plainForms give the JSON form of what is neither JSON nor YAML.
var plainForms = map[string]func([]byte) ([]byte, []schema.Issue, error){
	schema.FormatSPDXTag: schema.JSONOfTagValue, schema.FormatSPDXRDF: schema.JSONOfRDF, schema.FormatSPDXXML: schema.JSONOfSPDXXML,
}

// document is the outer layer; the inner ones are read one by one, so that a
// broken one spoils itself only.
type document struct {
	Version       string            `json:"spdxVersion"`
	Namespace     string            `json:"documentNamespace"`
	Describes     []string          `json:"documentDescribes"`
	Packages      []json.RawMessage `json:"packages"`
	Files         []json.RawMessage `json:"files"`
	Licenses      []json.RawMessage `json:"hasExtractedLicensingInfos"`
	Relationships []json.RawMessage `json:"relationships"`
	Annotations   []json.RawMessage `json:"annotations"`
	Snippets      []json.RawMessage `json:"snippets"`
	Creation      struct {
		Created  string   `json:"created"`
		Creators []string `json:"creators"`
	} `json:"creationInfo"`
	all map[string]json.RawMessage
}

func open(data []byte) (*document, error) {
	text, err := sbom.DecodeText(data)
	if err != nil {
		return nil, err
	}
	data = []byte(text)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		if data, err = schema.JSONOfYAML(data); err != nil {
			return nil, fmt.Errorf("the content is neither JSON, YAML, tag-value, XML nor RDF/XML of SPDX: %w", err)
		}
	}
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if doc.Version != "SPDX-2.2" && doc.Version != "SPDX-2.3" {
		return nil, fmt.Errorf("spdxVersion is %.40q: want SPDX-2.2 or SPDX-2.3", doc.Version)
	}
	return &doc, json.Unmarshal(data, &doc.all)
}

type reader struct {
	*carrier.Builder
	space    string
	files    map[*carrier.Item][]string // of packages: hasFiles
	licenses map[string]sbom.License
	snippets map[string]bool // their identifiers
}

func (r *reader) document(doc *document) {
	for i, raw := range doc.Licenses {
		var l v2_3.OtherLicense
		if r.read(raw, fmt.Sprint("hasExtractedLicensingInfos/", i), &l) != nil && !bare(&l) {
			r.licenses[l.LicenseIdentifier] = readLicense(&l)
		}
	}
	for _, raw := range doc.Annotations {
		if c, ok := carried(raw); ok {
			r.OfDocument(c)
		}
	}
	for _, raw := range doc.Snippets {
		var s struct{ SPDXID string }
		if json.Unmarshal(raw, &s) == nil && s.SPDXID != "" {
			r.snippets[s.SPDXID] = true
		}
	}
	for i, raw := range doc.Packages {
		r.pack(raw, fmt.Sprint("packages/", i))
	}
	for i, raw := range doc.Files {
		r.file(raw, fmt.Sprint("files/", i))
	}
	r.relate(doc)
	r.records(doc)
}

// made takes over who made the document, unless we did.
func (r *reader) made(creators []string) {
	for _, c := range creators {
		kind, name, _ := strings.Cut(c, ":")
		p := readParty(strings.TrimSpace(name), kind)
		switch {
		case kind == "Person":
			r.Creator("authors", map[string]any{"name": p.Name, "email": p.Email})
		case kind == "Organization":
			r.Creator("manufacturer", map[string]any{"name": p.Name})
		case kind == "Tool":
			r.Creator("tools/components", map[string]any{"type": "application", "name": p.Name})
		}
	}
}

// read takes an object, without those of its values that the library cannot
// read, and gives all of its values; nil where it is no object.
func (r *reader) read(raw json.RawMessage, at string, into any) map[string]json.RawMessage {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil || all == nil {
		r.Problem("%s is no object", at)
		return nil
	}
	if fenced(raw, into) == nil {
		return all
	}
	good := map[string]json.RawMessage{}
	for key, v := range all {
		if err := fenced(object(map[string]json.RawMessage{key: v}), into); err == nil {
			good[key] = v
		}
	}
	for _, key := range keysOf(all) {
		if good[key] == nil {
			r.Problem("%s: %s cannot be read: %.100s", at, key, all[key])
		}
	}
	if err := fenced(object(good), into); err != nil {
		r.Problem("%s cannot be read: %v", at, err)
	}
	return all
}

// fenced unmarshals with the library, which reads what anybody wrote.
func fenced(raw json.RawMessage, into any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%.200v", p)
		}
	}()
	return json.Unmarshal(raw, into)
}

func object(m map[string]json.RawMessage) json.RawMessage {
	data, err := json.Marshal(m)
	if err != nil {
		return json.RawMessage("{}")
	}
	return data
}

func keysOf(m map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (r *reader) pack(raw json.RawMessage, at string) {
	var p v2_3.Package
	all := r.read(raw, at, &p)
	if all == nil {
		return
	}
	it := r.register(all, readPackage(&p, r.licenses), at)
	if it == nil {
		return
	}
	if !it.Own {
		ls := newLicenses()
		r.keep(it, all, native(&it.Component, ls), ls)
	}
	it.Close(r.Here())
	var files []string
	_ = json.Unmarshal(all["hasFiles"], &files)
	var nested []json.RawMessage
	_ = json.Unmarshal(all["files"], &nested)
	for i, file := range nested {
		if f := r.file(file, fmt.Sprint(at, "/files/", i)); f != "" {
			files = append(files, f)
		}
	}
	r.files[it] = files
}

// file gives the identifier of the file.
func (r *reader) file(raw json.RawMessage, at string) string {
	var f v2_3.File
	all := r.read(raw, at, &f)
	if all == nil {
		return ""
	}
	if nested := text(all["SPDXID"]); strings.HasPrefix(at, "packages/") && r.Item(nested) != nil {
		return nested
	}
	if it := r.register(all, readFile(&f, r.licenses), at); it != nil {
		r.keep(it, all, map[string]any{"fileName": f.FileName, "checksums": f.Checksums, "copyrightText": f.FileCopyrightText, "licenseConcluded": f.LicenseConcluded}, nil)
		it.Close(r.Here())
	}
	return text(all["SPDXID"])
}

func readFile(f *v2_3.File, licenses map[string]sbom.License) sbom.Component {
	c := sbom.Component{Kind: sbom.KindFile, Name: f.FileName, Hashes: readChecksums(f.Checksums), Copyright: asserted(f.FileCopyrightText),
		Licenses: readLicenses(f.LicenseConcluded, true, licenses)}
	for _, h := range c.Hashes {
		if h.Alg == "SHA-256" {
			c.Keys.SHA256 = h.Value
		}
	}
	return c
}

func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// compact is JSON on one line with sorted keys.
func compact(raw json.RawMessage) string {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return string(raw)
	}
	return carrier.Text(v)
}

// carried reads an annotation as {"name": ..., "value": ...}.
func carried(raw json.RawMessage) (c sbom.Property, ok bool) {
	var a struct {
		Comment string `json:"comment"`
	}
	if json.Unmarshal(raw, &a) != nil || !strings.HasPrefix(a.Comment, "{") {
		return c, false
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(a.Comment)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&c)
	return c, err == nil && c.Name != ""
}

// register makes the item of a component, with its annotations; nil where the
// identifier is taken.
func (r *reader) register(all map[string]json.RawMessage, c sbom.Component, at string) *carrier.Item {
	id := text(all["SPDXID"])
	if id == "" {
		id = "#" + at
	}
	var notes []json.RawMessage
	_ = json.Unmarshal(all["annotations"], &notes)
	var named, kept []sbom.Property
	for _, raw := range notes {
		if p, ok := carried(raw); ok {
			named = append(named, p)
		} else {
			kept = append(kept, sbom.Property{Name: foreignPrefix + "annotation", Value: compact(raw)})
		}
	}
	it := r.Add(id, at, c, named)
	if it == nil {
		return it
	}
	it.Properties = append(it.Properties, kept...)
	if it.Own {
		return it
	}
	if it.Keys == (sbom.Keys{}) {
		it.Keys.URL = r.space + "#" + id
	}
	if strings.HasPrefix(id, refPrefix) {
		it.Properties = append(it.Properties, sbom.Property{Name: idProperty, Value: id})
	}
	return it
}

const idProperty = foreignPrefix + "SPDXID" // what a document calls the component

const foreignPrefix = "spdx:" // of properties that keep what the vocabulary has no field for

// keep saves as properties what writing the item again would not give.
func (r *reader) keep(it *carrier.Item, all map[string]json.RawMessage, again any, ls *licenses) {
	if it.Own {
		return
	}
	skip := []string{"SPDXID", "annotations", "hasFiles", "files"}
	for _, field := range []string{"licenseConcluded", "licenseDeclared"} {
		if _, ok := r.licenses[text(all[field])]; ok || ls != nil && asserted(text(all[field])) == "" {
			skip = append(skip, field)
			continue
		}
		for _, id := range refShape.FindAllString(text(all[field]), -1) {
			p := sbom.Property{Name: licensePrefix + id, Value: carrier.Text(r.licenses[id])}
			if _, ok := r.licenses[id]; ok && !slices.Contains(it.Properties, p) {
				it.Properties = append(it.Properties, p)
			}
		}
	}
	for _, p := range carrier.Unsaid(all, again, skip...) {
		if v := strings.Trim(p.Value, `[]"`); v == noAssertion || v == "" {
			continue // says nothing
		}
		it.Properties = append(it.Properties, sbom.Property{Name: foreignPrefix + p.Name, Value: p.Value})
	}
}
