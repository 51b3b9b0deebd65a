package setuppy

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a/setup.py") }

func collected(t *testing.T, text string) ([]sbom.Sighting, string) {
	t.Helper()
	seen, err := Collector.Collect(t.Context(), sbom.NewFile(fstest.MapFS{"setup.py": {Data: []byte(text)}}, "setup.py"))
	var all []string
	for _, p := range sbom.Problems(err) {
		all = append(all, p.Error())
	}
	return seen, strings.Join(all, "; ")
}

// TestNames: setup() is known by whatever name it is imported.
func TestNames(t *testing.T) {
	for src, want := range map[string]bool{
		"from setuptools import setup\nsetup(name='x')":                                                   true,
		"from distutils.core import setup as s\ns(name='x')":                                              true,
		"import setuptools as st\nst.setup(name='x')":                                                     true,
		"import distutils.core\ndistutils.core.setup(name='x')":                                           true,
		"try:\n  from setuptools import setup\nexcept: from distutils.core import setup\nsetup(name='x')": true,
		"from setuptools import *\nsetup(name='x')":                                                       true,
		"from skbuild import setup\nsetup(**{'name': 'x'})":                                               true,
		"import setuptools\ndef main():\n  setuptools.setup(name='x')\nmain()":                            true,
		"import setuptools\ndef main():\n  setuptools.setup(name='x')\n":                                  true,
		"import setuptools\nargs = {}\nargs['name'] = 'x'\nsetuptools.setup(**args)":                      true,
		"from mylib import setup\nsetup(name='x')":                                                        false,
		"self.setup(name='x')":                               false,
		"import unittest\nclass T:\n  def setup(self): pass": false,
	} {
		seen, _ := collected(t, src)
		if got := len(seen) > 0 && seen[0].Name == "x"; got != want {
			t.Errorf("%s: found is %v", src, got)
		}
	}
}

// TestConditions: which conditions are markers, and which are told.
func TestConditions(t *testing.T) {
	for condition, want := range map[string]string{
		`sys.platform == "win32"`:                          `sys_platform == "win32"`,
		`sys.platform != "darwin"`:                         `sys_platform != "darwin"`,
		`sys.platform.startswith("linux")`:                 `sys_platform == "linux"`,
		`os.name == "nt" and sys.version_info >= (3, 8)`:   `os_name == "nt" and python_version >= "3.8"`,
		`not sys.version_info < (3, 8)`:                    `python_version >= "3.8"`,
		`sys.version_info[0] == 2`:                         `python_version < "3"`,
		`sys.version_info.major >= 3`:                      `python_version >= "3"`,
		`platform.system() == "Windows"`:                   `platform_system == "Windows"`,
		`sys.version_info[0] == 4`:                         "",
		`sys.version_info < (3, 8, 1)`:                     "",
		`os.environ.get("X")`:                              "",
		`not sys.platform == "a" and sys.platform == "b\"`: "",
	} {
		if got, ok := markerOf(condition); ok != (want != "") || ok && got != want {
			t.Errorf("%s gives %q, %v, want %q", condition, got, ok, want)
		}
	}
	seen, problem := collected(t, "import os\nfrom setuptools import setup\nr = ['a']\nif os.environ.get('X'):\n  r.append('b')\nsetup(name='x', install_requires=r)\n")
	if len(seen) != 3 || seen[2].Name != "b" || !strings.Contains(problem, `line 5: "b" is required only where os.environ.get("X")`) {
		t.Errorf("%d sightings, problem %q", len(seen), problem)
	}
}

// TestUnread: what cannot be read is told with its line, beside what can.
func TestUnread(t *testing.T) {
	for src, want := range map[string]string{
		"setup(name='x', install_requires=['a', f()])":               "line 2: requirements cannot be read without running the script: it is what f() gives",
		"setup(name='x', version=v.get())":                           "line 2: the version cannot be read without running the script: it is what v.get() gives",
		"setup(name='x', extras_require={'e': f()})":                 "line 2: requirements (extra:e) cannot be read",
		"setup(name='x', **f())":                                     "line 2: keywords of setup() cannot be read",
		"setup(name='x', use_scm_version=True)":                      "line 2: the version is taken from the repository's history by setuptools_scm",
		"setup(name='x', install_requires=open('r.in').readlines())": "line 2: requirements cannot be read without running the script: it is read from r.in: the file is not in the tree",
		"setup(name='x', install_requires=['a b'])":                  "line 2: \"a b\" is no requirement",
	} {
		seen, problem := collected(t, "from setuptools import setup\n"+src)
		if len(seen) == 0 || seen[0].Name != "x" || !strings.Contains(problem, want) {
			t.Errorf("%s: problem %q, want %q", src, problem, want)
		}
	}
}

// TestSecrets: credentials of addresses go nowhere.
func TestSecrets(t *testing.T) {
	seen, problem := collected(t, "from setuptools import setup\nimport requests, os\nrequests.get('https://me:hunter2@example.org/x?t=hunter2')\nos.system('curl https://me:hunter2@example.org')\n"+
		"setup(name='x', url='https://me:hunter2@example.org', install_requires=['a @ git+https://me:hunter2@example.org/r', f()])")
	for _, s := range seen {
		for _, f := range s.Findings {
			problem += f.Message
		}
		problem += s.Keys.URL + s.Package.Source.URL
		for _, r := range s.Refs {
			problem += r.URL
		}
	}
	if strings.Contains(problem, "hunter2") {
		t.Error(problem)
	}
}

func TestHostile(t *testing.T) {
	for name, src := range map[string]string{
		"requirements": "from setuptools import setup\nsetup(name='x', install_requires=['a'] * 19000)",
		"setups":       "from setuptools import setup\n" + strings.Repeat("setup(name='x', install_requires=['a'])\n", 5000),
		"hooks":        "import os, setuptools\n" + strings.Repeat("os.system('x')\n", 20_000),
		"extras":       "from setuptools import setup\nsetup(name='x', extras_require={str(i): ['a'] * 1000 for i in ['b'] * 1000})",
	} {
		began := time.Now()
		seen, _ := collected(t, src)
		if took := time.Since(began); took > time.Minute || len(seen) == 0 {
			t.Errorf("%s took %v and gave %d sightings", name, took, len(seen))
		}
		for _, s := range seen {
			if len(s.Findings) > 200 {
				t.Errorf("%s: %d findings", name, len(s.Findings))
			}
		}
	}
}

func names(seen []sbom.Sighting) []string {
	var all []string
	for _, s := range seen[1:] {
		all = append(all, s.Package.Groups[0]+" "+s.Name+strings.Join(s.Package.Requirements, ""))
	}
	slices.Sort(all)
	return all
}
