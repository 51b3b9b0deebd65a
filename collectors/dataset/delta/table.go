package delta

import (
	"io/fs"
	"math"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/tableschema"
	"github.com/mlbom/mlbom/sbom"
)

// added is a file that the table holds.
type added struct {
	path       string // as the log has it: encoded, relative to the table or an address
	size       int64
	rows       int64 // in the file; -1 where the log does not count them
	hidden     int64 // rows of it that are deleted
	partitions string
}

func (t *table) add(v *jsonlines.Value) {
	name := v.Get("path").Str()
	if name == "" || len(name) > datadesc.MaxWord*2 {
		t.problem(0, "an action adds a file without a name, or with one that is too long")
		return
	}
	a := &added{path: name, rows: -1}
	a.size, _ = v.Get("size").Int()
	if stats := v.Get("stats").Str(); stats != "" {
		if s, err := jsonlines.Parse(stats); err == nil {
			if n, ok := s.Get("numRecords").Int(); ok && n >= 0 {
				a.rows = n
			}
		}
	}
	if hidden, ok := v.Path("deletionVector", "cardinality").Int(); ok && hidden > 0 && a.rows >= hidden {
		a.hidden = hidden
	}
	if p := v.Get("partitionValues"); p.Is(jsonlines.Object) && len(p.Members) > 0 {
		a.partitions = markdown.Clip(p.Compact(), datadesc.MaxWord)
	}
	t.live[name] = a
}

// sightings are the table and its live files.
func (t *table) sightings() []sbom.Sighting {
	folder := path.Dir(path.Dir(t.file.Path))
	s := datadesc.NewDraft(sbom.KindDataset, "delta", 1)
	s.Basis = sbom.Resolved
	s.Keys.Path = sbom.DirOf(path.Dir(t.file.Path))
	s.Set("version", &s.Version, t.version, 0)
	if base := path.Base(folder); base != "." {
		s.Name = base
	}
	t.describe(s)
	names := make([]string, 0, len(t.live))
	for name := range t.live {
		names = append(names, name)
	}
	slices.Sort(names)
	t.totals(s, names)
	var files, held []sbom.Sighting
	missing := 0
	for i, name := range names {
		if i >= maxFiles {
			t.problem(0, "the table has %d files; only the first %d are told one by one", len(names), maxFiles)
			break
		}
		f := t.part(s, folder, t.live[name])
		if f == nil {
			continue
		}
		here, ok := f.Held(t.file)
		if ok {
			held = append(held, here)
		} else if f.Keys.Path != "" {
			missing++
		}
		s.Contains(f, 0)
		files = append(files, f.Done())
	}
	if missing > 0 {
		s.Property("files-missing", strconv.Itoa(missing), 0)
	}
	return append(append([]sbom.Sighting{s.Done()}, files...), held...)
}

// describe reads metadata, protocol and the last commit's own words.
func (t *table) describe(s *datadesc.Draft) {
	if name := t.meta.Get("name").Str(); name != "" {
		s.Name = markdown.Clip(name, datadesc.MaxWord)
	}
	s.Fill("description", &s.Description, t.meta.Get("description").Str(), datadesc.MaxSentence, 0)
	s.Property("id", t.meta.Get("id").Str(), 0)
	s.Property("provider", t.meta.Path("format", "provider").Str(), 0)
	if ms, ok := t.meta.Get("createdTime").Int(); ok {
		s.Property("created", tableschema.Time(ms), 0)
	}
	if columns := t.meta.Get("partitionColumns").Strings(); len(columns) > 0 {
		s.Property("partition-columns", strings.Join(columns, ", "), 0)
	}
	if c := t.meta.Get("configuration"); c.Is(jsonlines.Object) {
		for _, m := range c.Members {
			if datadesc.Secret(m.Key) {
				continue
			}
			s.Property("configuration."+m.Key, m.Value.Str(), 0)
		}
	}
	for _, key := range []string{"minReaderVersion", "minWriterVersion"} {
		if n, ok := t.protocol.Get(key).Int(); ok {
			s.Property(key, strconv.FormatInt(n, 10), 0)
		}
	}
	for _, feature := range append(t.protocol.Get("readerFeatures").Strings(), t.protocol.Get("writerFeatures").Strings()...) {
		s.Property("feature", feature, 0)
	}
	s.Property("operation", t.info.Get("operation").Str(), 0)
	s.Property("engine", t.info.Get("engineInfo").Str(), 0)
	if ms, ok := t.info.Get("timestamp").Int(); ok {
		s.Property("committed", tableschema.Time(ms), 0)
	}
	text := t.meta.Get("schemaString").Str()
	if text == "" {
		return
	}
	schema, err := jsonlines.Parse(text)
	if err != nil {
		t.problem(0, "the table's schema is no JSON")
		return
	}
	s.Section().Features = tableschema.Features(schema)
	s.Mark("dataset.features", 1)
}

// totals adds up sizes and rows; a sum in which one is unknown is none.
func (t *table) totals(s *datadesc.Draft, names []string) {
	d := s.Section()
	if t.partial {
		d.Size = t.stated.size
		if t.stated.files > 0 {
			s.Property("files", strconv.FormatInt(t.stated.files, 10), 0)
		}
		return
	}
	var size, rows int64
	known := true
	for _, name := range names {
		a := t.live[name]
		known = known && a.rows >= 0
		if a.size < 0 || a.size > math.MaxInt64-size || a.rows > math.MaxInt64-rows {
			t.problem(0, "the sizes that the log states are too large to be added up")
			return
		}
		size += a.size
		rows += max(a.rows-a.hidden, 0)
	}
	d.Size = size
	if known {
		d.Rows = rows
	}
	s.Property("files", strconv.Itoa(len(names)), 0)
}

// part makes a live file.
func (t *table) part(of *datadesc.Draft, folder string, a *added) *datadesc.Draft {
	f := datadesc.NewDraft(sbom.KindFile, "delta", 0)
	f.Basis = sbom.Resolved
	f.File = &sbom.FileFacts{Asserted: true, Format: "parquet"}
	name, err := url.PathUnescape(a.path)
	switch {
	case err != nil:
		t.problem(0, "the name of the file %.200q is not encoded as one", a.path)
		return nil
	case datadesc.CleanURL(a.path) != "":
		f.Name = markdown.Clip(path.Base(name), datadesc.MaxWord)
		f.Ref("distribution", a.path, "", 0)
	case datadesc.Escapes(a.path) || datadesc.Escapes(name):
		of.Finding(sbom.RulePathEscape, 0, "the table's file %.200q leaves its folder", name)
		return nil
	case !fs.ValidPath(path.Clean(name)):
		return nil
	default:
		f.Name, f.Keys.Path = path.Base(name), path.Join(folder, name)
	}
	if a.size > 0 {
		f.Size(strconv.FormatInt(a.size, 10), 0)
	}
	if a.rows >= 0 {
		rows := a.rows
		f.File.Table.Rows = &rows
	}
	f.Property("partition", a.partitions, 0)
	return f
}
