package jinja

import (
	"strings"
	"testing"
)

// TestBypasses: ways to spell an attribute that no single literal spells.
func TestBypasses(t *testing.T) {
	for name, text := range map[string]string{
		"concatenation in three":  "{{ x['_' ~ '_class_' ~ '_'] }}",
		"repeated":                "{{ x['_'*2 ~ 'class' ~ '_'*2] }}",
		"variables":               "{% set a = '__cla' %}{% set b = 'ss__' %}{{ x[a ~ b] }}",
		"variable of a variable":  "{% set a = '__cla' %}{%- set b = a ~ 'ss__' -%}{{ x[b] }}",
		"namespace":               "{% set ns = namespace(a='__init') %}{% set ns.b = ns.a ~ '__' %}{{ x[ns.b] }}",
		"block":                   "{% set a %}__class__{% endset %}{{ x[a] }}",
		"format filter":           "{{ x['%s%s'|format('__cla', 'ss__')] }}",
		"letters by number":       "{{ x['%c%cclass%c%c'|format(95, 95, 95, 95)] }}",
		"format method":           "{{ x['{}{}{}'.format('__', 'class', '__')] }}",
		"format method by place":  "{{ x['{0}class{0}'.format('__')] }}",
		"percent":                 "{{ x['%s%s' % ('__cla', 'ss__')] }}",
		"percent of one":          "{{ x['%sclass__' % '__'] }}",
		"reversed":                "{{ x['__ssalc__'[::-1]] }}",
		"filter reverse":          "{{ x['__slabolg__'|reverse] }}",
		"lower":                   "{{ x['__CLASS__'|lower] }}",
		"method lower":            "{{ x['__GLOBALS__'.lower()] }}",
		"replace":                 "{{ x['XXclassXX'|replace('X', '_')] }}",
		"method replace":          "{{ x['--class--'.replace('-', '_')] }}",
		"join":                    "{{ x[['__', 'class', '__']|join] }}",
		"join with":               "{{ x[('', 'class', '')|join('__')] }}",
		"cut":                     "{{ x['" + strings.Repeat("a", 50) + "__class__'[50:]] }}",
		"named letter":            `{{ x['\N{LOW LINE}\N{LOW LINE}class\N{LOW LINE}_'] }}`,
		"letters of an object":    "{% set l = (()|select|string|list) %}{{ x[l[24] ~ l[24]] }}",
		"map of attr":             "{{ [x]|map('attr', y)|list }}",
		"brackets":                "{{ x[('__class__')] }}",
		"octal in parts":          `{{ x['\137\137' ~ 'class__'] }}`,
		"macro":                   "{% macro m(a) %}{{ x[a] }}{% endmacro %}{{ m('__cla' ~ 'ss__') }}",
		"dict":                    "{{ x[dict(__class__=1)|first] }}",
		"literals beside another": "{{ x['__cla' 'ss__'] }}",
	} {
		if Suspicious(text) == nil {
			t.Errorf("%s: nothing found in %s", name, text)
		}
	}
}

// TestPutTogether: texts that templates put together for no harm.
func TestPutTogether(t *testing.T) {
	for name, text := range map[string]string{
		"role":    "{% set role = 'user' %}{{ '<|' ~ role ~ '|>' ~ '\\n' }}{{ '<|im_start|>' + message['role'] + '\\n' }}",
		"block":   "{% set text %}Hello, {{ name }}.{% endset %}{{ text }}",
		"indent":  "{{ ' ' * 4 ~ '- ' ~ x.name }}{{ '%.2f'|format(x) }}{{ '{}: {}'.format(k, v) }}",
		"slice":   "{{ messages[1:] }}{{ messages[::-1] }}{{ content[:-1] }}{{ 'abc'[::-1] }}",
		"replace": "{{ content|replace('<', '&lt;')|upper }}{{ '_'.join(parts) }}{{ tools|map(attribute='name')|list }}",
		"prompt":  "{% set p = 'When you write Python, put code under if __name__ == \"__main__\", define __init__ methods, and so on.' %}{{ p ~ p }}",
		"ns":      "{% set ns = namespace(found=false, text='') %}{% set ns.text = ns.text ~ '__' %}{{ ns.text }}",
		"string":  "{{ x|string }}{{ x|list }}{{ (x|string)|length }}",
	} {
		if got := Suspicious(text); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}
