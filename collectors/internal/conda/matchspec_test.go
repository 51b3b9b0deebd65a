package conda

import (
	"strings"
	"testing"
)

func TestParseSpec(t *testing.T) {
	sum := strings.Repeat("ab", 16)
	for text, want := range map[string]struct{ name, version, build, channel, subdir, exact, requirement string }{
		"numpy":                                   {"numpy", "", "", "", "", "", ""},
		"NumPy":                                   {"numpy", "", "", "", "", "", ""},
		"numpy=1.2":                               {"numpy", "1.2.*", "", "", "", "", "=1.2"},
		"numpy==1.2":                              {"numpy", "1.2", "", "", "", "1.2", "==1.2"},
		"numpy 1.2":                               {"numpy", "1.2", "", "", "", "1.2", "1.2"},
		"numpy 1.2.*":                             {"numpy", "1.2.*", "", "", "", "", "1.2.*"},
		"numpy=1.2.*":                             {"numpy", "1.2.*", "", "", "", "", "=1.2.*"},
		"numpy 1.2 py39_0":                        {"numpy", "1.2", "py39_0", "", "", "1.2", "1.2 py39_0"},
		"numpy=1.2=py39_0":                        {"numpy", "1.2", "py39_0", "", "", "1.2", "=1.2=py39_0"},
		"numpy==1.2=py39_0":                       {"numpy", "==1.2", "py39_0", "", "", "1.2", "==1.2=py39_0"},
		"numpy>=1.2,<2":                           {"numpy", ">=1.2,<2", "", "", "", "", ">=1.2,<2"},
		"numpy >=1.2 , < 2 py39_0":                {"numpy", ">=1.2,<2", "py39_0", "", "", "", ">=1.2 , < 2 py39_0"},
		"pytorch>=2.7.0=cuda12*":                  {"pytorch", ">=2.7.0", "cuda12*", "", "", "", ">=2.7.0=cuda12*"},
		"numpy 1.2|1.3":                           {"numpy", "1.2|1.3", "", "", "", "", "1.2|1.3"},
		"numpy !=1.2":                             {"numpy", "!=1.2", "", "", "", "", "!=1.2"},
		"numpy~=1.2":                              {"numpy", "~=1.2", "", "", "", "", "~=1.2"},
		"python_abi 3.14.* *_cp314":               {"python_abi", "3.14.*", "*_cp314", "", "", "", "3.14.* *_cp314"},
		"libblas * *openblas*":                    {"libblas", "*", "*openblas*", "", "", "", "* *openblas*"},
		"pytorch::pytorch=2.1.0":                  {"pytorch", "2.1.0.*", "", "pytorch", "", "", "=2.1.0"},
		"conda-forge/linux-64::foo>=1":            {"foo", ">=1", "", "conda-forge", "linux-64", "", ">=1"},
		"*/linux-64::foo":                         {"foo", "", "", "", "linux-64", "", ""},
		"https://u:p@h.org/t/SECRET/c/noarch::f":  {"f", "", "", "https://h.org/c", "noarch", "", ""},
		"foo[version='>=1,<2', build=py2*]":       {"foo", ">=1,<2", "py2*", "", "", "", ">=1,<2 py2*"},
		"foo[version=1.2]":                        {"foo", "1.2", "", "", "", "1.2", "1.2"},
		`foo[version="1.2|1.3",channel=x/noarch]`: {"foo", "1.2|1.3", "", "x", "noarch", "", "1.2|1.3"},
		"conda-forge::foo[channel=bar]>=1":        {"foo", ">=1", "", "bar", "", "", ">=1"},
		"foo >=1 # why":                           {"foo", ">=1", "", "", "", "", ">=1"},
		"foo >=1 if python >=3":                   {"foo", ">=1", "", "", "", "", ">=1"},
		"foo (target=bar, optional)":              {"foo", "", "", "", "", "", ""},
		"foo 1!2.0+local":                         {"foo", "1!2.0+local", "", "", "", "1!2.0+local", "1!2.0+local"},
		"ffmpeg=*=gpl*":                           {"ffmpeg", "*", "gpl*", "", "", "", "=*=gpl*"},
		"*[md5=" + sum + "]":                      {"*", "", "", "", "", "", ""},
		"mkl@":                                    {"*", "", "", "", "", "", ""},
		"https://conda.anaconda.org/c/linux-64/a-b-1.0-h1_0.tar.bz2#" + sum: {"a-b", "1.0", "h1_0", "https://conda.anaconda.org/c", "linux-64", "1.0", "1.0 h1_0"},
	} {
		s, err := ParseSpec(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		got := struct{ name, version, build, channel, subdir, exact, requirement string }{s.Name, s.Version, s.Build, s.Channel, s.Subdir, s.Exact(), s.Requirement}
		if strings.Contains(text, "://") && strings.Contains(text, ".tar.bz2") {
			got.requirement = want.requirement // a file has none of its own
		}
		if got != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
	for _, text := range []string{"", " ", "=1.2", ">=1", "foo[version=1", "foo[x]", "foo=", "foo ==", "foo[version='1]", "a/b", strings.Repeat("x", maxSpec+1)} {
		if s, err := ParseSpec(text); err == nil {
			t.Errorf("%.40q is taken: %+v", text, s)
		}
	}
}

func TestBrackets(t *testing.T) {
	sha := strings.Repeat("0f", 32)
	s, err := ParseSpec(`foo >=1 [extras=[a, "b"], when="python >=3.12, \"x\"", sha256=` + sha + `, build_number='>=2', url=https://u:p@example.org/foo.conda]`)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(s.Extras, " ") != "a b" || s.Marker != `python >=3.12, "x"` || strings.Join(s.Digests, " ") != "sha256:"+sha ||
		len(s.Rest) != 1 || s.Rest[0] != (Pair{"build_number", ">=2"}) || s.URL != "https://example.org/foo.conda" {
		t.Errorf("%+v", s)
	}
}

func TestChannels(t *testing.T) {
	for channel, want := range map[string]string{
		"conda-forge":                     "https://conda.anaconda.org/conda-forge",
		"conda-forge/noarch":              "https://conda.anaconda.org/conda-forge",
		"conda-forge/label/rc":            "https://conda.anaconda.org/conda-forge/label/rc",
		"https://u:p@h.org/t/TOKEN/c/":    "https://h.org/c",
		"https://repo.x.org/a/linux-64":   "https://repo.x.org/a",
		"conda.anaconda.org/nvidia":       "https://conda.anaconda.org/nvidia",
		"defaults":                        "",
		"local":                           "",
		"./here":                          "",
		"https://conda.example.org/${X}/": "",
		"*":                               "",
	} {
		if got := ChannelURL(channel); got != want {
			t.Errorf("ChannelURL(%q) = %q, want %q", channel, got, want)
		}
	}
	for at, want := range map[string]bool{"http://example.org/c": true, "HTTP://example.org": true, "https://example.org": false, "http://localhost:8080/c": false, "conda-forge": false} {
		if Insecure(at) != want {
			t.Errorf("Insecure(%q) is %v", at, !want)
		}
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"a @ https://u:p@h.org/x":           "a @ https://h.org/x",
		"./a/b @ https://u:p@h.org ; c":     "./a/b @ https://h.org ; c",
		"https://h.org/t/SECRET/c::a 1":     "https://h.org/t/.../c::a 1",
		"https://a:b@c:d@h.org https://e@h": "https://h.org https://h",
		"a==1 ; b@c":                        "a==1 ; b@c",
	} {
		if got := Redact(text); got != want {
			t.Errorf("Redact(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParseArchive(t *testing.T) {
	for at, want := range map[string]Archive{
		"https://conda.anaconda.org/conda-forge/linux-64/ld_impl_linux-64-2.43-h712a8e2_2.conda": {"ld_impl_linux-64", "2.43", "h712a8e2_2", "linux-64", "https://conda.anaconda.org/conda-forge"},
		"https://h.org/t/TOKEN/c/noarch/x264-1%21164.3095-0.tar.bz2":                             {"x264", "1!164.3095", "0", "noarch", "https://h.org/c"},
		"./local/foo-1.0-0.conda":                 {"foo", "1.0", "0", "", ""},
		"https://example.org/foo-1.0-0.conda#abc": {"foo", "1.0", "0", "", ""},
	} {
		if got, ok := ParseArchive(at); !ok || got != want {
			t.Errorf("%s:\ngot  %+v %v\nwant %+v", at, got, ok, want)
		}
	}
	for _, at := range []string{"foo.conda", "foo-1.conda", "-1-0.conda", "foo--0.conda", "foo-1.0-0.zip", ""} {
		if a, ok := ParseArchive(at); ok {
			t.Errorf("%q is taken: %+v", at, a)
		}
	}
}

func TestPyPIOrigin(t *testing.T) {
	commit := strings.Repeat("0a", 20)
	for at, want := range map[string]string{
		"https://files.pythonhosted.org/packages/a.whl":             "0 https://pypi.org/simple  ",
		"https://example.org/a.whl":                                 "0   ",
		"direct+https://example.org/a.whl":                          "2 https://example.org/a.whl  ",
		"git+https://example.org/r.git@" + commit:                   "1 https://example.org/r.git  " + commit,
		"git+ssh://git@example.org/r@v1#subdirectory=x":             "1 ssh://git@example.org/r v1 ",
		"git+https://example.org/r?tag=v1&subdirectory=x#" + commit: "1 https://example.org/r v1 " + commit,
		"./a":            "4 ./a  ",
		"./dist/a.whl":   "3 ./dist/a.whl  ",
		"file:///x/a.gz": "4 /x/a.gz  ",
	} {
		o, _ := PyPIOrigin(at, "", false)
		got := strings.Join([]string{string(rune('0' + o.Sort)), o.At, o.Ref, o.Commit}, " ")
		if got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"a::b[version='1', build=\"x\\\"y\"] >=1 if c", "a=1=b", "http://x/a-1-0.conda#ab", "a (b) c", "[[=]]", "a[b=[c]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSpec(text)
		if err == nil && s.Name == "" {
			t.Errorf("%q gives no name", text)
		}
		ChannelURL(text)
		PyPIOrigin(text, "", false)
		if strings.Contains(Clean("https://u:SECRET@example.org/t/SECRET/"+strings.ReplaceAll(text, "SECRET", "")), "SECRET") {
			t.Errorf("%q keeps a secret", text)
		}
	})
}
