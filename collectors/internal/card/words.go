package card

import (
	"strings"
	"unicode"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var (
	leftover = pattern.Lazy(`(?i)more information (?:is )?needed|needs more information|information needed|\{\{|\{%|%\}|\}\}|\[(?:your|insert|add|todo|model|dataset|name|link|optional|needs)[^\]]*\](?:[^(]|$)|lorem ipsum|<(?:insert|your|add)[^>]*>|^\W*todo\b|^\W*specify your (?:own )?(?:licen[cs]e|citation|dataset)\b`)
	bibtex   = pattern.Lazy(`^@[A-Za-z]+\s*\{`)
	braces   = pattern.Lazy(`[{}]+([^\s{}]|\s*$)`) // of BibTeX: "title={{BERT}}}", and no "{{ title }}"
	guidance = pattern.Lazy(`(?i)^\W*(?:use the code below to get started with the model|carbon emissions can be estimated using the|users \(both direct and downstream\) should be made aware of the risks, biases and limitations of the model\.(?: more information needed for further recommendations\.)?$|see .*associated paper.*$|if there is a paper or blog post introducing the)`)
	empty    = pattern.Lazy(`(?i)^(?:n/?a|none|null|nil|unknown|not (?:available|specified|provided|applicable|disclosed|stated)|tbd|tba|todo|to be (?:added|determined|announced)|to do|coming soon|wip|\.\.\.|…|\?+|-+|more|needed)\.?$`)
)

// Placeholder tells whether a text is what a template leaves behind or what
// people write where they have no answer.
func Placeholder(s string) bool {
	whole := strings.TrimSpace(s) + " "
	s = strings.Trim(whole, "*_`\"'[]() ")
	if s == "" || empty.MatchString(s) || hub.IsPlaceholder(s) || guidance.MatchString(s) {
		return true
	}
	if bibtex.MatchString(s) {
		whole = braces.ReplaceAllString(whole, "$1")
	}
	if m := leftover.FindStringIndex(whole); m != nil {
		return m[1]-m[0] > len(s)/3 || len(s) < 200
	}
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0
}
