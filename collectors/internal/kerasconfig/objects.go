package kerasconfig

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/pymarshal"
	"github.com/mlbom/mlbom/sbom"
)

// object judges an object of the configuration: what a loader makes of it.
func (r *reader) object(m map[string]any, path string) {
	class, module := text(m, "class_name"), text(m, "module")
	config := object(m, "config")
	switch class {
	case "__lambda__":
		r.code(firstText(m["config"]), path)
		return
	case "__tensor__", "__numpy__", "__bytes__", "__ellipsis__", "__slice__", "__keras_tensor__":
		return
	case "__typespec__":
		class = text(m, "spec_name")
	case "function":
		r.judge(module, text(m, "config"), registered(m), path, "called")
		return
	case "Lambda":
		r.lambda(config, path)
	case "TorchModuleWrapper":
		r.torch(config, path)
	case "TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty":
		r.operation(text(config, "function"), path)
	case "TFSMLayer":
		r.file(text(config, "filepath"), path, "loads and runs the TensorFlow SavedModel", true)
	case "StringLookup", "IntegerLookup", "TextVectorization", "IndexLookup":
		r.file(text(config, "vocabulary"), path, "reads the vocabulary from", false)
		r.file(text(config, "idf_weights"), path, "reads weights from", false)
	}
	r.judge(module, class, registered(m), path, "constructed")
}

// firstText finds the text of code in the forms that Keras writes it in:
// {"value": [code, ...]}, {"code": ...}, [code, defaults, closure].
func firstText(v any) string {
	for range 4 {
		switch x := v.(type) {
		case string:
			return x
		case []any:
			v = first(x)
		case map[string]any:
			v = first2(x["code"], x["value"])
		}
	}
	return ""
}

// lambda looks at a Lambda layer. One that names its function holds no code.
func (r *reader) lambda(config map[string]any, path string) {
	for _, key := range []string{"function", "output_shape", "mask", "arguments"} {
		list, ok := config[key].([]any)
		kind := text(config, key+"_type")
		if s := firstText(list); ok && s != "" && (kind == "lambda" || key == "function") {
			r.code(s, join(path, "config."+key))
		}
		switch name := text(config, key); {
		case key != "function" || name == "":
		case !identifier.MatchString(name):
			r.source(name, path)
		case kind != "lambda":
			r.judge(text(config, "module"), name, "", path, "called")
		}
	}
}

// identifier is the name of a function, with a module or a package before it.
var identifier = pattern.Lazy(`^[\w.>]{1,512}$`)

var word = pattern.Lazy(`\w+`)

// source reports a text in the place of a function's name. Keras does not run it;
// loaders of others may.
func (r *reader) source(text, path string) {
	if c, err := pymarshal.Read(pymarshal.Decode(text)); err == nil {
		r.codes[text] = true
		r.reportCode(c, path)
		return
	}
	for _, w := range word.FindAllString(text[:min(len(text), maxText)], -1) {
		if unsafeName(w) {
			r.found(sbom.RuleUnsafeCall, "%s has source text for a function, which uses %q: %.100q", at(path), w, text)
			return
		}
	}
	r.found(sbom.RuleModelCode, "%s has source text for a function: %.100q", at(path), text)
}

// safe says what stands between the code and the reader.
func (r *reader) safe() string {
	if r.Unsafe {
		return "loading it runs the code: this format knows no safe mode before Keras 3.11.3 (CVE-2025-9905)"
	}
	return "it runs where the model is loaded with safe_mode=False, or by Keras before 2.13 (CVE-2024-3660)"
}

// code reports the code of a Lambda.
func (r *reader) code(encoded, path string) {
	if r.codes[encoded] {
		return
	}
	r.codes[encoded] = true
	c, err := pymarshal.Read(pymarshal.Decode(encoded))
	if err != nil {
		r.use("<lambda>", "called", "unknown", "")
		r.found(sbom.RuleModelCode, "%s holds marshalled code that could not be read; %s", at(path), r.safe())
		r.partial("the code of a Lambda could not be read")
		return
	}
	r.reportCode(c, path)
}

// hiddenCode finds marshalled code in a text of any name.
func (r *reader) hiddenCode(s, path string) {
	if len(s) < 40 || r.codes[s] || s[0] != '4' && s[0] != 'Y' {
		return
	}
	if c, err := pymarshal.Read(pymarshal.Decode(s)); err == nil {
		r.codes[s] = true
		r.reportCode(c, path)
	}
}

func (r *reader) reportCode(c pymarshal.Code, path string) {
	var bad []string
	for _, n := range c.Names {
		if unsafeName(n) {
			bad = append(bad, n)
			r.use(n, "referenced", "unsafe", "")
		}
	}
	for _, s := range c.Texts { // of __import__("os"), getattr(x, "system")
		if unsafeName(s) {
			bad = append(bad, s)
		}
	}
	what := fmt.Sprintf("%s holds code of Python (%s)", at(path), cmp.Or(c.Python, "unknown version"))
	if len(bad) > 0 {
		r.found(sbom.RuleUnsafeCall, "%s that uses %s; %s", what, list(bad), r.safe())
		return
	}
	if len(c.Names) > 0 {
		what += " that uses " + list(c.Names)
	}
	r.use("<lambda>", "called", "unknown", "")
	r.found(sbom.RuleModelCode, "%s; %s", what, r.safe())
}

func at(path string) string {
	if path == "" {
		return "the configuration"
	}
	if len(path) > maxText {
		path = path[:maxText] + "..."
	}
	return path
}

// list names the first few.
func list(names []string) string {
	const most = 8
	var all []string
	for i, n := range names {
		if i == most {
			return strings.Join(all, ", ") + ", ..."
		}
		all = append(all, fmt.Sprintf("%.60q", n))
	}
	return strings.Join(all, ", ")
}

// torch reports a module of PyTorch, which is a pickle.
func (r *reader) torch(config map[string]any, path string) {
	encoded := firstText(object(config, "module")["config"])
	if s := text(config, "module"); s != "" {
		encoded = s
	}
	if encoded == "" {
		return
	}
	data := pickled(encoded)
	r.use("torch.load", "called", "unknown", "")
	r.found(sbom.RuleModelCode, "%s holds a module of PyTorch as a pickle (%d bytes), which torch.load takes without weights_only (CVE-2025-49655); %s", at(path), len(data), r.safe())
	if r.Pickle == nil {
		return
	}
	scan, findings := r.Pickle(data)
	r.c.Scan = pickle.Merge(r.c.Scan, scan)
	for _, f := range findings {
		if len(r.c.Findings) < maxFindings {
			f.Message, f.Where = at(path)+": "+f.Message, sbom.Place{} // which is in the pickle
			r.c.Findings = append(r.c.Findings, f)
		}
	}
}

func pickled(s string) []byte {
	if data, err := base64.StdEncoding.DecodeString(s); err == nil {
		return data
	}
	return []byte(s)
}

// operation reports a function of TensorFlow that a layer calls and that acts
// outside of the graph.
func (r *reader) operation(name, path string) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	switch {
	case strings.HasPrefix(name, "io.") && (strings.Contains(last, "file") || strings.Contains(last, "write") || strings.Contains(last, "matching")),
		strings.HasPrefix(name, "io.gfile"), strings.Contains(last, "File"), strings.HasSuffix(last, "py_function"), strings.HasSuffix(last, "py_func"),
		last == "numpy_function", strings.HasPrefix(last, "load_"), strings.HasPrefix(name, "saved_model."), strings.HasPrefix(last, "Save"), strings.HasPrefix(last, "Restore"), last == "PyFunc":
		r.use("tensorflow."+name, "called", "unsafe", "")
		r.found(sbom.RuleFileOp, "%s calls %.200q of TensorFlow, which acts outside of the graph", at(path), name)
	}
}

// file reports a path that the loader reads; a plain name beside the model is no
// harm.
func (r *reader) file(name, path, does string, always bool) {
	if name == "" {
		return
	}
	slashed := strings.ReplaceAll(name, `\`, "/")
	out := strings.HasPrefix(slashed, "/") || strings.Contains("/"+slashed+"/", "/../") || strings.Contains(slashed, "://") || len(slashed) > 1 && slashed[1] == ':' || strings.HasPrefix(slashed, "~")
	if !out && !always {
		r.use("file:"+name[:min(len(name), maxText)], "referenced", "harmless", "")
		return
	}
	r.use("file:"+name[:min(len(name), maxText)], "referenced", "unsafe", "")
	r.found(sbom.RuleFileOp, "%s %s %.200q, a file outside of the model", at(path), does, name)
}
