package jinja

import (
	"strings"
	"testing"
)

// Templates in the style of those that models ship.
var ordinary = map[string]string{
	"chatml":   "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
	"llama":    "{{- bos_token }}\n{%- if custom_tools is defined %}\n    {%- set tools = custom_tools %}\n{%- endif %}\n{%- if builtin_tools is defined or tools is not none %}\n    {{- \"Environment: ipython\\n\" }}\n{%- endif %}{%- set ns = namespace(found=false) %}{% set ns.found = true %}{{ strftime_now(\"%d %b %Y\") }}{{ raise_exception('no') }}{{ tool | tojson(indent=4) }}",
	"prompt":   "{{ 'Write code: import os; os.system(\"ls\"); if __name__ == \"__main__\": eval(input()) and never exec() or subprocess' }} import os __class__ eval(x) {{ messages[0].content | trim }}",
	"tokens":   "{{ '<|__end__|>' }}{{ '__start' }}{{ '_' }}{{ '__' }}{%- set model_identity = 'x' %}",
	"macro":    "{%- macro render(param, open) -%}{{ param.type }}{%- endmacro -%}{{ render(x, 1) }}{%- macro open(x) %}{% endmacro %}",
	"split":    "{%- if '</think>' in content %}{%- set content = content.split('</think>')[-1].lstrip('\\n') %}{%- endif %}{{ message.tool_calls[0].function.name }}{{ tool_call['name'] }}{{ d.items() }}",
	"comment":  "{# import os; self.__class__ #}{{ bos_token }}",
	"braces":   "{{ {'a': {'b': 1}} | tojson }}{{ '}}' }}{%- generation %}x{%- endgeneration %}",
	"from map": "{{ tools | map(attribute='function') | join(', ') }}{% for x in xs recursive %}{{ loop.index0 }}{{ loop(x) }}{% endfor %}{{ message['from'] }}{{ compile }}",
	"self":     "{% block a %}{% endblock %}{{ self.a() }}",
	"raw":      "{% raw %}{{ x.__class__ }}{% endraw %}ok",
}

func TestOrdinary(t *testing.T) {
	for name, text := range ordinary {
		if got := Suspicious(text); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestSuspicious(t *testing.T) {
	for name, text := range map[string]string{
		"classic":                      "{{ ''.__class__.__mro__[1].__subclasses__() }}",
		"subscript":                    "{{ x['__class__'] }}",
		"concatenated":                 "{{ x['__cla' ~ 'ss__'] }}",
		"plus":                         "{{ x|attr('__' + 'globals' + '__') }}",
		"join":                         "{{ x[['__','init__']|join] }}",
		"hex":                          `{{ x['\x5f\x5fclass\x5f\x5f'] }}`,
		"unicode":                      `{{ x['\u005f_class__'] }}`,
		"octal":                        `{{ x['\137_class__'] }}`,
		"attr":                         "{{ x | attr(y) }}",
		"lipsum":                       "{{ lipsum.x }}",
		"cycler":                       "{{ cycler['x'] }}",
		"joiner":                       "{%- set j = joiner.x %}",
		"self":                         "{{ self._TemplateReference }}",
		"import":                       "{%- import 'x' as y %}",
		"from":                         "{% from 'x' import y %}",
		"include":                      "{% include 'x' %}",
		"os":                           "{{ os.system('x') }}",
		"eval":                         "{{ eval('1') }}",
		"popen":                        "{{ x.popen('id').read() }}",
		"dunder name":                  "{{ __import__('os') }}",
		"in condition":                 "{% if x.__init__ %}{% endif %}",
		"after a string with a closer": "{{ '}}' ~ x.__class__ }}",
		"not closed":                   "{{ x.__class__",
		"after raw":                    "{% raw %}{% endraw %}{{ x.__class__ }}",
		"raw forged":                   "{{ 'raw' }}{{ x.__class__ }}",
	} {
		if Suspicious(text) == nil {
			t.Errorf("%s: nothing found", name)
		}
	}
}

func TestInspect(t *testing.T) {
	c, findings := Inspect("tool_use", "{{ x.__class__ }}")
	if len(c.SHA256) != 64 || c.Text == "" || len(findings) != 1 || findings[0].Message != `the chat template "tool_use" uses __class__` {
		t.Errorf("got %+v, %+v", c, findings)
	}
	if c, _ := Inspect("", strings.Repeat("x", MaxText+1)); c.Text != "" || c.SHA256 == "" {
		t.Error("the text of a large template was kept")
	}
}

func Fuzz(f *testing.F) {
	for _, text := range ordinary {
		f.Add(text)
	}
	f.Add(`{{ x['\x5f\x5fclass\x5f\x5f'] }}`)
	f.Add("{%")
	f.Fuzz(func(t *testing.T, text string) { Inspect("", text) })
}
