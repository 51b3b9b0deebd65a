// Package shellcalls finds the models and datasets that commands of a shell name
// literally: huggingface-cli and hf download, kaggle, git clone of a repository of the
// hub, wget and curl of data and weights, ollama, spacy download, and the options of
// training scripts (--model_name_or_path, --dataset_name and the like).
//
// Not understood: variables, substitutions and patterns: a name with one in it is
// none; loops, functions and here documents of the shell; what is quoted over several lines.
//
// Sources: the documentation of huggingface_hub's, Kaggle's and Ollama's command
// lines; transformers/examples for the options.
package shellcalls

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/mlcalls"
	"github.com/mlbom/mlbom/collectors/internal/ollamaname"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Read finds what the lines of a script name; fields: "{name}" is a variable of a notebook.
func Read(f *sbom.File, lines []Line, fields bool) []mlcalls.Use {
	r := &reader{file: f}
	for _, c := range commands(lines, fields) {
		if r.at = c.at; len(r.uses) < maxCommands {
			r.command(c.words)
		}
	}
	return r.uses
}

type reader struct {
	file *sbom.File
	uses []mlcalls.Use
	at   int
}

var assignment = pattern.Lazy(`^[A-Za-z_][A-Za-z0-9_]*=`)

// before are words that may stand before a command.
var before = map[string]bool{"sudo": true, "env": true, "time": true, "nohup": true, "exec": true, "RUN": true, "then": true, "do": true, "else": true, "if": true, "!": true, "@": true, "-": true, "srun": true, "command": true}

func (r *reader) command(w []word) {
	for len(w) > 0 && (before[w[0].text] || assignment.MatchString(w[0].text) || strings.HasPrefix(w[0].text, "--mount=")) {
		w = w[1:]
	}
	if len(w) < 2 {
		return
	}
	switch name := path.Base(strings.TrimLeft(w[0].text, "@-")); {
	case (name == "huggingface-cli" || name == "hf") && w[1].text == "download":
		r.hub(w[2:], name+" download")
	case name == "kaggle":
		r.kaggle(w[1:])
	case name == "git":
		r.git(w[1:])
	case name == "wget" || name == "curl" || name == "aria2c":
		r.fetch(name, w[1:])
	case name == "ollama" && len(w) > 2 && (w[1].text == "pull" || w[1].text == "run"):
		r.ollama(w[2], "ollama "+w[1].text)
	case name == "vllm" && w[1].text == "serve" && len(w) > 2 && w[2].literal:
		r.model(w[2].text, option(w, "--revision"), "vllm serve")
	case strings.HasPrefix(name, "python") && len(w) > 4 && w[1].text == "-m" && w[2].text == "spacy" && w[3].text == "download" && w[4].literal:
		r.add(sbom.Uses, sbom.Component{Kind: sbom.KindModel, Group: "spacy", Name: w[4].text}, "spacy download", "")
	default:
		if runs[name] || strings.HasPrefix(name, "python") || strings.HasSuffix(w[0].text, ".py") {
			r.options(w)
		}
	}
}

// runs are programs that run training scripts.
var runs = map[string]bool{"accelerate": true, "torchrun": true, "deepspeed": true, "llamafactory-cli": true, "trl": true, "swift": true, "fairseq-train": true, "uv": true, "CUDA_VISIBLE_DEVICES": true, "optimum-cli": true, "lm_eval": true, "tune": true, "litgpt": true, "torchx": true}

func (r *reader) add(rel sbom.Rel, to sbom.Component, how, unpinned string) {
	r.uses = append(r.uses, mlcalls.Use{Rel: rel, To: to, Note: how, Line: r.at, Unpinned: unpinned})
}

func (r *reader) model(ref, revision, how string) {
	if to, ok := mlcalls.Model(r.file, ref, revision); ok {
		r.add(sbom.Uses, to, how, mlcalls.Unpinned(to, how))
	}
}

func (r *reader) data(ref, revision, how string) {
	if to, ok := mlcalls.Dataset(r.file, ref, revision); ok {
		r.add(sbom.Consumes, to, how, mlcalls.Unpinned(to, how))
	}
}

// option gives the literal value of an option: "--name value" or "--name=value".
func option(w []word, names ...string) string {
	for i, o := range w {
		for _, n := range names {
			if o.text == n && i+1 < len(w) && w[i+1].literal {
				return w[i+1].text
			}
			if v, ok := strings.CutPrefix(o.text, n+"="); ok && o.literal {
				return v
			}
		}
	}
	return ""
}

// operands gives the words that are no options and no values of those that take one.
func operands(w []word, takes map[string]bool) []word {
	var list []word
	for i := 0; i < len(w); i++ {
		switch {
		case takes[w[i].text]:
			i++
		case !strings.HasPrefix(w[i].text, "-"):
			list = append(list, w[i])
		}
	}
	return list
}

var hubTakes = map[string]bool{"--repo-type": true, "--revision": true, "--include": true, "--exclude": true, "--local-dir": true, "--cache-dir": true, "--token": true, "--local-dir-use-symlinks": true, "--max-workers": true}

// hub reads "download REPO [FILE ...] [--repo-type dataset] [--revision R]".
func (r *reader) hub(w []word, how string) {
	list := operands(w, hubTakes)
	if len(list) == 0 || !list[0].literal {
		return
	}
	if len(list) > 1 && list[1].literal {
		how += ", file " + list[1].text
	}
	switch revision := option(w, "--revision"); option(w, "--repo-type") {
	case "dataset":
		r.data(list[0].text, revision, how)
	case "", "model":
		r.model(list[0].text, revision, how)
	}
}

var kaggleTakes = map[string]bool{"-p": true, "--path": true, "-f": true, "--file": true, "-w": true}

// kaggle reads "datasets download [-d] OWNER/NAME" and its sisters.
func (r *reader) kaggle(w []word) {
	if len(w) < 3 {
		return
	}
	at := 2
	below, kind := "", sbom.KindDataset
	switch {
	case w[0].text == "datasets" && w[1].text == "download":
		below = "datasets/"
	case w[0].text == "competitions" && w[1].text == "download":
		below = "competitions/"
	case w[0].text == "models" && len(w) > 4 && w[1].text == "instances" && w[2].text == "versions" && w[3].text == "download":
		below, kind, at = "models/", sbom.KindModel, 4
	default:
		return
	}
	list := operands(w[at:], kaggleTakes)
	if len(list) == 0 || !list[0].literal {
		return
	}
	if to, ok := mlcalls.Kaggle(below, kind, list[0].text); ok {
		rel := sbom.Consumes
		if kind == sbom.KindModel {
			rel = sbom.Uses
		}
		r.add(rel, to, "kaggle "+w[0].text+" download", "")
	}
}

var gitTakes = map[string]bool{"-b": true, "--branch": true, "--depth": true, "-c": true, "-o": true, "--origin": true, "-j": true, "--jobs": true, "--filter": true, "-C": true}

// git reads clones of repositories of the hub; what else is cloned is no model.
func (r *reader) git(w []word) {
	list := operands(w, gitTakes)
	if len(list) > 0 && list[0].text == "lfs" {
		list = list[1:]
	}
	if len(list) < 2 || list[0].text != "clone" || !list[1].literal {
		return
	}
	at := strings.TrimSuffix(list[1].text, ".git")
	if rest, ok := strings.CutPrefix(at, "git@hf.co:"); ok {
		at = "https://huggingface.co/" + rest
	}
	if !strings.HasPrefix(at, "https://huggingface.co/") && !strings.HasPrefix(at, "https://hf.co/") || strings.Contains(at, "/spaces/") {
		return
	}
	revision := option(w, "-b", "--branch")
	if strings.Contains(at, "/datasets/") {
		r.data(at, revision, "git clone")
		return
	}
	r.model(at, revision, "git clone")
}

var (
	data    = pattern.Lazy(`(?i)\.(?:csv|tsv|jsonl|ndjson|parquet|arrow|feather|tfrecords?|h5ad|npz)(?:\.(?:gz|zst|bz2|xz|zip))?$|(?i)(?:data|dataset|train|test|corpus|images)[^/]*\.(?:json|zip|tar|tgz|tar\.gz|txt)$`)
	weights = pattern.Lazy(`(?i)\.(?:pth?|ckpt|safetensors|gguf|ggml|onnx|tflite|caffemodel|pdparams|keras|mlmodel|weights)$`)
)

// fetch reads addresses: of a hub, or of what is data or weights by its ending.
func (r *reader) fetch(name string, w []word) {
	for _, o := range w {
		at := o.text
		if !o.literal || !strings.HasPrefix(at, "https://") && !strings.HasPrefix(at, "http://") {
			continue
		}
		plain, _, _ := strings.Cut(at, "?")
		kind, rel := sbom.KindModel, sbom.Uses
		switch {
		case strings.HasPrefix(at, "https://huggingface.co/datasets/"), data.MatchString(plain):
			kind, rel = sbom.KindDataset, sbom.Consumes
		case strings.HasPrefix(at, "https://huggingface.co/") && strings.Contains(at, "/resolve/"), weights.MatchString(plain):
		default:
			continue
		}
		if to, ok := mlcalls.File(r.file, kind, at); ok {
			if to.Kind == sbom.KindDataset {
				rel = sbom.Consumes
			}
			how := name
			if mlcalls.IsHub(to) {
				how += ", file " + path.Base(plain)
			}
			r.add(rel, to, how, mlcalls.Unpinned(to, name))
		}
	}
}

func (r *reader) ollama(w word, how string) {
	if n, ok := ollamaname.Parse(w.text); ok && w.literal {
		r.add(sbom.Uses, n.Component(), how, "")
	}
}

// flags are options of training scripts; of a file or a folder the tree decides.
var flags = map[string]func(r *reader, ref, how string){
	"model_name_or_path": (*reader).named, "base_model": (*reader).named, "pretrained_model_name_or_path": (*reader).named, "reward_model_path": (*reader).named, "teacher_model_name_or_path": (*reader).named,
	"adapter_name_or_path": (*reader).named, "pretrain": (*reader).named, "reward_pretrain": (*reader).named, "pretrained_vae_model_name_or_path": (*reader).named, "controlnet_model_name_or_path": (*reader).named,
	"dataset_name": (*reader).set, "train_file": (*reader).stored, "validation_file": (*reader).stored, "test_file": (*reader).stored, "train_data_dir": (*reader).stored,
}

func (r *reader) named(ref, how string) { r.model(ref, "", how) }
func (r *reader) set(ref, how string)   { r.data(ref, "", how) }

func (r *reader) stored(ref, how string) {
	if to, ok := mlcalls.File(r.file, sbom.KindDataset, ref); ok {
		r.add(sbom.Consumes, to, how, mlcalls.Unpinned(to, how))
	}
}

// options reads "--model_name_or_path NAME" and its sisters.
func (r *reader) options(w []word) {
	for i, o := range w {
		name, ok := strings.CutPrefix(o.text, "--")
		if !ok {
			continue
		}
		key, value, joined := strings.Cut(name, "=")
		take := flags[strings.ReplaceAll(key, "-", "_")]
		switch {
		case take == nil:
		case joined && o.literal && value != "":
			take(r, value, "--"+key)
		case !joined && i+1 < len(w) && w[i+1].literal && !strings.HasPrefix(w[i+1].text, "-") && w[i+1].text != "":
			take(r, w[i+1].text, "--"+key)
		}
	}
}
