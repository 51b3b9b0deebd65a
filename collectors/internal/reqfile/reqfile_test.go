package reqfile

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func entries(text string) (all []string) {
	Read(text, func(e Entry) bool {
		s := fmt.Sprintf("%d %q", e.Line, e.Args)
		for _, o := range e.Options {
			s += fmt.Sprintf(" %s=%s", o.Name, o.Value)
		}
		for _, c := range e.Comments {
			s += fmt.Sprintf(" #%d%s", c.Line, c.Text)
		}
		if e.Err != nil {
			s += " !"
		}
		all = append(all, s)
		return true
	})
	return all
}

func TestRead(t *testing.T) {
	for text, want := range map[string][]string{
		"a==1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via\n    #   b\n\n# other\nb": {`1 "a==1" --hash=sha256:00 --hash=sha256:11 #4 via #5   b`, `8 "b"`},
		"a \\\n# via b\nc # via a, d":      {`1 "a" #2 via b`, `3 "c" #3 via a, d`},
		"a\\\nb":                           {`1 "ab"`},
		"a \\":                             {`1 "a"`},
		"a \\\n\nb":                        {`1 "a"`, `3 "b"`},
		"a#b # c":                          {`1 "a#b" #1 c`},
		"-rx.txt\n--requirem 'a b'\n-e.":   {`1 "" --requirement=x.txt`, `2 "" --requirement=a b`, `3 "" --editable=.`},
		"--pre=1":                          {`1 "" !`},
		"a --hash=md5:00 --hash=sha256:11": {`1 "a" --hash=md5:00 --hash=sha256:11 !`},
		"-r 'x":                            {`1 "" !`},
		"a -e b":                           {`1 "a" --editable=b !`},
		"\ufeff":                           {`1 "\ufeff"`},
		"a\u2028b\vc\nd":                   {`1 "a"`, `1 "b"`, `1 "c"`, `2 "d"`},
		"":                                 nil,
	} {
		if got := entries(text); !slices.Equal(got, want) {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func TestLongLines(t *testing.T) {
	text := strings.Repeat("a \\\n", maxLine) + "\nb # " + strings.Repeat("x", maxLine)
	if got := entries(text); len(got) != 2 || !strings.HasSuffix(got[0], "!") || !strings.HasSuffix(got[1], "!") {
		t.Errorf("%.200q", got)
	}
	n := 0
	Read(strings.Repeat("a\n", 1000), func(Entry) bool { n++; return n < 3 })
	if n != 3 {
		t.Errorf("%d entries after the end was asked for", n)
	}
}

func TestParse(t *testing.T) {
	isDir := func(s string) bool { return s == "./lib" || s == "." }
	for text, want := range map[string]string{
		"torch==2.0 ; python_version<'3'":                     "torch [] ==2.0 python_version<'3'    ",
		"https://h/torch-2.0-py3-none-any.whl ; os_name=='x'": "torch [] ==2.0 os_name=='x' https://h/torch-2.0-py3-none-any.whl   2.0",
		"https://h/a_b-2.0.tar.gz":                            "a-b []   https://h/a_b-2.0.tar.gz   2.0",
		"git+https://h/r@v1#egg=n[X]":                         "n [x]   git+https://h/r@v1#egg=n[X]   ",
		"./lib[a,b]":                                          " [a b]    ./lib  ",
		"dist/x-1.0-py3-none-any.whl":                         "x [] ==1.0   dist/x-1.0-py3-none-any.whl archive 1.0",
		"x.tgz":                                               " []    x.tgz archive ",
		"n @ https://h/x.zip":                                 "n []   https://h/x.zip   ",
	} {
		r, err := Parse(text, isDir)
		version := ""
		if r.File != nil {
			version = r.File.Version.String()
		}
		got := fmt.Sprintf("%s %v %s %s %s %s %s %s", r.Name, r.Extras, r.Specifier, r.Marker, r.URL, r.Path, map[bool]string{true: "archive"}[r.Archive], version)
		if got != want || err != nil {
			t.Errorf("%q:\ngot  %q %v\nwant %q", text, got, err, want)
		}
	}
	for _, text := range []string{"", "./none", "x y", "bad.whl", "https://h/bad.whl", "git+https://h/r#egg=-", "a; nope", strings.Repeat("a", 1<<20)} {
		if r, err := Parse(text, isDir); err == nil {
			t.Errorf("%.40q is taken: %+v", text, r)
		}
	}
	for _, text := range []string{"https://h/x.zip", "git+https://h/r#egg=-", "./lib[-]"} {
		if r, err := ParseEditable(text, isDir); err == nil {
			t.Errorf("%.40q is taken: %+v", text, r)
		}
	}
}

func Fuzz(f *testing.F) {
	f.Add("a==1 \\\n  --hash=sha256:00 # via b\n-e ./x[y]\n-r 'b c'\n")
	f.Add("git+https://h/r@v1#egg=n[x]; os_name=='nt'\nx-1.0.tar.gz[z]")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		Read(text, func(e Entry) bool {
			if e.Line < last {
				t.Errorf("line %d after %d", e.Line, last)
			}
			last = e.Line
			_, _ = Parse(e.Args, func(s string) bool { return len(s)%2 == 0 })
			if at, ok := e.Editable(); ok {
				_, _ = ParseEditable(at, func(s string) bool { return len(s)%2 == 0 })
			}
			return true
		})
	})
}

// TestPassed keeps the words behind options, which pip passes over.
func TestPassed(t *testing.T) {
	Read("--extra-index-url https://e.org torchaudio\n", func(e Entry) bool {
		if len(e.Passed) != 1 || e.Passed[0] != "torchaudio" || len(e.Options) != 1 || e.Err != nil {
			t.Errorf("%+v", e)
		}
		return true
	})
}
