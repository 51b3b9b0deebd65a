package pickle

import (
	"strings"
	"sync"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Some classes run text that stands in the state that they are given.
const (
	templateKey = "_parse_arg_template" // scipy.stats, rv_generic.__setstate__: exec
	formulaKey  = "formula"             // statsmodels.base.data, ModelData.__setstate__: patsy or formulaic evaluate it
)

// template is what SciPy itself writes there: three functions that return their arguments.
var template = sync.OnceValue(func() *pattern.Pattern {
	const names = `[A-Za-z0-9_, ]*`
	return pattern.Lazy(`^\s*(?:def _parse_args(?:_rvs|_stats)?\(self, ` + names + `(?:loc=0)?(?:, scale=1)?(?:, size=None|, moments='mv')?\):\n` +
		`    return (?:\(` + names + `\), ` + names + `|self\._argcheck_rvs\(` + names + `(?:size=size)?\))\s*)+$`)
})

// formula is one that calls nothing but what formulas are made of.
var formula = sync.OnceValue(func() *pattern.Pattern {
	const word = `[A-Za-z0-9_]+(?:\.[0-9]+)?(?:[ ~+\-*:|^)/,=<>]|$)`
	return pattern.Lazy(`^(?:(?:C|I|Q|bs|cr|cc|te|center|standardize|scale|poly|Treatment|Sum|Poly|Helmert|Diff|` +
		`np\.(?:log|log2|log10|log1p|exp|expm1|sqrt|abs|power|square|sin|cos|tan))\(|` + word + `|'[A-Za-z0-9_ .\-]*'|"[A-Za-z0-9_ .\-]*"|[ ~+\-*:|^()/,=<>])*$`)
})

// executes notes a state whose text the class runs.
func (m *machine) executes(o *Object) {
	root := rootOf(o)
	if text, ok := o.hooks[templateKey]; ok {
		if s, isText := text.(Str); !isText || len(s) >= maxText || !template().MatchString(string(s)) {
			m.runs(root, text)
		}
	}
	if text, ok := o.hooks[formulaKey]; ok && strings.HasPrefix(root.Module, "statsmodels.") {
		if s, isText := text.(Str); !isText || len(s) >= maxText || !formula().MatchString(string(s)) {
			m.runs(root, text)
		}
	}
}

func (m *machine) runs(g *Global, text Value) {
	by := m.tally.global(g.Module, dotted(g.Name, "__setstate__"))
	m.used(by, called, []Value{text})
	m.tally.of(by).why = "runs a text in its state"
}
