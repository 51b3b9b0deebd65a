package card

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Bounds on what is kept of the sections that no field takes, in bytes.
const (
	maxUnsaid  = 64 << 10 // of one card
	maxHeading = 80       // of a heading, which is in the property's name
	maxNamed   = 10       // headings that are named as left out
)

// inPage is a line that leads within the page alone: of a table of contents.
var inPage = pattern.Lazy(`^\W*\[[^\]]*\]\(#[^)]*\)\W*$`)

// results is how the Trainer of transformers begins a list.
var results = pattern.Lazy(`(?i)^it achieves the following results on the evaluation set:?$`)

// Unsaid keeps what the body says and no field of the draft, or of the front
// matter's, does: each section as the property "section:HEADING". Of a section that
// is known, and of what stands below the title, these are the lines that nothing
// else carries; of one under a heading of the author's own it is the whole text, but
// where all of it is carried. Code, pictures, tables of contents and placeholders are
// no statement. What a card has beyond the bound is counted and named.
func (d *Draft) Unsaid(c *Card, front *Draft) {
	said := newSpoken(d, front)
	rules := c.rules()
	names, total, cut := map[string]bool{}, 0, cutOff{}
	for i := range c.Body.Sections {
		s := &c.Body.Sections[i]
		kind := section(rules, markdown.Key(s.Heading))
		if kind == "toc" {
			continue
		}
		text := said.rest(s, kind != "" || s.Level < 2)
		if text.Text == "" {
			continue
		}
		if total+len(text.Text) > maxUnsaid {
			cut.add(s.Heading, len(text.Text))
			continue
		}
		total += len(text.Text)
		d.property(sectionName(c.Body, s, names), text.Text, text.Line)
	}
	d.Property("sections-left-out", cut.String(), 0)
}

// sectionName is unique within a card as far as the heading above makes it so.
func sectionName(doc markdown.Doc, s *markdown.Section, names map[string]bool) string {
	if s.Heading == "" {
		return "section"
	}
	name := "section:" + markdown.Clip(s.Heading, maxHeading)
	if names[name] && s.Parent > 0 {
		name = "section:" + markdown.Clip(doc.Sections[s.Parent].Heading, maxHeading) + "/" + markdown.Clip(s.Heading, maxHeading)
	}
	names[name] = true
	return name
}

// cutOff are the sections that found no room.
type cutOff struct {
	n, bytes int
	names    []string
}

func (c *cutOff) add(heading string, size int) {
	if c.n, c.bytes = c.n+1, c.bytes+size; len(c.names) < maxNamed {
		c.names = append(c.names, markdown.Clip(heading, maxHeading))
	}
}

func (c *cutOff) String() string {
	if c.n == 0 {
		return ""
	}
	more := ""
	if n := c.n - len(c.names); n > 0 {
		more = fmt.Sprintf("; and %d more", n)
	}
	return fmt.Sprintf("%d of %d bytes: %s%s", c.n, c.bytes, strings.Join(c.names, "; "), more)
}

// spoken is what drafts carry, as words.
type spoken struct {
	text  string          // the words of all texts; a text ends in a line feed
	whole map[string]bool // each text
}

func newSpoken(drafts ...*Draft) spoken {
	var b strings.Builder
	s := spoken{whole: map[string]bool{}}
	add := func(text string) {
		w := bare(text)
		if !s.whole[w] {
			s.whole[w] = true
			b.WriteString(w + "\n")
		}
	}
	for _, d := range drafts {
		var tree any
		if text, err := json.Marshal(d.Component); err == nil && json.Unmarshal(text, &tree) == nil {
			each(tree, add)
		}
		for _, l := range d.Links {
			add(l.To.Name)
			add(l.To.Keys.URL)
		}
	}
	s.text = b.String()
	return s
}

// each gives the texts in a value of JSON.
func each(v any, add func(string)) {
	switch v := v.(type) {
	case string:
		add(v)
	case []any:
		for _, x := range v {
			each(x, add)
		}
	case map[string]any:
		for _, x := range v {
			each(x, add)
		}
	}
}

// rest is the prose of a section that is not said. Only its lines are where part is
// true; else all of it, or nothing.
func (s spoken) rest(of *markdown.Section, part bool) markdown.Text {
	labels := map[int]markdown.Label{}
	for _, l := range of.Labels() {
		labels[l.Line] = l
	}
	own, unsaid, some := *of, *of, false
	own.Lines, unsaid.Lines = nil, nil
	for _, l := range of.Lines {
		if strings.Trim(l.Text, "|:- \t") == "" { // of a table, and no end of a paragraph
			own.Lines, unsaid.Lines = append(own.Lines, l), append(unsaid.Lines, l)
			continue
		}
		if l.Code || Placeholder(l.Text) || unanswered(l.Text) || inPage.MatchString(l.Text) {
			own.Lines = append(own.Lines, markdown.Line{No: l.No})
			unsaid.Lines = append(unsaid.Lines, markdown.Line{No: l.No})
			continue
		}
		own.Lines = append(own.Lines, l)
		label, ok := labels[l.No]
		if s.has(l.Text) || ok && s.value(label.Value) {
			l.Text = ""
		}
		some = some || l.Text != ""
		unsaid.Lines = append(unsaid.Lines, l)
	}
	if !some {
		return markdown.Text{}
	}
	if part {
		own = unsaid
	}
	t := own.Prose(maxText, func(string) bool { return true })
	if n := len(strings.Fields(bare(t.Text))); n < 2 || n < 6 && strings.HasSuffix(t.Text, ":") || results.MatchString(t.Text) { // it leads to what is carried
		return markdown.Text{}
	}
	return t
}

// has tells whether the words of a line stand in one of the texts.
func (s spoken) has(line string) bool {
	w := bare(markdown.Plain(line))
	return strings.TrimSpace(w) == "" || strings.Contains(s.text, w)
}

// value tells whether a labelled value is carried: a few words are it only as a whole.
func (s spoken) value(v string) bool {
	w := bare(markdown.Plain(v))
	if len(strings.Fields(w)) > 2 && strings.Contains(s.text, w) || s.whole[w] || s.whole[bare(v)] {
		return true
	}
	urls := URLs(v)
	for _, u := range urls {
		if !s.whole[bare(u)] {
			return false
		}
	}
	return len(urls) > 0
}

// bare is a text in lower-case words with a space around each.
func bare(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return " " + strings.Join(words, " ") + " "
}
