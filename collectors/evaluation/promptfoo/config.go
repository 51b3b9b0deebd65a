package promptfoo

import (
	"strconv"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const maxProviders = 500

// configuration reads what is to be tested. It is no run, so its providers are models
// that are named, and no report file stands beside it.
func configuration(f *sbom.File) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	root, err := yamllines.Parse(text)
	if !root.IsMap() {
		return nil, err
	}
	run := evaluation.New(f, "promptfoo-config", "promptfoo")
	run.Process.Type, run.Given = "stage", true
	run.Parameter("description", root.Get("description").Text())
	for _, key := range []string{"providers", "targets"} {
		list := root.Get(key).Items()
		if v := root.Get(key); v.IsScalar() {
			list = []*yamllines.Value{v}
		}
		for _, p := range list[:min(len(list), maxProviders)] {
			named(run, p)
		}
	}
	team := root.Get("redteam")
	run.Parameter("redteam.purpose", team.Get("purpose").Text())
	plugins(run, team)
	if tests := root.Get("tests"); tests.IsList() {
		run.Parameter("tests", strconv.Itoa(tests.Len()))
	}
	seen, failed := run.Sightings()
	if failed != nil {
		return seen, failed
	}
	return seen, err
}

func plugins(run *evaluation.Run, team *yamllines.Value) {
	for _, p := range team.Get("plugins").Items() {
		run.Parameter("redteam.plugin", word(p))
	}
	for _, p := range team.Get("strategies").Items() {
		run.Parameter("redteam.strategy", word(p))
	}
}

func word(v *yamllines.Value) string {
	if v.IsMap() {
		return v.Get("id").Text()
	}
	return v.Text()
}

// named reads a provider: an id, an object with one, or a mapping from the id.
func named(run *evaluation.Run, p *yamllines.Value) {
	line, id := p.Line(), word(p)
	if id == "" && p.IsMap() {
		for _, e := range p.Entries() {
			id = e.Key
			break
		}
	}
	if id == "http" || id == "https" {
		id = p.Get("config", "url").Text()
	}
	if id == "" || len(id) > evaluation.MaxText {
		return
	}
	if m := model(run, id, line); m == nil {
		run.Parameter("provider", name(id))
	} else if at := evaluation.Address(p.Get("config", "apiBaseUrl").Text()); at != "" {
		m.Served(at, line)
	}
}
