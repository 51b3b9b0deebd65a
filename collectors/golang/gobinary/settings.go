package gobinary

import (
	"runtime/debug"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// property keeps, on the application, what the vocabulary has no field for.
func (p *program) property(name, value string) {
	one := sbom.Property{Name: "mlbom:go:" + name, Value: value}
	if value != "" && !slices.Contains(p.app.Properties, one) {
		p.app.Properties = append(p.app.Properties, one)
	}
}

var (
	settingName = pattern.Lazy(`^-?[A-Za-z][A-Za-z0-9_.]{0,60}$`)
)

// settings reads how the program was built.
func (p *program) settings(info *debug.BuildInfo) {
	set := map[string]string{}
	for i, s := range info.Settings {
		if i >= maxSettings || len(s.Value) > maxValue || !settingName.MatchString(s.Key) {
			p.problem("a setting of the build is not one that Go writes: %.60q; it is left out", s.Key)
			continue
		}
		set[s.Key] = s.Value
		value := s.Value
		if s.Key == "-ldflags" {
			value = plainFlags(value)
		}
		p.property(strings.TrimPrefix(s.Key, "-"), value)
	}
	if set["vcs"] == "git" && sbom.IsCommit(set["vcs.revision"]) {
		p.app.Package.Source = sbom.Source{Type: "git", Commit: set["vcs.revision"]}
	}
	if set["CGO_ENABLED"] != "0" { // Go before 1.18 does not say
		p.app.Package.Dependencies = "incomplete" // C libraries can be linked, and are not listed
	}
	if v := versionIn(definitions(set["-ldflags"]), info.Main.Path); v != "" && p.app.Version == "" {
		p.hint(v)
	}
}

// hint is the version that the build wrote into a variable: a convention.
func (p *program) hint(version string) {
	p.more = append(p.more, sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindApplication, Keys: p.app.Keys, Name: p.app.Name, Version: version},
		Basis:     sbom.Inferred,
	})
}
