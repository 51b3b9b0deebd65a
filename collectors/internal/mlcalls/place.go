package mlcalls

import (
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var (
	// placeholder is what documentation writes where the reader's own name stands.
	placeholder = pattern.Lazy(`(?i)^(?:\.?/?path[/_]to|/path|\.\.\.|your[-_ /]|<|\{|xxx|my[-_]?(?:org|user|name|account)|(?:user|username|user_name|org|organization|owner|namespace|hf-user|hf_username|account)/|path$)|your[-_](?:user|org|hub|hf|name|model|data|repo|own)|<[a-z_ -]+>|\{\{|\.\.\.$|/path/to/|/to/your`)
	// local are first parts of paths that people keep their own files in.
	local  = pattern.Lazy(`(?i)^(?:outputs?|out|models?|checkpoints?|ckpts?|weights|results?|data|datasets?|runs?|tmp|logs?|saved?|saved_models?|save_dir|pretrained(?:_models?)?|trained(?:_models?)?|exps?|experiments?|saves|input|inputs|assets|resources|artifacts|tests?|src|examples?|content|home|mnt|workspace|fixtures|work|files|cache|local)$`)
	remote = pattern.Lazy(`^[A-Za-z][A-Za-z0-9+.-]*://`)
)

// Model gives the model that a reference in code or in a configuration means: a
// folder or a file of the tree, a repository of the hub, an address. A bare word
// that could as well be a folder has no key. ok is false for a placeholder.
func Model(f *sbom.File, ref, revision string) (c sbom.Component, ok bool) {
	ref = strings.TrimSpace(ref)
	if strings.Trim(ref, "./") == "" || placeholder.MatchString(ref) || len(ref) > maxName {
		return c, false
	}
	if remote.MatchString(ref) {
		if c, ok := hub.Model(ref, revision); ok {
			return c, true
		}
		return address(sbom.KindModel, ref)
	}
	if at, folder, found := here(f, ref, holdsModel); found {
		return inTree(sbom.KindModel, at, folder), true
	}
	if c, ok := hfmodel.Origin(ref, revision); ok && !likelyPath(ref) {
		return c, true
	}
	return sbom.Component{Kind: sbom.KindModel, Name: shown(ref)}, true
}

// Dataset is Model for datasets. A bare word is a name on the hub, where the tree
// has nothing of that name: so the library reads it.
func Dataset(f *sbom.File, ref, revision string) (c sbom.Component, ok bool) {
	ref = strings.TrimSpace(ref)
	if strings.Trim(ref, "./") == "" || placeholder.MatchString(ref) || len(ref) > maxName {
		return c, false
	}
	if remote.MatchString(ref) {
		if c, ok := hub.Dataset(ref, revision); ok {
			return c, true
		}
		return address(sbom.KindDataset, ref)
	}
	c, named := hub.Dataset(ref, revision)
	at, folder, found := here(f, ref, holdsAnything)
	around := folder && named && !strings.Contains(ref, "/") && strings.HasPrefix(f.Path, at+"/") // the folder "squad" of the script that fetches squad
	if found && !around {
		return inTree(sbom.KindDataset, at, folder), true
	}
	if named && !likelyPath(ref) && path.Ext(ref) != ".py" && !dataFile.MatchString(ref) {
		return c, true
	}
	return sbom.Component{Kind: sbom.KindDataset, Name: shown(ref)}, true
}

var dataFile = pattern.Lazy(`(?i)\.(?:csv|tsv|jsonl?|ndjson|parquet|arrow|feather|txt|zip|tar|gz|tgz|pkl|pickle|xlsx?|npy|npz|h5|hdf5|tfrecords?|xml|orc|avro|dat|data|db|sqlite)$`)

// File gives a file that code reads: of the tree, or at an address. kind is what it
// is where it is not in the tree.
func File(f *sbom.File, kind sbom.Kind, ref string) (c sbom.Component, ok bool) {
	ref = strings.TrimSpace(ref)
	if strings.Trim(ref, "./") == "" || placeholder.MatchString(ref) || len(ref) > maxName {
		return c, false
	}
	if remote.MatchString(ref) {
		for _, of := range []func(string, string) (sbom.Component, bool){hub.Dataset, hub.Model} {
			if c, ok := of(ref, ""); ok {
				return c, true
			}
		}
		if rest, ok := strings.CutPrefix(ref, "hf://"); ok {
			return onHub(rest)
		}
		return address(kind, ref)
	}
	if at, folder, found := here(f, ref, holdsAnything); found {
		return inTree(kind, at, folder), true
	}
	return sbom.Component{Kind: kind, Name: shown(ref)}, true
}

// onHub reads what follows "hf://": "datasets/org/name@revision/path".
func onHub(rest string) (sbom.Component, bool) {
	of := hub.Model
	if id, ok := strings.CutPrefix(rest, "datasets/"); ok {
		rest, of = id, hub.Dataset
	}
	parts := strings.SplitN(rest, "/", 3)
	if len(parts) < 2 {
		return sbom.Component{}, false
	}
	name, revision, _ := strings.Cut(parts[1], "@")
	c, ok := of(parts[0]+"/"+name, revision)
	return c, ok
}

// inTree keys what lies in the tree: a folder is the model or the dataset itself, a
// file is a file, whatever it belongs to.
func inTree(kind sbom.Kind, at string, folder bool) sbom.Component {
	c := sbom.Component{Kind: kind, Name: path.Base(at), Keys: sbom.Keys{Path: at}}
	switch {
	case folder && at == ".":
		c.Keys.Path, c.Name = "./", ""
	case folder:
		c.Keys.Path += "/"
	default:
		c.Kind = sbom.KindFile
	}
	return c
}

// address keys what lies at a URL, without credentials, query and fragment.
func address(kind sbom.Kind, ref string) (sbom.Component, bool) {
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" || strings.EqualFold(u.Scheme, "file") || strings.ContainsAny(u.Host+u.Path, "{}<> *") {
		return sbom.Component{}, false
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || host == "127.0.0.1" || host == "example.com" || host == "example.org" || strings.HasSuffix(host, ".example.com") {
		return sbom.Component{}, false
	}
	u.User, u.RawQuery, u.Fragment, u.ForceQuery = nil, "", "", false
	name, version := path.Base(u.Path), ""
	if host == "tfhub.dev" { // publisher/model/version
		name = strings.Trim(u.Path, "/")
		if i := strings.LastIndexByte(name, '/'); i > 0 && number.MatchString(name[i+1:]) {
			name, version = name[:i], name[i+1:]
		}
	}
	if name == "/" || name == "." || name == "" {
		name = u.Host
	}
	return sbom.Component{Kind: kind, Name: shown(name), Version: version, Keys: sbom.Keys{URL: u.String()}, Refs: []sbom.Ref{{Type: "distribution", URL: u.String()}}}, true
}

// likelyPath tells a name that has the form of a repository's and is one of a folder.
func likelyPath(ref string) bool {
	first, _, more := strings.Cut(ref, "/")
	return more && local.MatchString(first)
}

// shown is a reference as a name: of a path of somebody's machine the last parts are shown.
func shown(ref string) string {
	if strings.HasPrefix(ref, "/") || strings.HasPrefix(ref, "~") || strings.Contains(ref, `:\`) {
		parts := strings.FieldsFunc(ref, func(r rune) bool { return r == '/' || r == '\\' })
		if len(parts) > 1 && strings.HasSuffix(parts[0], ":") {
			parts = parts[1:]
		}
		if len(parts) > 1 && (parts[0] == "home" || parts[0] == "Users") { // and whose that is
			parts = parts[2:]
		}
		return ".../" + strings.Join(parts[max(0, len(parts)-2):], "/")
	}
	return strings.TrimPrefix(ref, "./")
}

// here finds a path in the tree as a program finds it: from the folder that it runs
// in, which is the source's or one above. A path that begins with none of "./" and
// "../" must hold what holds asks for, or a hub's name would be a folder's.
func here(f *sbom.File, ref string, holds func(fs.FS, string) bool) (at string, folder, ok bool) {
	if path.IsAbs(ref) || strings.ContainsAny(ref, "\\*?\x00") || strings.HasPrefix(ref, "~") {
		return "", false, false
	}
	dir := path.Dir(f.Path)
	for range maxParents {
		target := path.Join(dir, ref)
		if fs.ValidPath(target) && target != "." {
			if info, err := fs.Stat(f.FS, target); err == nil {
				if info.Mode().IsRegular() || info.IsDir() && holds(f.FS, target) {
					return target, info.IsDir(), true
				}
			}
		}
		if dir == "." || dir == "/" {
			return "", false, false
		}
		dir = path.Dir(dir)
	}
	return "", false, false
}

func holdsAnything(fsys fs.FS, dir string) bool {
	return true
}

var modelFiles = []string{"config.json", "adapter_config.json", "modules.json", "model_index.json", "tokenizer_config.json", "tokenizer.json", "preprocessor_config.json", "meta.json", "saved_model.pb"}

func holdsModel(fsys fs.FS, dir string) bool {
	for _, name := range modelFiles {
		if info, err := fs.Stat(fsys, path.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// IsHub tells whether a component is known by its name on the Hugging Face hub.
func IsHub(c sbom.Component) bool {
	return strings.HasPrefix(c.Keys.PURL, "pkg:huggingface/") || strings.HasPrefix(c.Keys.URL, "https://huggingface.co/")
}

// Unpinned says what lets a reference to a hub change, and "" where nothing does.
func Unpinned(c sbom.Component, how string) string {
	switch {
	case !IsHub(c) || sbom.IsCommit(strings.ToLower(c.Version)):
		return ""
	case c.Version == "":
		return how + " names no revision of " + c.Name + ", so what it gets can change"
	}
	return how + " takes " + c.Name + " at " + c.Version + ", a name that can be moved to another commit"
}
