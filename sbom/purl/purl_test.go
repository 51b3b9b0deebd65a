package purl

import (
	"slices"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		"pkg:PyPI/Django_Rest@1.0":                    "pkg:pypi/django-rest@1.0",
		"pkg:golang/GitHub.com/A/B@v1.0.0#x/y":        "pkg:golang/github.com/a/b@v1.0.0#x/y",
		"pkg:golang/stdlib@1.26.8":                    "pkg:golang/stdlib@1.26.8",
		"pkg:huggingface/Org/Model@ABCDEF":            "pkg:huggingface/Org/Model@abcdef",
		"pkg:oci/Debian@SHA256%3Aab?tag=x&arch=y":     "pkg:oci/debian@sha256:ab?arch=y&tag=x",
		"pkg:git/codeberg.org/Forgejo/Forgejo@1":      "pkg:git/codeberg.org/forgejo/forgejo@1",
		"pkg:npm/%40angular/animation@12":             "pkg:npm/%40angular/animation@12",
		"pkg:mlflow/M@3?repository_url=https://x":     "pkg:mlflow/M@3?repository_url=https:%2F%2Fx",
		"pkg:swid/Acme/App@1?tag_id=75b8c285":         "pkg:swid/Acme/App@1?tag_id=75b8c285",
		"pkg:generic/a?b=":                            "pkg:generic/a",
		"pkg:nonsuch/a@1":                             "pkg:nonsuch/a@1",
		"pkg:huggingface/gpt2":                        "! type huggingface needs a namespace",
		"pkg:huggingface/org/m@main":                  "! the version of type huggingface is a commit hash; a branch or tag is none",
		"pkg:mlflow/ns/m@1":                           "! type mlflow has no namespace",
		"pkg:oci/ns/m@1":                              "! type oci has no namespace",
		"pkg:pypi/ns/m@1":                             "! type pypi has no namespace",
		"pkg:conda/conda-forge/m@1":                   "! type conda has no namespace",
		"pkg:github/mlbom":                            "! type github needs a namespace",
		"pkg:julia/AWS@1":                             "! uuid",
		"pkg:swid/Acme/App@1":                         "! ",
		"pkg:pypi/":                                   "! purl is missing name",
		"pkg:pypi/a?x=1&x=2":                          "! invalid qualifiers: duplicate qualifier key: \"x\"",
		"pypi/name":                                   "! purl scheme is not \"pkg\": \"pypi/name\"",
		"pkg:npm/%zz":                                 "! ",
		"":                                            "! purl scheme is not \"pkg\": \"\"",
		"pkg:generic/" + strings.Repeat("%ff", 9999):  "",
		"pkg:gen\x1b[31m/" + strings.Repeat("x", 500): "! invalid type",
	} {
		got, err := Canonical(in)
		switch reason, refused := strings.CutPrefix(want, "! "); {
		case refused && (err == nil || !strings.Contains(err.Error(), reason) || len(err.Error()) > 400 || strings.ContainsAny(err.Error(), "\n\x1b")):
			t.Errorf("%.80q: got %q, %v, want %s", in, got, err, reason)
		case !refused && (err != nil || want != "" && got != want):
			t.Errorf("%.80q: got %.80q, %v, want %q", in, got, err, want)
		}
	}
}

func TestRemarks(t *testing.T) {
	for in, want := range map[string][]string{
		"pkg:pypi/django@1":         nil,
		"pkg:pypi/Django@1":         {`it is not spelt canonically: "pkg:pypi/django@1"`},
		"pkg:npm/a?b=1&a=2":         {`it is not spelt canonically: "pkg:npm/a?a=2&b=1"`},
		"pkg:gem/a@1?Platform=java": {`it is not spelt canonically: "pkg:gem/a@1?platform=java"`},
		"pkg:nonsuch/a":             {`the type "nonsuch" is not registered`},
		"pkg:golang/go4.org@1":      {"the definition of type golang wants a namespace"},
		"pkg:golang/stdlib@1":       nil,
		"pkg:huggingface/gpt2":      nil, // refused, which says more
	} {
		if got := Remarks(in); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func Fuzz(f *testing.F) {
	for _, s := range []string{"pkg:pypi/django@1", "pkg:npm/%40a/b@1?x=y&Z=w#c/d", "pkg:huggingface/a/b@main", "pkg:julia/A", "pkg:swid/a?tag_id=x", "pkg:", "pkg:oci/a@sha256%3Aff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, err := Canonical(s)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x1b\x00\r") || len(err.Error()) > 1000 {
				t.Errorf("%q", err)
			}
			return
		}
		for _, r := range Remarks(s) {
			if strings.ContainsAny(r, "\n\x1b\x00\r") {
				t.Errorf("%q", r)
			}
		}
		if twice, err := Canonical(once); err != nil || twice != once {
			t.Errorf("%q becomes %q, then %q, %v", s, once, twice, err)
		}
	})
}
