package pickle

import (
	"regexp"
	"strings"
	"sync"
)

// Some classes run text that stands in the state that they are given.
const (
	templateKey = "_parse_arg_template" // scipy.stats, rv_generic.__setstate__: exec
	formulaKey  = "formula"             // statsmodels.base.data, ModelData.__setstate__: patsy or formulaic evaluate it
)

// template is what SciPy itself writes there: three functions that return their arguments.
var template = sync.OnceValue(func() *regexp.Regexp {
	const names = `[A-Za-z0-9_, ]*`
	return regexp.MustCompile(`^\s*(?:def _parse_args(?:_rvs|_stats)?\(self, ` + names + `(?:loc=0)?(?:, scale=1)?(?:, size=None|, moments='mv')?\):\n` +
		`    return (?:\(` + names + `\), ` + names + `|self\._argcheck_rvs\(` + names + `(?:size=size)?\))\s*)+$`)
})

// formula is one that calls no function by a string and reaches no attribute of an attribute.
var formula = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[A-Za-z0-9 ~+\-*:|^()/]|_[A-Za-z0-9 ~+\-*:|^()/]|np\.)*$`)
})

// executes notes a state whose text the class runs.
func (m *machine) executes(o *Object) {
	root := rootOf(o)
	if text, ok := o.hooks[templateKey]; ok {
		if s, isText := text.(Str); !isText || !template().MatchString(string(s)) {
			m.runs(root, text)
		}
	}
	if text, ok := o.hooks[formulaKey]; ok && strings.HasPrefix(root.Module, "statsmodels.") {
		if s, isText := text.(Str); !isText || !formula().MatchString(string(s)) {
			m.runs(root, text)
		}
	}
}

func (m *machine) runs(g *Global, text Value) {
	by := m.tally.global(g.Module, dotted(g.Name, "__setstate__"))
	m.used(by, called, []Value{text})
	m.tally.of(by).why = "runs a text in its state"
}
