package card

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var (
	urlText  = pattern.Lazy(`https?://[^\s<>"'\x60\[\]{}|\\^]+`)
	mdLink   = pattern.Lazy(`\[([^\[\]]+)\]\((https?://[^()\s]+)`)
	mailText = pattern.Lazy(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	bibEntry = pattern.Lazy(`(?s)@[A-Za-z]+\s*\{.*\}`)
)

const maxURLs = 50

// URLs are the web addresses in a Markdown text, in order.
func URLs(s string) []string {
	var list []string
	for _, u := range urlText.FindAllString(s, maxURLs) {
		if i := strings.IndexByte(u, ')'); i >= 0 && !strings.Contains(u[:i], "(") {
			u = u[:i]
		}
		if u = strings.TrimRight(u, ".,;:!?*)"); len(u) > len("https://x") && len(u) <= maxValue {
			list = append(list, u)
		}
	}
	return list
}

// maxParty bounds a name of people, in bytes: more is a story.
const maxParty = 120

// PartyOf reads "Ann", "[Ann](https://...)" or "Ann <ann@example.com>"; what is
// prose gives none.
func PartyOf(s string) sbom.Party {
	s = strings.TrimSpace(s)
	var p sbom.Party
	if m := mdLink.FindStringSubmatch(s); m != nil {
		p.URL = m[2]
	} else if u := URLs(s); len(u) > 0 {
		p.URL = u[0]
		if strings.Trim(s, " <>.") == p.URL {
			return sbom.Party{}
		}
	}
	name := markdown.Plain(s)
	if m := mailText.FindString(name); m != "" {
		p.Email, name = m, strings.Replace(name, m, "", 1)
	}
	name = urlText.ReplaceAllString(name, "")
	name = strings.NewReplacer("()", "", "<>", "", "( )", "").Replace(name)
	p.Name = strings.Trim(name, " .,;:-–()<>*_|")
	if strings.Count(name, "(") > strings.Count(name, ")") || strings.HasSuffix(strings.TrimRight(name, " .,"), ")") {
		p.Name = strings.Trim(name, " .,;:-–<>*_|")
	}
	if p.Name == "" || Placeholder(p.Name) || len(p.Name) > maxParty || strings.Contains(p.Name, ". ") {
		return sbom.Party{}
	}
	return p
}

// Contact is a labelled contact in plain words, with its mail addresses.
func Contact(value string) string {
	plain := markdown.Plain(value)
	for _, mail := range mailText.FindAllString(value, maxURLs) {
		if !strings.Contains(plain, mail) {
			plain += " <" + mail + ">"
		}
	}
	return plain
}

// Citation is the BibTeX of a section, or else its text. Above all the first
// entry counts.
func Citation(s Section) (string, int) {
	for _, code := range s.Code() {
		if t := strings.TrimSpace(code.Text); strings.HasPrefix(t, "@") || bibEntry.MatchString(t) {
			return markdown.Clip(t, maxText), code.Line + 1
		}
	}
	p := s.Prose()
	if b := bibEntry.FindString(p.Text); b != "" {
		return b, p.Line
	}
	key := markdown.Key(p.Text)
	if len(p.Text) < 20 || key == "bibtex" || key == "apa" || strings.HasPrefix(p.Text, "|") {
		return "", 0
	}
	return p.Text, p.Line
}

// RefsOf adds the addresses of a labelled value as references of one type, or of
// the type that their host tells where kind is "".
func (d *Draft) RefsOf(kind, value string, line int) {
	for _, u := range URLs(value) {
		t := kind
		switch {
		case strings.Contains(u, "arxiv.org/") || strings.Contains(u, "doi.org/") || strings.HasSuffix(u, ".pdf"):
			t = "documentation"
		case t == "" && (strings.HasPrefix(u, "https://github.com/") || strings.HasPrefix(u, "https://gitlab.com/")):
			t = "vcs"
		case t == "":
			t = "documentation"
		}
		d.Ref(t, u, line)
	}
}
