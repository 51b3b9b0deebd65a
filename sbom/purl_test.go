package sbom_test

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestNormalizePURL holds the rules of the types that we emit, written from the
// specification; sbom/purl holds the whole official suite.
func TestNormalizePURL(t *testing.T) {
	for in, want := range map[string]string{
		"pkg:PyPI/Django_Rest@1.0":                     "pkg:pypi/django-rest@1.0",
		"pkg:golang/GitHub.com/A/B@v1.0.0#x/y":         "pkg:golang/github.com/a/b@v1.0.0#x/y",
		"pkg:huggingface/Org/Model@ABCDEF":             "pkg:huggingface/Org/Model@abcdef",
		"pkg:github/Package-URL/Purl-Spec@x":           "pkg:github/package-url/purl-spec@x",
		"pkg:generic/a%20b@1?checksum=sha256:ab":       "pkg:generic/a%20b@1?checksum=sha256:ab",
		"pkg:oci/Debian@sha256%3Aab?tag=latest&arch=x": "pkg:oci/debian@sha256:ab?arch=x&tag=latest",
		"pkg:npm/%40angular/animation@12":              "pkg:npm/%40angular/animation@12",
		"pkg:huggingface/model":                        "",
		"pkg:pypi/ns/name":                             "",
		"pkg:pypi/":                                    "",
		"pypi/name":                                    "",
		"pkg:/name":                                    "",
	} {
		got, err := sbom.NormalizePURL(in)
		if got != want || (want == "") != (err != nil) {
			t.Errorf("%s: got %q, %v, want %q", in, got, err, want)
		}
	}
}

// TestConstructors: what the specification refuses is never made.
func TestConstructors(t *testing.T) {
	commit := "0123456789abcdef0123456789abcdef01234567"
	for _, c := range [][2]string{
		{sbom.PyPI("Django_Rest", "1.0"), "pkg:pypi/django-rest@1.0"},
		{sbom.PyPI("a/b", "1"), ""},
		{sbom.PyPI("", "1"), ""},
		{sbom.GoModule("GitHub.com/A/B/v2", "v2.0.0"), "pkg:golang/github.com/a/b/v2@v2.0.0"},
		{sbom.GoModule("app", "v1.0.0"), ""},
		{sbom.GoModule("go4.org", "v0.1.0"), "pkg:golang/go4.org@v0.1.0"},
		{sbom.HuggingFaceModel("gpt2", commit), ""},
		{sbom.HuggingFaceModel("Org/Model", strings.ToUpper(commit)), "pkg:huggingface/Org/Model@" + commit},
		{sbom.HuggingFaceModel("Org/Other", "main"), "pkg:huggingface/Org/Other"},
		{sbom.HuggingFaceModel("a/b/c", commit), ""},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}
