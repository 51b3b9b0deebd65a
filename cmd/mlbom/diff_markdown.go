package main

import (
	"fmt"
	"io"
	"strings"
)

// Bounds of a comment: GitHub refuses more than 65 536 characters.
const (
	maxComment = 65_536
	commentEnd = 300 // bytes kept for what closes it
	cellValue  = 200
)

// diffMarkdown writes a comment for a pull request. All that strangers say stands in
// code spans, in which neither HTML, nor links, nor @mentions mean anything.
func diffMarkdown(w io.Writer, d *comparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### What changed in the ML-BOM\n\n%s → %s: %s\n", codeSpan(d.A), codeSpan(d.B), d.headline())
	left := 0
	for i, s := range d.sections() {
		open := ""
		if s.title == "alarms" {
			open = " open"
		}
		head := fmt.Sprintf("\n<details%s><summary><b>%s</b> (%d)</summary>\n\n| what | component | how |\n|---|---|---|\n", open, s.title, len(s.changes))
		var rows []string
		for _, c := range s.changes[:min(len(s.changes), diffRows)] {
			r := diffRow(c)
			rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", codeSpan(r[0]), codeSpan(shorten(r[1], diffName)), codeSpan(shorten(diffHow(c), cellValue))))
		}
		if more := len(s.changes) - diffRows; more > 0 {
			rows = append(rows, fmt.Sprintf("| … | and %d more | `--format json` lists all |\n", more))
		}
		left += block(&b, head, rows, "\n</details>\n", i == 0 && open != "")
	}
	if n := d.fileCount(); n > 0 {
		head := fmt.Sprintf("\n<details><summary><b>files of the tree</b> (%d)</summary>\n\n| folder | files |\n|---|---|\n", n)
		var rows []string
		for _, f := range d.Files {
			rows = append(rows, fmt.Sprintf("| %s | %s |\n", codeSpan(shorten(f.Path, cellValue)), strings.TrimSpace(folderText(f)+" "+codeSpan(strings.Trim(d.filesIn(f), " ()")))))
		}
		left += block(&b, head, rows, "\n</details>\n", false)
	}
	for _, n := range d.notes() {
		if line := fmt.Sprintf("\n%s\n", codeSpan(shorten(n, cellValue))); b.Len()+len(line) < maxComment-commentEnd {
			b.WriteString(line)
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n**Cut here: %s left out, since a comment holds at most %d characters; `mlbom diff --format json` has all.**\n", count(left, "line is", "lines are"), maxComment)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// block writes a table as far as there is room, and tells how many rows were left out.
func block(b *strings.Builder, head string, rows []string, end string, first bool) (left int) {
	room := maxComment - commentEnd - len(end) - b.Len()
	if len(head)+len(rows[0]) > room && !first {
		return len(rows)
	}
	b.WriteString(head)
	room -= len(head)
	for i, r := range rows {
		if len(r) > room {
			left = len(rows) - i
			break
		}
		b.WriteString(r)
		room -= len(r)
	}
	b.WriteString(end)
	return left
}

// codeSpan makes text of strangers harmless in a cell of a table: longer fences than
// the backticks in it, pipes escaped, no control characters.
func codeSpan(s string) string {
	s = strings.ToValidUTF8(strings.Join(strings.Fields(plain(s)), " "), "?")
	if s == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range s {
		if r == '`' {
			run++
		} else {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if longest > 0 {
		s = " " + s + " "
	}
	s = strings.ReplaceAll(s, `\|`, `\ |`) // or the backslash would take the one that follows
	s = strings.ReplaceAll(s, "|", `\|`)
	return fence + s + fence
}
