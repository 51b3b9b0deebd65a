package pickle

import "github.com/mlbom/mlbom/sbom"

// Frames are a help for reading ahead, and loaders differ in what they do of one
// that lies. Where an opcode reaches beyond the end of its frame, CPython's loader
// in C can go on reading inside of the opcode's argument, while others, and what
// examines the file, take it for data (github.com/python/cpython/issues/154848).
// No writer of pickles makes such frames.

func opFrame(m *machine, a *argument) {
	if m.pos+1 < m.frame {
		m.note(sbom.RuleEvasion, "a frame begins inside of another one: loaders differ in what they read", m.pos)
	}
	m.frame = 0
	if end := m.in.offset() + a.number; a.number > 0 && end > 0 {
		m.frame = end
	}
}

// framed notes an opcode that reaches beyond its frame, and looks for code in its argument.
func (m *machine) framed() {
	end, hidden := m.in.offset(), m.arg.text
	if m.arg.length > maxText {
		hidden = m.in.peek(int(min(m.arg.length, windowSize)))
		end += m.arg.length
	}
	if end <= m.frame {
		return
	}
	m.note(sbom.RuleEvasion, "an opcode reaches beyond its frame: loaders differ in what they read", m.pos)
	for from := 0; from < len(hidden) && !m.strict; {
		i := from + m.candidate(hidden[from:], true)
		if i < len(hidden) {
			if t := m.glimpse(hidden[i:min(len(hidden), i+maxTry)], m.pos); t.harm() {
				t.moveTo(m.pos)
				m.tally.merge(t)
				return
			}
		}
		from = i + 1
	}
}
