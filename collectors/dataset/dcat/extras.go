package dcat

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/schemaorg"
	"github.com/mlbom/mlbom/sbom"
)

// extras reads what Describe does not.
func (r reader) extras(s *schemaorg.Draft) {
	d := s.Section()
	s.Take("dataset.citation", &d.Citation, datadesc.MaxSentence, "citation", "bibliographiccitation", "credittext")
	for _, v := range s.Doc.Nodes(s.Node, "accrualperiodicity", "updatefrequency") {
		text := s.Words(v)
		s.Set("dataset.update", &d.Update, markdown.Clip(text[strings.LastIndexByte(text, '/')+1:], datadesc.MaxWord), v.Line)
	}
	for _, v := range s.Doc.Nodes(s.Node, "variablemeasured") {
		name := s.Doc.Scalar(v)
		if name == "" {
			name, _ = s.Doc.Text(v, "name", "propertyid")
		}
		if card.Placeholder(name) || len(name) > datadesc.MaxWord || len(d.Features) >= maxFiles {
			continue
		}
		x := sbom.Feature{Name: name}
		x.Description, _ = s.Doc.Text(v, "description")
		x.Description = markdown.Clip(datadesc.Tidy(x.Description), datadesc.MaxWord)
		d.Features = append(d.Features, x)
		s.Mark("dataset.features", v.Line)
	}
	for _, v := range s.Doc.Nodes(s.Node, "temporal") {
		from, _ := s.Doc.Text(v, "startdate", "hasbeginning")
		to, _ := s.Doc.Text(v, "enddate", "hasend")
		if from+to != "" {
			s.Property("temporal-coverage", strings.Trim(from+"/"+to, "/"), v.Line)
		} else {
			s.Property("temporal-coverage", s.Words(v), v.Line)
		}
	}
	for _, p := range []struct{ key, name string }{
		{"conformsto", "conforms-to"}, {"alternatename", "alternate-name"}, {"isaccessibleforfree", "accessible-for-free"}, {"theme", "theme"}, {"subject", "subject"},
		{"funder", "funder"}, {"contributor", "contributor"}, {"spatial", "spatial-coverage"}, {"spatialcoverage", "spatial-coverage"}, {"rightsholder", "rights-holder"},
		{"measurementtechnique", "measurement-technique"}, {"includedindatacatalog", "catalog"}, {"ispartof", "part-of"}, {"isversionof", "version-of"}, {"replaces", "replaces"},
		{"spatialresolutioninmeters", "spatial-resolution"}, {"temporalresolution", "temporal-resolution"}, {"accesslevel", "access-level"}, {"status", "status"},
		{"bureaucode", "bureau-code"}, {"programcode", "program-code"}, {"dataquality", "data-quality"}, {"versionnotes", "version-notes"}, {"copyrightholder", "copyright-holder"},
	} {
		s.Keep(p.name, p.key)
	}
}

// files makes the files of a dataset: its distributions, and what a research object
// holds.
func (r reader) files(s *schemaorg.Draft) (list []*schemaorg.Draft) {
	nodes := s.Doc.Nodes(s.Node, "distribution", "sample")
	if r.crate {
		for _, v := range s.Doc.Nodes(s.Node, "haspart") {
			if s.Doc.Is(v, "file", "mediaobject") {
				nodes = append(nodes, v)
			}
		}
	}
	for _, v := range nodes[:min(len(nodes), maxFiles)] {
		if v.Is(jsonlines.Object) {
			if f := r.distribution(s, v); f != nil {
				list = append(list, f)
			}
		}
	}
	return list
}

func (r reader) distribution(of *schemaorg.Draft, v *jsonlines.Value) *schemaorg.Draft {
	f := schemaorg.NewDraft(of.Doc, v, sbom.KindFile, "dcat")
	f.File = &sbom.FileFacts{Asserted: true}
	f.Take("name", &f.Name, datadesc.MaxWord, "name", "title")
	f.Take("description", &f.Description, datadesc.MaxSentence, "description")
	for _, key := range []string{"contenturl", "downloadurl", "accessurl", "url"} {
		for _, u := range f.Doc.All(v, key) {
			r.place(f, of, f.Doc.Scalar(u)+f.Doc.ID(u), u.Line)
		}
	}
	if len(f.Refs) == 0 && f.Keys.Path == "" && r.crate {
		r.place(f, of, f.Doc.ID(v), v.Line)
	}
	if f.Name == "" {
		f.Name = of.Name + " distribution"
		if len(f.Refs) > 0 {
			f.Name = markdown.Clip(path.Base(f.Refs[0].URL), datadesc.MaxWord)
		}
	}
	size, line := f.Doc.Text(v, "bytesize", "contentsize")
	f.Size(size, line)
	r.formats(f)
	r.checksums(f)
	f.Keep("date-modified", "datemodified", "modified")
	f.Keep("conforms-to", "conformsto")
	f.Keep("license", "license")
	f.Keep("rights", "rights", "accessrights")
	if len(f.Refs) == 0 && f.Keys.Path == "" && len(f.Hashes) == 0 && f.File.MediaType == "" {
		return nil
	}
	return f
}

// place reads an address, or a path below the folder.
func (r reader) place(f, of *schemaorg.Draft, text string, line int) {
	local, ok := datadesc.Local(text)
	switch {
	case text == "":
	case datadesc.CleanURL(text) != "":
		f.Ref("distribution", text, "", line)
	case datadesc.Escapes(text):
		of.Finding(sbom.RulePathEscape, line, "the distribution %q leaves the folder", markdown.Clip(text, datadesc.MaxWord))
	case ok && f.Keys.Path == "":
		f.Keys.Path = path.Join(r.file.Dir(), local)
		if base := path.Base(local); f.Name != base {
			f.Property("name", f.Name, line)
			f.Name = base
		}
	}
}

func (r reader) formats(f *schemaorg.Draft) {
	for _, v := range f.Doc.Nodes(f.Node, "mediatype", "encodingformat", "format", "compressformat", "packageformat") {
		text := f.Words(v)
		if at := strings.Index(text, "media-types/"); at >= 0 {
			text = text[at+len("media-types/"):]
		}
		if head, _, ok := strings.Cut(text, "/"); ok && !strings.ContainsAny(text, " :<") && head != "" && len(text) <= datadesc.MaxWord {
			f.Set("file.mediaType", &f.File.MediaType, text, v.Line)
			continue
		}
		f.Property("format", text, v.Line)
	}
}

// checksums reads spdx:checksum, and the sha256 of schema.org.
func (r reader) checksums(f *schemaorg.Draft) {
	for _, v := range f.Doc.Nodes(f.Node, "checksum") {
		algorithm := ""
		for _, a := range f.Doc.All(v, "algorithm") {
			algorithm = f.Doc.Scalar(a) + f.Doc.ID(a)
		}
		_, algorithm, _ = strings.Cut("_"+algorithm, "checksumAlgorithm_")
		text, line := f.Doc.Text(v, "checksumvalue")
		r.checksum(f, algorithm, text, line)
	}
	for _, key := range []string{"sha256", "md5"} {
		text, line := f.Doc.Text(f.Node, key)
		r.checksum(f, key, text, line)
	}
}

func (r reader) checksum(f *schemaorg.Draft, algorithm, text string, line int) {
	if text == "" {
		return
	}
	name, value, ok := datadesc.Digest(algorithm, text)
	if !ok {
		f.Property("checksum", strings.TrimSpace(algorithm+" "+text), line)
		return
	}
	f.Hashes = append(f.Hashes, sbom.Hash{Alg: name, Value: value})
	f.Mark("hashes", line)
	if name == "SHA-256" && value != datadesc.EmptyDigest {
		f.Keys.SHA256 = value
	}
}
