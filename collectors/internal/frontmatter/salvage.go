package frontmatter

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var (
	topKey   = pattern.Lazy(`^([A-Za-z_][A-Za-z0-9_-]*)[ \t]*:(?:[ \t]+(.*))?$`)
	listItem = pattern.Lazy(`^[ \t]*-[ \t]+(.*?)[ \t]*$`)
	conflict = pattern.Lazy(`^(<{7}|={7}|>{7})( .*)?$`)
)

// byLine are the keys that are read line by line where even their own lines are no YAML.
var byLine = map[string]bool{"license": true, "license_name": true, "license_link": true, "base_model": true, "datasets": true,
	"tags": true, "pipeline_tag": true, "library_name": true, "language": true, "pretty_name": true, "task_categories": true, "size_categories": true}

// salvage reads a broken block key by key: what stands below one top-level key
// is read alone, so that an error spoils no more than its own key.
func salvage(b Block) (Map, error) {
	var m Map
	var problems []error
	lines := strings.Split(b.Text, "\n")
	for i, line := range lines {
		if conflict.MatchString(line) {
			lines[i] = ""
		}
	}
	for start := 0; start < len(lines); {
		end := start + 1
		for end < len(lines) && !topKey.MatchString(lines[end]) {
			end++
		}
		if topKey.MatchString(lines[start]) {
			problems = append(problems, m.take(part(lines[start:end]), b.Line-1+start))
		}
		start = end
	}
	return m, errors.Join(problems...)
}

// part is the mapping of one key; one without content where nothing can be read.
func part(lines []string) *yaml.Node {
	if n, err := decode(strings.Join(lines, "\n")); err == nil && n != nil && n.Kind == yaml.MappingNode {
		return n
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	m := topKey.FindStringSubmatch(lines[0])
	if !byLine[m[1]] {
		return root
	}
	value := &yaml.Node{Kind: yaml.SequenceNode, Line: 1}
	if s := unquote(m[2]); strings.HasPrefix(s, "[") {
		for _, item := range strings.SplitN(strings.Trim(s, "[] "), ",", maxEntries) {
			value.Content = append(value.Content, scalar(unquote(item), 1))
		}
	} else if s != "" {
		value = scalar(s, 1)
	} else {
		for i, line := range lines[1:] {
			if item := listItem.FindStringSubmatch(line); item != nil && len(value.Content) < maxEntries {
				value.Content = append(value.Content, scalar(unquote(item[1]), i+2))
			}
		}
	}
	root.Content = []*yaml.Node{scalar(m[1], 1), value}
	return root
}

func scalar(s string, line int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Line: line}
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = s[1 : len(s)-1]
	}
	return strings.TrimSpace(s)
}
