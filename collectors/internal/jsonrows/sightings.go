package jsonrows

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/textsource"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxColumns = 5000    // that are told of
	maxNames   = 1 << 20 // bytes of the categories of a COCO file
)

// Sightings reads the file and gives it, and its dataset. Only a file whose name says
// lines need not be data by its place.
func Sightings(ctx context.Context, f *sbom.File, format, media string, lines bool) ([]sbom.Sighting, error) {
	owner := datafile.OwnerOf(f)
	if !lines && !owner.IsData() {
		return nil, nil
	}
	if seen, ok, err := owner.Pointer(f, format, media); ok || err != nil {
		return seen, err
	}
	x, err := Read(ctx, f, lines, owner.Labels(f))
	if err != nil {
		if lines {
			return nil, err
		}
		return nil, nil
	}
	if !x.isData(lines) {
		return nil, nil
	}
	table, properties := x.tell()
	file, err := owner.File(f, format, media, table)
	if err != nil {
		return nil, err
	}
	file.Properties = properties
	if x.Whole && owner.Split != "" {
		file.File.Rows = x.Records.Prints.Result()
	}
	return append([]sbom.Sighting{file}, owner.Dataset(file)...), errors.Join(x.Problems...)
}

// isData tells whether the file holds records, and not some configuration.
func (x *File) isData(lines bool) bool {
	switch {
	case lines:
		return true
	case x.Layout == Object:
		return len(x.Lists) > 0 && x.main() != nil
	}
	return x.Records.Root.IsObject()
}

// main is the list whose records are the rows.
func (x *File) main() *List {
	for _, name := range listNames {
		for i := range x.Lists {
			if l := &x.Lists[i]; l.Name == name && name != "categories" && name != "features" || l.Name == name && l.Records.Root.Has("geometry") {
				return l
			}
		}
	}
	return nil
}

// tell gives what was read.
func (x *File) tell() (sbom.Table, []sbom.Property) {
	t := sbom.Table{Compression: x.Source.Compression}
	var list []sbom.Property
	add := func(name, value string) {
		list = append(list, sbom.Property{Name: "mlbom:json:" + name, Value: value})
	}
	records := x.Records
	if x.Layout == Object {
		l := x.main()
		records = l.Records
		add("rows", l.Name)
		for _, other := range x.Lists {
			if other.Name != l.Name {
				add(other.Name, fmt.Sprintf("%d records", other.Records.Rows))
			}
		}
	}
	rows, shape := records.questions()
	if shape != &records.Root {
		add("rows", "data[].paragraphs[].qas[]")
		list = list[1:]
		x.Whole = x.Whole && rows > 0
		t.Columns = (&Records{Root: *shape, Rows: rows}).plain(maxColumns)
	} else {
		t.Columns = append(records.Columns(x.Whole, maxColumns), x.classes()...)
	}
	if n := len(records.Root.Members); n > maxColumns {
		x.problem(fmt.Errorf("the records have %d members; those after the first %d are left out", n, maxColumns))
	}
	if x.Whole {
		t.Rows = &rows
	} else {
		t.Sample = fmt.Sprintf("first %d rows", rows)
	}
	if chat := Conversation(shape); chat != "" {
		add("records", chat)
	}
	x.extras(records, add)
	return t, list
}

func (x *File) extras(records *Records, add func(name, value string)) {
	switch x.Layout {
	case Values:
		add("layout", "values over several lines")
	case Array, Object:
		if x.Source.Compression != "" {
			add("layout", "one document")
		}
	}
	if x.Source.Encoding != "UTF-8" {
		add("encoding", x.Source.Encoding)
	} else if x.Source.Legacy() {
		x.problem(errors.New("the text is not UTF-8, as JSON must be"))
	}
	if records.Twice > 0 {
		x.problem(&sbom.Problem{Line: records.TwiceAt, Reason: fmt.Sprintf("a key stands twice in one object, of which readers take different values; times that a key is repeated: %d", records.Twice)})
	}
}

// questions gives the questions of SQuAD's format: data[].paragraphs[].qas[]; else the
// records.
func (r *Records) questions() (int64, *Shape) {
	p := r.Root.Member("paragraphs")
	if p == nil || p.Item == nil {
		return r.Rows, &r.Root
	}
	if q := p.Item.Member("qas"); q != nil && q.Item.IsObject() {
		return q.Item.Count, q.Item
	}
	return r.Rows, &r.Root
}

// plain gives the columns of records that stand in others, with nulls alone.
func (r *Records) plain(most int) []sbom.Column {
	for _, m := range r.Root.Members {
		m.values = nil
	}
	return r.Columns(true, most)
}

// classes gives the distribution of COCO's annotations over its categories.
func (x *File) classes() []sbom.Column {
	var annotations, categories *Records
	for _, l := range x.Lists {
		switch l.Name {
		case "annotations":
			annotations = l.Records
		case "categories":
			categories = l.Records
		}
	}
	if annotations == nil || categories == nil || !x.Whole {
		return nil
	}
	for _, c := range annotations.Columns(true, maxColumns) {
		if c.Name != "category_id" || len(c.Labels) == 0 {
			continue
		}
		c.Name = "annotations[].category_id"
		for i := range c.Labels {
			if name := categories.names[c.Labels[i].Label]; name != "" {
				c.Labels[i].Label = name
			}
		}
		return []sbom.Column{c}
	}
	return nil
}

// remember keeps the names of categories by their numbers.
func (r *Records) remember(record []byte) {
	var id, name string
	each(record, func(key, value []byte) {
		switch {
		case string(key) == "id" && len(value) < 20:
			id = string(value)
		case string(key) == "name" && len(value) < 200 && value[0] == '"':
			name = textsource.Plain(Unquote(value))
		}
	})
	if _, err := strconv.ParseInt(id, 10, 64); err == nil && name != "" && r.held < maxNames {
		if r.names == nil {
			r.names = map[string]string{}
		}
		r.names[id] = name
		r.held += len(name) + len(id)
	}
}

// each gives the members of one object that was checked.
func each(b []byte, take func(key, value []byte)) {
	if b[0] != '{' {
		return
	}
	for i := space(b, 1); b[i] != '}'; {
		end, _ := skipString(b, i)
		key := Unquote(b[i:end])
		i = space(b, space(b, end)+1)
		end, _ = skip(b, i, 0)
		take(key, b[i:end])
		if i = space(b, end); b[i] == ',' {
			i = space(b, i+1)
		}
	}
}

// Conversation names the usual shape that records for training language models have.
func Conversation(s *Shape) string {
	list := func(name string, members ...string) bool {
		m := s.Member(name)
		return m != nil && m.Item != nil && m.Item.Has(members...)
	}
	switch {
	case s.Has("chosen", "rejected"):
		return "preference (chosen, rejected)"
	case list("messages", "role", "content"):
		return "messages (role, content)"
	case list("conversations", "from", "value"):
		return "conversations (from, value)"
	case list("conversations", "role", "content"), list("conversation", "role", "content"):
		return "conversations (role, content)"
	case s.Has("prompt", "completion") && s.Member("prompt").IsText():
		return "prompt and completion"
	case s.Has("instruction", "output"):
		return "instruction and output"
	case s.Has("instruction", "response"):
		return "instruction and response"
	case s.Has("prompt", "response"):
		return "prompt and response"
	}
	return ""
}
