package sbom

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

//go:embed spdx-ids.txt
var spdxIDs string // one id a line, from the SPDX licence list that CycloneDX 1.6 and 1.7 share

var spdxTable = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for line := range strings.Lines(spdxIDs) {
		if id := strings.TrimSpace(line); id != "" {
			table[strings.ToLower(id)] = id
		}
	}
	return table
})

// SPDXID gives SPDX's own spelling of a licence or exception id, whatever the
// case of s.
func SPDXID(s string) (id string, ok bool) {
	id, ok = spdxTable()[strings.ToLower(strings.TrimSpace(s))]
	return id, ok
}

// ParseLicense reads what a source states: an SPDX id, an SPDX expression of
// known ids, or else a name, verbatim.
func ParseLicense(s string) License {
	s = strings.Join(strings.Fields(s), " ")
	if s == "" {
		return License{}
	}
	if id, ok := SPDXID(s); ok {
		return License{ID: id}
	}
	if e, ok := spdxExpression(s); ok {
		return License{Expression: e}
	}
	return License{Name: s}
}

var (
	licenseToken = regexp.MustCompile(`\(|\)|[^\s()]+`)
	licenseRef   = regexp.MustCompile(`^(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$`)
)

// spdxExpression checks s against the grammar of SPDX 2.3 annex D and gives it
// with the ids in SPDX's spelling.
func spdxExpression(s string) (string, bool) {
	p := &expression{tokens: licenseToken.FindAllString(s, -1)}
	if len(p.tokens) == 0 || len(p.tokens) > 200 || !p.or(0) || p.at != len(p.tokens) {
		return "", false
	}
	out := strings.Join(p.tokens, " ")
	out = strings.ReplaceAll(strings.ReplaceAll(out, "( ", "("), " )", ")")
	return out, true
}

type expression struct {
	tokens []string
	at     int
}

const maxExpressionDepth = 50

func (p *expression) or(depth int) bool { return p.list("OR", depth, p.and) }

func (p *expression) and(depth int) bool { return p.list("AND", depth, p.with) }

func (p *expression) list(operator string, depth int, operand func(int) bool) bool {
	if depth > maxExpressionDepth || !operand(depth) {
		return false
	}
	for p.at < len(p.tokens) && strings.EqualFold(p.tokens[p.at], operator) {
		p.tokens[p.at] = operator
		p.at++
		if !operand(depth) {
			return false
		}
	}
	return true
}

func (p *expression) with(depth int) bool {
	if p.at >= len(p.tokens) {
		return false
	}
	if p.tokens[p.at] == "(" {
		p.at++
		if !p.or(depth+1) || p.at >= len(p.tokens) || p.tokens[p.at] != ")" {
			return false
		}
		p.at++
		return true
	}
	if !p.id() {
		return false
	}
	if p.at < len(p.tokens) && strings.EqualFold(p.tokens[p.at], "WITH") {
		p.tokens[p.at] = "WITH"
		p.at++
		return p.at < len(p.tokens) && p.id()
	}
	return true
}

func (p *expression) id() bool {
	t := p.tokens[p.at]
	plus := strings.HasSuffix(t, "+")
	id, ok := SPDXID(t)
	if !ok && plus {
		if id, ok = SPDXID(strings.TrimSuffix(t, "+")); ok {
			id += "+"
		}
	}
	if !ok && licenseRef.MatchString(t) {
		id, ok = t, true
	}
	if !ok {
		return false
	}
	p.tokens[p.at] = id
	p.at++
	return true
}
