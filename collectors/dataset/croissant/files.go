package croissant

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const maxFiles = 20000 // FileObjects and FileSets of one dataset

// part is one entry of the distribution.
type part struct {
	node    *jsonld.Value
	id      string // its @id, else its name
	name    string
	url     string // contentUrl as stated
	urlLine int
	format  string   // encodingFormat, the first
	in      []string // ids of its containers
	kind    string   // "fileobject", "fileset" or ""
	file    *draft   // nil for sets and repositories
	holder  *draft   // of a file
}

// files makes the sightings of the files, each with what holds it: the dataset, or
// the archive that it is in.
func (d *document) files(s *draft) []*part {
	byID := map[string]*part{}
	for _, p := range d.parts {
		for _, key := range []string{p.name, p.id} {
			if key != "" && byID[key] == nil {
				byID[key] = p
			}
		}
	}
	shared := d.sharedDigests()
	var files []*part
	for _, p := range d.parts {
		switch {
		case p.kind == "fileset":
			s.fileSet(p)
			s.about("file-set-description", p.id, p.node)
		case p.kind == "fileobject" && p.repository():
			s.repository(p)
			s.about("repository", p.id, p.node)
		case p.kind == "fileobject":
			if p.file = d.fileOf(p, shared); p.file != nil {
				files = append(files, p)
			}
		}
	}
	for _, p := range files {
		p.holder = container(p, byID, s)
	}
	return files
}

// readParts lists the distribution, with what breaks the specification.
func (d *document) readParts() []*part {
	nodes := d.Nodes(d.node, "distribution")
	if len(nodes) > maxFiles {
		d.problem(d.node.Line, "the distribution lists %d parts; only the first %d are read", len(nodes), maxFiles)
		nodes = nodes[:maxFiles]
	}
	var parts []*part
	for _, n := range nodes {
		if !isObject(n) {
			d.problem(n.Line, "the distribution lists %s, which is no file and no file set", quoted(jsonld.Literal(n)))
			continue
		}
		p := &part{node: n}
		p.name, _ = d.Text(n, "name")
		if p.id = d.ID(n); p.id == "" {
			p.id = p.name
		}
		p.url, p.urlLine = d.Text(n, "contenturl")
		if p.url == "" {
			if v := d.All(n, "contenturl"); len(v) > 0 {
				p.url, p.urlLine = d.Ref(v[0]), v[0].Line
			}
		}
		p.format, _ = d.Text(n, "encodingformat")
		for _, c := range d.All(n, "containedin") {
			p.in = append(p.in, d.target(c))
		}
		for _, kind := range []string{"fileobject", "fileset"} {
			if d.Is(n, kind) {
				p.kind = kind
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// target is the id that a reference names, also through a source (1.1).
func (d *document) target(v *jsonld.Value) string {
	for _, inner := range d.All(v, "fileobject", "fileset") {
		return d.Ref(inner)
	}
	return d.Ref(v)
}

// repository tells whether the part is a whole repository and no file.
func (p *part) repository() bool {
	return strings.HasPrefix(strings.ToLower(p.format), "git+")
}

// title names the part in a message.
func (p *part) title() string { return quoted(p.id) }

// container gives what holds a file: the archive that it is in, or the dataset
// where that is none, or where the chain of containers is a ring.
func container(p *part, byID map[string]*part, dataset *draft) *draft {
	if len(p.in) == 0 {
		return dataset
	}
	first := byID[p.in[0]]
	if first == nil || first.file == nil {
		return dataset
	}
	seen := map[*part]bool{p: true}
	for at := first; at != nil; at = byID[at.in[0]] {
		if seen[at] || len(seen) > maxSets {
			return dataset
		}
		seen[at] = true
		if len(at.in) == 0 {
			break
		}
	}
	return first.file
}

// fileSet notes a set of files by its patterns.
func (s *draft) fileSet(p *part) {
	d := s.Section()
	var patterns []string
	for _, v := range s.Doc.All(p.node, "includes") {
		pattern := s.Doc.Scalar(v)
		if pattern == "" || len(pattern) > maxWord {
			continue
		}
		if datadesc.Escapes(pattern) {
			s.Finding(sbom.RulePathEscape, v.Line, "file set %s includes %q, which leaves the folder", p.title(), pattern)
			continue
		}
		s.Add("dataset.files", &d.Files, pattern, v.Line)
		patterns = append(patterns, pattern)
	}
	text := p.id + ": " + strings.Join(patterns, ", ")
	for _, v := range s.Doc.All(p.node, "excludes") {
		text += " without " + s.Doc.Scalar(v)
	}
	if len(p.in) > 0 {
		text += " in " + strings.Join(p.in, ", ")
	}
	size, _ := s.Doc.Text(p.node, "contentsize")
	if detail := strings.TrimSpace(p.format + " " + size); detail != "" {
		text += " (" + detail + ")"
	}
	if p.id != "" && len(patterns) > 0 {
		s.Property("file-set", text, p.node.Line)
	}
	s.modality(p.format, p.node.Line)
}

// about keeps what is said in words of a part of the dataset that is no thing of its own.
func (s *draft) about(property, name string, of *jsonld.Value) {
	text, line := s.Doc.Text(of, "description")
	title, _ := s.Doc.Text(of, "name")
	if text = datadesc.Tidy(text); card.Placeholder(text) || text == name {
		text = ""
	}
	if title != "" && title != name && property != "record-set" {
		text = strings.TrimSuffix(title+": "+text, ": ")
	}
	if text != "" && len(name) <= maxWord {
		s.Property(property, name+": "+markdown.Clip(text, maxSentence), max(line, of.Line))
	}
}

// modality is what a media type or a type of field says that the data are.
func (s *draft) modality(of string, line int) {
	head, _, _ := strings.Cut(of, "/")
	switch head = strings.TrimSuffix(head, "object"); head {
	case "image", "audio", "video":
		s.Add("dataset.modalities", &s.Section().Modalities, head, line)
	}
}

// repository notes that the data are a repository's. A digest of one says what
// the reference leads to.
func (s *draft) repository(p *part) {
	address := strings.TrimPrefix(p.url, "git+")
	hashes, why, line := s.stated(p)
	s.Ref("vcs", address, p.id, p.urlLine)
	for i := range s.Refs {
		if len(hashes) > 0 && s.Refs[i].URL == datadesc.CleanURL(address) {
			s.Refs[i].Hashes = hashes
			return
		}
	}
	s.Finding(sbom.RuleNoHash, line, "the data are taken from the repository %s, and no digest ties them to their bytes%s", p.title(), why)
}

var mediaType = pattern.Lazy(`^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}(?:;.*)?$`)

// fileOf makes the sighting of a file; nil for one without a name.
func (d *document) fileOf(p *part, shared map[string]bool) *draft {
	s := d.draft(sbom.KindFile, p.node)
	s.File = &sbom.FileFacts{Asserted: true}
	s.Take("name", &s.Name, maxWord, "name")
	if len(p.id) <= maxWord && !card.Placeholder(p.id) {
		s.Set("name", &s.Name, p.id, p.node.Line)
	}
	s.Take("description", &s.Description, maxSentence, "description")
	s.place(p)
	s.digests(p, shared)
	size, line := d.Text(p.node, "contentsize")
	s.Size(size, line)
	for _, v := range d.All(p.node, "encodingformat") {
		switch text := d.Scalar(v); {
		case s.File.MediaType == "" && mediaType.MatchString(text):
			s.File.MediaType = text
			s.Mark("file.mediaType", v.Line)
		default:
			s.Property("encoding-format", text, v.Line)
		}
	}
	for _, v := range d.All(p.node, "sameas") {
		s.Ref("distribution", d.Scalar(v), "sameAs", v.Line)
	}
	for _, c := range p.in {
		s.Property("contained-in", c, p.node.Line)
	}
	if s.Name == "" {
		return nil
	}
	return s
}

// place reads contentUrl: a path below the folder is a key, an address a
// reference. In a container it is a path there, and no key.
func (s *draft) place(p *part) {
	switch {
	case p.url == "":
		return
	case datadesc.CleanURL(p.url) != "":
		s.Ref("distribution", p.url, "", p.urlLine)
		return
	case datadesc.Escapes(p.url):
		s.Finding(sbom.RulePathEscape, p.urlLine, "the contentUrl of %s, %q, leaves the folder", p.title(), markdown.Clip(p.url, maxWord))
		return
	}
	relative, ok := datadesc.Local(p.url)
	switch {
	case !ok:
		return
	case len(p.in) > 0:
		s.Property("path-in-container", relative, p.urlLine)
	default:
		s.Keys.Path = path.Join(s.doc.file.Dir(), relative)
		if base := path.Base(relative); s.Name != base {
			s.Property("name", s.Name, s.Lines["name"])
			s.Name = base
			s.Lines["name"] = p.urlLine
		}
	}
	if s.Name == "" && !card.Placeholder(path.Base(relative)) {
		s.Name = path.Base(relative)
		s.Mark("name", p.urlLine)
	}
}
