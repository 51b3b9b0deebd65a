package check

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// library is a package as a lock has it.
func library(purl, name string) sbom.Sighting {
	s := sbom.Sighting{Where: sbom.Place{Path: "uv.lock", Line: 7, By: "test"}}
	s.Kind, s.Name, s.Keys.PURL = sbom.KindLibrary, name, purl
	return s
}

// reported are names of packages that were published to be mistaken for another,
// from public reports of 2016 to 2025, and slips of the same sorts.
var reported = map[string]string{
	"djanga": "django", "diango": "django", "dajngo": "django", "djanggo": "django", "mumpy": "numpy", "urlib3": "urllib3", "setup-tools": "setuptools", "virtualnv": "virtualenv",
	"colourama": "colorama", "colorsama": "colorama", "python3-dateutil": "python-dateutil", "jeilyfish": "jellyfish", "fabrice": "fabric", "termncolor": "termcolor",
	"crytic-compilers": "crytic-compile", "customtkniter": "customtkinter", "beautifulsup4": "beautifulsoup4", "selemium": "selenium", "selenuim": "selenium",
	"request": "requests", "requesys": "requests", "requestsss": "requests", "reqeusts": "requests", "requestsdev": "requests", "tensoflom": "", "tensorflwo": "tensorflow", "tensorfiow": "tensorflow",
	"matplotlyib": "matplotlib", "scikitlearn": "scikit-learn", "scikit-leran": "scikit-learn", "torchvison": "torchvision", "transfomers": "transformers",
	"hugginface-hub": "huggingface-hub", "langchian": "langchain", "opnai": "openai", "anthropics": "anthropic", "dateutil-python": "python-dateutil", "cryptograpyh": "cryptography",
	"acqusition": "", "ctx": "", "torchtriton": "", // of these the name alone says nothing
}

func TestReported(t *testing.T) {
	for name, want := range reported {
		if like, how := pypiNames().near(name, "pypi"); like != want || (like == "") != (how == "") {
			t.Errorf("%s is taken for an imitation of %q (%s), want %q", name, like, how, want)
		}
	}
}

// TestOwnNames: names that are near well-known ones and stand for themselves.
func TestOwnNames(t *testing.T) {
	for _, name := range []string{"torch", "torchx", "requests", "grequests", "jinja2", "h5py", "fastai", "fastapi", "ujson", "orjson", "msgpack-python", "pytest-mock", "pytest-cov",
		"types-requests", "requests-mock", "django-storages", "numpydoc", "sklearn", "torch-geometric", "langchain-aws", "google-cloud-core", "my-project", "nvidia-cublas-cu12", "python-levenshtein"} {
		if like, how := pypiNames().near(name, "pypi"); like != "" {
			t.Errorf("%s is taken for an imitation of %s: %s", name, like, how)
		}
	}
	for _, name := range []string{"github.com/someone/cobra", "github.com/spf13/other", "github.com/go-gorm/postgres", "example.com/net", "github.com/gopherjs/gopherjs", "github.com/sirupsen/logrus/v2"} {
		if like, how := goNames().nearModule(name); like != "" {
			t.Errorf("%s is taken for an imitation of %s: %s", name, like, how)
		}
	}
}

func TestModules(t *testing.T) {
	for name, want := range map[string]string{
		"github.com/boltdb-go/bolt": "github.com/boltdb/bolt", "github.com/siruspen/logrus": "github.com/sirupsen/logrus", "github.com/utfave/cli/v2": "github.com/urfave/cli",
		"github.com/bpoorman/uuid": "github.com/pborman/uuid", "github.com/gin-gonlc/gin": "github.com/gin-gonic/gin", "githuh.com/spf13/cobra": "github.com/spf13/cobra",
		"golnag.org/x/crypto": "golang.org/x/crypto", "github.com/xinfeisoft/crypto": "",
	} {
		if like, _ := goNames().nearModule(name); like != want {
			t.Errorf("%s is taken for an imitation of %q, want %q", name, like, want)
		}
	}
}

// TestLists: no name of the lists is a finding, and none stands there twice.
func TestLists(t *testing.T) {
	for _, w := range []*wellKnown{pypiNames(), goNames()} {
		for name := range w.all {
			like, how := w.near(name, "pypi")
			if like == "" {
				like, how = w.nearModule(name)
			}
			if like != "" || name != strings.ToLower(name) {
				t.Errorf("%s is near %s: %s", name, like, how)
			}
		}
	}
	pypi, _ := names.ReadFile("names/pypi.txt")
	known, _ := names.ReadFile("names/pypi-known.txt")
	for _, name := range strings.Fields(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(string(pypi), "")) {
		if slices.Contains(strings.Fields(string(known)), name) {
			t.Errorf("%s stands on both lists", name)
		}
		if strings.ContainsAny(name, "_.") {
			t.Errorf("%s is not in the form of PEP 503", name)
		}
	}
}

// TestLookalike: the finding stands at the package, where it was first seen.
func TestLookalike(t *testing.T) {
	g := Run(sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{
		library(sbom.PyPI("reqeusts", "1.0"), "reqeusts"), library(sbom.PyPI("requests", "2.0"), "requests"), library(sbom.Conda("typing_extensions", "4.0"), "typing_extensions"),
		library(sbom.GoModule("github.com/boltdb-go/bolt", "v1.3.1"), "github.com/boltdb-go/bolt"), library(sbom.Conda("python", "3.12"), "python"), library(sbom.Conda("attr", "2.5"), "attr"),
	}}))
	var got []string
	for _, n := range g.Nodes {
		for _, f := range n.Findings {
			got = append(got, f.Rule+" "+f.Where.String()+" "+f.Message)
		}
	}
	slices.Sort(got)
	want := []string{
		"lookalike-name uv.lock:7 the name github.com/boltdb-go/bolt is almost github.com/boltdb/bolt, a well-known package: in the owner's name, \"-go\" is added",
		"lookalike-name uv.lock:7 the name reqeusts is almost requests, a well-known package: two letters are swapped",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"abc", "abc", 0}, {"abc", "acb", 1}, {"abc", "ab", 1}, {"abc", "xbc", 1}, {"abcd", "badc", 2}, {"kitten", "sitting", 3}, {"", "ab", 2}, {"ca", "abc", 3}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

const corpus = "../../../shared/corpus"

// TestCorpus: of the packages that real projects lock, next to none is taken for
// an imitation.
func TestCorpus(t *testing.T) {
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus is not here")
	}
	name := regexp.MustCompile(`(?m)^name = "([^"]+)"`)
	all, hits := map[string]bool{}, []string{}
	err := fs.WalkDir(os.DirFS(corpus), ".", func(at string, d fs.DirEntry, err error) error {
		if err != nil || !slices.Contains([]string{"uv.lock", "poetry.lock", "pdm.lock"}, path.Base(at)) {
			return err
		}
		data, err := fs.ReadFile(os.DirFS(corpus), at)
		for _, m := range name.FindAllStringSubmatch(string(data), -1) {
			all[strings.ToLower(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := range all {
		if like, how := pypiNames().near(n, "pypi"); like != "" {
			hits = append(hits, n+" ("+like+": "+how+")")
		}
	}
	t.Logf("%d names, findings: %q", len(all), hits)
	if len(hits)*200 > len(all) {
		t.Errorf("%d of %d names are taken for imitations: %q", len(hits), len(all), hits)
	}
}

func BenchmarkLookalike(b *testing.B) {
	for b.Loop() {
		pypiNames().near("nvidia-cuda-nvrtc-cu12", "pypi")
	}
}
