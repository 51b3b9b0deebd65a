package markdown

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Bounds on what is read of one section.
const (
	maxLabels    = 5_000
	maxParagraph = 20_000 // bytes
)

// Text is a piece of prose and the line where it begins.
type Text struct {
	Text string
	Line int
}

// Label is a bold word or list item with a value: "- **Developed by:** X",
// "**License**: MIT", "- learning_rate: 5e-05".
type Label struct {
	Key   string // as [Key]
	Name  string // as written
	Value string // the Markdown after it
	Line  int
	Bold  bool
}

var (
	boldLabel  = pattern.Lazy(`^\s*(?:[-*+]\s+)?(?:\*\*|__)\s*([^*]{1,120}?)\s*(?:\*\*|__)\s*[:：]?\s*(.*)$`)
	plainLabel = pattern.Lazy(`^\s*[-*+]\s+([^:*]{1,80}?)\s*[:：]\s*(.*)$`)
	row        = pattern.Lazy(`^\s*\|\s*([^|]{1,120}?)\s*\|\s*([^|]*?)\s*\|\s*$`)
	ruler      = pattern.Lazy(`^\s*\|?[\s:|-]+\|?\s*$`)
)

// Labels are the labelled values of a section. A value that is empty continues
// on the next line, where that is text of its own.
func (s *Section) Labels() []Label {
	var labels []Label
	for i, l := range s.Lines {
		if l.Code || len(labels) >= maxLabels {
			continue
		}
		label, ok := labelOf(l)
		if !ok {
			continue
		}
		if label.Value == "" && i+1 < len(s.Lines) {
			label.Value = continuation(s.Lines[i+1])
		}
		labels = append(labels, label)
	}
	return labels
}

func labelOf(l Line) (Label, bool) {
	if m := boldLabel.FindStringSubmatch(l.Text); m != nil {
		return Label{Key(m[1]), Plain(strings.TrimRight(m[1], ":： ")), strings.TrimSpace(m[2]), l.No, true}, true
	}
	if m := plainLabel.FindStringSubmatch(l.Text); m != nil {
		return Label{Key(m[1]), Plain(m[1]), strings.TrimSpace(m[2]), l.No, false}, true
	}
	if m := row.FindStringSubmatch(l.Text); m != nil && !ruler.MatchString(l.Text) {
		return Label{Key(m[1]), Plain(m[1]), strings.TrimSpace(m[2]), l.No, false}, true
	}
	return Label{}, false
}

func continuation(l Line) string {
	if _, labelled := labelOf(l); labelled || l.Code || strings.HasPrefix(strings.TrimSpace(l.Text), "#") {
		return ""
	}
	return strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(l.Text), "-*+ "))
}

// Items are the list items of a section that have no label.
func (s *Section) Items() []Text {
	var items []Text
	for _, l := range s.Lines {
		t := strings.TrimSpace(l.Text)
		if !l.Code && len(t) > 2 && strings.ContainsAny(t[:1], "-*+") && t[1] == ' ' {
			items = append(items, Text{strings.TrimSpace(t[2:]), l.No})
		}
	}
	return items
}

// Paragraph is the first paragraph of prose: no list, table, image, quote or code.
func (s *Section) Paragraph() Text {
	var out Text
	for _, l := range s.Lines {
		t := strings.TrimSpace(l.Text)
		plain := Plain(t)
		if prose := !l.Code && plain != "" && !strings.ContainsAny(t[:1], "|>#-+=<[!{") && !strings.HasPrefix(t, "* ") && !ruler.MatchString(t); prose || out.Text != "" && !l.Code && plain != "" && !strings.HasPrefix(t, "|") && !strings.HasPrefix(t, "- ") {
			if out.Text == "" {
				out = Text{plain, l.No}
			} else {
				out.Text += " " + plain
			}
			if len(out.Text) > maxParagraph {
				return out
			}
		} else if out.Text != "" {
			return out
		} else if link := !l.Code && strings.HasPrefix(t, "[") && !strings.HasPrefix(t, "[!") && len(plain) > 60; link {
			out = Text{plain, l.No}
		}
	}
	return out
}

// Code gives the fenced blocks of a section.
func (s *Section) Code() []Text {
	var blocks []Text
	inside := false
	for _, l := range s.Lines {
		switch is := l.Code && fence.MatchString(l.Text); {
		case is && !inside:
			blocks, inside = append(blocks, Text{Line: l.No}), true
		case is && inside && fence.FindStringSubmatch(l.Text)[2] == "":
			inside = false
		case inside && l.Code:
			b := &blocks[len(blocks)-1]
			b.Text += l.Text + "\n"
		default:
			inside = false
		}
	}
	return blocks
}

// Prose is the whole text of a section without code, up to size bytes, and the
// line where it begins. Keep decides on each line.
func (s *Section) Prose(size int, keep func(string) bool) Text {
	var b strings.Builder
	out := Text{}
	blank := false
	for _, l := range s.Lines {
		t := strings.TrimRight(l.Text, " \t")
		if l.Code || ruler.MatchString(t) && strings.TrimSpace(t) != "" {
			continue
		}
		t = strings.TrimSpace(htmlTag.ReplaceAllString(image.ReplaceAllString(t, ""), ""))
		if t == "" || !keep(t) {
			blank = true
			continue
		}
		if out.Line == 0 {
			out.Line = l.No
		} else if blank {
			b.WriteString("\n\n")
		} else {
			b.WriteString("\n")
		}
		blank = false
		b.WriteString(t)
		if b.Len() > size {
			break
		}
	}
	out.Text = Clip(b.String(), size)
	return out
}

// Clip cuts a text at a size in bytes and says so by an ellipsis.
func Clip(s string, size int) string {
	if s = strings.TrimSpace(s); len(s) <= size {
		return s
	}
	return strings.TrimSpace(strings.ToValidUTF8(s[:size], "")) + " [...]"
}
