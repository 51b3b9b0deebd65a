package policy

import (
	"slices"
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	tests := map[string]Verdict{
		"collections OrderedDict": Harmless, "torch._utils _rebuild_tensor_v2": Harmless, "torch FloatStorage": Harmless, "torch.nn.modules.conv Conv2d": Harmless,
		"torch.ao.nn.quantized.modules.conv Conv2d": Harmless, "sklearn.ensemble.forest RandomForestClassifier": Harmless, "sklearn.ensemble._forest RandomForestClassifier": Harmless,
		"sklearn.compose._column_transformer _RemainderColsList": Harmless, "re RegexFlag.IGNORECASE": Harmless, "__torch__.net Linear": Harmless, "uuid UUID": Harmless, "builtins str.lower": Harmless, "numpy.random._pickle __bit_generator_ctor": Harmless,
		"requests.models Response": Harmless, "requests.structures CaseInsensitiveDict": Harmless, "requests get": Unsafe, "requests.models requests": Unsafe, "http.cookiejar MozillaCookieJar": Unsafe,
		"mine Model": Unknown, "collections OrderedDict.update": Unknown, "sklearn.mine RandomForest": Unknown, "sklearnish.ensemble RandomForestClassifier": Unknown,
		"os.path join": Unsafe, "os system": Unsafe, "torch serialization.os.system": Unsafe, "random _os": Unsafe, "six.moves.builtins eval": Unsafe, "mine __class__": Unsafe,
		"mine Model.__subclasses__": Unsafe, "mine f.f_globals": Unsafe, "mine run_command": Unsafe, "mine eval": Unsafe, "numpy.random __import__": Unsafe,
		"uuid _get_command_stdout": Unsafe, "collections abc.sys.modules": Unsafe, "torch hub.load": Unsafe, "torch utils.collect_env.run": Unsafe,
		"__torch__ x.__globals__": Unsafe, "numpy core.os": Unsafe, "pathlib Path.unlink": Unsafe, "mine " + strings.Repeat("a.", 40) + "b": Unsafe,
		" ": Unknown, "mine test": Unknown, "mine code": Unknown, "mine code.interact": Unsafe, "torch FloatStorage.from_file": Unsafe, "numpy.core._multiarray_umath log1p": Harmless, "mine trace": Unknown, "my.os.thing Model": Unknown, "mine.sub Code": Unknown,
	}
	for name, want := range tests {
		module, n, _ := strings.Cut(name, " ")
		if v, why := Judge(module, n); v != want || (v == Unsafe) != (why != "") {
			t.Errorf("%s: %s %q, want %s", name, v, why, want)
		}
	}
}

// TestLists holds that no line takes back what another one says, and that the
// classes that are harmless anywhere in a package are not called like a gadget.
func TestLists(t *testing.T) {
	l := loaded()
	if len(l.exact) < 800 || len(l.below) < 1500 || len(l.whole) < 250 || len(l.unsafe) < 500 {
		t.Errorf("%d, %d, %d, %d names: a list was cut", len(l.exact), len(l.below), len(l.whole), len(l.unsafe))
	}
	for name := range l.exact {
		if l.unsafe[name] != "" {
			t.Errorf("%s is in both lists", name)
		}
	}
	for name, from := range l.below {
		_, class, _ := strings.Cut(name, " ")
		if _, bad := gadget(class); bad || strings.Contains(class, ".") {
			t.Errorf("%s from %s on", name, strings.Join(from, ", "))
		}
		for _, f := range from {
			if l.unsafe[f+" "+class] != "" {
				t.Errorf("%s in %s is in both lists", class, f)
			}
		}
	}
	for _, text := range []string{harmlessText, unsafeText, foundText, weightsText} {
		if !strings.HasSuffix(text, "\n") || slices.Contains(strings.Split(text, " "), "\t") {
			t.Error("a list does not end in a newline")
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	for b.Loop() {
		Judge("mine.models.transformer.layers", "Encoder.build")
	}
}
