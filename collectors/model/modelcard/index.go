package modelcard

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the results of one card; benchmark suites have some hundreds.
const (
	maxMetrics = 5000
	maxValue   = 1000 // bytes of one value
)

// builders are the loaders of files, which the Trainer writes in place of a
// dataset's name.
var builders = map[string]bool{"imagefolder": true, "audiofolder": true, "videofolder": true, "json": true, "csv": true, "text": true,
	"parquet": true, "generator": true, "arrow": true, "pandas": true, "webdataset": true, "default": true, "dataset": true}

var (
	number  = pattern.Lazy(`^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$`)
	hubLike = pattern.Lazy(`^[A-Za-z0-9][\w.-]*/[\w.-]+$|^[a-z0-9][a-z0-9_.-]*$`)
)

// index reads the results of model-index.
func index(c *card.Card, d *card.Draft) {
	if !c.Front.Has("model-index") {
		return
	}
	for _, m := range c.Front.Get("model-index").List() {
		rest(d, "model-index", m, "name", "results")
		for _, r := range m.Get("results").List() {
			result(d, r)
			others(d, r)
		}
	}
}

// others keeps what a result says beyond the fields of a metric. A task's name
// is kept once: it is the same for each result of the task.
func others(d *card.Draft, r frontmatter.Value) {
	const at = "model-index.results"
	rest(d, at, r, "task", "dataset", "metrics", "source")
	rest(d, at+".dataset", r.Get("dataset"), "type", "name", "config", "split", "revision", "args")
	rest(d, at+".source", r.Get("source"), "url", "name")
	if task := r.Get("task"); text(task.Get("type")) != "" {
		rest(d, at+".task", task, "type")
	} else {
		rest(d, at+".task", task, "type", "name")
	}
	for _, m := range r.Get("metrics").List() {
		rest(d, at+".metrics", m, "type", "name", "value", "verified", "verifyToken", "config", "args")
		for _, key := range []string{"config", "args"} {
			if v, s := m.Get(key), text(r.Get("dataset").Get(key)); v.Line() > 0 && s != "" && text(v) != s {
				d.KeepValue(at+".metrics."+key, v, v.Line())
			}
		}
	}
}

// rest keeps the keys of a mapping that have no field.
func rest(d *card.Draft, at string, v frontmatter.Value, known ...string) {
	for _, p := range v.Pairs() {
		if !slices.Contains(known, p.Key) {
			d.KeepValue(at+"."+p.Key, p.Value, p.Line)
		}
	}
}

// result reads one: a task on a dataset, with its metrics.
func result(d *card.Draft, r frontmatter.Value) {
	task, set, source := r.Get("task"), r.Get("dataset"), r.Get("source")
	common := sbom.Metric{
		Task: text(task.Get("type")), Dataset: text(set.Get("type")), DatasetOf: text(set.Get("name")),
		Config: text(set.Get("config")), Split: text(set.Get("split")), Revision: text(set.Get("revision")),
		Args: text(set.Get("args")), SourceURL: text(source.Get("url")), SourceName: text(source.Get("name")),
	}
	if common.Task == "" {
		common.Task = text(task.Get("name"))
	}
	measured := false
	for _, v := range r.Get("metrics").List() {
		m := common
		m.Type, m.Name, m.Value = text(v.Get("type")), text(v.Get("name")), text(v.Get("value"))
		if m.Type == "" {
			m.Type = m.Name
		}
		if m.Value == "" || m.Type == "" || strings.HasPrefix(m.Value, `{"`) && strings.HasSuffix(m.Value, `:null}`) {
			continue
		}
		if s := text(v.Get("config")); s != "" && m.Config == "" {
			m.Config = s
		}
		if s := text(v.Get("args")); s != "" && m.Args == "" {
			m.Args = s
		}
		m.Verified = strings.EqualFold(text(v.Get("verified")), "true")
		measured = true
		if list := &model(d).Metrics; len(*list) < maxMetrics {
			*list = append(*list, m)
			d.Mark("model.metrics", v.Line())
		}
	}
	if measured && hubLike.MatchString(common.Dataset) && !builders[common.Dataset] && common.Task != "reinforcement-learning" {
		d.DatasetLink(sbom.EvaluatedOn, common.Dataset, common.Revision, role(common.Split), set.Get("type").Line())
	}
}

// role is what the name of a split says on what the data was for; "" where it says
// nothing.
func role(split string) string {
	split = strings.ToLower(split)
	switch {
	case strings.Contains(split, "valid"), split == "dev", split == "eval", strings.Contains(split, "dev_"):
		return sbom.RoleValidation
	case strings.Contains(split, "test"):
		return sbom.RoleTest
	}
	return ""
}

func text(v frontmatter.Value) string {
	s := v.JSON()
	if len(s) > maxValue {
		return ""
	}
	return s
}
