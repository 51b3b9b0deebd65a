package sbom

import (
	"slices"
	"strings"
	"testing"
)

func TestLicensesOfSources(t *testing.T) {
	for _, c := range []struct {
		name    string
		sources []string // licences of each, best first
		want    string
		dropped []string
	}{
		{"agreeing", []string{"MIT", "MIT"}, "MIT", nil},
		{"completing", []string{"MIT", "MIT Apache-2.0"}, "Apache-2.0 MIT", nil},
		{"contradicting", []string{"MIT", "CC-BY-NC-4.0"}, "MIT", []string{"CC-BY-NC-4.0"}},
		{"a third joins them", []string{"MIT", "CC0-1.0", "MIT CC0-1.0"}, "CC0-1.0 MIT", nil},
		{"one of three", []string{"MIT", "CC0-1.0", "MIT"}, "MIT", []string{"CC0-1.0"}},
		{"put aside in order", []string{"MIT", "GPL-3.0-only Apache-2.0"}, "MIT", []string{"Apache-2.0"}},
		{"says nothing", []string{"other", "MIT"}, "MIT other", nil},
	} {
		var report Report
		for i, source := range c.sources {
			s := Sighting{Component: Component{Kind: KindDataset, Name: "d", Keys: Keys{Path: "d/"}}, Basis: Declared, Where: Place{Path: "d/" + string(rune('a'+i)), By: "t"}}
			for _, l := range strings.Fields(source) {
				s.Licenses = append(s.Licenses, ParseLicense(l))
			}
			report.Sightings = append(report.Sightings, s)
		}
		for range 2 { // and again from what the graph gives back
			g := Merge(report)
			var got, dropped []string
			for _, l := range g.Nodes[0].Licenses {
				got = append(got, l.ID+l.Name)
			}
			for _, k := range g.Conflicts {
				var one Component
				row, _ := FieldByName("licenses")
				if err := row.SetText(&one, k.Dropped.Value); err != nil || k.Field != "licenses" {
					t.Fatalf("%s: %+v %v", c.name, k, err)
				}
				dropped = append(dropped, one.Licenses[0].ID)
			}
			slices.Sort(got)
			if strings.Join(got, " ") != c.want || !slices.Equal(dropped, c.dropped) {
				t.Errorf("%s: %v, dropped %v; want %s, dropped %v", c.name, got, dropped, c.want, c.dropped)
			}
			report = g.Report()
		}
	}
}
