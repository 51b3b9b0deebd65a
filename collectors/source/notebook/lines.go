package notebook

import "strings"

// writer makes lines of the pieces of a cell's text.
type writer struct {
	rows *[]row
	line func() int
	cell int
	size int // bytes of all lines
	text strings.Builder
	open bool // the last line goes on
}

func (w *writer) add(s string) {
	for line := range strings.Lines(s) {
		if !w.open {
			if len(*w.rows) >= maxLines {
				return
			}
			*w.rows = append(*w.rows, row{at: w.line(), cell: w.cell, in: len(*w.rows) + 1})
			w.open = true
		}
		plain := strings.TrimRight(line, "\r\n")
		if w.text.Len()+len(plain) <= maxLine && w.size+len(plain) <= maxCode {
			w.text.WriteString(plain)
			w.size += len(plain)
		}
		if strings.HasSuffix(line, "\n") {
			w.end()
		}
	}
}

// end closes the line.
func (w *writer) end() {
	if w.open {
		(*w.rows)[len(*w.rows)-1].text = w.text.String()
	}
	w.text.Reset()
	w.open = false
}
