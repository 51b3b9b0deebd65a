package sbom

import (
	"strings"
	"testing"
)

func TestLicenseChains(t *testing.T) {
	thing := func(kind Kind, name, licence string, links ...Link) Sighting {
		s := Sighting{Component: Component{Kind: kind, Name: name, Keys: Keys{Path: name + "/"}}, Links: links, Where: Place{Path: name, By: "t"}}
		if licence != "" {
			s.Licenses = []License{ParseLicense(licence)}
		}
		return s
	}
	link := func(rel Rel, kind Kind, name string) Link {
		return Link{Rel: rel, To: Component{Kind: kind, Keys: Keys{Path: name + "/"}}}
	}
	g := Merge(Report{Sightings: []Sighting{
		thing(KindModel, "tuned", "MIT", link(DerivedFrom, KindModel, "base"), link(TrainedOn, KindDataset, "talk"), link(EvaluatedOn, KindDataset, "bench")),
		thing(KindModel, "base", "llama3.1", link(TrainedOn, KindDataset, "web"), link(DerivedFrom, KindModel, "tuned")), // a circle
		thing(KindDataset, "talk", "CC-BY-4.0", link(DerivedFrom, KindDataset, "web")),
		thing(KindDataset, "web", ""),
		thing(KindDataset, "bench", "MIT"),
	}})
	var got []string
	for _, l := range g.LicenseChains()[KeyID(KindModel, Keys{Path: "tuned/"})] {
		got = append(got, l.String())
	}
	want := "derived-from base: llama3.1; trained-on talk: CC-BY-4.0; base > trained-on web: unknown"
	if strings.Join(got, "; ") != want {
		t.Errorf("%q\nwant %q", strings.Join(got, "; "), want)
	}
}
