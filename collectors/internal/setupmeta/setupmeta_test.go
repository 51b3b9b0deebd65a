package setupmeta

import (
	"slices"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func project() *Project { return New(sbom.NewFile(nil, "p/setup.py")) }

func TestAuthors(t *testing.T) {
	for in, want := range map[[2]string][]sbom.Party{
		{"Ada Example", "ada@example.org"}:               {{Name: "Ada Example", Email: "ada@example.org"}},
		{"Ada, Bob", "ada@example.org, bob@example.org"}: {{Name: "Ada", Email: "ada@example.org"}, {Name: "Bob", Email: "bob@example.org"}},
		{"Ada, Bob, Cy", "team@example.org"}:             {{Email: "team@example.org"}, {Name: "Ada"}, {Name: "Bob"}, {Name: "Cy"}},
		{"Example, Inc.", "team@example.org"}:            {{Name: "Example, Inc.", Email: "team@example.org"}},
		{"", "Ada <ada@example.org>"}:                    {{Name: "Ada", Email: "ada@example.org"}},
		{"", ""}:                                         nil,
	} {
		p := project()
		p.Author(in[0], in[1], 3)
		if !slices.Equal(p.App.Authors, want) {
			t.Errorf("%q gives %+v, want %+v", in, p.App.Authors, want)
		}
	}
}

// TestLicense: classifiers count where nothing else states a licence.
func TestLicense(t *testing.T) {
	p := project()
	p.Classifier("License :: OSI Approved :: MIT License", 4)
	p.Classifier("License :: OSI Approved", 5)
	p.Classifier("Programming Language :: Python", 6)
	p.Finish()
	if !slices.Equal(p.App.Licenses, []sbom.License{{ID: "MIT"}}) || p.App.Lines["licenses"] != 4 || p.App.Package != nil {
		t.Errorf("%+v, %v, %v", p.App.Licenses, p.App.Lines, p.App.Package)
	}
	p = project()
	p.Text("license", "Apache-2.0", 2)
	p.Classifier("License :: OSI Approved :: MIT License", 4)
	p.Finish()
	if !slices.Equal(p.App.Licenses, []sbom.License{{ID: "Apache-2.0"}}) {
		t.Errorf("%+v", p.App.Licenses)
	}
}

// TestPlaceholders: what says nothing is dropped, and the first statement counts.
func TestPlaceholders(t *testing.T) {
	p := project()
	for _, v := range []string{"", "UNKNOWN", "TODO: License declaration"} {
		if !p.Text("license", v, 1) {
			t.Errorf("%q is no licence, and not told", v)
		}
	}
	p.Text("name", "first", 2)
	p.Text("name", "second", 3)
	if len(p.App.Licenses) != 0 || p.App.Name != "first" || p.App.Lines["name"] != 2 || p.Text("zip_safe", "x", 1) {
		t.Errorf("%+v", p.App)
	}
	p.LicenseFile("../LICENSE", 1)
	p.LicenseFile("/LICENSE", 1)
	p.LicenseFile("licenses/*.txt", 1)
	p.URL("Home", "https://u:p@example.org/x", 1)
	p.URL("Home", "example", 1)
	if len(p.App.Refs) != 1 || p.App.Refs[0].Type != "website" || p.App.Refs[0].URL != "https://example.org/x" {
		t.Errorf("%+v", p.App.Refs)
	}
}

func TestRequirement(t *testing.T) {
	p := project()
	p.Text("name", "My_Kit", 1)
	p.Requirement("my-kit[all]", 2, "", "extra:x")
	p.Requirement("a; os_name == 'nt' or extra == 'y'", 3, "python_version < '3' or os_name == 'nt'", "main")
	p.Requirement("b", 4, "nonsense", "main")
	p.Requirement("# c", 5, "", "main")
	seen := p.Sightings()[1:]
	if len(seen) != 2 || seen[0].Package.Markers[0] != "(os_name == 'nt' or extra == 'y') and (python_version < '3' or os_name == 'nt')" || seen[1].Name != "b" || len(p.Problems()) != 1 {
		t.Errorf("%+v, %v", seen, p.Problems())
	}
}
