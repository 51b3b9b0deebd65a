package shellcalls

import "strings"

// Line is one line of a script with its number.
type Line struct {
	Text string
	At   int
}

// word is one word of a command; it is literal where no variable, substitution or
// pattern is in it.
type word struct {
	text    string
	literal bool
}

// command is one simple command.
type command struct {
	words []word
	at    int
}

// Bounds on one script.
const (
	maxCommands = 20_000
	maxWords    = 2_000  // of a command
	maxText     = 64_000 // bytes of a line with its continuations
)

// commands takes a script apart: lines that a backslash joins, and what stands
// between ";", "|" and "&". Python's fields ("{name}") are variables in a notebook.
func commands(lines []Line, fields bool) []command {
	var all []command
	for i := 0; i < len(lines) && len(all) < maxCommands; i++ {
		text, at := lines[i].Text, lines[i].At
		var before strings.Builder // the lines that a backslash joined, without it
		for strings.HasSuffix(text, "\\") && i+1 < len(lines) && before.Len()+len(text) < maxText {
			i++
			next := lines[i].Text
			if strings.HasPrefix(strings.TrimSpace(next), "#") { // a comment among the lines of one command
				continue
			}
			before.WriteString(text[:len(text)-1])
			before.WriteByte(' ')
			text = next
		}
		text = before.String() + text
		if len(text) < maxText {
			all = append(all, split(text, at, fields)...)
		}
	}
	return all
}

// split takes one logical line apart.
func split(text string, at int, fields bool) []command {
	var all []command
	var list []word
	var b strings.Builder
	open, literal := false, true
	end := func() {
		if (open || b.Len() > 0) && len(list) < maxWords {
			list = append(list, word{b.String(), literal})
		}
		b.Reset()
		open, literal = false, true
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case c == '\'' || c == '"':
			n := strings.IndexByte(text[i+1:], c)
			if n < 0 {
				n, literal = len(text)-i-1, false // it goes on in the next line
			}
			part := text[i+1 : i+1+n]
			literal = literal && (c == '\'' || !strings.ContainsAny(part, "$`")) && !(fields && strings.Contains(part, "{"))
			b.WriteString(part)
			open = true
			i += n + 1
		case c == ' ' || c == '\t':
			end()
		case c == '#' && b.Len() == 0 && !open:
			i = len(text)
		case c == ';' || c == '|' || c == '&' || c == '(' || c == ')':
			end()
			if len(list) > 0 {
				all = append(all, command{list, at})
			}
			list = nil
		case c == '$' || c == '`' || c == '*' || c == '<' || c == '>' || c == '{' || c == '~':
			literal = false
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	if end(); len(list) > 0 {
		all = append(all, command{list, at})
	}
	return all
}

// Words gives the words of the first command in a line, but for those with a
// variable. A sign of comparison counts as written, though a shell takes it for a redirection.
func Words(text string) []string {
	var list []string
	commands := split(text, 0, true)
	if len(commands) == 0 {
		return nil
	}
	for _, w := range commands[0].words {
		if w.literal || !strings.ContainsAny(w.text, "$`{") {
			list = append(list, w.text)
		}
	}
	return list
}
