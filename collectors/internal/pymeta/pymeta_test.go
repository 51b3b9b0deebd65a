package pymeta

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSameVersion(t *testing.T) {
	for _, pair := range [][2]string{
		{"1.0", "1.0.0"}, {"1.0", "v1.0"}, {"1.0rc1", "1.0-rc.1"}, {"1.0rc1", "1.0c1"}, {"1.0a", "1.0alpha0"}, {"1.0.post1", "1.0-1"}, {"1.0.post2", "1.0r2"},
		{"1.0+cu121", "1.0+CU121"}, {"1.0+local.1", "1.0+local_1"}, {"2009.08.07", "2009.8.7"}, {"0!1.0", "1.0"}, {"1.0.dev0", "1.0dev"}, {"1.0-dev1", "1.0_dev1"}, {"a_b", "a-b"},
	} {
		if !SameVersion(pair[0], pair[1]) {
			t.Errorf("%s and %s are said to differ", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"1.0", "1.1"}, {"1.0", "1.0.1"}, {"1.0", "1!1.0"}, {"1.0", "1.0rc1"}, {"1.0", "1.0.post1"}, {"1.0", "1.0.dev0"}, {"1.0", "1.0+x"}, {"10", "1"}, {"x", "y"}} {
		if SameVersion(pair[0], pair[1]) {
			t.Errorf("%s and %s are said to be the same", pair[0], pair[1])
		}
	}
}

func TestNames(t *testing.T) {
	for file, want := range map[string]WheelName{
		"a-1.0-py3-none-any.whl":                              {"a", "1.0", "", "py3-none-any"},
		"torch-2.5.0+cu121-1mkl-cp312-cp312-linux_x86_64.whl": {"torch", "2.5.0+cu121", "1mkl", "cp312-cp312-linux_x86_64"},
		"A_b.c-1!2.0.dev1-py2.py3-none-any.whl":               {"A_b.c", "1!2.0.dev1", "", "py2.py3-none-any"},
	} {
		if got, ok := ParseWheelName("dist/" + file); !ok || got != want {
			t.Errorf("%s: %+v", file, got)
		}
	}
	for _, file := range []string{"a.whl", "a-1.whl", "a-1-x-py3-none-any.whl", "-1-py3-none-any.whl", "a-1-py3-none-any.zip"} {
		if got, ok := ParseWheelName(file); ok {
			t.Errorf("%s: %+v", file, got)
		}
	}
	for file, want := range map[string]string{
		"a-1.0.tar.gz": "a 1.0", "A-B-c-1.0.zip": "A-B-c 1.0", "a_b-1.0.post1.tar.bz2": "a_b 1.0.post1", "a-2-1.0.tar.gz": "a-2 1.0", "a.b-0.tgz": "a.b 0",
	} {
		if name, version, ok := ParseSourceName(file); !ok || name+" "+version != want {
			t.Errorf("%s: %q %q", file, name, version)
		}
	}
	for _, file := range []string{"a.tar.gz", "a-b.tar.gz", "1.0.tar.gz", "-1.0.tar.gz"} {
		if name, version, ok := ParseSourceName(file); ok {
			t.Errorf("%s: %q %q", file, name, version)
		}
	}
}

func TestEscapes(t *testing.T) {
	for _, name := range []string{"/etc/x", "../x", "a/../../x", `..\x`, `C:\x`, "a\x00b", ".."} {
		if !Escapes(name) {
			t.Errorf("%q stays inside", name)
		}
	}
	for _, name := range []string{"a", "a/../b", "a..b", "..a/b", "a/b/"} {
		if Escapes(name) {
			t.Errorf("%q escapes", name)
		}
	}
}

// TestLicenses: an expression stands for all, a sure name for the classifiers, and
// the name of a family does not become one of its licences.
func TestLicenses(t *testing.T) {
	for text, want := range map[string]string{
		"License-Expression: MIT\nLicense: other\nClassifier: License :: OSI Approved :: ISC License (ISCL)": "MIT",
		"License: MIT License": "MIT",
		"License: Apache License, Version 2.0\nClassifier: License :: OSI Approved :: Apache Software License": "Apache-2.0",
		"License: BSD": "BSD",
		"License: Dual License\nClassifier: License :: OSI Approved :: Apache Software License": "Dual License",
		"License: BSD\nClassifier: License :: OSI Approved :: MIT License":                      "BSD,MIT",
		"Classifier: License :: OSI Approved :: BSD License":                                    "BSD License",
		"Classifier: License :: OSI Approved":                                                   "",
		"License: UNKNOWN":                                                                      "",
		"License: MIT AND (Apache-2.0 OR BSD-2-Clause)":                                         "MIT AND (Apache-2.0 OR BSD-2-Clause)",
		"License: ISC License\n        \n        Permission to use, copy, modify, and/or distribute this software for any\n        purpose with or without fee is hereby granted, provided that the above\n        copyright notice and this permission notice appear in all copies.\n        \n        THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES\n        WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF\n        MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR\n        ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES\n        WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN\n        ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF\n        OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.": "ISC",
	} {
		s, ok := Parse("Name: a\nVersion: 1\n" + text + "\n").Describe()
		var got []string
		for _, l := range s.Licenses {
			got = append(got, l.ID+l.Expression+l.Name)
		}
		slices.Sort(got)
		if !ok || strings.Join(got, ",") != want {
			t.Errorf("%.60q: %v, want %s", text, got, want)
		}
	}
}

func TestSections(t *testing.T) {
	list, extras, problems := Sections("a>1\n[x]\nb\n[x:python_version<'3']\nc; os_name=='nt'\n[:sys_platform=='win32']\nd\n# no\n[y]\n")
	var got []string
	for _, r := range list {
		got = append(got, r.Text())
	}
	want := []string{"a>1", `b; extra == "x"`, `c; (os_name=='nt') and (python_version<'3') and extra == "x"`, "d; sys_platform=='win32'"}
	if !slices.Equal(got, want) || !slices.Equal(extras, []string{"x", "x", "y"}) || problems != nil {
		t.Errorf("%q %q %v", got, extras, problems)
	}
}

// TestNameVectors compares with what the reference implementation says of file
// names. Set MLBOM_CORPUS to a folder with the vectors.
func TestNameVectors(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	data, err := os.ReadFile(filepath.Join(root, "pep440-pep508-vectors", "filenames_and_names.json"))
	if err != nil {
		t.Skipf("no vectors: %v", err)
	}
	var v struct {
		Cases []struct {
			Input        string
			Wheel, Sdist any
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for _, c := range v.Cases {
		// Letters beyond ASCII are in no name of an index; names that should have been
		// normalized, and odd tags, are read all the same.
		odd := []string{"foo_bár-1.0-py3-none-any.whl", "foo__bar-1.0-py3-none-any.whl", "playlyfe-0.1.1-2.7.6-none-any.whl"}
		if _, ok := ParseWheelName(c.Input); ok != (c.Wheel != nil) && !slices.Contains(odd, c.Input) {
			t.Errorf("wheel %q: %v, want %v", c.Input, ok, c.Wheel)
		}
		if _, _, ok := ParseSourceName(c.Input); ok != (c.Sdist != nil) {
			t.Errorf("sdist %q: %v, want %v", c.Input, ok, c.Sdist)
		}
	}
}
