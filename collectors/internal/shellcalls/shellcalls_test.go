package shellcalls

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestRead: one line of a shell, and what it names: relation, name and line.
func TestRead(t *testing.T) {
	f := sbom.NewFile(fstest.MapFS{"run.sh": {}}, "run.sh")
	for text, want := range map[string]string{
		"huggingface-cli download acme/lion --revision abc":                     "uses acme/lion",
		"hf download acme/roars --repo-type dataset":                            "consumes acme/roars",
		"hf download $MODEL":                                                    "",
		"sudo kaggle datasets download -d ann/birds -p x":                       "consumes ann/birds",
		"kaggle datasets list ann/birds":                                        "",
		"git lfs clone https://huggingface.co/acme/lion.git":                    "uses acme/lion",
		"git clone https://github.com/org/code":                                 "",
		"git clone https://huggingface.co/spaces/org/app":                       "",
		"ollama pull llama3":                                                    "uses llama3",
		"vllm serve acme/lion --port 80":                                        "uses acme/lion",
		"python -m spacy download en_core_web_sm":                               "uses en_core_web_sm",
		"CUDA_VISIBLE_DEVICES=0 python train.py --model_name_or_path=acme/lion": "uses acme/lion",
		"python train.py --dataset-name acme/roars --base_model \"${M}\"":       "consumes acme/roars",
		"echo python train.py --dataset_name acme/roars":                        "",
		"# hf download acme/lion":                                               "",
		"true && hf download acme/one; hf download acme/two":                    "uses acme/one, uses acme/two",
		"wget https://data.acme.org/train.csv | cat":                            "consumes train.csv",
		"curl https://example.org/page.html":                                    "",
	} {
		var got []string
		for _, u := range Read(f, []Line{{text, 7}}, false) {
			got = append(got, fmt.Sprintf("%s %s", u.Rel, u.To.Name))
			if u.Line != 7 {
				t.Errorf("%s: line %d", text, u.Line)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", text, strings.Join(got, ", "), want)
		}
	}
}

func TestCommands(t *testing.T) {
	lines := []Line{{`a 'b c' "d $e" \`, 1}, {"# not part of it", 2}, {"f*", 3}, {"g | h &", 4}, {`"open`, 5}}
	var got []string
	for _, c := range commands(lines, false) {
		line := fmt.Sprint(c.at, ":")
		for _, w := range c.words {
			line += fmt.Sprintf(" %s/%t", w.text, w.literal)
		}
		got = append(got, line)
	}
	want := []string{"1 : a/true b c/true d $e/false f*/false", "4 : g/true", "4 : h/true", "5 : open/false"}
	for i := range want {
		want[i] = strings.Replace(want[i], " :", ":", 1)
	}
	for i := range got {
		got[i] = strings.Replace(got[i], " :", ":", 1)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
	if w := Words(`pip install "x>=1" $Y {z}`); !slices.Equal(w, []string{"pip", "install", "x>=1"}) {
		t.Errorf("%q", w)
	}
}
