package lmeval

import (
	"math"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

const (
	tool   = "lm-evaluation-harness"
	format = "lm-eval-results"
)

type report struct {
	root  *jsonlines.Value
	run   *evaluation.Run
	model *evaluation.Model // nil where the report names none
	args  []sbom.Property
}

func (r *report) read(f *sbom.File) ([]sbom.Sighting, error) {
	version := r.root.Get("lm_eval_version").Str()
	r.run = evaluation.New(f, format, strings.TrimSpace(tool+" "+version))
	r.run.Line = r.root.Get("results").LineOf()
	r.args = arguments(r.root.Path("config", "model_args"))
	r.run.Process.Started = date(r.root.Get("date"))
	r.measured(f)
	r.settings()
	r.environment()
	r.tasks(f)
	r.samples(f)
	return r.run.Sightings()
}

// arguments reads the loader's arguments: a mapping, or "pretrained=a/b,revision=main",
// whose values may have commas.
func arguments(v *jsonlines.Value) (args []sbom.Property) {
	for _, m := range members(v) {
		args = append(args, sbom.Property{Name: m.Key, Value: scalar(m.Value)})
	}
	for part := range strings.SplitSeq(v.Str(), ",") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case ok && word(name):
			args = append(args, sbom.Property{Name: strings.TrimSpace(name), Value: value})
		case len(args) > 0 && part != "":
			args[len(args)-1].Value += "," + part
		}
	}
	return args
}

func word(s string) bool {
	s = strings.TrimSpace(s)
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

func members(v *jsonlines.Value) []jsonlines.Member {
	if !v.Is(jsonlines.Object) {
		return nil
	}
	return v.Members
}

// scalar is a value as text: a string without quotes, the rest as written.
func scalar(v *jsonlines.Value) string {
	switch {
	case v == nil || v.Kind == jsonlines.Null:
		return ""
	case v.Is(jsonlines.String):
		return v.Text
	}
	return v.Compact()
}

func (r *report) arg(names ...string) string {
	for _, n := range names {
		for _, a := range r.args {
			if a.Name == n && a.Value != "" && a.Value != "None" {
				return a.Value
			}
		}
	}
	return ""
}

// measured finds the model. An adapter goes before its base, as in the harness.
func (r *report) measured(f *sbom.File) {
	config := r.root.Get("config")
	line := config.Get("model_args").LineOf()
	revision := r.arg("revision")
	if sha := config.Get("model_sha").Str(); sbom.IsCommit(sha) {
		revision = sha
	}
	ref := r.arg("peft", "delta")
	if ref != "" {
		if _, local := evaluation.Local(f, ref); !local {
			revision = config.Get("peft_sha").Str() + config.Get("delta_sha").Str()
		}
	} else {
		ref = r.arg("pretrained", "path", "model_path")
	}
	if name := r.arg("model", "engine", "model_name"); ref == "" && name != "" {
		r.model = r.run.Hosted(name, "", line) // a service's own name
		if at := evaluation.Address(r.arg("base_url")); at != "" {
			r.model.Served(at, line)
		}
		return
	}
	if file := r.arg("gguf_file"); file != "" {
		if _, local := evaluation.Local(f, path.Join(ref, file)); local {
			ref = path.Join(ref, file)
		}
	}
	if ref == "" {
		if ref = r.root.Get("model_name").Str(); ref != "" {
			line = r.root.Get("model_name").LineOf()
		}
	}
	r.model = r.run.Model(ref, revision, line)
	if r.model == nil {
		return
	}
	if base := r.arg("pretrained"); base != "" && base != ref && r.arg("gguf_file") == "" {
		if to, ok := evaluation.Named(f, base, r.arg("revision")); ok {
			r.run.Link(sbom.Consumes, to, "base", line)
		}
	}
	r.model.Property(strings.TrimPrefix(sbom.TestedParameters, "mlbom:"), count(config.Get("model_num_parameters")))
	if sha := r.root.Get("chat_template_sha").Str(); len(sha) == 64 {
		r.model.Property(strings.TrimPrefix(sbom.TestedTemplate, "mlbom:"), sha)
	}
}

// count is a number above zero: -1 stands for one that is not known.
func count(v *jsonlines.Value) string {
	if n, ok := v.Int(); ok && n > 0 {
		return v.Text
	}
	return ""
}

// date makes the seconds since 1970 a time.
func date(v *jsonlines.Value) string {
	if !v.Is(jsonlines.Number) {
		return ""
	}
	s, err := strconv.ParseFloat(v.Text, 64)
	if err != nil || math.IsNaN(s) || s < 1 || s > math.MaxUint32 {
		return ""
	}
	return time.Unix(int64(s), 0).UTC().Format(time.RFC3339)
}
