package datapackage

import (
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

func (p *pkg) resources() {
	list := datadesc.List(p.root.Get("resources"))
	if len(list) == 0 {
		p.problem(p.root.Line, "the package has no resources")
	}
	if len(list) > maxResources {
		p.problem(p.root.Line, "the package has %d resources; only the first %d are read", len(list), maxResources)
		list = list[:maxResources]
	}
	names := map[string]bool{}
	for i, r := range list {
		if !r.Is(jsonlines.Object) {
			p.problem(r.Line, "resource %d is no object", i+1)
			continue
		}
		name := markdown.Clip(datadesc.Word(r.Get("name")), datadesc.MaxWord)
		switch {
		case name == "":
			p.problem(r.Line, "resource %d has no name", i+1)
			name = "resource " + strconv.Itoa(i+1)
		case names[name]:
			p.problem(r.Line, "two resources have the name %q", name)
		}
		names[name] = true
		p.resource(r, name)
	}
}

// resource reads one table or file: its data stand in it, or in files that it names.
func (p *pkg) resource(r *jsonlines.Value, name string) {
	var paths []*jsonlines.Value
	for _, key := range []string{"path", "url", "file"} {
		if len(paths) == 0 {
			paths = datadesc.List(r.Get(key))
		}
	}
	data := r.Get("data")
	inline := data != nil && data.Kind != jsonlines.Null
	switch {
	case inline && len(paths) > 0:
		p.problem(r.Line, "resource %q has both a path and data", name)
	case inline:
		text := "inline"
		if data.Is(jsonlines.Array) {
			text = strconv.Itoa(len(data.Items)) + " rows"
		}
		for _, key := range []string{"format", "mediatype", "profile"} {
			if v := datadesc.Word(r.Get(key)); v != "" {
				text += ", " + key + " " + markdown.Clip(v, datadesc.MaxWord)
			}
		}
		p.Property("inline-data", name+": "+text, data.Line)
	case len(paths) == 0:
		p.problem(r.Line, "resource %q has neither a path nor data", name)
	}
	for _, at := range paths {
		if len(p.files) >= maxResources {
			p.problem(at.Line, "the resources name more than %d files; the rest is not read", maxResources)
			break
		}
		p.part(r, name, at, len(paths) == 1)
	}
	p.sources(r.Get("sources"), name)
	p.schema(r, name)
	if d := p.reference(r.Get("dialect"), "dialect", name); d.Is(jsonlines.Object) {
		p.Property("dialect", name+": "+d.Compact(), d.Line)
	}
}

// part makes the file of a path. Digest, size and rows are of the file only where it
// is the resource's only one.
func (p *pkg) part(r *jsonlines.Value, name string, at *jsonlines.Value, alone bool) {
	s := datadesc.NewDraft(sbom.KindFile, "datapackage", at.Line)
	s.File = &sbom.FileFacts{Asserted: true}
	address := datadesc.Word(at)
	local, ok := datadesc.Local(address)
	switch {
	case datadesc.CleanURL(address) != "":
		s.Ref("distribution", address, "", at.Line)
		s.Set("name", &s.Name, markdown.Clip(name, datadesc.MaxWord), r.Line)
	case datadesc.Escapes(address):
		s.Finding(sbom.RulePathEscape, at.Line, "the path of resource %q, %q, leaves the folder", name, markdown.Clip(address, datadesc.MaxWord))
		s.Set("name", &s.Name, name, r.Line)
	case !ok:
		p.problem(at.Line, "the path of resource %q, %q, is none", name, markdown.Clip(address, datadesc.MaxWord))
		return
	default:
		s.Keys.Path = path.Join(p.file.Dir(), local)
		s.Set("name", &s.Name, path.Base(local), at.Line)
	}
	p.facts(s, r, name)
	p.whole(s, r, name, alone)
	p.licenses(s, r.Get("licenses"))
	p.files, p.lines = append(p.files, s), append(p.lines, at.Line)
}

// facts reads what holds for each file of a resource.
func (p *pkg) facts(s *datadesc.Draft, r *jsonlines.Value, name string) {
	s.Property("resource", name, r.Line)
	s.Fill("description", &s.Description, datadesc.Word(r.Get("description")), datadesc.MaxSentence, r.Get("description").LineOf())
	compression := datadesc.Word(r.Get("compression"))
	if compression != "" && compression != "no" {
		s.Set("file.table.compression", &s.File.Table.Compression, markdown.Clip(compression, datadesc.MaxWord), r.Get("compression").Line)
	} else if format := strings.ToLower(datadesc.Word(r.Get("format"))); len(format) <= datadesc.MaxWord {
		s.Set("file.format", &s.File.Format, format, r.Get("format").LineOf())
	}
	for _, key := range []string{"mediatype", "mimetype"} {
		if text := datadesc.Word(r.Get(key)); strings.Contains(text, "/") && len(text) <= datadesc.MaxWord {
			s.Set("file.mediaType", &s.File.MediaType, text, r.Get(key).Line)
		}
	}
	for _, key := range []string{"title", "encoding", "innerpath", "extrapaths", "type", "profile", "homepage", "version", "created"} {
		v := r.Get(key)
		text := datadesc.Word(v)
		if text == "" && v != nil && v.Kind != jsonlines.Null {
			text = v.Compact()
		}
		s.Property(key, text, v.LineOf())
	}
}

// whole reads what is stated of all bytes of the resource.
func (p *pkg) whole(s *datadesc.Draft, r *jsonlines.Value, name string, alone bool) {
	stats := r.Get("stats")
	for _, at := range []*jsonlines.Value{r, stats} {
		for _, key := range []string{"bytes", "size"} {
			if v := at.Get(key); alone && datadesc.Word(v) != "" && s.File.Size == 0 {
				s.Size(datadesc.Word(v), v.Line)
			}
		}
		for _, key := range []string{"hash", "md5", "sha256"} {
			p.hash(s, at.Get(key), key, name, alone)
		}
	}
	if n, err := strconv.ParseInt(datadesc.Word(stats.Get("rows")), 10, 64); err == nil && n >= 0 && alone {
		s.File.Table.Rows = &n
		s.Mark("file.table.rows", stats.Get("rows").Line)
	}
	if s.Keys.Path == "" && len(s.Hashes) == 0 {
		s.Finding(sbom.RuleNoHash, r.Line, "no digest ties the file of resource %q to its bytes", name)
	}
}

// hash reads "sha256:..." or a bare digest, which is MD5 by the standard.
func (p *pkg) hash(s *datadesc.Draft, v *jsonlines.Value, key, name string, alone bool) {
	text := datadesc.Word(v)
	if text == "" {
		return
	}
	algorithm, digest, ok := strings.Cut(text, ":")
	if !ok {
		algorithm, digest = key, text
		if key == "hash" {
			algorithm = "md5"
		}
	}
	alg, value, good := datadesc.Digest(algorithm, digest)
	switch {
	case !good:
		p.problem(v.Line, "the hash %q of resource %q is no digest in hexadecimal of an algorithm that is known", markdown.Clip(text, 200), name)
		s.Property("hash", text, v.Line)
	case !alone:
		s.Property("hash-of-all-parts", text, v.Line)
	default:
		s.Hashes = append(s.Hashes, sbom.Hash{Alg: alg, Value: value})
		s.Mark("hashes", v.Line)
		if alg == "SHA-256" && value != datadesc.EmptyDigest {
			s.Keys.SHA256 = value
		}
	}
}
