package mlcalls

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// call is one call as it is read.
type call struct {
	pysource.Found
	reader *reader
	name   string // canonical
}

// roots are spellings of one library.
var roots = map[string]string{"pd": "pandas", "np": "numpy", "tf": "tensorflow", "tfds": "tensorflow_datasets", "wds": "webdataset", "pl": "polars",
	"onnxruntime_genai": "onnxruntime", "lightgbm_": "lightgbm", "cudf": "pandas", "modin": "pandas", "tf_keras": "keras", "xgb": "xgboost", "lgb": "lightgbm"}

// canonical gives a name as the table spells it.
func canonical(name string) string {
	first, rest, more := strings.Cut(name, ".")
	if to, ok := roots[first]; ok && more {
		name = to + "." + rest
	}
	name = strings.TrimPrefix(name, "tensorflow.python.")
	if rest, ok := strings.CutPrefix(name, "tensorflow.keras."); ok {
		name = "keras." + rest
	}
	return name
}

func root(name string) string {
	first, _, _ := strings.Cut(name, ".")
	return first
}

func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// class is the name before the last: "AutoModel" of "transformers.AutoModel.from_pretrained".
func class(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return last(name[:i])
	}
	return ""
}

// arg gives an argument by its position (-1 for none) or one of its names.
func (c *call) arg(at int, names ...string) (pysource.Value, bool) {
	for i := len(c.Named) - 1; i >= 0; i-- {
		for _, n := range names {
			if c.Named[i].Key == n {
				return c.Named[i], true
			}
		}
	}
	if at >= 0 && at < len(c.Args) {
		return c.Args[at], true
	}
	return pysource.Value{}, false
}

// text gives an argument that is a text or a path.
func (c *call) text(at int, names ...string) (v pysource.Value, ok bool) {
	v, ok = c.arg(at, names...)
	return v, ok && textual(v)
}

func textual(v pysource.Value) bool {
	return (v.Kind == pysource.TextValue || v.Kind == pysource.PathValue || v.Kind == pysource.FileValue) && v.Text != "" && len(v.Text) <= maxName && !strings.ContainsAny(v.Text, "\n\x00")
}

// texts gives an argument that is a text, or a list or a dictionary of texts.
func (c *call) texts(at int, names ...string) []pysource.Value {
	v, ok := c.arg(at, names...)
	if !ok {
		return nil
	}
	return leaves(v, nil)
}

func leaves(v pysource.Value, list []pysource.Value) []pysource.Value {
	switch {
	case len(list) >= maxFiles:
	case textual(v):
		list = append(list, v)
	case v.Kind == pysource.ListValue || v.Kind == pysource.DictValue:
		for _, i := range v.Items {
			if i.Key == "" {
				i.Key = v.Key // the split that a list of files is of
			}
			list = leaves(i, list)
		}
	}
	return list
}

const maxFiles = 200 // texts of one argument

// is tells whether an argument is True.
func (c *call) is(name string) bool {
	v, ok := c.arg(-1, name)
	return ok && v.Kind == pysource.BoolValue && v.Text == "True"
}

// label names the call for a reader: "AutoModel.from_pretrained".
func (c *call) label() string {
	if l := last(c.name); l == "from_pretrained" || l == "load_data" || l == "load_model" || l == "load" {
		if k := class(c.name); k != "" {
			return k + "." + l
		}
		return strings.TrimPrefix(pysource.Source(c.Expr.Parts[0]), "self.")
	}
	return last(c.name)
}

// revision gives what a call says of the revision: known is false where it is worked
// out at run time.
func (c *call) revision(at int) (revision string, known bool) {
	v, ok := c.arg(at, "revision", "code_revision")
	switch {
	case !ok || v.Kind == pysource.NoneValue:
		return "", true
	case v.Kind == pysource.TextValue && len(v.Text) <= maxName:
		return v.Text, true
	}
	return "", false
}
