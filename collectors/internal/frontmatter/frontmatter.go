// Package frontmatter reads the YAML block at the head of a Markdown file, as
// the cards of the Hugging Face hub have it. Scalars keep the text that the
// author wrote: "language: no" is the word no, and "1.10" stays so.
package frontmatter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is read.
const (
	maxBlock   = 4 << 20 // bytes of one block
	maxEntries = 1000    // keys
	maxLead    = 50      // blank lines before the block
)

// Block is the text between the two rulers.
type Block struct {
	Text string
	Line int // of Text's first line, from 1
}

// Split parts a text, with plain newlines, into its front matter and the rest,
// whose first line is bodyLine. Without front matter ok is false.
func Split(text string) (b Block, body string, bodyLine int, ok bool) {
	rest, line := text, 1
	for range maxLead {
		head, tail, more := strings.Cut(rest, "\n")
		if head = strings.TrimSpace(head); head == "---" && more {
			rest, line = tail, line+1
			ok = true
			break
		} else if head != "" || !more {
			break
		}
		rest, line = tail, line+1
	}
	if !ok {
		return Block{}, text, 1, false
	}
	b.Line = line
	for at := 0; ; {
		end := strings.IndexByte(rest[at:], '\n')
		last := end < 0
		if last {
			end = len(rest) - at
		}
		if s := strings.TrimRight(rest[at:at+end], " \t"); s == "---" {
			b.Text = rest[:at]
			return b, rest[min(at+end+1, len(rest)):], line + 1, true
		}
		if last {
			return Block{}, text, 1, false
		}
		at += end + 1
		line++
	}
}

// Map holds the keys of a block in order.
type Map struct{ entries []Entry }

// Entry is one key.
type Entry struct {
	Key  string
	Line int // of the key
	Node *yaml.Node
}

// Parse reads a block. Where it is no YAML, what can be read key by key is
// returned beside the error, which names the line.
func Parse(b Block) (Map, error) {
	if len(b.Text) > maxBlock {
		return Map{}, &sbom.Problem{Line: b.Line, Reason: fmt.Sprintf("the front matter has %d bytes, more than the %d of any real card", len(b.Text), maxBlock)}
	}
	root, err := decode(b.Text)
	if err != nil {
		line := b.Line + max(errorLine(err)-1, 0)
		problem := &sbom.Problem{Line: line, Reason: "the front matter is no YAML: " + plain(err)}
		m, more := salvage(b)
		return m, errors.Join(problem, more)
	}
	if root == nil {
		return Map{}, nil
	}
	if root.Kind != yaml.MappingNode {
		return Map{}, &sbom.Problem{Line: b.Line, Reason: "the front matter is no mapping of keys to values"}
	}
	var m Map
	return m, m.take(root, b.Line-1)
}

func decode(text string) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	if n := doc.Content[0]; n.Kind != yaml.ScalarNode || n.Tag != "!!null" {
		return n, nil
	}
	return nil, nil
}

// take adds the keys of a mapping; of keys given twice the last wins.
func (m *Map) take(root *yaml.Node, shift int) error {
	var problems []error
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			continue
		}
		if len(m.entries) >= maxEntries {
			problems = append(problems, &sbom.Problem{Line: k.Line + shift, Reason: fmt.Sprintf("the front matter has more than %d keys; the rest is not read", maxEntries)})
			break
		}
		move(v, shift, 0)
		e := Entry{Key: k.Value, Line: k.Line + shift, Node: v}
		if old := m.find(k.Value); old != nil {
			problems = append(problems, &sbom.Problem{Line: e.Line, Reason: fmt.Sprintf("the key %q stands twice, first in line %d; the last one is used", clip(k.Value), old.Line)})
			*old = e
			continue
		}
		m.entries = append(m.entries, e)
	}
	return errors.Join(problems...)
}

const maxDepth = 100

// move turns the lines of a node into lines of the file.
func move(n *yaml.Node, shift, depth int) {
	n.Line += shift
	if depth > maxDepth {
		n.Content = nil
		return
	}
	for _, c := range n.Content {
		move(c, shift, depth+1)
	}
}

func (m *Map) find(key string) *Entry {
	for i := range m.entries {
		if m.entries[i].Key == key {
			return &m.entries[i]
		}
	}
	return nil
}

// Entries are the keys in order.
func (m Map) Entries() []Entry { return m.entries }

// Has tells whether the key stands there, even without a value.
func (m Map) Has(key string) bool { return m.find(key) != nil }

// Line is the line of the key, or 0.
func (m Map) Line(key string) int {
	if e := m.find(key); e != nil {
		return e.Line
	}
	return 0
}

// Get gives the value of a key.
func (m Map) Get(key string) Value {
	if e := m.find(key); e != nil {
		return Value{e.Node}
	}
	return Value{}
}

var yamlLine = pattern.Lazy(`line (\d+):`)

func errorLine(err error) int {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 1
}

func plain(err error) string {
	s := strings.TrimPrefix(err.Error(), "yaml: ")
	return clip(yamlLine.ReplaceAllString(s, ""))
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "..."
	}
	return s
}
