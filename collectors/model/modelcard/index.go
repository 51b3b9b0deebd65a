package modelcard

import (
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
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
	number  = regexp.MustCompile(`^\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$`)
	hubLike = regexp.MustCompile(`^[A-Za-z0-9][\w.-]*/[\w.-]+$|^[a-z0-9][a-z0-9_.-]*$`)
)

// index reads the results of model-index.
func index(c *card.Card, d *card.Draft) {
	if !c.Front.Has("model-index") {
		return
	}
	for _, m := range c.Front.Get("model-index").List() {
		for _, r := range m.Get("results").List() {
			result(d, r)
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
		d.DatasetLink(sbom.EvaluatedOn, common.Dataset, common.Revision, "", set.Get("type").Line())
	}
}

func text(v frontmatter.Value) string {
	s := v.JSON()
	if len(s) > maxValue {
		return ""
	}
	return s
}
