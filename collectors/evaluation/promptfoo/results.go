package promptfoo

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

const maxLabel = 120 // bytes of a prompt that name it

type report struct {
	root   *jsonlines.Value
	run    *evaluation.Run
	counts map[string]*count
	order  []string
	safety bool
}

// count is how many tests of a provider, or of one plugin at a provider, passed.
type count struct {
	provider, task, prompt string
	passed, all, line      int
}

func (r *report) read() ([]sbom.Sighting, error) {
	in := r.root.Get("results")
	r.run.Line = in.LineOf()
	if v := r.root.Path("metadata", "promptfooVersion").Str(); v != "" {
		r.run.Process.Tool += " " + v
	}
	r.run.Process.Started = evaluation.Time(in.Get("timestamp").Str())
	config := r.root.Get("config")
	redTeam := config.Get("redteam")
	r.safety = redTeam.Is(jsonlines.Object)
	r.run.Parameter("eval_id", scalar(r.root.Get("evalId")))
	r.run.Parameter("version", scalar(in.Get("version")))
	r.run.Parameter("description", scalar(config.Get("description")))
	r.run.Parameter("redteam.purpose", scalar(redTeam.Get("purpose")))
	for _, p := range items(redTeam.Get("plugins")) {
		r.run.Parameter("redteam.plugin", id(p))
	}
	for _, p := range items(redTeam.Get("strategies")) {
		r.run.Parameter("redteam.strategy", id(p))
	}
	for _, key := range []string{"nodeVersion", "platform", "arch"} {
		r.run.Environment(key, scalar(r.root.Path("metadata", key)))
	}
	for _, key := range []string{"successes", "failures", "errors"} {
		r.run.Parameter("stats."+key, scalar(in.Path("stats", key)))
	}
	if !r.prompts(in) {
		r.tests(in, false)
	}
	r.tests(in, true)
	r.values()
	return r.run.Sightings()
}

func items(v *jsonlines.Value) []*jsonlines.Value {
	if !v.Is(jsonlines.Array) {
		return nil
	}
	return v.Items
}

func scalar(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.String):
		return v.Text
	}
	return v.Compact()
}

// id is a name, or that of an object.
func id(v *jsonlines.Value) string {
	if v.Is(jsonlines.Object) {
		return v.Get("id").Str()
	}
	return v.Str()
}

// prompts reads the sums by provider and prompt: of version 3 beside the results, of
// version 2 in the head of a table.
func (r *report) prompts(in *jsonlines.Value) bool {
	list := in.Get("prompts")
	if !list.Is(jsonlines.Array) {
		list = in.Path("table", "head", "prompts")
	}
	if !list.Is(jsonlines.Array) {
		return false
	}
	found := false
	for _, p := range list.Items {
		sums := p.Get("metrics")
		passed, ok := sums.Get("testPassCount").Int()
		failed, has := sums.Get("testFailCount").Int()
		errors, _ := sums.Get("testErrorCount").Int()
		if !ok || !has || passed < 0 || failed < 0 || errors < 0 || passed+failed+errors > 1<<40 {
			continue
		}
		c := r.count(id(p.Get("provider")), "", label(p), p.LineOf())
		if c == nil {
			continue
		}
		found = true
		c.passed += int(passed)
		c.all += int(passed + failed + errors)
		m := model(r.run, c.provider, c.line)
		named := sums.Get("namedScores")
		if !named.Is(jsonlines.Object) {
			continue
		}
		for _, s := range named.Members {
			m.Metric(sbom.Metric{Type: s.Key, Value: scalar(s.Value), Slice: c.prompt, Date: r.run.Process.Started}, s.Line)
		}
	}
	return found
}

func label(p *jsonlines.Value) string {
	s := p.Get("label").Str()
	if s == "" {
		s = p.Get("display").Str()
	}
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxLabel {
		s = strings.ToValidUTF8(s[:maxLabel], "") + "…"
	}
	return s
}

// tests counts the single results, by plugin or of all.
func (r *report) tests(in *jsonlines.Value, plugins bool) {
	for _, t := range in.Get("results").Items {
		plugin := t.Path("metadata", "pluginId").Str()
		success, ok := t.Get("success").Bool()
		if !ok || plugins == (plugin == "") {
			continue
		}
		if c := r.count(id(t.Get("provider")), plugin, "", t.LineOf()); c != nil {
			r.safety = r.safety || plugin != ""
			c.all++
			if success {
				c.passed++
			}
		}
	}
}

func (r *report) count(provider, task, prompt string, line int) *count {
	if provider == "" || len(provider) > evaluation.MaxText || len(task) > evaluation.MaxText {
		return nil
	}
	key := provider + "\x00" + task + "\x00" + prompt
	c := r.counts[key]
	if c == nil && len(r.order) < evaluation.MaxMetrics {
		c = &count{provider: provider, task: task, prompt: prompt, line: line}
		r.counts[key] = c
		r.order = append(r.order, key)
	}
	return c
}

func (r *report) values() {
	for _, key := range r.order {
		c := r.counts[key]
		if c.all == 0 {
			continue
		}
		v := sbom.Metric{Type: "pass_rate", Value: strconv.FormatFloat(float64(c.passed)/float64(c.all), 'f', -1, 32), Samples: strconv.Itoa(c.all), Slice: c.prompt, Task: c.task,
			Name: strconv.Itoa(c.passed) + " of " + strconv.Itoa(c.all) + " passed", Date: r.run.Process.Started, Tool: r.run.Process.Tool}
		if r.safety {
			v.Category = "safety"
		}
		if m := model(r.run, c.provider, c.line); m != nil {
			m.Metric(v, c.line)
			continue
		}
		v.Slice = strings.TrimPrefix(v.Slice+" at "+name(c.provider), " ")
		r.run.Process.Metrics = append(r.run.Process.Metrics, v)
	}
}

// name is a provider's id without what an address may hide.
func name(id string) string {
	if strings.Contains(id, "://") {
		return evaluation.Address(id)
	}
	return id
}
