package mlcalls

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/ollamaname"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// note joins what is said of a use.
func note(parts ...string) string {
	var list []string
	for _, p := range parts {
		if p != "" {
			list = append(list, p)
		}
	}
	return strings.Join(list, ", ")
}

func stated(key, value string) string {
	if value == "" || value == "None" {
		return ""
	}
	return key + " " + value
}

// option gives a text argument as "name value".
func (c *call) option(name string) string {
	v, ok := c.text(-1, name)
	if !ok {
		return ""
	}
	return stated(name, v.Text)
}

func byDefault(v pysource.Value) string {
	if v.Default {
		return "by default"
	}
	return ""
}

// hubUse makes the use of a model that a hub's name, a folder or a file means.
func (c *call) hubUse(ref pysource.Value, at int, more ...string) []Use {
	revision, known := c.revision(at)
	to, ok := Model(c.reader.file, ref.Text, revision)
	if !ok {
		return nil
	}
	u := Use{Rel: sbom.Uses, To: to, Note: note(append([]string{c.label(), byDefault(ref)}, more...)...)}
	if known {
		u.Unpinned = Unpinned(to, c.label())
	} else {
		u.Note = note(u.Note, "a revision that is known at run time only")
	}
	if v, ok := c.arg(-1, "trust_remote_code"); ok && v.Kind == pysource.BoolValue && v.Text == "True" {
		u.Note = note(u.Note, "trust_remote_code")
		u.Code = c.label() + " trusts the code that comes with " + to.Name
	}
	return []Use{u}
}

// fromHub reads functions whose first argument, or one of the names, is a model.
func fromHub(names ...string) read {
	return func(c *call) ([]Use, bool) {
		v, ok := c.text(0, names...)
		if !ok {
			return nil, true
		}
		return c.hubUse(v, -1), true
	}
}

var pretrainedNames = []string{"pretrained_model_name_or_path", "model_name_or_path", "pretrained_model_or_path", "pretrained_model_name", "model_name", "model_id", "repo_id", "model_path", "name_or_path", "model"}

// pretrained reads X.from_pretrained(...). peft's takes the model first, and then the adapter.
func pretrained(c *call) ([]Use, bool) {
	at := 0
	if k := class(c.name); strings.HasPrefix(k, "PeftModel") || k == "LoraModel" || k == "PeftMixedModel" {
		at = 1
	}
	v, ok := c.text(at, pretrainedNames...)
	if !ok && at == 1 {
		v, ok = c.text(-1, "model_id")
	}
	if !ok {
		_, given := c.arg(at, pretrainedNames...)
		return nil, given || len(c.Args)+len(c.Named) > 0
	}
	return c.hubUse(v, -1, c.option("subfolder"), c.option("filename"), c.option("variant"), c.safetensors()), true
}

func (c *call) safetensors() string {
	if v, ok := c.arg(-1, "use_safetensors"); ok && v.Kind == pysource.BoolValue {
		return "use_safetensors " + v.Text
	}
	return ""
}

// pipeline reads transformers.pipeline(task, model); without a model it takes one
// that the library's version knows.
func pipeline(c *call) ([]Use, bool) {
	task, _ := c.text(0, "task")
	v, ok := c.arg(1, "model")
	switch {
	case !ok || v.Kind == pysource.NoneValue:
		return nil, false
	case v.Kind == pysource.Unknown && v.Made != nil && c.reader.named[v.Made.Expr] != nil:
		return nil, false // a model that another call names
	case !textual(v):
		return nil, true
	}
	return c.hubUse(v, -1, stated("task", task.Text)), true
}

// sentence reads SentenceTransformer(name): a bare name is one of the library's own organisation.
func sentence(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model_name_or_path", "model_name")
	if !ok {
		given, some := c.arg(0, "modules")
		return nil, some && given.Kind != pysource.ListValue
	}
	uses := c.hubUse(v, -1)
	if len(uses) == 1 && uses[0].To.Keys == (sbom.Keys{}) && last(c.name) == "SentenceTransformer" && sbom.ValidHubName(v.Text) && !local.MatchString(v.Text) && (strings.Contains(v.Text, "-") || v.Text == "LaBSE") {
		v.Text = "sentence-transformers/" + v.Text
		uses = c.hubUse(v, -1)
	}
	return uses, true
}

// weightsAt reads functions that load a file, which is the model or a part of it.
func weightsAt(at int, names ...string) read {
	return func(c *call) ([]Use, bool) {
		v, ok := c.text(at, names...)
		if !ok {
			given, some := c.arg(at, names...)
			return nil, some && given.Kind == pysource.Unknown
		}
		to, ok := File(c.reader.file, sbom.KindModel, v.Text)
		if !ok {
			return nil, true
		}
		weights := ""
		if w, ok := c.arg(-1, "weights_only", "allow_pickle"); ok && w.Kind == pysource.BoolValue {
			weights = w.Key + " " + w.Text
		}
		return []Use{{Rel: sbom.Uses, To: to, Note: note(c.qualified(), byDefault(v), weights)}}, true
	}
}

// qualified is the label with the library: "torch.load".
func (c *call) qualified() string {
	if l := last(c.name); l == "load" {
		return root(c.name) + "." + l
	}
	return c.label()
}

// savedModel reads a model that Keras or TensorFlow saved; Keras knows "hf://" too.
func savedModel(c *call) ([]Use, bool) {
	v, ok := c.text(0, "filepath", "export_dir")
	if !ok {
		return nil, true
	}
	to, ok := File(c.reader.file, sbom.KindModel, v.Text)
	if !ok {
		return nil, true
	}
	safe := ""
	if m, ok := c.arg(-1, "safe_mode"); ok && m.Kind == pysource.BoolValue {
		safe = "safe_mode " + m.Text
	}
	return []Use{{Rel: sbom.Uses, To: to, Note: note(c.label(), byDefault(v), safe)}}, true
}

// plain makes a use of what has a name and no key.
func (c *call) plain(kind sbom.Kind, library, name string, more ...string) []Use {
	rel := sbom.Uses
	if kind == sbom.KindDataset {
		rel = sbom.Consumes
	}
	return []Use{{Rel: rel, To: sbom.Component{Kind: kind, Group: library, Name: name}, Note: note(append([]string{c.label()}, more...)...)}}
}

// named reads functions whose first text is a name in the library's own list.
func named(library string) read {
	return func(c *call) ([]Use, bool) {
		v, ok := c.text(0, "name")
		if !ok {
			return nil, true
		}
		if path.Ext(v.Text) != "" && strings.Contains(v.Text, "/") {
			return weightsAt(0, "name")(c)
		}
		return c.plain(sbom.KindModel, library, v.Text, byDefault(v)), true
	}
}

func spacyModel(c *call) ([]Use, bool) {
	v, ok := c.text(0, "name", "model")
	if !ok {
		return nil, true
	}
	if strings.ContainsAny(v.Text, "/.") {
		return weightsAt(0, "name")(c)
	}
	return c.plain(sbom.KindModel, "spacy", v.Text, byDefault(v)), true
}

func nltk(c *call) ([]Use, bool) {
	var uses []Use
	for _, v := range c.texts(0, "info_or_id") {
		uses = append(uses, c.plain(sbom.KindDataset, "nltk", v.Text)...)
	}
	return uses, len(c.Args)+len(c.Named) > 0
}

// timm reads create_model(name, pretrained=True): without weights it is an architecture.
func timm(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model_name")
	if !ok {
		return nil, true
	}
	for _, prefix := range []string{"hf_hub:", "hf-hub:"} {
		if id, ok := strings.CutPrefix(v.Text, prefix); ok {
			v.Text, v.Key = id, ""
			id, revision, _ := strings.Cut(id, "@")
			v.Text = id
			if revision != "" {
				c.Named = append(c.Named, pysource.Value{Kind: pysource.TextValue, Text: revision, Key: "revision"})
			}
			return c.hubUse(v, -1), true
		}
	}
	p, given := c.arg(1, "pretrained")
	if !given || p.Kind != pysource.BoolValue || p.Text != "True" {
		return nil, false
	}
	return c.plain(sbom.KindModel, "timm", v.Text, byDefault(v), "pretrained"), true
}

func openCLIP(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model_name")
	if !ok {
		return nil, true
	}
	if id, ok := strings.CutPrefix(v.Text, "hf-hub:"); ok {
		v.Text = id
		return c.hubUse(v, -1), true
	}
	p, ok := c.text(1, "pretrained")
	if !ok {
		return nil, false
	}
	return c.plain(sbom.KindModel, "open_clip", v.Text, "pretrained "+p.Text), true
}

// torchHub reads torch.hub.load("owner/name:tag", "model"): code of that repository runs.
func torchHub(c *call) ([]Use, bool) {
	repo, ok := c.text(0, "repo_or_dir", "github")
	model, named := c.text(1, "model")
	if !ok || !named {
		return nil, true
	}
	if s, ok := c.text(-1, "source"); ok && s.Text == "local" || strings.HasPrefix(repo.Text, ".") || strings.HasPrefix(repo.Text, "/") {
		u := c.plain(sbom.KindModel, "", model.Text, "of the folder "+shown(repo.Text))
		return u, true
	}
	id, tag, _ := strings.Cut(repo.Text, ":")
	owner, name, two := strings.Cut(id, "/")
	if !two || owner == "" || name == "" || strings.Contains(name, "/") {
		return nil, true
	}
	at := "https://github.com/" + id
	to := sbom.Component{Kind: sbom.KindModel, Group: id, Name: model.Text, Version: tag, Refs: []sbom.Ref{{Type: "vcs", URL: at}}}
	u := Use{Rel: sbom.Uses, To: to, Note: c.qualified(), Code: "torch.hub.load runs hubconf.py of " + at}
	if u.Note = "torch.hub.load"; !sbom.IsCommit(tag) {
		u.Unpinned = "torch.hub.load takes " + id + " at " + orDefault(tag, "its default branch") + ", which can be moved to another commit"
	}
	return []Use{u}, true
}

func orDefault(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// torchvisionModel reads torchvision.models.resnet50(weights="IMAGENET1K_V2"), of
// older versions pretrained=True.
func torchvisionModel(c *call) ([]Use, bool) {
	w, given := c.arg(-1, "weights")
	weights := ""
	switch {
	case given && textual(w):
		weights = w.Text
	case given && w.Kind == pysource.FunctionValue && strings.Contains(w.Text, "_Weights."):
		weights = w.Text[strings.LastIndex(w.Text, ".models.")+1:]
		weights = strings.TrimPrefix(weights, "models.")
	}
	if p, ok := c.arg(0, "pretrained"); weights == "" && (!ok || p.Kind != pysource.BoolValue || p.Text != "True") {
		return nil, false
	}
	return c.plain(sbom.KindModel, "torchvision", last(c.name), stated("weights", orDefault(weights, "of the library's default"))), true
}

// application reads keras.applications.X(weights="imagenet"), which is the default.
func application(c *call) ([]Use, bool) {
	weights := "imagenet"
	if w, ok := c.arg(-1, "weights"); ok {
		if w.Kind == pysource.NoneValue {
			return nil, false
		}
		if !textual(w) {
			return nil, true
		}
		weights = shown(w.Text)
	}
	return []Use{{Rel: sbom.Uses, To: sbom.Component{Kind: sbom.KindModel, Group: "keras", Name: last(c.name)}, Note: "keras.applications, weights " + weights}}, true
}

func ollama(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model")
	if !ok {
		return nil, true
	}
	n, ok := ollamaname.Parse(v.Text)
	if !ok {
		return nil, true
	}
	to := n.Component()
	return []Use{{Rel: sbom.Uses, To: to, Note: note(c.label(), byDefault(v))}}, true
}

// mlflowModel reads mlflow.X.load_model("models:/name/3").
func mlflowModel(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model_uri")
	if !ok {
		return nil, true
	}
	rest, is := strings.CutPrefix(v.Text, "models:/")
	if !is {
		if strings.HasPrefix(v.Text, "runs:/") {
			return c.plain(sbom.KindModel, "", v.Text), true
		}
		return weightsAt(0, "model_uri")(c)
	}
	name, version, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	name, alias, _ := strings.Cut(name, "@")
	return []Use{{Rel: sbom.Uses, To: sbom.Component{Kind: sbom.KindModel, Group: "mlflow", Name: name, Version: orDefault(version, alias)}, Note: note(root(c.name)+".load_model", byDefault(v))}}, true
}

// inferenceClient reads huggingface_hub.InferenceClient(model).
func inferenceClient(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model")
	if !ok || strings.Contains(v.Text, "://") {
		return nil, false
	}
	return c.hubUse(v, -1), true
}
