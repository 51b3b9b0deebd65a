package kerasconfig

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

// families are the packages whose classes Keras models are made of.
var families = set("keras keras_hub keras_cv keras_nlp keras_core keras_rs keras_tuner kerastuner tf_keras tensorflow tensorflow_addons " +
	"tensorflow_probability tensorflow_hub tensorflow_text tensorflow_recommenders tensorflow_ranking tensorflow_model_optimization tensorflow_similarity transformers official tfmot")

// parts of Keras that hold what models are made of.
var parts = set("layers models optimizers losses metrics initializers regularizers constraints activations dtype_policies quantizers ops operations " +
	"mixed_precision callbacks applications random trainers engine premade_models feature_column legacy src api _tf_keras keras v1 v2 python preprocessing backend wrappers " +
	"base_layer input_layer functional sequential training saving_lib_dummy estimator experimental distribution tree visualization")

// loaders are functions of Keras that act when they are called, which a model's
// configuration has no business with (NON_MODELING_APIS in serialization_lib.py).
var loaders = set("clear_session enable_unsafe_deserialization load_model model_from_json save_model image_dataset_from_directory load_img save_img " +
	"text_dataset_from_directory audio_dataset_from_directory timeseries_dataset_from_array deserialize_keras_object load_weights register_keras_serializable " +
	"save_weights serialize_keras_object get_file disable_interactive_logging func_load func_dump import_module extract_archive _extract_archive urlretrieve")

// unsafeModules reach out of the model, whatever is taken from them.
var unsafeModules = set("os posix nt sys subprocess _posixsubprocess shutil socket _socket ssl pty ctypes _ctypes cffi importlib imp runpy code codeop pickle _pickle cPickle " +
	"marshal shelve dbm webbrowser pip urllib urllib2 urllib3 http httplib requests httpx aiohttp ftplib smtplib poplib imaplib telnetlib xmlrpc asyncio " +
	"multiprocessing concurrent pdb bdb timeit cProfile profile trace doctest tempfile pathlib io _io zipimport zipfile tarfile types inspect gc site signal " +
	"distutils setuptools ensurepip venv idlelib lib2to3 commands dill cloudpickle joblib operator _operator functools pkgutil threading _thread " +
	"builtins __builtin__ __builtins__ platform pydoc paramiko fabric psutil winreg _winapi msvcrt logging sqlite3 glob fileinput linecache mmap resource")

// unsafeNames are functions that reach out, wherever they come from.
var unsafeNames = set("eval exec execfile compile __import__ open system popen spawn spawnl spawnv spawnve posix_spawn fork execv execve execl execvp check_output check_call " +
	"getoutput getstatusoutput Popen import_module loads load_module run_module run_path urlopen urlretrieve getattr setattr delattr globals locals vars breakpoint input " +
	"__subclasses__ __globals__ __builtins__ __getattribute__ __class__ __bases__ __mro__ __code__ __loader__ __dict__ unlink rmtree remove chmod b64decode " +
	"read_file write_file save_weights load_model get_file enable_unsafe_deserialization read_text write_text read_bytes write_bytes py_function numpy_function")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// unsafeName judges a name that code uses: a module, a function or an attribute.
func unsafeName(name string) bool {
	switch name {
	case "types", "io", "code", "operator", "functools", "signal", "site", "resource", "platform", "trace", "profile", "glob", "compile", "remove", "logging", "input", "__class__", "__dict__":
		return false // attributes of common libraries have these names
	}
	first, _, _ := strings.Cut(name, ".")
	return unsafeModules[first] || unsafeNames[name]
}

// judge judges a class or a function by its module and its name. What is
// registered is looked up by its registered name first.
func (r *reader) judge(module, name, registered, path, how string) {
	if len(module)+len(name) > 2*maxText {
		r.found(sbom.RuleUnknownClass, "%s has a name of %d bytes", at(path), len(module)+len(name))
		return
	}
	full := strings.TrimPrefix(module+"."+name, ".")
	if pkg, _, _ := strings.Cut(registered, ">"); registered != "" && !families[pkg] {
		r.keepCustom(registered)
	}
	first, rest, _ := strings.Cut(module, ".")
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case module == "" || module == "__main__":
		if registered == "" && (module == "__main__" || how == "constructed" && !own[name] && (path == "" || strings.Contains(path, "layers["))) {
			r.keepCustom(full)
		}
	case first == "builtins" && how == "called" && !unsafeNames[last]: // Keras's own, or a custom function
	case families[first]:
		r.judgeOwn(full, first, rest, last, path, how)
	case unsafeModules[first] || unsafeNames[last] && first == "builtins" || isUnsafe(module, name):
		r.use(full, how, "unsafe", "")
		r.found(sbom.RuleUnsafeCall, "%s names %q, which Keras before 3.9 imports and calls (CVE-2025-1550)", at(path), full)
	default:
		r.keepCustom(full)
		r.use(full, how, "unknown", "")
		rule := sbom.RuleUnknownClass
		if how == "called" {
			rule = sbom.RuleUnknownCall
		}
		r.found(rule, "%s names %q, which is not Keras's own, and which Keras before 3.9 imports unless the user has registered it", at(path), full)
	}
}

func isUnsafe(module, name string) bool {
	v, _ := policy.Judge(module, name)
	return v == policy.Unsafe
}

// judgeOwn judges a name of Keras itself.
func (r *reader) judgeOwn(full, first, rest, last, path, how string) {
	part, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(rest, "src."), "python."), ".")
	lower := last == strings.ToLower(last)
	switch {
	case loaders[last]:
		r.use(full, how, "unsafe", "")
		r.found(sbom.RuleUnsafeCall, "%s names %q, a function that acts when the model is loaded (CVE-2025-8747, CVE-2025-9906)", at(path), full)
	case strings.HasPrefix(first, "keras") && part != "" && !parts[part] && lower:
		r.use(full, how, "unknown", "")
		r.found(sbom.RuleUnknownCall, "%s names %q, which is no part of a model", at(path), full)
	}
}

func (r *reader) keepCustom(name string) {
	if len(r.custom) < maxCustom {
		r.custom[name] = true
	}
}
