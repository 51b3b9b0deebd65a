package check

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func model(path string, change func(*sbom.Sighting)) sbom.Sighting {
	s := sbom.Sighting{Where: sbom.Place{Path: path, By: "test"}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindModel, strings.TrimSuffix(path, "/"), path
	s.Model = &sbom.Model{}
	if change != nil {
		change(&s)
	}
	return s
}

// findings gives "rule name" of each finding.
func findings(t *testing.T, all ...sbom.Sighting) []string {
	t.Helper()
	g := sbom.Merge(sbom.Report{Sightings: all})
	before := 0
	for _, n := range g.Nodes {
		before += len(n.Findings)
	}
	out := Run(g)
	var list []string
	for _, n := range out.Nodes {
		for _, f := range n.Findings {
			list = append(list, f.Rule+" "+n.Name)
		}
	}
	for _, n := range g.Nodes {
		before -= len(n.Findings)
	}
	if before != 0 {
		t.Error("Run changed the graph that it was given")
	}
	if again := Run(out); len(again.Nodes) > 0 {
		n := 0
		for _, node := range again.Nodes {
			n += len(node.Findings)
		}
		if n != len(list) {
			t.Errorf("checked twice, there are %d findings, not %d", n, len(list))
		}
	}
	return list
}

func is(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestLicense(t *testing.T) {
	sum := strings.Repeat("a", 64)
	hashed := func(s *sbom.Sighting) { s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}} }
	is(t, findings(t, model("m/", hashed)), "missing-license m")
	is(t, findings(t, model("m/", func(s *sbom.Sighting) { hashed(s); s.Licenses = []sbom.License{{ID: "MIT"}} })))
}

func TestPartsStandUnderTheWhole(t *testing.T) {
	part := model("m/x.gguf", func(s *sbom.Sighting) { s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("b", 64)}} })
	whole := model("m/", func(s *sbom.Sighting) {
		s.Licenses = []sbom.License{{ID: "MIT"}}
		s.Links = []sbom.Link{{Rel: sbom.Contains, To: part.Component}}
	})
	is(t, findings(t, whole, part))
}

// TestPartsWithoutLicense: that the whole has no licence is told once, and what merely
// says that it holds a model elsewhere does not speak for that one.
func TestPartsWithoutLicense(t *testing.T) {
	hashed := func(s *sbom.Sighting) { s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("b", 64)}} }
	part, other := model("m/x.gguf", hashed), model("n/", func(s *sbom.Sighting) { s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("c", 64)}} })
	whole := model("m/", func(s *sbom.Sighting) {
		s.Links = []sbom.Link{{Rel: sbom.Contains, To: part.Component}, {Rel: sbom.Contains, To: other.Component}}
	})
	is(t, findings(t, whole, part, other), "missing-license m", "missing-license n")
}

func TestHash(t *testing.T) {
	licensed := func(s *sbom.Sighting) { s.Licenses = []sbom.License{{ID: "MIT"}} }
	is(t, findings(t, model("m/", licensed)), "missing-hash m")
	is(t, findings(t, model("m/", func(s *sbom.Sighting) { // its weights are with others
		licensed(s)
		s.Links = []sbom.Link{{Rel: sbom.ServedBy, To: sbom.Component{Kind: sbom.KindService, Name: "s", Keys: sbom.Keys{URL: "https://s.example"}}}}
	})))
}

func TestMentioned(t *testing.T) {
	base := func(purl string) sbom.Sighting {
		return model("m/", func(s *sbom.Sighting) {
			s.Licenses = []sbom.License{{ID: "MIT"}}
			s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("a", 64)}}
			s.Links = []sbom.Link{{Rel: sbom.DerivedFrom, To: sbom.Component{Kind: sbom.KindModel, Name: "org/base", Keys: sbom.Keys{PURL: purl}}}}
		})
	}
	is(t, findings(t, base(sbom.HuggingFaceModel("org/base", ""))), "license-gap m", "unpinned-revision org/base")
	is(t, findings(t, base(sbom.HuggingFaceModel("org/base", strings.Repeat("c", 40)))), "license-gap m")
	data := func(revision string) sbom.Sighting {
		s := base(sbom.HuggingFaceModel("org/base", strings.Repeat("c", 40)))
		s.Links = []sbom.Link{{Rel: sbom.EvaluatedOn, To: sbom.Component{Kind: sbom.KindDataset, Name: "d", Keys: sbom.Keys{URL: "https://huggingface.co/datasets/d/tree/" + revision}}}}
		return s
	}
	is(t, findings(t, data("main")), "unpinned-revision d")
	is(t, findings(t, data(strings.Repeat("d", 40))))
}

// TestAddresses: a file at a commit or under a version is pinned, one at an address is not.
func TestAddresses(t *testing.T) {
	for _, c := range []struct{ url, version, want string }{
		{"https://raw.githubusercontent.com/o/r/master/d.csv", "", "unpinned-revision d"},
		{"https://raw.githubusercontent.com/o/r/" + strings.Repeat("0a", 20) + "/d.csv", "", ""},
		{"https://tfhub.dev/o/m/2", "2", ""},
		{"https://huggingface.co/datasets/squad", "main", "unpinned-revision d"},
	} {
		to := sbom.Component{Kind: sbom.KindDataset, Name: "d", Version: c.version, Keys: sbom.Keys{URL: c.url}}
		app := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Name: "a", Keys: sbom.Keys{Path: "a.py"}}, Where: sbom.Place{Path: "a.py", By: "test"}}
		app.Links = []sbom.Link{{Rel: sbom.Consumes, To: to}}
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		is(t, findings(t, app), want...)
	}
}

// TestLibraryData: what a library knows by its name comes from there.
func TestLibraryData(t *testing.T) {
	for group, want := range map[string][]string{"sklearn": nil, "": {"missing-provenance iris"}} {
		s := model("m/", func(s *sbom.Sighting) {
			s.Licenses, s.Hashes = []sbom.License{{ID: "MIT"}}, []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("a", 64)}}
			s.Links = []sbom.Link{{Rel: sbom.TrainedOn, To: sbom.Component{Kind: sbom.KindDataset, Group: group, Name: "iris"}}}
		})
		is(t, findings(t, s), append(want, "license-gap m")...)
	}
}

// TestCalled: what nobody named is not called "unknown", nor a project by a commit.
func TestCalled(t *testing.T) {
	for _, c := range []struct {
		kind       sbom.Kind
		name, want string
	}{
		{sbom.KindModel, "llama", "llama"}, {sbom.KindModel, "unknown", "this model"}, {sbom.KindDataset, "unknown", "this dataset"},
		{sbom.KindApplication, "unknown", "this project"}, {sbom.KindApplication, strings.Repeat("0a1b2", 8), "this project"},
	} {
		if got := called(&sbom.Node{Component: sbom.Component{Kind: c.kind, Name: c.name}}); got != c.want {
			t.Errorf("%s %q is called %q, want %q", c.kind, c.name, got, c.want)
		}
	}
}
