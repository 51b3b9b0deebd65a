package lineage

import (
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
)

func TestURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://ann:pw@example.org/a?sig=1#x":             "https://example.org/a",
		"s3://bucket/key":                                  "s3://bucket/key",
		"abfss://box@account.dfs.core.windows.net/a?sas=1": "abfss://box@account.dfs.core.windows.net/a",
		"file:///home/ann/x":                               "",
		"C:/x":                                             "",
		"/home/ann":                                        "",
		"https://{{host}}/x":                               "",
		"javascript://x/y":                                 "",
	} {
		if got := URL(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestRepository(t *testing.T) {
	for in, want := range map[string]string{
		"git@github.com:example/a.git":             "https://github.com/example/a",
		"ssh://git@github.com/example/a.git":       "https://github.com/example/a",
		"https://token@github.com/example/a.git":   "https://github.com/example/a",
		"git+https://github.com/example/a.git?x=1": "https://github.com/example/a",
		"../registry": "",
		"/srv/git/a":  "",
	} {
		if got := Repository(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestInside(t *testing.T) {
	for in, want := range map[string]string{"data/x": "a/data/x", "../x": "x", "../../x": "", "/x": "", "~/x": "", "x/": "a/x/", "C:\\x": "", ".": "a", "..": "", "": "", "s3://b/x": ""} {
		if got := Inside("a", in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestCommand(t *testing.T) {
	for in, want := range map[string]string{
		"train --api-key abc --lr 1":                               "train --api-key ... --lr 1",
		"HF_TOKEN=hf_x python a.py":                                "HF_TOKEN=... python a.py",
		"a --password='x y' b":                                     "a --password=... b",
		"curl https://u:p@h/x":                                     "curl https://h/x",
		"a --token $TOKEN":                                         "a --token $TOKEN",
		"a --token --verbose":                                      "a --token --verbose",
		"python token train":                                       "python token train",
		"python train.py --tokenizer x":                            "python train.py --tokenizer x",
		"train --max_tokens 5 --seed 2":                            "train --max_tokens 5 --seed 2",
		"export WANDB_API_KEY=abc; train":                          "export WANDB_API_KEY=...; train",
		"curl https://u:p@ss@h/x":                                  "curl https://h/x",
		"wget 'https://h/x?a=1&sig=abc%3D&X-Amz-Security-Token=q'": "wget 'https://h/x?a=1&sig=...&X-Amz-Security-Token=...'",
		"wget https://h/x?keys":                                    "wget https://h/x?keys",
		"train hf_abcdefghijklmnopqrst -x":                         "train ... -x",
		"train sk-proj-abcdefghijklmnopqrst":                       "train ...",
		"train --hf_model_name x":                                  "train --hf_model_name x",
		"python train.py git@github.com:a/b ann@h":                 "python train.py git@github.com:a/b ann@h",
	} {
		if got := Command(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestFlat(t *testing.T) {
	v, _ := yamllines.Parse("a: {b: 1, c: [x, 2, true, null, {d: 1.0}]}\npassword: x\nmail: ann@example.org\nn: ~\n")
	j, _ := jsonlines.Parse(`{"a": {"b": 1, "c": ["x", 2]}, "api_key": "x", "n": null}`)
	if got := Flat("", v, 10); len(got) != 3 || got[1].Name != "a.c" || got[1].Value != `["x",2,true,null,{"d":1.0}]` || got[2].Value != "..." {
		t.Errorf("%+v", got)
	}
	if got := FlatJSON("p", j, 10); len(got) != 2 || got[1].Name != "p.a.c" || got[1].Value != `["x",2]` {
		t.Errorf("%+v", got)
	}
	if got := Flat("", v, 1); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"/home/ann/x.csv":                    ".../x.csv",
		"file:///home/ann/x":                 "file://.../x",
		"--data=/Users/ann/x y":              "--data=.../x y",
		`C:\Users\ann\x`:                     `...\x`,
		"https://example.org/home/page/x":    "https://example.org/home/page/x",
		"data/home/x":                        "data/home/x",
		"[\"/home/ann\"]":                    "[\"...\"]",
		"s3://k:v@bucket/x by a.b@corp.io":   "s3://bucket/x by ...",
		"https://ann:pw@h.io/x.csv?sig=abcd": "https://h.io/x.csv?sig=...",
	} {
		if got := Shown(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

func TestImage(t *testing.T) {
	for in, want := range map[string]string{
		"ann:s3cr3t@registry.example/train:1":                     "registry.example/train:1",
		"docker://ann:s3cr3t@registry.example:5000/a/b@sha256:0a": "docker://registry.example:5000/a/b@sha256:0a",
		"python:3.12@sha256:0a":                                   "python:3.12@sha256:0a",
		"ghcr.io/a/b@sha256:0a":                                   "ghcr.io/a/b@sha256:0a",
		"localhost:5000/a":                                        "localhost:5000/a",
		"":                                                        "",
	} {
		if got := Image(in); got != want {
			t.Errorf("Image(%q) = %q, want %q", in, got, want)
		}
	}
}
