package license

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]Expression{
		"MIT": {Text: "MIT"},
		" (mit  or apache-2.0) and\tBSD-3-Clause ":                   {Text: "(MIT OR Apache-2.0) AND BSD-3-Clause"},
		"GPL-2.0-or-later WITH classpath-exception-2.0":              {Text: "GPL-2.0-or-later WITH Classpath-exception-2.0"},
		"GPL-2.0+ OR EPL-1.0+":                                       {Text: "GPL-2.0+ OR EPL-1.0+", Deprecated: []string{"GPL-2.0+"}},
		"LGPL-2.1 AND GPL-3.0 AND LGPL-2.1":                          {Text: "LGPL-2.1 AND GPL-3.0 AND LGPL-2.1", Deprecated: []string{"GPL-3.0", "LGPL-2.1"}},
		"DocumentRef-a:LicenseRef-b.1 OR LicenseRef-c":               {Text: "DocumentRef-a:LicenseRef-b.1 OR LicenseRef-c", Refs: []string{"DocumentRef-a:LicenseRef-b.1", "LicenseRef-c"}},
		"MIT OR No-Such-1.0 OR No-Such-1.0":                          {Text: "MIT OR No-Such-1.0 OR No-Such-1.0", Unknown: []string{"No-Such-1.0"}},
		"MIT WITH AdditionRef-x":                                     {Text: "MIT WITH AdditionRef-x"},
		"MIT WITH No-Such-exception":                                 {Text: "MIT WITH No-Such-exception", Unknown: []string{"No-Such-exception"}},
		"CDDL-1.0+ AND (Apache-2.0 WITH LLVM-exception)":             {Text: "CDDL-1.0+ AND (Apache-2.0 WITH LLVM-exception)"},
		"MIT AND MIT OR (MIT AND (MIT OR (OpenMDW-1.0)))":            {Text: "MIT AND MIT OR (MIT AND (MIT OR (OpenMDW-1.0)))"},
		strings.Repeat("(", 100) + "0BSD" + strings.Repeat(")", 100): {Text: strings.Repeat("(", 100) + "0BSD" + strings.Repeat(")", 100)},
	} {
		got, err := Parse(in)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, %v\nwant %+v", in, got, err, want)
		}
		if again, err := Parse(got.Text); err != nil || again.Text != got.Text {
			t.Errorf("%q does not stay as it is: %q, %v", got.Text, again.Text, err)
		}
	}
}

func TestBreaches(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "it is empty",
		"  ":                                 "it is empty",
		"Apache License 2.0":                 `want AND, OR or the end at character 8, not "License"`,
		"MIT AND":                            "it ends too early: want a licence id",
		"(MIT":                               "it ends too early: want a closing parenthesis",
		"MIT)":                               `want AND, OR or the end at character 4, not ")"`,
		"()":                                 `want a licence id at character 2, not ")"`,
		"OR MIT":                             `want a licence id at character 1, not "OR"`,
		"MIT AND AND MIT":                    `want a licence id at character 9, not "AND"`,
		"MIT WITH":                           "it ends too early: want the id of an exception after WITH",
		"MIT WITH Apache-2.0":                `a licence is no exception; want the id of an exception after WITH at character 10, not "Apache-2.0"`,
		"Classpath-exception-2.0":            `an exception stands after WITH only; want a licence id at character 1, not "Classpath-exception-2.0"`,
		"(MIT) WITH Classpath-exception-2.0": `want AND, OR or the end at character 7, not "WITH"`,
		"MIT/Apache-2.0":                     `want a licence id at character 1, not "MIT/Apache-2.0"`,
		"MIT, BSD":                           `want a licence id at character 1, not "MIT,"`,
		"LicenseRef-":                        "", // no reference: it has no name, but the letters of an id
		"\x1b[31m":                           `want a licence id at character 1, not "\x1b[31m"`,
		strings.Repeat("(", 101) + "MIT" + strings.Repeat(")", 101): "parentheses more than 100 deep",
		strings.Repeat("MIT OR ", 10_000) + "MIT":                   "more than 20000 words",
	} {
		switch e, err := Parse(in); {
		case want == "" && (err != nil || len(e.Unknown) != 1):
			t.Errorf("%q: got %+v, %v", in, e, err)
		case want != "" && (err == nil || err.Error() != want):
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}

func TestFind(t *testing.T) {
	for in, want := range map[string]Entry{
		"apache-2.0":     {ID: "Apache-2.0"},
		"gpl-2.0":        {ID: "GPL-2.0", Deprecated: true},
		"GPL-2.0+":       {ID: "GPL-2.0+", Deprecated: true},
		"llvm-EXCEPTION": {ID: "LLVM-exception", Exception: true},
		"MVT-1.1":        {ID: "MVT-1.1", Newer: true},
	} {
		if got, ok := Find(in); !ok || got != want {
			t.Errorf("%s: got %+v, %v", in, got, ok)
		}
	}
	if e, ok := Find("nothing"); ok {
		t.Error(e)
	}
}

func Fuzz(f *testing.F) {
	for _, s := range []string{"MIT", "(MIT OR Apache-2.0) AND GPL-2.0+ WITH Classpath-exception-2.0", "LicenseRef-a", "((", "WITH", "MIT AND", "DocumentRef-a:LicenseRef-b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := Parse(s)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b\x00") {
				t.Errorf("%q", err)
			}
			return
		}
		again, err := Parse(e.Text)
		if err != nil || !reflect.DeepEqual(again, e) {
			t.Errorf("%q becomes %+v, then %+v, %v", s, e, again, err)
		}
	})
}
