package pep508

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// vectors reads expectations that the reference implementation computed: a choice
// of our own in testdata and, where it lies beside the module, the whole collection.
// MLBOM_CORPUS names another folder that holds it.
func vectors[T any](t *testing.T, file string, run func(t *testing.T, dir string, cases T)) {
	t.Helper()
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	for name, dir := range map[string]string{"own": "testdata", "corpus": filepath.Join(root, "pep440-pep508-vectors")} {
		t.Run(name, func(t *testing.T) {
			if _, err := os.Stat(filepath.Join(dir, file)); err != nil && name == "corpus" {
				t.Skipf("no vectors: %v", err)
			}
			run(t, dir, load[T](t, dir, file))
		})
	}
}

func load[T any](t *testing.T, dir, file string) T {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Cases T }
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v.Cases
}

type requirementCase struct {
	Input, Name, Canonical, Specifier string
	Valid                             bool
	Extras                            []string
	URL, Marker                       *string
	Str                               string
}

func (c requirementCase) check(t *testing.T) {
	t.Helper()
	r, err := Parse(c.Input)
	if (err == nil) != c.Valid {
		t.Errorf("%q: valid %v, want %v (%v)", c.Input, err == nil, c.Valid, err)
	}
	if err != nil || !c.Valid {
		return
	}
	slices.Sort(r.Extras)
	r.Extras = slices.Compact(r.Extras)
	slices.Sort(c.Extras)
	if r.Name != c.Name || Normalize(r.Name) != c.Canonical || !slices.Equal(r.Extras, c.Extras) || r.String() != c.Str {
		t.Errorf("%q: got %+v, %q; want %q", c.Input, r, r, c.Str)
	}
	if (r.URL != "") != (c.URL != nil) || (c.URL != nil && r.URL != *c.URL) || (r.Marker != "") != (c.Marker != nil) {
		t.Errorf("%q: got %+v", c.Input, r)
	}
	if c.Marker != nil {
		if m, err := ParseMarker(r.Marker); err != nil || m.String() != *c.Marker {
			t.Errorf("%q: marker %q, want %q", c.Input, m, *c.Marker)
		}
	}
}

func TestRequirementVectors(t *testing.T) {
	vectors(t, "pep508_requirements.json", func(t *testing.T, _ string, cases []requirementCase) {
		for _, c := range cases {
			c.check(t)
		}
		t.Logf("%d cases", len(cases))
	})
}

type markerCase struct {
	Input, Str string
	Valid      bool
	Eval       map[string]any // true, false or "error:..."
}

func (c markerCase) check(t *testing.T, environments map[string]Environment) {
	t.Helper()
	m, err := ParseMarker(c.Input)
	if (err == nil) != c.Valid {
		t.Errorf("%q: valid %v, want %v (%v)", c.Input, err == nil, c.Valid, err)
	}
	if err != nil || !c.Valid {
		return
	}
	if m.String() != c.Str {
		t.Errorf("%q: %q, want %q", c.Input, m, c.Str)
	}
	if again, err := ParseMarker(m.String()); !strings.ContainsAny(c.Str, "\\\n") && (err != nil || again.String() != m.String()) {
		t.Errorf("%q: the normal form %q reads as %q, %v", c.Input, m, again, err)
	}
	for name, want := range c.Eval {
		ok, err := m.Evaluate(environments[name])
		_, fails := want.(string)
		if ok != (want == true) || (err != nil) != fails {
			t.Errorf("%q in %s: %v %v, want %v", c.Input, name, ok, err, want)
		}
	}
}

// environments makes ours of those that are written in JSON.
func environments(list map[string]map[string]any) map[string]Environment {
	all := map[string]Environment{}
	for name, values := range list {
		env := Environment{Values: map[string]string{}, Sets: map[string][]string{}}
		for k, v := range values {
			switch v := v.(type) {
			case string:
				env.Values[k] = v
			case []any:
				for _, one := range v {
					env.Sets[k] = append(env.Sets[k], one.(string))
				}
			}
		}
		all[name] = env
	}
	return all
}

func TestMarkerVectors(t *testing.T) {
	vectors(t, "pep508_markers.json", func(t *testing.T, dir string, cases []markerCase) {
		all := environments(load[map[string]map[string]any](t, dir, "pep508_environments.json"))
		n := 0
		for _, c := range cases {
			c.check(t, all)
			n += len(c.Eval)
		}
		t.Logf("%d cases, %d evaluations", len(cases), n)
	})
}

func TestNameVectors(t *testing.T) {
	type file struct {
		Name, Version string
		Build         []any
		Tags          []string
	}
	type c struct {
		Input        string
		Name         string `json:"canonical_name"`
		Wheel, Sdist *file
	}
	vectors(t, "filenames_and_names.json", func(t *testing.T, _ string, cases []c) {
		for _, c := range cases {
			if got := Normalize(c.Input); got != c.Name && !strings.ContainsAny(c.Input, space) {
				t.Errorf("%q: %q, want %q", c.Input, got, c.Name)
			}
			w, err := ParseWheel(c.Input)
			if (err == nil) != (c.Wheel != nil) {
				t.Errorf("%q: a wheel: %v, want %+v", c.Input, err, c.Wheel)
			} else if err == nil {
				build := ""
				for _, b := range c.Wheel.Build {
					if n, ok := b.(float64); ok {
						b = strconv.Itoa(int(n))
					}
					build += b.(string)
				}
				if w.Name != c.Wheel.Name || w.Version.String() != c.Wheel.Version || w.Build != build || expand(w.Tags) != strings.Join(c.Wheel.Tags, " ") {
					t.Errorf("%q: %+v %s, want %+v", c.Input, w, w.Version, c.Wheel)
				}
			}
			s, err := ParseSdist(c.Input)
			if (err == nil) != (c.Sdist != nil) || err == nil && (s.Name != c.Sdist.Name || s.Version.String() != c.Sdist.Version) {
				t.Errorf("%q: a source distribution: %+v %v, want %+v", c.Input, s, err, c.Sdist)
			}
		}
		t.Logf("%d cases", len(cases))
	})
}

// expand gives every tag of a set in its short form.
func expand(tags []string) string {
	var all []string
	for a := range strings.SplitSeq(tags[0], ".") {
		for b := range strings.SplitSeq(tags[1], ".") {
			for c := range strings.SplitSeq(tags[2], ".") {
				all = append(all, strings.ToLower(a+"-"+b+"-"+c))
			}
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}
