package pep508

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Requirement{
		"torch":                     {Name: "torch"},
		"Torch_X [a,b] >=2,<3,":     {Name: "Torch_X", Extras: []string{"a", "b"}, Specifier: ">=2,<3,"},
		"a (== 1.0) ; os_name=='x'": {Name: "a", Specifier: "== 1.0", Marker: "os_name=='x'"},
		"a @ https://h/a.zip;x=1":   {Name: "a", URL: "https://h/a.zip;x=1"},
		"a @ git+ssh://h/a@v1 ; python_version < '3' or (extra == \"b\" and os_name not in 'c d')": {Name: "a", URL: "git+ssh://h/a@v1", Marker: "python_version < '3' or (extra == \"b\" and os_name not in 'c d')"},
	} {
		got, err := Parse(text)
		if err != nil || got.Name != want.Name || !slices.Equal(got.Extras, want.Extras) || got.Specifier != want.Specifier || got.URL != want.URL || got.Marker != want.Marker {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-x", "a b", "a[b", "a>=", "a==1.*.2", "a>=1,,<2", "a @", "a; nope == '1'", "a; os_name", "a ~=1", "a" + strings.Repeat("x", MaxLength)} {
		if r, err := Parse(text); err == nil {
			t.Errorf("%.40q is taken: %+v", text, r)
		}
	}
	if err := CheckMarker(strings.Repeat("(", 1000)); err == nil {
		t.Error("deep parentheses are taken")
	}
}

func TestExact(t *testing.T) {
	for text, want := range map[string]string{
		"==1.0": "1.0", " == 2.5.1+cpu ": "2.5.1+cpu", "===1.0": "1.0", "==1.0,": "1.0",
		"==1.*": "", ">=1": "", "==1,!=2": "1", "===foo": "", "": "", "~=1.0": "", "==${V}": "",
	} {
		if got := Exact(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func Fuzz(f *testing.F) {
	f.Add("a[b,c]>=1,<2; python_version < '3'")
	f.Add("a @ git+https://h/x@v1 ; extra == 'y'")
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := Parse(text); err == nil && (r.Name == "" || Normalize(Normalize(r.Name)) != Normalize(r.Name)) {
			t.Errorf("%q: %+v", text, r)
		}
	})
}

func FuzzMarker(f *testing.F) {
	f.Add(`python_version >= "3.8" and (os_name == 'nt' or extra == 'A_b')`)
	f.Add(`'x' in extras or "a\x41\n" ~= platform_release`)
	env := Environment{Values: map[string]string{"python_version": "3.12", "os_name": "posix", "extra": ""}, Sets: map[string][]string{"extras": {"x"}}}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMarker(text)
		if err != nil {
			return
		}
		ok, err := m.Evaluate(env)
		again, broken := ParseMarker(m.String())
		if broken != nil || strings.Contains(text, `\`) {
			return // a text with line ends or escapes has no normal form
		}
		same, err2 := again.Evaluate(env)
		if again.String() != m.String() || ok != same || (err == nil) != (err2 == nil) {
			t.Errorf("%q: %q %v %v, then %q %v %v", text, m, ok, err, again, same, err2)
		}
	})
}

func TestEvaluate(t *testing.T) {
	env := Environment{Values: map[string]string{"python_full_version": "3.13.0+", "sys_platform": "linux"}}
	for marker, want := range map[string]bool{
		"": true, " ": true, "sys_platform == 'linux'": true, "python_full_version >= '3.13'": true, "python_full_version == '3.13.0'": true,
		"sys_platform == 'win32' or sys_platform == 'linux' and python_full_version < '3'": false,
	} {
		if got, err := Evaluate(marker, env); err != nil || got != want {
			t.Errorf("%q: %v, %v", marker, got, err)
		}
	}
	for _, marker := range []string{"os_name == 'nt'", "sys_platform == 'linux' or os_name == 'nt'", "sys_platform == sys_platform", "'a' == 'a'", "sys_platform", "'a' in extras", "extras == 'a'", "sys_platform ~= 'a'"} {
		if got, err := Evaluate(marker, env); err == nil {
			t.Errorf("%q: %v", marker, got)
		}
	}
}
