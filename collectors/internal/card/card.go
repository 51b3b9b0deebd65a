// Package card reads what model cards and dataset cards have in common: it
// decides which of them a Markdown file is, and reads licences, languages,
// tags, gates, people and links.
package card

import (
	"errors"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// maxSize bounds a card, in bytes. The largest known are below 1 MB.
const maxSize = 8 << 20

// Card is one Markdown file, taken apart.
type Card struct {
	Kind  Kind
	Front frontmatter.Map
	// FrontLine is the first line of the front matter, 0 where there is none.
	FrontLine int
	Body      markdown.Doc
	Path      string // the path key of what the card describes
}

// Read takes a file apart if it is a card of the wanted kind; else the card is
// nil. The error tells what could not be read of the front matter.
func Read(f *sbom.File, want Kind) (*Card, error) {
	text, err := f.Text()
	if err != nil {
		return nil, readError(f, want, err)
	}
	if len(text) > maxSize {
		return nil, readError(f, want, errors.New("the file is too large for a card"))
	}
	block, body, bodyLine, hasFront := frontmatter.Split(text)
	c := &Card{Path: subject(f.Path)}
	if hasFront {
		c.Front, err = frontmatter.Parse(block)
		c.FrontLine = block.Line
	}
	c.Body = markdown.Parse(body, bodyLine)
	k := stored(f.Path, classify(c, f.Path, block.Text))
	c.Kind = k
	if k.base() != want {
		return nil, nil
	}
	return c, err
}

// readError reports an unreadable file once: a README alone, which both kinds
// match, is the model collector's.
func readError(f *sbom.File, want Kind, err error) error {
	if want == Dataset && !dataName.MatchString(path.Base(f.Path)) {
		return nil
	}
	return err
}

var (
	modelName = pattern.Lazy(`(?i)model[ _-]?card(?:[^s]|$)`)
	dataName  = pattern.Lazy(`(?i)data(set)?[ _-]?(card|sheet)`)
	noise     = pattern.Lazy(`(?i)(model|dataset|data|card|sheet|readme|\bmd\b)`)
)

// subject is the folder of the card, or a part of it for a card whose name
// tells which of several things it describes ("whisper_model_card.md").
func subject(name string) string {
	dir, base := sbom.DirOf(name), path.Base(name)
	if strings.HasPrefix(strings.ToLower(base), "readme") {
		return dir
	}
	stem := strings.Trim(noise.ReplaceAllString(strings.TrimSuffix(base, path.Ext(base)), ""), " ._-()0123456789")
	if stem == "" {
		return dir
	}
	return dir + "#" + strings.TrimSuffix(base, path.Ext(base))
}

// Title is the first heading of the body of the first level, if it names the
// thing. Of a body without one, and where that says no more than that this is a
// card, it is the first heading of the second level.
func (c *Card) Title() markdown.Text {
	var second markdown.Text
	for i := 1; i < len(c.Body.Sections); i++ {
		s := &c.Body.Sections[i]
		name := markdown.Text{Text: titleName(s.Heading), Line: s.Line}
		if s.Level == 2 && i == 1 {
			second = name
		}
		if s.Level != 1 {
			continue
		}
		if next := i + 1; name.Text == "" && next < len(c.Body.Sections) && c.Body.Sections[next].Level == 2 && cardOf.MatchString(s.Heading) {
			return markdown.Text{Text: titleName(c.Body.Sections[next].Heading), Line: c.Body.Sections[next].Line}
		}
		return name
	}
	return second
}

var (
	cardOf   = pattern.Lazy(`(?i)^(?:a )?(?:model|dataset|data) ?cards?\b\s*(?:for|of|:|-|–|—)?\s*`)
	cardTail = pattern.Lazy(`(?i)\s*[-–—:(]?\s*(?:model|dataset|data) ?cards?\)?$`)
	nameless = pattern.Lazy(`(?i)^(?:the )?(?:model|dataset|model id|dataset name|model name|my model|name|paper\b.*|v(?:ersion)? ?\d[\d.]*|creation guide)$`)
)

// maxName bounds a name that is taken from a heading, in bytes.
const maxName = 100

// titleName is the name within a title, or "".
func titleName(s string) string {
	s = strings.TrimSpace(stripSymbols(s))
	s = strings.TrimSpace(cardTail.ReplaceAllString(cardOf.ReplaceAllString(s, ""), ""))
	s = strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
	switch key := markdown.Key(s); {
	case s == "" || len(s) > maxName || Placeholder(s) || nameless.MatchString(s) || genericTitle[key] || section(modelSections, key) != "" || section(dataSections, key) != "":
		return ""
	case strings.HasSuffix(s, ":") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "."):
		return ""
	}
	return s
}

var genericTitle = map[string]bool{"model details": true, "introduction": true, "overview": true, "readme": true, "model": true, "about": true,
	"model specs": true, "model description": true, "table of contents": true, "usage": true, "license": true, "disclaimer": true, "uploaded model": true,
	"model information": true, "this is": true, "contents": true, "abstract": true, "简介": true, "介绍": true, "模型介绍": true, "summary": true, "description": true, "news": true, "merge": true,
	"model overview": true, "installation": true, "quick start": true, "quickstart": true, "evaluation": true, "notes": true, "how to use": true,
	"model summary": true, "evaluation results": true, "results": true, "dataset specs": true, "training specs": true, "features": true}

// stripSymbols drops emoji and other pictures at both ends.
func stripSymbols(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r >= 0x2190 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff || r == 0xfe0f || r == 0x200d || r == ' '
	})
}
