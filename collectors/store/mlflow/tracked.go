package mlflow

import (
	"io/fs"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// statuses are the words of a run's status; older stores keep its number.
var statuses = map[string]string{"1": "RUNNING", "2": "SCHEDULED", "3": "FINISHED", "4": "FAILED", "5": "KILLED"}

// runID gives the id of a run of the file store, whose folder has it; "" where the
// record is of something else.
func runID(v *yamllines.Value) string {
	id := v.Get("run_id").Text()
	if id == "" {
		id = v.Get("run_uuid").Text()
	}
	if v.Get("experiment_id").Text() == "" || v.Get("lifecycle_stage").Text() == "" && v.Get("start_time").Text() == "" {
		return ""
	}
	return id
}

func process(home string) sbom.Component {
	return sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: home + "/"}, Process: &sbom.Process{Type: "run", Tool: "mlflow"}}
}

// tracked reads a run: what it was told, logged, took and gave.
func tracked(f *sbom.File, v *yamllines.Value) []sbom.Sighting {
	home := path.Dir(f.Path)
	if runID(v) != path.Base(home) {
		return nil
	}
	r := &record{f: f, home: home, Sighting: sbom.Sighting{Component: process(home), Basis: sbom.Resolved, Where: sbom.Place{Line: 1}}}
	r.Name = clip(firstOf(v.Get("run_name").Text(), v.Get("name").Text(), runID(v)))
	p := r.Process
	p.Started, p.Ended = moment(v.Get("start_time").Text()), moment(v.Get("end_time").Text())
	if p.Status = v.Get("status").Text(); statuses[p.Status] != "" {
		p.Status = statuses[p.Status]
	}
	p.Status = clip(p.Status)
	if who := v.Get("user_id").Text(); !strings.Contains(who, "@") && who != "unknown" {
		p.By = clip(who)
	}
	r.property("run_id", runID(v))
	if stage := v.Get("lifecycle_stage").Text(); stage != "active" {
		r.property("lifecycle_stage", stage)
	}
	r.property("experiment", read(f.FS, path.Join(path.Dir(home), "meta.yaml")).Get("name").Text())
	r.logged()
	r.tags()
	r.took()
	r.gave()
	return append([]sbom.Sighting{r.Sighting}, r.more...)
}

// record is a run while it is read.
type record struct {
	sbom.Sighting
	f    *sbom.File
	home string
	more []sbom.Sighting
}

func (r *record) property(name, text string) {
	if text = strings.TrimSpace(text); text != "" && len(r.Properties) < maxValues {
		r.Properties = append(r.Properties, sbom.Property{Name: "mlbom:mlflow:" + name, Value: lineage.Shown(lineage.Clip(text, maxText))})
	}
}

func firstOf(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// moment writes a time in milliseconds; "" where it is none.
func moment(text string) string {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms <= 0 || ms > 253402300799000 { // the year 9999
		return ""
	}
	t := time.UnixMilli(ms).UTC()
	if ms%1000 == 0 {
		return t.Format(time.RFC3339)
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}

func (r *record) logged() {
	each(r.f.FS, path.Join(r.home, "params"), func(name, _, text string) {
		if last := name[strings.LastIndexAny(name, "./")+1:]; len(r.Process.Parameters) < maxValues && !lineage.Secret(last) {
			r.Process.Parameters = append(r.Process.Parameters, sbom.Property{Name: lineage.Clip(name, maxText), Value: lineage.Shown(lineage.Clip(strings.TrimSpace(text), maxText))})
		}
	})
	each(r.f.FS, path.Join(r.home, "metrics"), func(name, _, text string) {
		if m, ok := last(name, text); ok && len(r.Process.Metrics) < maxValues {
			r.Process.Metrics = append(r.Process.Metrics, m)
		}
	})
}

// last reads a file of one metric, whose lines hold the time in milliseconds, the
// value and the step, and from version 3 on the dataset and the model. The value is
// that of the highest step, then of the latest time, as MLflow has it; of several,
// Args says which.
func last(name, text string) (metric sbom.Metric, ok bool) {
	type point struct {
		step, at int64
		value    float64
	}
	var best point
	n := 0
	for line := range strings.Lines(text) {
		w := strings.Fields(line)
		if len(w) < 2 {
			continue
		}
		p := point{value: math.NaN()}
		p.at, _ = strconv.ParseInt(w[0], 10, 64)
		if len(w) > 2 {
			p.step, _ = strconv.ParseInt(w[2], 10, 64)
		}
		v, err := strconv.ParseFloat(w[1], 64)
		if err != nil || len(w[1]) > maxText {
			continue
		}
		p.value = v
		if n > 0 && p.step == best.step && p.at == best.at && w[1] == metric.Value {
			continue // written twice
		}
		if n++; n > 1 && (p.step < best.step || p.step == best.step && (p.at < best.at || p.at == best.at && p.value < best.value)) {
			continue
		}
		best = p
		metric = sbom.Metric{Type: lineage.Clip(name, maxText), Value: w[1]}
		if len(w) >= 6 {
			metric.Dataset = lineage.Clip(w[4], maxText)
		} else if len(w) == 5 {
			metric.Dataset = lineage.Clip(w[3], maxText)
		}
	}
	if n > 1 {
		metric.Args = "step " + strconv.FormatInt(best.step, 10) + ", the last of " + strconv.Itoa(n) + " values"
	}
	return metric, n > 0
}

// tags tell which code ran; who ran it is not told.
func (r *record) tags() {
	tag := map[string]string{}
	each(r.f.FS, path.Join(r.home, "tags"), func(name, _, text string) { tag[name] = strings.TrimSpace(text) })
	commit := tag["mlflow.source.git.commit"]
	if sbom.IsCommit(commit) {
		r.property("source.commit", commit)
	}
	if address := lineage.Repository(tag["mlflow.source.git.repoURL"]); address != "" {
		r.Refs = append(r.Refs, sbom.Ref{Type: "vcs", URL: address, Comment: strings.TrimSpace("the code that ran " + commit)})
	}
	if name := tag["mlflow.source.name"]; name != "" {
		if address := lineage.Repository(name); address != "" {
			name = address
		} else if lineage.Inside(".", name) == "" {
			name = lineage.Name(name) // the rest is of somebody's machine
		}
		r.property("source.name", name)
	}
	r.Description = lineage.Clip(tag["mlflow.note.content"], maxText)
	for name, text := range tag {
		switch short, own := strings.CutPrefix(name, "mlflow."); {
		case !own:
			if !lineage.Secret(name[strings.LastIndexAny(name, "./")+1:]) {
				r.property("tag."+lineage.Clip(name, maxText), lineage.NoMail(lineage.Command(text)))
			}
		case short == "source.type" || short == "source.git.branch" || short == "project.entryPoint" || short == "project.backend" || short == "project.env" || short == "autologging" || short == "docker.image.uri" || short == "docker.image.id":
			r.property(short, text)
		case short == "parentRunId":
			r.parent(text)
		}
	}
	if image := tag["mlflow.docker.image.uri"]; image != "" {
		r.Process.Environment = append(r.Process.Environment, sbom.Property{Name: "image", Value: lineage.Clip(lineage.Image(image), maxText)})
	}
	sbom.Sort(&r.Component)
}

// parent puts the run into the one that started it.
func (r *record) parent(id string) {
	if !fs.ValidPath(id) || strings.Contains(id, "/") || !isFile(r.f.FS, path.Join(path.Dir(r.home), id, "meta.yaml")) {
		r.property("parentRunId", id)
		return
	}
	over := sbom.Sighting{Component: process(path.Join(path.Dir(r.home), id)), Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Path: path.Join(r.home, "tags/mlflow.parentRunId"), Line: 1}}
	over.Links = []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindProcess, Name: r.Name, Keys: r.Keys}}}
	r.more = append(r.more, over)
}

// took reads the datasets and models that went in.
func (r *record) took() {
	for _, in := range inputsOf(r.f.FS, r.home) {
		switch in.kind {
		case "DATASET":
			s := datasetAt(r.f, path.Join(path.Dir(r.home), "datasets", in.id))
			if s.Kind == "" {
				continue
			}
			r.more = append(r.more, s)
			to := sbom.Component{Kind: s.Kind, Name: s.Name, Keys: s.Keys}
			r.Links = append(r.Links, sbom.Link{Rel: sbom.Consumes, To: to, Note: clip(in.context)})
		case "MODEL_INPUT", "MODEL":
			if to, ok := r.model(in.id); ok {
				r.Links = append(r.Links, sbom.Link{Rel: sbom.Consumes, To: to})
			}
		}
	}
}

// gave reads the models that came out, from version 3 on; before, they lie in the run.
func (r *record) gave() {
	entries, _ := fs.ReadDir(r.f.FS, path.Join(r.home, "outputs"))
	for _, e := range entries[:min(len(entries), maxValues)] {
		v := read(r.f.FS, path.Join(r.home, "outputs", e.Name(), "meta.yaml"))
		if to, ok := r.model(v.Get("destination_id").Text()); ok {
			r.Links = append(r.Links, sbom.Link{Rel: sbom.Produces, To: to})
		}
	}
}

func (r *record) model(id string) (sbom.Component, bool) {
	if id == "" || !fs.ValidPath(id) || strings.Contains(id, "/") {
		return sbom.Component{}, false
	}
	at := path.Join(path.Dir(r.home), "models", id)
	c := sbom.Component{Kind: sbom.KindModel, Name: clip(read(r.f.FS, path.Join(at, "meta.yaml")).Get("name").Text()), Keys: sbom.Keys{Path: at + "/artifacts/"}}
	return c, isFile(r.f.FS, path.Join(at, "artifacts/MLmodel"))
}

// input is one entry of a run's folder "inputs".
type input struct{ kind, id, context string }

func inputsOf(tree fs.FS, home string) (all []input) {
	entries, _ := fs.ReadDir(tree, path.Join(home, "inputs"))
	for _, e := range entries[:min(len(entries), maxValues)] {
		v := read(tree, path.Join(home, "inputs", e.Name(), "meta.yaml"))
		id := v.Get("source_id").Text()
		if id != "" && fs.ValidPath(id) && !strings.Contains(id, "/") {
			all = append(all, input{v.Get("source_type").Text(), id, v.Get("tags", contextTag).Text()})
		}
	}
	return all
}
