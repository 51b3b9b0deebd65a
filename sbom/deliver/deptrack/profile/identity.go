package profile

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/purl"
)

// identity is what the server tells components apart by, as it stores it.
type identity struct {
	service                         bool
	purl, cpe, group, name, version string
}

func identityOf(c *sbom.Component) identity {
	return identity{c.Kind == sbom.KindService, c.Keys.PURL, c.CPE, c.Group, c.Name, c.Version}
}

// place names a file by its path: the folder is the group.
func place(n *sbom.Node, group, name string) (string, string) {
	p := strings.TrimSuffix(n.Keys.Path, "/")
	if p == "" || p == "." {
		return group, name
	}
	dir := path.Dir(strings.TrimPrefix(p, "./"))
	if dir == "." {
		dir = ""
	}
	return dir, path.Base(p)
}

// apart gives a group of its own to what would be taken for another one.
func (m *maker) apart() {
	slices.SortFunc(m.out.Nodes, func(a, b *sbom.Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for _, n := range m.out.Nodes {
		if n.ID == m.out.Root {
			continue // it becomes the project
		}
		for try := 0; m.names[identityOf(&n.Component)]; try++ {
			where := string(n.ID)
			if of := m.Node[n.ID]; of != nil && of.Keys.Path != "" && try == 0 {
				where = of.Keys.Path
			}
			if try > 1 {
				where += "+" + strings.Repeat("+", try)
			}
			n.Group = cut(where)
		}
		m.names[identityOf(&n.Component)] = true
	}
}

// cut makes a name fit, so that two that differ still do. Java counts in UTF-16.
func cut(s string) string {
	s = text(s, 0)
	if units(s) <= maxName {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	mark := "~" + hex.EncodeToString(sum[:6]) + "~"
	runes := []rune(s)
	const head = 60
	tail := runes[head:]
	for room := units(s) + len(mark); room > maxName; tail = tail[1:] {
		room -= max(utf16.RuneLen(tail[0]), 1)
	}
	return text(string(runes[:head])+mark+string(tail), 0)
}

// unreadable gives a package URL that the server would drop; "" where it reads it.
func unreadable(s string) string {
	if s == "" {
		return ""
	}
	if canonical, err := purl.Canonical(s); err != nil || len(s) > maxPURL || !strings.HasPrefix(canonical, "pkg:") || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return s
	}
	return ""
}
