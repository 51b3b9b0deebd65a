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
	service                    bool
	purl, group, name, version string
}

// identityOf leaves out the CPE: whether one is written depends on its form.
func identityOf(c *sbom.Component) identity {
	if c.Kind == sbom.KindService {
		return identity{true, "", c.Group, c.Name, c.Version}
	}
	return identity{false, c.Keys.PURL, c.Group, c.Name, c.Version}
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
				where = strings.TrimSuffix(of.Keys.Path, "/")
			}
			if try > 1 {
				where += "+" + strings.Repeat("+", try)
			}
			n.Group = cut(where)
		}
		m.names[identityOf(&n.Component)] = true
	}
}

// cut makes a name fit, so that two that differ still do.
func cut(s string) string {
	s = text(s, 0)
	if units(s) <= maxName {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	mark := "~" + hex.EncodeToString(sum[:6]) + "~"
	const head = 60
	runes := []rune(s)
	from, room := len(runes), maxName-len(mark)-units(string(runes[:head]))
	for from > head && utf16.RuneLen(runes[from-1]) <= room {
		from--
		room -= utf16.RuneLen(runes[from])
	}
	return text(string(runes[:head])+mark+string(runes[from:]), 0)
}

// readable gives the canonical spelling of a package URL, by which the server tells
// components apart; "" for one that it would drop.
func readable(s string) string {
	canonical, err := purl.Canonical(s)
	if err != nil || len(canonical) > maxPURL || !strings.HasPrefix(canonical, "pkg:") || strings.ContainsFunc(canonical, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return ""
	}
	return canonical
}
