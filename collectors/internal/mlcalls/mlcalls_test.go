package mlcalls

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// names gives what a source names, each as "name@version".
func names(t *testing.T, src string) []string {
	t.Helper()
	tree := fstest.MapFS{"a/x.py": {Data: []byte(src)}, "a/local/config.json": {}, "data.csv": {}}
	r := Read(sbom.NewFile(tree, "a/x.py"), src)
	var list []string
	for _, u := range r.Uses {
		list = append(list, strings.TrimSuffix(u.To.Name+"@"+u.To.Version, "@"))
	}
	return list
}

func TestNames(t *testing.T) {
	const head = "from datasets import load_dataset as ld\nfrom transformers import AutoModel\nimport pandas as pd, os, click\n"
	for src, want := range map[string]string{
		`ld("squad")`:                                                 "rajpurkar/squad",
		`ld(path="a1/b", revision="v1")`:                              "a1/b@v1",
		"n = 'a1'\nld(f'{n}/b')":                                      "a1/b",
		"for n in ['a1/b', 'a1/c']:\n    ld(n)":                       "a1/b a1/c",
		"C = {'data': {'id': 'a1/b'}}\nld(C['data']['id'])":           "a1/b",
		"def f(n='a1/b'):\n    ld(n)":                                 "a1/b",
		"def f(n):\n    ld(n)\nf('a1/b')\nf('a1/c')":                  "a1/b a1/c",
		"class C:\n    n = 'a1/b'\n    def f(self):\n        ld(C.n)": "a1/b",
		"@click.command()\n@click.option('--the-name', default='a1/b')\ndef f(the_name):\n    ld(the_name)": "a1/b",
		"import sys\nn = sys.argv[1] if len(sys.argv) > 1 else 'a1/b'\nld(n)":                               "a1/b",
		"ld(os.environ.get('N', 'a1/b'))": "a1/b",
		"import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', default='a1/b')\np.add_argument('--m', action='store_true')\na = p.parse_args()\nif a.m:\n    ld('a1/c')\nelse:\n    ld(a.n)": "a1/c a1/b",
		"f = lambda: ld('a1/b')":                              "a1/b",
		"AutoModel.from_pretrained('local')":                  "local",
		"pd.read_csv('data.csv')":                             "data.csv",
		"AutoModel.from_pretrained('path/to/model')":          "",
		"AutoModel.from_pretrained(x)":                        "",
		"AutoModel.from_config('a1/b')":                       "",
		"def load_dataset(x): pass\nload_dataset('a1/b')":     "",
		"ld('csv', data_files={'train': ['x.csv', 'y.csv']})": "x.csv y.csv",
	} {
		if got := strings.Join(names(t, head+src), " "); got != want {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	f := sbom.NewFile(fstest.MapFS{"a/local/config.json": {}, "a/x.py": {}}, "a/x.py")
	for ref, want := range map[string]sbom.Keys{
		"org1/name":                   {PURL: "pkg:huggingface/org1/name"},
		"gpt2":                        {URL: "https://huggingface.co/gpt2"},
		"my_model":                    {},
		"outputs/final":               {},
		"./local":                     {Path: "a/local/"},
		"local":                       {Path: "a/local/"},
		"/home/me/model":              {},
		"https://u:p@h.test/m.pt?x=1": {URL: "https://h.test/m.pt"},
		"https://huggingface.co/o/n":  {PURL: "pkg:huggingface/o/n"},
	} {
		if got, _ := Model(f, ref, ""); got.Keys != want {
			t.Errorf("%s: %+v, want %+v", ref, got.Keys, want)
		}
	}
	script := sbom.NewFile(fstest.MapFS{"data/squad1/prepare.py": {}, "data/squad2/train.json": {}}, "data/squad1/prepare.py")
	for ref, want := range map[string]sbom.Keys{
		"squad1": {URL: "https://huggingface.co/datasets/squad1"}, // the folder of the script itself is no data
		"squad2": {Path: "data/squad2/"},
	} {
		if got, _ := Dataset(script, ref, ""); got.Keys != want {
			t.Errorf("%s: %+v, want %+v", ref, got.Keys, want)
		}
	}
	for _, ref := range []string{"", ".", "your-name/model", "username/x", "<model>", "http://localhost:1/x", "path_to_model"} {
		if got, ok := Model(f, ref, ""); ok {
			t.Errorf("%q is taken for %+v", ref, got)
		}
	}
}

// TestRoles: what a trainer gets, by the split that the call names.
func TestRoles(t *testing.T) {
	src := `from datasets import load_dataset, concatenate_datasets
from transformers import AutoModel, Trainer, TrainingArguments
ours = load_dataset("csv", data_files={"train": ["data.csv"], "validation": "v.csv"})
more = load_dataset("a1/b", split="train")
Trainer(model=AutoModel.from_pretrained("a1/m"), args=TrainingArguments("local", num_train_epochs=3),
    train_dataset=concatenate_datasets([ours["train"], more]).map(f), eval_dataset=ours["validation"].map(f))
`
	tree := fstest.MapFS{"a/x.py": {Data: []byte(src)}, "a/local/config.json": {}, "data.csv": {}, "v.csv": {}}
	r := Read(sbom.NewFile(tree, "a/x.py"), src)
	if len(r.Trainings) != 1 {
		t.Fatalf("%d trainings", len(r.Trainings))
	}
	of := func(uses []Use) string {
		var list []string
		for _, u := range uses {
			list = append(list, u.To.Name)
		}
		return strings.Join(list, " ")
	}
	one := r.Trainings[0]
	if got := of(one.Train) + "; " + of(one.Validation) + "; " + of(one.Base) + "; " + one.Output.Keys.Path; got != "data.csv a1/b; v.csv; a1/m; a/local/" {
		t.Error(got)
	}
}
