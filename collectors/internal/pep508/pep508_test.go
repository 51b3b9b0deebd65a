package pep508

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// vectors reads the expectations that the reference implementation computed. They
// are no part of the module: MLBOM_CORPUS names the folder that holds them.
func vectors(t *testing.T, file string, into any) {
	t.Helper()
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "corpus")
	}
	data, err := os.ReadFile(filepath.Join(root, "pep440-pep508-vectors", file))
	if err != nil {
		t.Skipf("no vectors: %v", err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestRequirementVectors(t *testing.T) {
	var v struct {
		Cases []struct {
			Input, Name, Canonical, Specifier string
			Valid                             bool
			Extras                            []string
			URL, Marker                       *string
		}
	}
	vectors(t, "pep508_requirements.json", &v)
	for _, c := range v.Cases {
		r, err := Parse(c.Input)
		if (err == nil) != c.Valid {
			t.Errorf("%q: valid %v, want %v (%v)", c.Input, err == nil, c.Valid, err)
		}
		if err != nil || !c.Valid {
			continue
		}
		slices.Sort(r.Extras)
		slices.Sort(c.Extras)
		if r.Name != c.Name || Normalize(r.Name) != c.Canonical || !slices.Equal(r.Extras, c.Extras) || sorted(r.Specifier) != sorted(c.Specifier) {
			t.Errorf("%q: got %+v", c.Input, r)
		}
		if (r.URL != "") != (c.URL != nil) || (c.URL != nil && r.URL != *c.URL) || (r.Marker != "") != (c.Marker != nil) {
			t.Errorf("%q: got %+v", c.Input, r)
		}
		if c.Marker != nil && plain(r.Marker) != plain(*c.Marker) {
			t.Errorf("%q: marker %q, want %q", c.Input, r.Marker, *c.Marker)
		}
	}
}

// sorted makes lists of specifiers comparable.
func sorted(s string) string {
	var list []string
	for c := range strings.SplitSeq(s, ",") {
		if c = strings.ReplaceAll(c, " ", ""); c != "" {
			list = append(list, c)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

// plain makes markers comparable whatever their quotes, space and spelling of extras.
func plain(s string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "'", "", `"`, "", "_", "-").Replace(s))
}

func TestMarkerVectors(t *testing.T) {
	var v struct {
		Cases []struct {
			Input string
			Valid bool
		}
	}
	vectors(t, "pep508_markers.json", &v)
	for _, c := range v.Cases {
		if err := CheckMarker(c.Input); (err == nil) != c.Valid {
			t.Errorf("%q: valid %v, want %v (%v)", c.Input, err == nil, c.Valid, err)
		}
	}
}

func TestSpecifierVectors(t *testing.T) {
	var v struct {
		Cases []struct {
			Input string
			Valid bool
		}
	}
	vectors(t, "pep440_specifier_sets.json", &v)
	for _, c := range v.Cases {
		if err := CheckSpecifiers(c.Input); (err == nil) != c.Valid {
			t.Errorf("%q: valid %v, want %v (%v)", c.Input, err == nil, c.Valid, err)
		}
	}
}

func TestVersionVectors(t *testing.T) {
	var v struct {
		Cases []struct {
			Input string
			Valid bool
		}
	}
	vectors(t, "pep440_versions.json", &v)
	for _, c := range v.Cases {
		if ok := IsVersion(strings.TrimSpace(c.Input)); ok != c.Valid {
			t.Errorf("%q: valid %v, want %v", c.Input, ok, c.Valid)
		}
	}
}

func TestNameVectors(t *testing.T) {
	var v struct {
		Cases []struct {
			Input string
			Name  string `json:"canonical_name"`
		}
	}
	vectors(t, "filenames_and_names.json", &v)
	for _, c := range v.Cases {
		if got := Normalize(c.Input); got != c.Name && !strings.ContainsAny(c.Input, space) {
			t.Errorf("%q: %q, want %q", c.Input, got, c.Name)
		}
	}
}

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
		"==1.*": "", ">=1": "", "==1,!=2": "", "===foo": "", "": "", "~=1.0": "", "==${V}": "",
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
