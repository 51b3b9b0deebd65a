// Package markdown parts the body of a card into headed sections, with the line
// of everything. It knows headings (with "#" and underlined), fenced code,
// HTML comments, lists and bold labels; it renders nothing.
package markdown

import (
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Bounds on what is read.
const (
	maxLines    = 200_000 // of one body
	maxSections = 5_000
	maxLineSize = 20_000 // bytes; the rest of a longer line is dropped
)

// Line is one line of the body, without comments.
type Line struct {
	No   int // in the file, from 1
	Text string
	Code bool // inside a fence, or the fence itself
}

// Section is a heading and what follows it up to the next heading. The first
// one has no heading and holds what stands before.
type Section struct {
	Level   int    // 1 to 6; 0 for the first one
	Heading string // plain words
	Line    int
	Lines   []Line
	Parent  int // index of the section that it stands in; -1 for none
}

// Doc is a body.
type Doc struct{ Sections []Section }

var (
	atx     = pattern.Lazy(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	sloppy  = pattern.Lazy(`^(#{1,6})([^#\s!].*)$`) // "##Heading", as people write it
	under   = pattern.Lazy(`^ {0,3}(=+|-{3,})[ \t]*$`)
	fence   = pattern.Lazy("^[ \t>]*(```+|~~~+)[ \t]*([A-Za-z0-9_+-]*)")
	htmlTag = pattern.Lazy(`(?i)</?(?:` + tags + `)(?:\s[^<>]*)?/?>`)
	htmlH   = pattern.Lazy(`(?i)^\s*(?:<div[^<>]*>\s*)?<h([1-6])[^<>]*>(.*?)</h[1-6]>`)
)

// tags are the elements that people write in Markdown. Other words in angle
// brackets are text, such as the tokens of a model: "<mask>", "<s>".
const tags = `a|abbr|article|aside|audio|b|big|blockquote|body|br|button|canvas|caption|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|embed|` +
	`fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|mark|menu|meta|nav|nobr|object|ol|` +
	`option|p|path|picture|pre|q|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|` +
	`time|title|tr|tt|u|ul|var|video|wbr|gradio-app|hfoptions|hfoption|tip`

// Parse reads a body whose first line has the given number.
func Parse(body string, first int) Doc {
	lines := clean(body, first)
	d := Doc{Sections: []Section{{Parent: -1, Line: first}}}
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		level, text, skip := heading(lines, i)
		if level == 0 || len(d.Sections) >= maxSections {
			last := &d.Sections[len(d.Sections)-1]
			last.Lines = append(last.Lines, l)
			continue
		}
		d.Sections = append(d.Sections, Section{Level: level, Heading: Plain(text), Line: l.No, Parent: d.over(level)})
		i += skip
	}
	return d
}

// over finds the section that one of the given level stands in.
func (d *Doc) over(level int) int {
	for i := len(d.Sections) - 1; i > 0; i = d.Sections[i].Parent {
		if d.Sections[i].Level < level {
			return i
		}
	}
	return -1
}

// heading tells whether line i is one, and how many more lines belong to it.
func heading(lines []Line, i int) (level int, text string, skip int) {
	l := lines[i]
	if l.Code {
		return 0, "", 0
	}
	if m := atx.FindStringSubmatch(l.Text); m != nil {
		return len(m[1]), m[2], 0
	}
	if m := sloppy.FindStringSubmatch(l.Text); m != nil {
		return len(m[1]), m[2], 0
	}
	if m := htmlH.FindStringSubmatch(l.Text); m != nil {
		return int(m[1][0] - '0'), m[2], 0
	}
	alone := i == 0 || strings.TrimSpace(lines[i-1].Text) == ""
	if !alone || i+1 >= len(lines) || lines[i+1].Code || strings.TrimSpace(l.Text) == "" || strings.ContainsAny(l.Text[:1], "#-*|>=+") {
		return 0, "", 0
	}
	if m := under.FindStringSubmatch(lines[i+1].Text); m != nil {
		if m[1][0] == '=' {
			return 1, l.Text, 1
		}
		return 2, l.Text, 1
	}
	return 0, "", 0
}

// clean splits the body, marks code and blanks comments.
func clean(body string, first int) []Line {
	var lines []Line
	open, comment, tag := "", false, false
	for text := range strings.Lines(body) {
		if len(lines) >= maxLines {
			break
		}
		l := Line{No: first + len(lines), Text: strings.TrimSuffix(text, "\n")}
		if len(l.Text) > maxLineSize {
			l.Text = strings.ToValidUTF8(l.Text[:maxLineSize], "")
		}
		m := fence.FindStringSubmatch(l.Text)
		switch {
		case comment:
			l.Text, comment = strip(l.Text, true)
		case open != "":
			l.Code = true
			if m != nil && m[2] == "" && strings.HasPrefix(m[1], open) {
				open = ""
			}
		case m != nil && !strings.Contains(l.Text[strings.Index(l.Text, m[1])+len(m[1]):], "`"):
			l.Code, open = true, m[1]
		default:
			l.Text, comment = strip(l.Text, false)
			l.Text, tag = untag(l.Text, tag)
		}
		lines = append(lines, l)
	}
	return lines
}

var tagOpen = pattern.Lazy(`</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?$`)

// untag drops a tag that goes over several lines; a blank line ends it.
func untag(s string, inside bool) (string, bool) {
	if inside {
		_, rest, ok := strings.Cut(s, ">")
		if !ok {
			return "", strings.TrimSpace(s) != ""
		}
		s = rest
	}
	if at := tagOpen.FindStringIndex(s); at != nil {
		return s[:at[0]], true
	}
	return s, false
}

// strip drops HTML comments from a line.
func strip(s string, inside bool) (string, bool) {
	var b strings.Builder
	for {
		if inside {
			_, rest, ok := strings.Cut(s, "-->")
			if !ok {
				return b.String(), true
			}
			s, inside = rest, false
		}
		head, rest, ok := strings.Cut(s, "<!--")
		b.WriteString(head)
		if !ok {
			return b.String(), false
		}
		s, inside = rest, true
	}
}

var (
	image    = pattern.Lazy(`!\[[^\]]*\]\([^)]*\)`)
	link     = pattern.Lazy(`\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+"[^"]*")?\)`)
	emphasis = pattern.Lazy(`(\*{1,3}|_{2,3})([^*_\s](?:[^*]*?[^*\s])?)(\*{1,3}|_{2,3})`)
)

// Plain takes images, link targets, tags and emphasis out of one line.
func Plain(s string) string {
	s = link.ReplaceAllString(image.ReplaceAllString(s, ""), "$1")
	s = emphasis.ReplaceAllString(htmlTag.ReplaceAllString(s, ""), "$2")
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "`", "")), " ")
}

// Key is a heading or label in lower-case words alone: without emoji, numbers
// at the front, "[optional]" and punctuation.
func Key(s string) string {
	s = strings.ToLower(Plain(s))
	for _, drop := range []string{"[optional]", "(optional)", "(if applicable)", "{optional}"} {
		s = strings.ReplaceAll(s, drop, "")
	}
	s = strings.ReplaceAll(s, "&", " and ")
	s = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return ' '
	}, s)
	words := strings.Fields(s)
	for len(words) > 1 && strings.Trim(words[0], "0123456789") == "" {
		words = words[1:]
	}
	return strings.Join(words, " ")
}
