package markdown

import (
	"strings"
	"testing"
)

const sample = `intro
<!-- # no heading
still comment --> tail
# 🤗 Title of [it](https://example.com) ✨

First **bold** paragraph
goes on.

` + "```python\n# a comment, no heading\n```" + `
## 1. Out-of-Scope Use [optional]
- **Developed by:** [Ann](https://example.com/ann)
- learning_rate: 5e-05
| Batch | 8 |
|---|---|
Underlined
==========
text`

func TestParse(t *testing.T) {
	d := Parse(sample, 10)
	want := []struct {
		level, line int
		key         string
	}{{0, 10, ""}, {1, 13, "title of it"}, {2, 21, "out of scope use"}}
	for i, w := range want {
		s := d.Sections[i]
		if s.Level != w.level || s.Line != w.line || Key(s.Heading) != w.key {
			t.Errorf("section %d = %d %q in line %d", i, s.Level, Key(s.Heading), s.Line)
		}
	}
	if p := d.Sections[1].Paragraph(); p.Text != "First bold paragraph goes on." || p.Line != 15 {
		t.Errorf("paragraph = %+v", p)
	}
	if c := d.Sections[1].Code(); len(c) != 1 || c[0].Text != "# a comment, no heading\n" || c[0].Line != 18 {
		t.Errorf("code = %+v", c)
	}
	labels := d.Sections[2].Labels()
	if len(labels) != 3 || labels[0].Key != "developed by" || labels[0].Value != "[Ann](https://example.com/ann)" || labels[1].Value != "5e-05" || labels[2].Value != "8" {
		t.Errorf("labels = %+v", labels)
	}
	if p := d.Sections[0].Prose(100, func(string) bool { return true }); p.Text != "intro\n\ntail" {
		t.Errorf("prose = %+v", p)
	}
}

func TestSetext(t *testing.T) {
	d := Parse("Title\n=====\n\nSub\n---\ntext\n\na\nb\n---\n", 1)
	if len(d.Sections) != 3 || d.Sections[1].Heading != "Title" || d.Sections[2].Level != 2 || d.Sections[2].Parent != 1 {
		t.Errorf("sections = %+v", d.Sections)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("```\n~~~\n<!--")
	f.Fuzz(func(t *testing.T, s string) {
		d := Parse(strings.ToValidUTF8(s, ""), 1)
		for i := range d.Sections {
			s := &d.Sections[i]
			s.Labels()
			s.Items()
			s.Paragraph()
			s.Code()
			s.Prose(100, func(string) bool { return true })
		}
	})
}

// Tags go, tokens stay.
func TestTags(t *testing.T) {
	if got := Plain(`<p align="center">the <b>word</b> <mask> and <omitted><br/></p>`); got != "the word <mask> and <omitted>" {
		t.Errorf("Plain = %q", got)
	}
}
