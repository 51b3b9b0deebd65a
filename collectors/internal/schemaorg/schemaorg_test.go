package schemaorg

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

func draft(t *testing.T, members string) *Draft {
	t.Helper()
	root, err := jsonlines.Parse(`{"@context": {"@vocab": "https://schema.org/", "prov": "http://www.w3.org/ns/prov#", "odrl": "http://www.w3.org/ns/odrl/2/", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}, "@type": "Dataset", ` + members + `}`)
	if err != nil {
		t.Fatal(members, err)
	}
	s := NewDraft(jsonld.New(root, Words()), root, sbom.KindDataset, "test")
	s.Describe()
	return s
}

// TestDescribe: what is stated, and what has to stand in the component for it; the text
// of each is looked for in the sighting as a whole where no field is named.
func TestDescribe(t *testing.T) {
	s := draft(t, `"name": "Songs", "version": "2.1", "description": "Of birds.", "license": "https://creativecommons.org/licenses/by/4.0/", "keywords": "birds, songs, arxiv:2401.00001",
 "inLanguage": ["en", {"@type": "Language", "alternateName": "sv"}], "datePublished": "2024-05-01",
 "creator": [{"@type": "Person", "name": "Ann Lee", "email": "mailto:ann@acme.org"}, {"@type": "Organization", "name": "Acme"}], "publisher": {"@type": "Organization", "name": "Press"}`)
	if s.Name != "Songs" || s.Version != "2.1" || s.Description != "Of birds." || len(s.Component.Licenses) != 1 || s.Component.Licenses[0].ID != "CC-BY-4.0" {
		t.Errorf("%+v", s.Component)
	}
	if got := strings.Join(s.Tags, " "); got != "birds songs" {
		t.Errorf("tags %q", got)
	}
	if got := strings.Join(s.Languages, " "); got != "en sv" || s.Released != "2024-05-01" {
		t.Errorf("languages %q, released %q", got, s.Released)
	}
	all := fmt.Sprintf("%+v", s.Component)
	for _, want := range []string{"Ann Lee", "ann@acme.org", "Acme", "Press", "https://arxiv.org/abs/2401.00001"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if strings.Contains(all, "mailto:") {
		t.Errorf("mailto in %s", all)
	}
}

func TestPlaceholdersAreDropped(t *testing.T) {
	s := draft(t, `"name": "", "version": "unknown", "license": "TODO", "keywords": "n/a", "inLanguage": "unknown"`)
	if s.Name != "" || s.Version != "" || len(s.Component.Licenses)+len(s.Tags)+len(s.Languages) != 0 {
		t.Errorf("%+v", s.Component)
	}
}

func TestSources(t *testing.T) {
	s := draft(t, `"name": "Songs", "isBasedOn": ["https://huggingface.co/datasets/acme/roars", {"@type": "Dataset", "name": "Old songs", "url": "https://acme.org/old"}]`)
	var got []string
	for _, l := range s.Links {
		got = append(got, fmt.Sprintf("%s %s", l.Rel, l.To.Name))
	}
	if strings.Join(got, ", ") != "derived-from acme/roars, derived-from Old songs" {
		t.Errorf("%q", got)
	}
}

func TestUsage(t *testing.T) {
	for members, want := range map[string]string{
		`"usageInfo": {"odrl:permission": {"odrl:action": "use", "odrl:constraint": {"odrl:leftOperand": "purpose", "odrl:operator": "eq", "odrl:rightOperand": "research"}}}`: "permission: use; purpose eq research",
		`"usageInfo": {"odrl:prohibition": [{"odrl:action": "sell"}]}`:        "prohibition: sell",
		`"usageInfo": {"name": "Health research", "termCode": "DUO_0000006"}`: "DUO_0000006 Health research",
		`"conditionsOfAccess": "On request"`:                                  "On request",
	} {
		if s := draft(t, members); !strings.Contains(fmt.Sprintf("%+v", s.Section().Usage), want) {
			t.Errorf("%s: %+v, want %q", members, s.Section().Usage, want)
		}
	}
}

func TestWords(t *testing.T) {
	for node, want := range map[string]string{
		`"plain"`: "plain",
		`{"name": "N", "url": "https://acme.org/n"}`:  "N <https://acme.org/n>",
		`{"url": "https://acme.org/n"}`:               "https://acme.org/n",
		`{"value": 5, "unitText": "kg"}`:              "5 kg",
		`{"name": "N", "url": "javascript:alert(1)"}`: "N",
	} {
		s := draft(t, `"about": `+node)
		if got := s.Words(s.Node.Get("about")); got != want {
			t.Errorf("%s: %q, want %q", node, got, want)
		}
	}
}
