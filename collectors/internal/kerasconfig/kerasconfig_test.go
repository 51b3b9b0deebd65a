package kerasconfig

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct{ object, rule string }{
		{`{"module": "keras.layers", "class_name": "Dense", "config": {}}`, ""},
		{`{"module": "keras.src.models.functional", "class_name": "Functional", "config": {}}`, ""},
		{`{"module": "keras.utils", "class_name": "FeatureSpace", "config": {}}`, ""},
		{`{"module": "keras_hub.src.models.gemma.gemma_backbone", "class_name": "GemmaBackbone", "config": {}}`, ""},
		{`{"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}`, ""},
		{`{"module": null, "class_name": "Mine", "config": {}, "registered_name": "pkg>Mine"}`, ""},
		{`{"module": "builtins", "class_name": "function", "config": "eval"}`, sbom.RuleUnsafeCall},
		{`{"module": "subprocess", "class_name": "Popen", "config": {}}`, sbom.RuleUnsafeCall},
		{`{"module": "keras.src.utils.file_utils", "class_name": "function", "config": "get_file"}`, sbom.RuleUnsafeCall},
		{`{"module": "keras.models", "class_name": "function", "config": "load_model"}`, sbom.RuleUnsafeCall},
		{`{"module": "keras.src.utils.python_utils", "class_name": "function", "config": "remove_long_seq"}`, sbom.RuleUnknownCall},
		{`{"module": "someones", "class_name": "function", "config": "f"}`, sbom.RuleUnknownCall},
		{`{"module": "someones", "class_name": "F", "config": {}}`, sbom.RuleUnknownClass},
		{`{"class_name": "IntegerLookup", "config": {"vocabulary": "../../words"}}`, sbom.RuleFileOp},
		{`{"class_name": "IntegerLookup", "config": {"vocabulary": [1, 2]}}`, ""},
		{`{"class_name": "Lambda", "config": {"function": "scale", "function_type": "function"}}`, ""},
		{`{"class_name": "Lambda", "config": {"function": "lambda x: eval('1')"}}`, sbom.RuleUnsafeCall},
		{`{"class_name": "Lambda", "config": {"function": "lambda x: x + 1"}}`, sbom.RuleModelCode},
		{`{"class_name": "Mine", "config": {}}`, ""},
		{`{"module": "mine.layers", "class_name": "Mine", "config": {}, "registered_name": "pkg>Mine"}`, sbom.RuleUnknownClass},
		{`{"class_name": "TFOpLambda", "config": {"function": "math.multiply"}}`, ""},
		{`{"class_name": "TFOpLambda", "config": {"function": "io.read_file"}}`, sbom.RuleFileOp},
	} {
		got, err := Read([]byte(`{"class_name": "Sequential", "config": {"layers": [`+c.object+`]}}`), nil, Options{In: "x"})
		rule := ""
		for _, f := range got.Findings {
			rule = f.Rule
		}
		if err != nil || rule != c.rule {
			t.Errorf("%s: %q, %v, want %q", c.object, rule, err, c.rule)
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct{ text, problem string }{
		{"\xef\xbb\xbf{\"class_name\": \"M\"}", ""},
		{`{"class_name": "M", "x": [NaN, -Infinity, Infinity, "NaN \" Infinity"]}`, ""},
		{"[1]", "no JSON object"},
		{"", "not valid JSON"},
		{"{", "not valid JSON"},
		{strings.Repeat("[", 20000), "not valid JSON"},
	} {
		got, err := Read([]byte(c.text), nil, Options{In: "x"})
		if (err == nil) != (c.problem == "") || err != nil && (!strings.Contains(err.Error(), c.problem) || got.Scan.Verdict == sbom.Clean) {
			t.Errorf("%.40q: %+v, %v", c.text, got, err)
		}
		if err == nil && got.Class != "M" {
			t.Errorf("%.40q: %+v", c.text, got)
		}
	}
	deep := `{"class_name": "M", "config": ` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`
	if got, _ := Read([]byte(deep), nil, Options{}); got.Scan.Coverage != sbom.Partial || got.Scan.Verdict != sbom.Undecided {
		t.Errorf("%+v", got.Scan)
	}
}

func Fuzz(f *testing.F) {
	f.Add([]byte(`{"class_name": "Functional", "config": {"layers": [{"class_name": "InputLayer", "config": {"name": "a", "batch_shape": [null, 2]}}], "input_layers": [["a", 0, 0]], "output_layers": {"y": ["a", 0, 0]}}, "compile_config": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": NaN}}}}`))
	f.Fuzz(func(t *testing.T, data []byte) { Read(data, data, Options{In: "x"}) })
}
