package condameta

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/sbom"
)

// requested lists the specifications that somebody asked for.
func (r *record) requested() []string {
	list := slices.Clone(r.RequestedSpecs)
	if r.RequestedSpec != "" && r.RequestedSpec != "None" && !slices.Contains(list, r.RequestedSpec) {
		list = append(list, r.RequestedSpec)
	}
	return slices.DeleteFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// environment gives the environment, where the package was asked for.
func (r *record) environment(f *sbom.File, s sbom.Sighting) (sbom.Sighting, bool) {
	prefix := path.Dir(path.Dir(f.Path))
	var env sbom.Sighting
	env.Kind, env.Basis, env.Where.Line = sbom.KindApplication, sbom.Observed, 1
	env.Keys.Path = sbom.Project(path.Join(prefix, "conda-meta"), "python")
	for _, text := range r.requested() {
		note := ""
		if spec, err := conda.ParseSpec(text); err == nil {
			note = spec.Requirement
		}
		env.Links = append(env.Links, sbom.Link{Rel: sbom.DependsOn, Note: note,
			To: sbom.Component{Kind: s.Kind, Keys: s.Keys, Name: s.Name, Version: s.Version}})
	}
	return env, len(env.Links) > 0
}

// needs adds the edges to the packages that are installed beside it.
func (r *record) needs(f *sbom.File, s *sbom.Sighting) []error {
	var problems []error
	var specs []conda.Spec
	prefixes := map[string]bool{}
	for i, text := range r.Depends {
		if i == maxDepends {
			problems = append(problems, &sbom.Problem{Reason: fmt.Sprintf("more than %d dependencies; the rest is left out", maxDepends)})
			break
		}
		spec, err := conda.ParseSpec(text)
		if err != nil {
			s.Package.Dependencies = "incomplete"
			problems = append(problems, &sbom.Problem{Reason: fmt.Sprintf("%.100q is no dependency of conda: %v", conda.Redact(text), err)})
			continue
		}
		if spec.IsName() && !spec.Virtual() {
			specs = append(specs, spec)
			prefixes[spec.Name] = true
		}
	}
	beside := installed(f, prefixes)
	told := map[string]bool{}
	for _, spec := range specs {
		to, ok := beside[spec.Name]
		if !ok {
			s.Package.Dependencies = "incomplete"
		}
		if !ok || told[spec.Name] {
			continue
		}
		told[spec.Name] = true
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DependsOn, Note: spec.Requirement,
			To: sbom.Component{Kind: conda.Kind(to.Name), Keys: sbom.Keys{PURL: sbom.Conda(to.Name, to.Version)}, Name: to.Name, Version: to.Version}})
	}
	return problems
}

// installed gives the packages of those names that have a record in the folder.
func installed(f *sbom.File, names map[string]bool) map[string]conda.Archive {
	found := map[string]conda.Archive{}
	if len(names) == 0 {
		return found
	}
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil {
		return found
	}
	for _, e := range entries[:min(len(entries), maxBeside)] {
		base, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok {
			continue
		}
		if a, ok := conda.SplitName(base); ok && names[a.Name] && sbom.Conda(a.Name, a.Version) != "" {
			found[a.Name] = a
		}
	}
	return found
}
