package mlcalls

import (
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// builders are what load_dataset reads files by, instead of a dataset's name.
var builders = []string{"csv", "json", "parquet", "text", "arrow", "pandas", "xml", "hdf5", "imagefolder", "audiofolder", "videofolder", "pdffolder", "webdataset", "sql", "spark", "generator", "lance", "nifti"}

// loadDataset reads datasets.load_dataset(path, name, data_dir, data_files, split).
func loadDataset(c *call) ([]Use, bool) {
	v, ok := c.text(0, "path")
	if !ok {
		_, given := c.arg(0, "path")
		return nil, given
	}
	config, _ := c.text(1, "name")
	details := []string{c.label(), byDefault(v), stated("config", config.Text), c.splits()}
	files := c.texts(3, "data_files")
	if slices.Contains(builders, strings.ToLower(v.Text)) {
		if dir, ok := c.text(2, "data_dir"); ok {
			files = append(files, dir)
		}
		return c.files(files, note(details...)), true
	}
	for i, f := range files {
		if i == 3 {
			details = append(details, "...")
			break
		}
		details = append(details, "file "+f.Text)
	}
	if dir, ok := c.text(2, "data_dir"); ok {
		details = append(details, "folder "+dir.Text)
	}
	revision, known := c.revision(-1)
	to, ok := Dataset(c.reader.file, v.Text, revision)
	if !ok {
		return nil, true
	}
	u := Use{Rel: sbom.Consumes, To: to, Note: note(details...)}
	if known {
		u.Unpinned = Unpinned(to, c.label())
	} else {
		u.Note = note(u.Note, "a revision that is known at run time only")
	}
	switch {
	case c.is("trust_remote_code"):
		u.Note = note(u.Note, "trust_remote_code")
		u.Code = c.label() + " trusts the code that comes with " + to.Name
	case path.Ext(v.Text) == ".py":
		u.Code = c.label() + " runs " + shown(v.Text)
	}
	return []Use{u}, true
}

// splits gives the split argument: a text or a list of texts.
func (c *call) splits() string {
	var list []string
	for _, v := range c.texts(-1, "split") {
		list = append(list, v.Text)
	}
	if len(list) == 0 || len(list) > 20 {
		return ""
	}
	return "split " + strings.Join(list, " and ")
}

// roles are the usual names of splits.
var roles = map[string]string{"train": sbom.RoleTrain, "training": sbom.RoleTrain, "validation": sbom.RoleValidation, "valid": sbom.RoleValidation,
	"val": sbom.RoleValidation, "dev": sbom.RoleValidation, "test": sbom.RoleTest, "eval": sbom.RoleTest}

// files makes one use of each file or folder.
func (c *call) files(list []pysource.Value, how string) []Use {
	var uses []Use
	for _, v := range list {
		if to, ok := File(c.reader.file, sbom.KindDataset, v.Text); ok {
			uses = append(uses, Use{Rel: sbom.Consumes, To: to, Note: note(how, byDefault(v)), role: roles[v.Key]})
		}
	}
	return uses
}

// dataAt reads functions that read files or folders of data.
func dataAt(at int, names ...string) read {
	return func(c *call) ([]Use, bool) {
		list := c.texts(at, names...)
		if len(list) == 0 {
			v, given := c.arg(at, names...)
			return nil, given && v.Kind == pysource.Unknown
		}
		return c.files(list, c.dataLabel()), true
	}
}

func (c *call) dataLabel() string {
	if l := last(c.name); l == "load" || l == "download" || l == "dataset" {
		return root(c.name) + "." + l
	}
	return c.label()
}

// hubDownload reads snapshot_download(repo_id, revision, repo_type) and
// hf_hub_download(repo_id, filename, subfolder, repo_type, revision).
func hubDownload(c *call) ([]Use, bool) {
	id, ok := c.text(0, "repo_id")
	if !ok {
		return nil, true
	}
	if c.name == "snapshot_download" && c.reader.module.Imported["snapshot_download"] != "" { // of another library
		return nil, false
	}
	kind, given := c.arg(-1, "repo_type")
	if given && kind.Kind != pysource.NoneValue && !textual(kind) {
		return nil, true
	}
	file := ""
	if last(c.name) != "snapshot_download" {
		if v, ok := c.text(1, "filename"); ok {
			file = "file " + v.Text
		}
	}
	switch kind.Text {
	case "dataset":
		revision, known := c.revision(-1)
		to, ok := Dataset(c.reader.file, id.Text, revision)
		if !ok {
			return nil, true
		}
		u := Use{Rel: sbom.Consumes, To: to, Note: note(c.label(), byDefault(id), file)}
		if known {
			u.Unpinned = Unpinned(to, c.label())
		}
		return []Use{u}, true
	case "space":
		return nil, false
	}
	return c.hubUse(id, -1, file), true
}

func modelScope(c *call) ([]Use, bool) {
	v, ok := c.text(0, "model_id")
	if !ok || strings.Count(v.Text, "/") != 1 {
		return nil, true
	}
	at := "https://modelscope.cn/models/" + v.Text
	return []Use{{Rel: sbom.Uses, To: sbom.Component{Kind: sbom.KindModel, Name: v.Text, Keys: sbom.Keys{URL: at}, Refs: []sbom.Ref{{Type: "distribution", URL: at}}}, Note: note("modelscope", c.label(), byDefault(v))}}, true
}

// tfds reads tensorflow_datasets.load("name/config:version", split=...).
func tfds(c *call) ([]Use, bool) {
	v, ok := c.text(0, "name")
	if !ok {
		return nil, true
	}
	id, version, _ := strings.Cut(v.Text, ":")
	name, config, _ := strings.Cut(id, "/")
	if name == "huggingface" || name == "" {
		return c.plain(sbom.KindDataset, "tensorflow_datasets", v.Text), true
	}
	at := "https://www.tensorflow.org/datasets/catalog/" + strings.ToLower(name)
	to := sbom.Component{Kind: sbom.KindDataset, Group: "tensorflow_datasets", Name: name, Keys: sbom.Keys{URL: at}, Refs: []sbom.Ref{{Type: "documentation", URL: at}}}
	return []Use{{Rel: sbom.Consumes, To: to, Note: note("tensorflow_datasets."+last(c.name), byDefault(v), stated("config", config), stated("version", version), c.splits())}}, true
}

// libraryData reads a dataset that a library knows by a function of its own.
func libraryData(c *call) ([]Use, bool) {
	name := last(c.name)
	if name == "load_data" {
		name = class(c.name)
	}
	for _, prefix := range []string{"fetch_", "load_"} {
		name = strings.TrimPrefix(name, prefix)
	}
	split := ""
	if v, ok := c.arg(-1, "train"); ok && v.Kind == pysource.BoolValue {
		split = "split " + map[string]string{"True": "train", "False": "test"}[v.Text]
	}
	for _, key := range []string{"split", "image_set", "subset"} {
		if v, ok := c.text(-1, key); ok {
			split = key + " " + v.Text
		}
	}
	library := root(c.name)
	return []Use{{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindDataset, Group: library, Name: name}, Note: note(library+".datasets", split)}}, true
}

func namedData(library string) read {
	return func(c *call) ([]Use, bool) {
		v, ok := c.text(0, "name")
		if !ok {
			return nil, true
		}
		return []Use{{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindDataset, Group: library, Name: v.Text}, Note: note(library+"."+last(c.name), byDefault(v))}}, true
	}
}

var number = pattern.Lazy(`^[0-9]{1,9}$`)

// openML reads fetch_openml(name, version, data_id): the id alone is an address.
func openML(c *call) ([]Use, bool) {
	id, ok := c.arg(-1, "data_id", "dataset_id")
	if !ok && root(c.name) == "openml" {
		id, _ = c.arg(0)
	}
	if id.Kind == pysource.NumberValue && number.MatchString(id.Text) {
		at := "https://www.openml.org/d/" + id.Text
		return []Use{{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindDataset, Name: "openml " + id.Text, Keys: sbom.Keys{URL: at}, Refs: []sbom.Ref{{Type: "distribution", URL: at}}}, Note: last(c.name)}}, true
	}
	v, ok := c.text(0, "name")
	if !ok {
		return nil, true
	}
	version, _ := c.arg(1, "version")
	if version.Kind != pysource.NumberValue && version.Kind != pysource.TextValue {
		version.Text = ""
	}
	return []Use{{Rel: sbom.Consumes, To: sbom.Component{Kind: sbom.KindDataset, Group: "openml", Name: v.Text, Version: version.Text}, Note: note(last(c.name), byDefault(v))}}, true
}

// artifact reads wandb's run.use_artifact("entity/project/name:v3", type="dataset").
func artifact(c *call) ([]Use, bool) {
	v, ok := c.text(0, "artifact_or_name")
	if !ok {
		return nil, true
	}
	kind, rel := sbom.KindModel, sbom.Uses
	switch t, _ := c.text(1, "type"); {
	case strings.Contains(t.Text, "data"):
		kind, rel = sbom.KindDataset, sbom.Consumes
	case !strings.Contains(t.Text, "model"):
		return nil, false // neither model nor data
	}
	name, version, _ := strings.Cut(v.Text, ":")
	return []Use{{Rel: rel, To: sbom.Component{Kind: kind, Group: "wandb", Name: name, Version: version}, Note: note("wandb", "use_artifact", byDefault(v))}}, true
}

func kaggleData(c *call) ([]Use, bool) {
	return c.kaggle("datasets/", sbom.KindDataset, 0, "dataset", "handle")
}

func kaggleModel(c *call) ([]Use, bool) { return c.kaggle("models/", sbom.KindModel, 0, "handle") }

func kaggleCompetition(c *call) ([]Use, bool) {
	return c.kaggle("competitions/", sbom.KindDataset, 0, "handle")
}

func (c *call) kaggle(below string, kind sbom.Kind, at int, names ...string) ([]Use, bool) {
	v, ok := c.text(at, names...)
	if !ok {
		return nil, true
	}
	to, ok := Kaggle(below, kind, v.Text)
	if !ok {
		return nil, true
	}
	rel := sbom.Consumes
	if kind == sbom.KindModel {
		rel = sbom.Uses
	}
	return []Use{{Rel: rel, To: to, Note: note(c.label(), byDefault(v))}}, true
}

var kaggleID = pattern.Lazy(`^[A-Za-z0-9_-]+(?:/[A-Za-z0-9_.-]+){0,3}(?:/versions/[0-9]+)?$`)

// Kaggle gives what a name on Kaggle means: below is "datasets/", "models/" or "competitions/".
func Kaggle(below string, kind sbom.Kind, id string) (sbom.Component, bool) {
	id = strings.Trim(id, "/")
	if !kaggleID.MatchString(id) || placeholder.MatchString(id) {
		return sbom.Component{}, false
	}
	name, version, _ := strings.Cut(id, "/versions/")
	at := "https://www.kaggle.com/" + below + name
	return sbom.Component{Kind: kind, Name: name, Version: version, Keys: sbom.Keys{URL: at}, Refs: []sbom.Ref{{Type: "distribution", URL: at}}}, true
}

// getFile reads keras.utils.get_file(fname, origin): data or weights, by its ending.
func getFile(c *call) ([]Use, bool) {
	v, ok := c.text(1, "origin")
	if !ok {
		return nil, true
	}
	kind, rel := sbom.KindDataset, sbom.Consumes
	if weightFile.MatchString(v.Text) {
		kind, rel = sbom.KindModel, sbom.Uses
	}
	to, ok := File(c.reader.file, kind, v.Text)
	if !ok {
		return nil, true
	}
	return []Use{{Rel: rel, To: to, Note: note("keras.utils.get_file", byDefault(v))}}, true
}

var weightFile = pattern.Lazy(`(?i)\.(?:pth?|ckpt|safetensors|gguf|ggml|onnx|h5|hdf5|keras|tflite|bin|pkl|joblib|weights|caffemodel|pdparams|mlmodel)$`)
