// Package datasheet knows the questions and headings of data cards in plain Markdown:
// "Datasheets for Datasets" (Gebru et al., https://arxiv.org/abs/1803.09010, the
// questions of version 8 and the shorter ones that people write), the Data Cards
// Playbook (https://sites.research.google/datacardsplaybook/) and NVIDIA's data cards.
// It takes a body apart into what stands below each of them.
package datasheet

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Bounds on one card.
const (
	maxAnswers = 500
	maxText    = 4000 // bytes of one answer
	maxKey     = 600  // bytes of a question
)

// Least is the number of different questions from which a body is a data card.
const Least = 4

// Answer is what stands below one question.
type Answer struct {
	Field string // as in the rules: "collection", "uses", ...
	Key   string // the question in lower-case words
	Text  string
	Line  int // where the answer begins
}

// Answers takes a body apart; ok tells whether it is a data card of these houses.
func Answers(doc markdown.Doc) (list []Answer, ok bool) {
	seen := map[string]bool{}
	add := func(q string, text markdown.Text) {
		key := markdown.Key(q)
		field := fieldOf(key)
		if field == "" || len(list) >= maxAnswers {
			return
		}
		seen[key] = true
		if t := strings.TrimSpace(text.Text); t != "" && !card.Placeholder(t) {
			list = append(list, Answer{field, key, markdown.Clip(t, maxText), text.Line})
		}
	}
	for i := range doc.Sections {
		s := &doc.Sections[i]
		rest := inline(s, add)
		if fieldOf(markdown.Key(s.Heading)) != "" { // the text of the others would cost more than all else of a README
			add(s.Heading, below(doc, i, rest))
		}
	}
	return list, len(seen) >= Least
}

var bold = pattern.Lazy(`^\s*(?:[-*+]\s+|\d+[.)]\s+)?\*\*(.{3,600}?)\*\*:?\s*(.*)$`)

// inline takes the questions in bold at the beginning of a line, with the lines up to
// the next one, and gives the lines before the first.
func inline(s *markdown.Section, add func(string, markdown.Text)) []markdown.Line {
	first, question := len(s.Lines), ""
	var text markdown.Text
	for i, l := range s.Lines {
		if m := bold.FindStringSubmatch(l.Text); m != nil && !l.Code && fieldOf(markdown.Key(m[1])) != "" {
			if question != "" {
				add(question, text)
			}
			first, question, text = min(first, i), m[1], markdown.Text{Text: m[2], Line: l.No}
			continue
		}
		if question != "" && len(text.Text) < maxText && (!l.Code || text.Text != "") {
			if text.Text == "" {
				text.Line = l.No
			}
			text.Text = strings.TrimLeft(text.Text+"\n"+l.Text, "\n")
		}
	}
	if question != "" {
		add(question, text)
	}
	return s.Lines[:first]
}

// below is the text of a section, and of those in it that are no questions.
func below(doc markdown.Doc, at int, lines []markdown.Line) markdown.Text {
	keep := func(s string) bool { return !card.Placeholder(s) }
	s := doc.Sections[at]
	s.Lines = lines
	t := s.Prose(maxText, keep)
	for i := at + 1; i < len(doc.Sections) && doc.Sections[i].Level > s.Level && len(t.Text) < maxText; i++ {
		if fieldOf(markdown.Key(doc.Sections[i].Heading)) != "" {
			break
		}
		if p := doc.Sections[i].Prose(maxText, keep); p.Text != "" {
			if t.Line == 0 {
				t.Line = p.Line
			}
			t.Text = strings.TrimSpace(t.Text + "\n\n" + doc.Sections[i].Heading + "\n" + p.Text)
		}
	}
	return t
}

func fieldOf(key string) string {
	key = strings.TrimSuffix(strings.ReplaceAll(key+" ", " s ", "s "), " ") // "Owner(s)"
	if key == "" || len(key) > maxKey {
		return ""
	}
	for _, r := range rules {
		if r.words.MatchString(key) {
			return r.field
		}
	}
	return ""
}
