package kaggle

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// model reads model-metadata.json.
func (r *reader) model() {
	v := r.root
	if owner := r.slug("ownerSlug"); owner != "" {
		if name := r.slug("slug"); name != "" {
			r.self(v.Get("slug").Line, "models", owner, name)
		}
		r.Set("group", &r.Group, owner, v.Get("ownerSlug").Line)
	} else {
		r.Keep("slug", v.Get("slug"))
	}
	r.Set("name", &r.Name, r.need("title"), v.Get("title").LineOf())
	r.about()
	r.truth("isPrivate", true)
	if t := v.Get("publishTime").Str(); len(t) >= 10 {
		r.set("released", &r.Released, "publishTime")
	}
	if s := v.Get("provenanceSources"); s.Str() != "" {
		r.Set("model.training.data", &r.Model.Training.Data, s.Str(), s.Line)
	}
	r.license(v.Get("licenseName"))
	r.tags("keywords")
	r.rest("ownerSlug", "slug", "title", "subtitle", "description", "publishTime", "provenanceSources", "licenseName", "keywords")
}

func (r *reader) about() {
	r.set("description", &r.Description, "description")
	if r.Description == "" {
		r.set("description", &r.Description, "subtitle")
	} else {
		r.Keep("subtitle", r.root.Get("subtitle"))
	}
}

// formats are Kaggle's names of frameworks whose files have one format; the others
// are libraries.
var formats = map[string]string{"onnx": "onnx", "tflite": "tflite", "tfLite": "tflite", "tfJs": "tfjs", "gguf": "gguf", "safetensors": "safetensors"}

// instance reads model-instance-metadata.json: a variation of a model.
func (r *reader) instance() {
	v, m := r.root, r.Model
	framework := v.Get("framework")
	owner, model, name := r.slug("ownerSlug"), r.slug("modelSlug"), r.slug("instanceSlug")
	if f := r.slug("framework"); owner != "" && model != "" && name != "" && f != "" {
		r.self(v.Get("instanceSlug").Line, "models", owner, model, f, name)
		if to, ok := mention(sbom.KindModel, "models", owner+"/"+model, 2, 2); ok {
			r.Link(sbom.VariantOf, to, "variation", v.Get("modelSlug").Line)
		}
	}
	r.Set("group", &r.Group, owner, v.Get("ownerSlug").LineOf())
	r.Set("name", &r.Name, model, v.Get("modelSlug").LineOf())
	r.Keep("instanceSlug", v.Get("instanceSlug"))
	if f := formats[framework.Str()]; f != "" {
		r.Add("model.formats", &m.Formats, f, framework.Line)
	} else {
		r.set("model.library", &m.Library, "framework")
	}
	r.set("description", &r.Description, "overview")
	r.license(v.Get("licenseName"))
	if v.Get("licenseName").Str() == "" {
		r.need("licenseName")
	}
	r.truth("fineTunable", false)
	if t := v.Get("trainingData"); t != nil && !t.Is(jsonlines.Array) && !t.Is(jsonlines.Null) {
		r.Problem(t.Line, "Kaggle takes a list of training data, and no other value")
	}
	r.training(v.Get("trainingData"))
	r.base(v.Get("baseModelInstance"), v.Get("externalBaseModelUrl"))
	r.tags("keywords")
	r.rest("ownerSlug", "modelSlug", "instanceSlug", "framework", "overview", "licenseName", "trainingData", "baseModelInstance", "externalBaseModelUrl", "keywords")
}

// training reads what the model was trained on: addresses, ids, or prose.
func (r *reader) training(v *jsonlines.Value) {
	var prose []string
	for _, text := range v.Strings() {
		line := v.Line
		to, ok := hub.Dataset(text, "")
		if !ok || !strings.Contains(text, "://") {
			to, ok = mention(sbom.KindDataset, "datasets", text, 2, 2)
		}
		switch url := datafacts.CleanURL(text); {
		case datafacts.Placeholder(text) || text == "":
		case ok:
			r.Link(sbom.TrainedOn, to, sbom.RoleTrain, line)
		case url != "":
			r.Link(sbom.TrainedOn, sbom.Component{Kind: sbom.KindDataset, Name: url, Keys: sbom.Keys{URL: url}, Refs: []sbom.Ref{{Type: "distribution", URL: url}}}, sbom.RoleTrain, line)
		case len(text) <= 100 && !strings.ContainsAny(text, ".\n"):
			r.Link(sbom.TrainedOn, sbom.Component{Kind: sbom.KindDataset, Name: text}, sbom.RoleTrain, line)
		default:
			prose = append(prose, text)
		}
	}
	r.Set("model.training.data", &r.Model.Training.Data, strings.Join(prose, "\n"), v.LineOf())
}

// base reads what the model was made from.
func (r *reader) base(instance, external *jsonlines.Value) {
	if s := instance.Str(); s != "" && !datafacts.Placeholder(s) {
		to, _ := mention(sbom.KindModel, "models", s, 2, 5)
		r.Link(sbom.DerivedFrom, to, "", instance.Line)
	}
	if s := external.Str(); s != "" && !datafacts.Placeholder(s) {
		to, ok := hub.Model(s, "")
		if url := datafacts.CleanURL(s); !ok && url != "" {
			to.Name, to.Keys.URL, to.Refs = url, url, []sbom.Ref{{Type: "distribution", URL: url}}
		}
		r.Link(sbom.DerivedFrom, to, "", external.Line)
	}
}

// kernel reads kernel-metadata.json: a notebook or a script with what it reads.
func (r *reader) kernel() {
	v := r.root
	r.Process = &sbom.Process{Type: "stage", Tool: "kaggle"}
	id := v.Get("id")
	owner, name, _ := strings.Cut(id.Str(), "/")
	r.Set("name", &r.Name, v.Get("title").Str(), v.Get("title").LineOf())
	if r.self(id.LineOf(), "code", owner, name) {
		r.Set("group", &r.Group, owner, id.Line)
		r.Set("name", &r.Name, name, id.Line)
	}
	r.code(v.Get("code_file"))
	if id.Str() == "" && v.Get("id_no") == nil {
		r.need("id")
	}
	for _, key := range []string{"code_file", "language", "kernel_type"} {
		r.need(key)
	}
	for _, one := range []struct{ key, words string }{{"language", "python r rmarkdown"}, {"kernel_type", "script notebook"}} {
		if s := v.Get(one.key); s.Str() != "" && !slices.Contains(strings.Fields(one.words), s.Str()) && !datafacts.Placeholder(s.Str()) {
			r.Problem(s.Line, "Kaggle knows no %s %q: it is one of %s", one.key, s.Str(), strings.ReplaceAll(one.words, " ", ", "))
		}
	}
	r.short("title", 5)
	if s := v.Get("docker_image_pinning_type"); s != nil && !s.Is(jsonlines.Null) && s.Str() != "original" && s.Str() != "latest" {
		r.Problem(s.Line, "Kaggle knows no docker_image_pinning_type %q: it is original or latest", s.Text)
	}
	for _, s := range []struct {
		key, part   string
		kind        sbom.Kind
		rel         sbom.Rel
		least, most int
	}{{"dataset_sources", "datasets", sbom.KindDataset, sbom.Consumes, 2, 3}, {"model_sources", "models", sbom.KindModel, sbom.Consumes, 2, 5},
		{"competition_sources", "competitions", sbom.KindDataset, sbom.Consumes, 1, 1}, {"kernel_sources", "code", sbom.KindProcess, sbom.DependsOn, 2, 2}} {
		for _, item := range items(v.Get(s.key)) {
			if to, ok := mention(s.kind, s.part, item.Str(), s.least, s.most); ok {
				r.Link(s.rel, to, "", item.Line)
			} else if item.Str() != "" && !datafacts.Placeholder(item.Str()) {
				r.Problem(item.Line, "%s names nothing of Kaggle: %s", s.key, item.Str())
			}
		}
	}
	for _, e := range []string{"language", "kernel_type", "docker_image", "docker_image_pinning_type", "enable_gpu", "enable_tpu", "enable_internet", "machine_shape"} {
		r.environment(e)
	}
	r.tags("keywords")
	r.rest("id", "title", "code_file", "dataset_sources", "model_sources", "competition_sources", "kernel_sources", "keywords",
		"language", "kernel_type", "docker_image", "docker_image_pinning_type", "enable_gpu", "enable_tpu", "enable_internet", "machine_shape")
}

// environment keeps one setting of where the kernel runs; old files write truth
// values as text.
func (r *reader) environment(key string) {
	v := r.root.Get(key)
	if v == nil || v.Is(jsonlines.Null) || len(v.Text) == 0 || len(v.Text) > 300 || datafacts.Placeholder(v.Text) {
		return
	}
	r.Process.Environment = append(r.Process.Environment, sbom.Property{Name: strings.TrimPrefix(key, "enable_"), Value: v.Text})
	r.Mark("process.environment", v.Line)
}

// code ties the source to the process where it is there.
func (r *reader) code(v *jsonlines.Value) {
	name := v.Str()
	if name == "" || datafacts.Placeholder(name) {
		return
	}
	r.Process.Commands = []string{name}
	r.Mark("process.commands", v.Line)
	if at := path.Join(path.Dir(r.file.Path), name); fs.ValidPath(at) && !path.IsAbs(name) {
		if info, err := fs.Stat(r.file.FS, at); err == nil && !info.IsDir() {
			r.Link(sbom.Consumes, sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, "code", v.Line)
		}
	}
}
