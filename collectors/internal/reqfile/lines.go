// Package reqfile reads the grammar of pip's requirements files, after
// https://pip.pypa.io/en/stable/reference/requirements-file-format/ and what pip
// does with it (pip/_internal/req/req_file.py and constructors.py): lines that a
// backslash joins, comments, options in the manner of optparse and the quotes of
// a shell, and requirements, which are PEP 508, a URL, a repository, a folder or
// an archive. Comments are kept, for tools write into them.
//
// It opens no file and expands no environment variable. Not understood: what
// options say to whom they are handed (--config-settings, --use-feature).
package reqfile

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on one file.
const (
	maxLine     = 4 << 20 // bytes of one line with those that continue it
	maxComments = 10_000  // that belong to one line
)

// Comment is the text after a "#".
type Comment struct {
	Line   int
	Text   string // what follows the "#", with the space in front
	Indent bool   // it stands alone on its line, which is indented
	Inline bool   // it stands behind something else
}

// logical is a line with all that continues it.
type logical struct {
	number   int
	text     string
	comments []Comment
	long     bool
}

// lines gives the logical lines of a text in order until each says no. A line of
// nothing but a comment belongs to the one before, unless an empty line parts them.
func lines(text string, each func(logical) bool) {
	r := joiner{each: each}
	number := 0
	for text != "" && !r.done {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		number++
		for i := strings.IndexFunc(line, otherBreak); i >= 0; i = strings.IndexFunc(line, otherBreak) {
			r.physical(line[:i], number)
			_, size := utf8.DecodeRuneInString(line[i:])
			line = line[i+size:]
		}
		r.physical(line, number)
	}
	if r.started {
		r.flush()
	}
	r.emit()
}

// otherBreak knows the ends of lines that Python has beside the newline.
func otherBreak(r rune) bool {
	switch r {
	case '\r', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// joiner joins what a backslash continues.
type joiner struct {
	each    func(logical) bool
	done    bool
	parts   strings.Builder
	started bool
	start   int // line of the first part
	long    bool
	held    *logical // the line that comments can still follow
}

func (j *joiner) physical(line string, number int) {
	trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
	alone := strings.HasPrefix(trimmed, "#")
	if !j.started {
		j.start = number
	}
	if alone {
		if j.started {
			j.flush()
		}
		j.comment(Comment{Line: number, Text: strings.TrimRightFunc(trimmed[1:], unicode.IsSpace), Indent: line != trimmed})
		return
	}
	if strings.HasSuffix(line, `\`) {
		j.started = true
		j.add(strings.Trim(line, `\`))
		return
	}
	j.add(line)
	j.flushAt(number)
}

func (j *joiner) add(s string) {
	if j.parts.Len()+len(s) > maxLine {
		j.long = true
		return
	}
	j.parts.WriteString(s)
}

func (j *joiner) comment(c Comment) {
	if j.held != nil && len(j.held.comments) < maxComments {
		j.held.comments = append(j.held.comments, c)
	}
}

func (j *joiner) flush() { j.flushAt(j.start) }

// flushAt ends a line; last is where its end stands, and with it a comment.
func (j *joiner) flushAt(last int) {
	text, comment, has := cutComment(j.parts.String())
	l := &logical{number: j.start, text: strings.TrimSpace(text), long: j.long}
	j.parts.Reset()
	j.started, j.long = false, false
	j.emit()
	if l.text == "" && !l.long {
		return
	}
	j.held = l
	if has {
		j.comment(Comment{Line: last, Text: strings.TrimRightFunc(comment, unicode.IsSpace), Inline: true})
	}
}

func (j *joiner) emit() {
	if j.held != nil && !j.done {
		j.done = !j.each(*j.held)
	}
	j.held = nil
}

// cutComment cuts at the first "#" that begins the line or follows space.
func cutComment(line string) (text, comment string, has bool) {
	space := true
	for i, r := range line {
		if r == '#' && space {
			return line[:i], line[i+1:], true
		}
		space = unicode.IsSpace(r)
	}
	return line, "", false
}
