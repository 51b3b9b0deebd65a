package archive

import (
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Escapes tells whether a name, taken as a path below a folder, leaves it: on
// any system, so that backslashes and drives count.
func Escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' && isLetter(name[0]) {
		return true
	}
	depth := 0
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// linkEscapes tells whether a link in a member leads out of the archive's folder.
func linkEscapes(name, target string) bool {
	target = strings.ReplaceAll(target, `\`, "/")
	if Escapes(target) && strings.HasPrefix(target, "/") || len(target) > 1 && target[1] == ':' && isLetter(target[0]) {
		return true
	}
	dir, _ := path.Split(strings.ReplaceAll(name, `\`, "/"))
	return Escapes(dir + target)
}

// names looks for what leaves the folder, and for two members of one name.
func (a *Archive) names() {
	seen := make(map[string]*Member, len(a.Members))
	for _, m := range a.Members {
		if Escapes(m.Name) {
			a.fault(sbom.RulePathEscape, max(m.at, 0), "the archive has a member %q, which unpacks outside of its folder", clip(m.Name))
		}
		if m.isLink {
			m.Link = a.target(m)
		}
		if m.Link != "" && linkEscapes(m.Name, m.Link) {
			a.fault(sbom.RulePathEscape, max(m.at, 0), "the archive has a link %q, which leads to %q, outside of its folder", clip(m.Name), clip(m.Link))
		}
		if strings.ContainsRune(m.Name, 0) {
			a.fault(sbom.RuleEvasion, max(m.at, 0), "the archive has a member %q, with a zero byte in its name, where some readers end it", clip(m.Name))
		}
		if old := seen[m.Name]; old == nil {
			seen[m.Name] = m
		} else if a.Kind == Zip && !m.Folder && !m.Hidden && !old.Hidden && (old.crc != m.crc || old.Size != m.Size) {
			a.fault(sbom.RuleEvasion, max(m.at, 0), "the archive has two members %q that differ, and readers take one or the other", clip(m.Name))
		}
	}
}

// target reads what a symbolic link of a zip leads to.
func (a *Archive) target(m *Member) string {
	r, err := m.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, _ := io.ReadAll(io.LimitReader(r, maxName))
	return string(text)
}

// clip shortens a name for a message.
func clip(s string) string {
	if len(s) > 120 {
		return s[:120] + "..."
	}
	return s
}
