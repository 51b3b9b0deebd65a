package pep440

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// vectors reads expectations that the reference implementation computed: a choice
// of our own in testdata and, where it lies beside the module, the whole collection.
// MLBOM_CORPUS names another folder that holds it.
func vectors[T any](t *testing.T, file string, run func(t *testing.T, cases []T)) {
	t.Helper()
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	for name, dir := range map[string]string{"own": "testdata", "corpus": filepath.Join(root, "pep440-pep508-vectors")} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil && name == "corpus" {
				t.Skipf("no vectors: %v", err)
			}
			var v struct{ Cases []T }
			if err := json.Unmarshal(data, &v); err != nil {
				t.Fatal(err)
			}
			if len(v.Cases) < 20 {
				t.Fatalf("only %d cases", len(v.Cases))
			}
			run(t, v.Cases)
			t.Logf("%d cases", len(v.Cases))
		})
	}
}

func TestVersionVectors(t *testing.T) {
	type c struct {
		Input, Normalized, Public, Base string
		Local                           *string
		Valid                           bool
		Pre                             bool `json:"is_prerelease"`
		Post                            bool `json:"is_postrelease"`
		Dev                             *int
	}
	vectors(t, "pep440_versions.json", func(t *testing.T, cases []c) {
		for _, c := range cases {
			v, err := Parse(c.Input)
			if (err == nil) != c.Valid || Valid(c.Input) != c.Valid {
				t.Errorf("%q: valid %v, want %v", c.Input, err == nil, c.Valid)
				continue
			}
			local := ""
			if c.Local != nil {
				local = *c.Local
			}
			if v.String() != c.Normalized || v.Public() != c.Public || v.Base() != c.Base || v.Local() != local {
				t.Errorf("%q: %q %q %q %q, want %+v", c.Input, v, v.Public(), v.Base(), v.Local(), c)
			}
			if v.IsPrerelease() != c.Pre || v.IsPostrelease() != c.Post || v.IsDevrelease() != (c.Dev != nil) {
				t.Errorf("%q: pre %v post %v dev %v", c.Input, v.IsPrerelease(), v.IsPostrelease(), v.IsDevrelease())
			}
			if again, err := Parse(v.String()); c.Valid && (err != nil || again.String() != v.String() || again.Compare(v) != 0) {
				t.Errorf("%q: the normal form %q reads as %q, %v", c.Input, v, again, err)
			}
		}
	})
}

// TestOrderVectors holds every version against every other one.
func TestOrderVectors(t *testing.T) {
	vectors(t, "pep440_sorted_groups.json", func(t *testing.T, groups [][]string) {
		type ranked struct {
			v    Version
			rank int
		}
		var all []ranked
		for rank, g := range groups {
			for _, text := range g {
				v, err := Parse(text)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, ranked{v, rank})
			}
		}
		for _, a := range all {
			for _, b := range all {
				want := 0
				if a.rank < b.rank {
					want = -1
				} else if a.rank > b.rank {
					want = 1
				}
				if got := a.v.Compare(b.v); got != want {
					t.Errorf("%v and %v: %d, want %d", a.v, b.v, got, want)
				}
			}
		}
	})
}

func TestSpecifierVectors(t *testing.T) {
	type c struct {
		Input, Normalized string
		Valid             bool
	}
	vectors(t, "pep440_specifier_sets.json", func(t *testing.T, cases []c) {
		for _, c := range cases {
			s, err := ParseSpecifiers(c.Input)
			if (err == nil) != c.Valid || s.String() != c.Normalized {
				t.Errorf("%q: %q, %v; want %q, %v", c.Input, s, err, c.Normalized, c.Valid)
			}
		}
	})
}

func TestContainsVectors(t *testing.T) {
	type c struct {
		Version, Specifier string
		Contains           bool `json:"contains_prereleases"`
	}
	vectors(t, "pep440_contains.json", func(t *testing.T, cases []c) {
		for _, c := range cases {
			s, err := ParseSpecifiers(c.Specifier)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.ContainsText(c.Version, true); got != c.Contains {
				t.Errorf("%q in %q: %v, want %v", c.Version, c.Specifier, got, c.Contains)
			}
			v, err := Parse(c.Version)
			if err != nil || slices.ContainsFunc(s.All(), func(s Specifier) bool { return s.Operator == "===" }) {
				continue
			}
			if got := s.Contains(v, true); got != c.Contains {
				t.Errorf("%q in %q: %v, want %v", c.Version, c.Specifier, got, c.Contains)
			}
			if got := s.Contains(v, false); got != (c.Contains && !v.IsPrerelease()) {
				t.Errorf("%q in %q without pre-releases: %v", c.Version, c.Specifier, got)
			}
		}
	})
}
