package pickle

import (
	"context"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

//go:embed testdata/samples.json
var samplesText []byte

//go:embed testdata/gadgets.json
var gadgetsText []byte

// samples are what testdata/make.py writes, by kind and name.
func samples(t testing.TB) map[string]map[string][]byte {
	t.Helper()
	var text map[string]map[string]string
	if err := json.Unmarshal(samplesText, &text); err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string][]byte{}
	for kind, all := range text {
		out[kind] = map[string][]byte{}
		for name, encoded := range all {
			data, err := base64.StdEncoding.DecodeString(encoded)
			if err != nil {
				t.Fatal(err)
			}
			out[kind][name] = data
		}
	}
	return out
}

func gadgets(t testing.TB) []string {
	t.Helper()
	var all []string
	if err := json.Unmarshal(gadgetsText, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSamples(t *testing.T) {
	all := samples(t)
	if len(all["malicious"]) < 150 || len(all["benign"]) < 20 {
		t.Fatalf("%d malicious and %d benign samples: run testdata/make.py", len(all["malicious"]), len(all["benign"]))
	}
	for name, data := range all["malicious"] {
		want := sbom.Malicious
		switch name {
		case "allocate", "tuple_bomb", "tensor_setitem", "dsconfig_file", "gadget_ctx", "gadget_tzfile", "joblib_dtype_kw", "joblib_shape_bool", "joblib_subarray",
			"joblib_ndwrapper_abs", "joblib_ndwrapper_path", "joblib_zndwrapper_path", "pers_call", "reconstructor_init", "reconstructor_w2v":
			want = sbom.SuspiciousUse
		}
		if strings.HasPrefix(name, "bomb_") {
			want = sbom.SuspiciousUse
		}
		o := Options{Arrays: strings.HasPrefix(name, "joblib")}
		r := Analyze(context.Background(), strings.NewReader(string(data)), o)
		if r.Scan.Verdict != want || len(r.Findings) == 0 {
			t.Errorf("%s: %s, want %s; %+v", name, r.Scan.Verdict, want, r.Findings)
		}
	}
	for name, data := range all["benign"] {
		r := Analyze(context.Background(), strings.NewReader(string(data)), Options{Arrays: strings.HasPrefix(name, "joblib")})
		if r.Scan.Verdict != sbom.Clean || r.Scan.Coverage != sbom.Complete {
			t.Errorf("%s: %s, %s (%s); %+v", name, r.Scan.Verdict, r.Scan.Coverage, r.Scan.Reason, r.Findings)
		}
		for _, f := range r.Findings {
			if f.Rule != sbom.RuleNested {
				t.Errorf("%s: false alarm %+v", name, f)
			}
		}
		if !IsPickle(data[:min(len(data), sbom.HeadSize)]) {
			t.Errorf("%s is not known as a pickle", name)
		}
	}
}

// TestOwnCode: what defines code is suspicious, told of once, and no call that does harm.
func TestOwnCode(t *testing.T) {
	for name, data := range samples(t)["own"] {
		r := Analyze(context.Background(), strings.NewReader(string(data)), Options{})
		if r.Scan.Verdict != sbom.SuspiciousUse || len(r.Findings) != 1 || r.Findings[0].Rule != sbom.RuleUnknownCall {
			t.Errorf("%s: %s, %+v", name, r.Scan.Verdict, r.Findings)
		}
	}
}

// TestGadgets calls each of them, and then only imports it.
func TestGadgets(t *testing.T) {
	if n := len(gadgets(t)); n < 100 {
		t.Errorf("%d gadgets", n)
	}
	for _, g := range gadgets(t) {
		module, name, _ := strings.Cut(g, " ")
		if v, why := policy.Judge(module, name); v != policy.Unsafe || why == "" {
			t.Errorf("%s is %s %q", g, v, why)
		}
		r := analyze(t, "c"+module+"\n"+name+"\n(S'id'\ntR.")
		getter := name == "itemgetter" || name == "attrgetter" // which get nothing before they are called
		if !getter && (r.Scan.Verdict != sbom.Malicious || r.Findings[0].Rule != sbom.RuleUnsafeCall) {
			t.Errorf("%s called: %s, %+v", g, r.Scan.Verdict, r.Findings)
		}
		r = analyze(t, "c"+module+"\n"+name+"\n.")
		if r.Scan.Verdict != sbom.Malicious || r.Findings[0].Rule != sbom.RuleUnsafeImport {
			t.Errorf("%s imported: %s, %+v", g, r.Scan.Verdict, r.Findings)
		}
	}
}

func TestIsPickle(t *testing.T) {
	yes := []string{"I42\n.", "S'abc'\np0\n.", "(lp0\nI1\naI2\na.", "(dp0\nS'a'\np1\nI1\ns.", "F1.5\n.", "cos\nsystem\n(S'id'\ntR.", "\x80\x02N.", "\x80\x05\x95\x10\x00\x00\x00\x00\x00\x00\x00]\x94(K\x01K\x02e.",
		"]q\x00(K\x01K\x02e.", "}q\x00(U\x01aK\x01u.", "L119547037146038801333356L\n.I1001\n.", "cos\nsystem\n(S'id'\ntR\xff\xff"}
	for _, s := range yes {
		if !IsPickle([]byte(s)) {
			t.Errorf("%q is a pickle", s)
		}
	}
	no := []string{"", "cache\n__pycache__\n.venv\n*.pyc\n", "N.", "hello\n", "I am a text.\nYes.", "copyright 2020\nall rights\n", "{\"a\": 1}", "(see below)\n", "[1, 2, 3]\n", "cmake\nversion\n", "import os\n", "# comment\n", "S'il vous plait'\n", "\x80\x75\x01\x02",
		"\x89PNG\r\n\x1a\n", "PK\x03\x04", "\x1f\x8b\x08\x00", "GGUF\x03\x00\x00\x00", "\x93NUMPY\x01\x00", strings.Repeat("(", 512), strings.Repeat("]", 512), strings.Repeat("N", 512), strings.Repeat("\x00", 512), "Volume 1\nChapter\n", "0.5\n0.7\n", "2020-01-01\n"}
	for _, s := range no {
		if IsPickle([]byte(s)) {
			t.Errorf("%q is no pickle", s)
		}
	}
}

func TestMessages(t *testing.T) {
	tests := map[string]string{
		"cos\nsystem\n(S'id'\ntR.":                                        "loading it calls os.system('id'), which runs programs or changes files through the operating system",
		"cos\nsystem\n(S'\\x1b[2J\\n'\ntR.":                               `loading it calls os.system('\x1b[2J\n'), which runs programs or changes files through the operating system`,
		"cos\nsystem\np0\n(S'id'\ntR0g0\n(S'w'\ntR.":                      "loading it calls os.system('id'), which runs programs or changes files through the operating system; 2 times",
		"\x80\x02cmine\nModel\n)\x81}b.":                                  "loading it makes an object of mine.Model, which is not known to be harmless",
		"\x80\x02cmine\nload_it\n)R.":                                     "loading it calls mine.load_it(), which is not known to be harmless",
		"\x80\x02ccollections\nOrderedDict\nN}X\x01\x00\x00\x00aNs\x86b.": "loading it sets attributes of collections.OrderedDict, for all code of the process",
	}
	for data, want := range tests {
		r := analyze(t, data)
		if len(r.Findings) == 0 || r.Findings[0].Message != want {
			t.Errorf("%q: %+v, want %q", data, r.Findings, want)
		}
	}
}
