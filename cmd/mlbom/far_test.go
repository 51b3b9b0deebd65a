package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/source/hub/hubtest"
)

// farModel is a repository of a hub with sharded weights of several gigabytes.
func farModel() *hubtest.Repo {
	shard := func(name string, n int64) hubtest.File {
		header, _ := json.Marshal(map[string]any{"__metadata__": map[string]string{"format": "pt"},
			name: map[string]any{"dtype": "BF16", "shape": []int64{n / 2}, "data_offsets": []int64{0, n}}})
		return hubtest.File{Data: append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), LFS: true, Zeros: n}
	}
	text := func(s string) hubtest.File { return hubtest.File{Data: []byte(s)} }
	day := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	return &hubtest.Repo{
		Kind: "models", ID: "acme/large", Tags: map[string]int{"v1": 0},
		Info: map[string]any{"downloads": 1000, "likes": 7, "library_name": "transformers", "pipeline_tag": "text-generation", "tags": []string{"transformers", "safetensors"}},
		Commits: []hubtest.Commit{
			{Authors: []string{"ann"}, Date: day, Files: map[string]hubtest.File{
				"README.md":                        text("---\nlicense: apache-2.0\nlibrary_name: transformers\nbase_model: acme/base\n---\n# Large\n"),
				"config.json":                      text(`{"model_type":"llama","architectures":["LlamaForCausalLM"],"torch_dtype":"bfloat16","max_position_embeddings":4096}`),
				"model-00001-of-00002.safetensors": shard("a", 5_000_000_000),
				"model-00002-of-00002.safetensors": shard("b", 3_000_000_000),
				"model.safetensors.index.json":     text(`{"metadata":{"total_size":8000000000},"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}`),
				"words.txt":                        {Data: bytes.Repeat([]byte("word\n"), 100_000)},
			}},
			{Authors: []string{"eve"}, Date: day.AddDate(0, 1, 0), Files: map[string]hubtest.File{"README.md": text("# Gone\n")}},
		},
	}
}

// startHub starts a hub and makes the environment name it.
func startHub(t *testing.T, repos ...*hubtest.Repo) *hubtest.Server {
	t.Helper()
	s := hubtest.Start(repos...)
	t.Cleanup(s.Close)
	for name, value := range map[string]string{"HF_ENDPOINT": s.URL, "HF_TOKEN": "", "HUGGING_FACE_HUB_TOKEN": "", "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "",
		"HF_HOME": t.TempDir(), "SOURCE_DATE_EPOCH": "1700000000"} {
		t.Setenv(name, value)
	}
	return s
}

// mlbom runs the program.
func mlbom(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(context.Background(), append([]string{"mlbom"}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

func TestFarModel(t *testing.T) {
	repo := farModel()
	s := startHub(t, repo)
	code, out, errs := mlbom("generate", "hf://acme/large@v1")
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	report, err := cyclonedx.Decode([]byte(out), "bom.json")
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(report)
	root := g.Node(g.Root)
	if root == nil || root.Kind != sbom.KindModel || root.Name != "acme/large" || root.Version != repo.Oid(0) || !strings.HasPrefix(root.Keys.PURL, "pkg:huggingface/acme/large@"+repo.Oid(0)) {
		t.Fatalf("root %+v\n%s", root, errs)
	}
	if root.Model.Parameters != 4_000_000_000 || root.Model.Family != "llama" || len(root.Licenses) != 1 || root.Publisher != "acme" {
		t.Errorf("%+v", root.Component)
	}
	files := 0
	for _, n := range g.Nodes {
		if n.Kind == sbom.KindFile && strings.HasSuffix(n.Name, ".safetensors") {
			files++
			if len(n.Hashes) != 1 || n.File == nil || !n.File.Asserted {
				t.Errorf("%s: %+v %+v", n.Name, n.Hashes, n.File)
			}
		}
	}
	if files != 2 || len(g.Problems) > 0 {
		t.Errorf("%d files, problems %v", files, g.Problems)
	}
	var fetched int
	for _, q := range s.Requests() {
		if q.Range == "" && q.CDN {
			t.Errorf("a file of LFS was fetched whole: %s", q.Path)
		}
		if strings.HasSuffix(q.Path, "words.txt") {
			fetched++
		}
	}
	if fetched > 0 || !strings.Contains(errs, "fetched ") {
		t.Errorf("words.txt was fetched %d times; %s", fetched, errs)
	}
	t.Log(errs)
	again, _, _ := mlbom("generate", "-q", "-o", "cyclonedx-json="+filepath.Join(t.TempDir(), "x"), "hf://acme/large@v1")
	_, second, _ := mlbom("generate", "hf://acme/large@v1")
	if again != exitOK || second != out {
		t.Error("two runs differ")
	}
}

// TestFarOthers: datasets and spaces are the subject of their documents too.
func TestFarOthers(t *testing.T) {
	day := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	files := map[string]hubtest.File{"README.md": {Data: []byte("---\nlicense: cc-by-4.0\ntask_categories: [text-generation]\n---\n# Data\n")}, "app.py": {Data: []byte("print()\n")},
		"requirements.txt": {Data: []byte("torch==2.1.0\n")}, "data/train.csv": {Data: []byte("a,b\n1,2\n"), LFS: true}}
	startHub(t, &hubtest.Repo{Kind: "datasets", ID: "acme/data", Commits: []hubtest.Commit{{Date: day, Files: files}}},
		&hubtest.Repo{Kind: "spaces", ID: "acme/app", Commits: []hubtest.Commit{{Date: day, Files: files}}})
	for arg, want := range map[string]sbom.Kind{"hf://datasets/acme/data": sbom.KindDataset, "hf://spaces/acme/app": sbom.KindApplication} {
		for _, format := range []string{"cyclonedx-json", "cyclonedx-json@1.7", "spdx-json", "spdx-json@3.0.1"} {
			code, out, errs := mlbom("generate", "-o", format, arg)
			if code != exitOK {
				t.Errorf("%s, %s: exit %d: %s", arg, format, code, errs)
			}
			if format != "cyclonedx-json" {
				continue
			}
			report, err := cyclonedx.Decode([]byte(out), "bom.json")
			if err != nil {
				t.Fatal(err)
			}
			g := sbom.Merge(report)
			if root := g.Node(g.Root); root.Kind != want || root.Keys.URL == "" || !strings.Contains(root.Keys.URL, "/tree/"+root.Version) {
				t.Errorf("%s: %+v", arg, root)
			}
			if testing.Verbose() {
				fmt.Println(errs)
			}
		}
	}
}

// TestFarLicenses: what is known of a dataset's or a Space's licence from the hub
// alone, where their card says no more.
func TestFarLicenses(t *testing.T) {
	day := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	repo := func(kind, card string) *hubtest.Repo {
		return &hubtest.Repo{Kind: kind, ID: "acme/it", Info: map[string]any{"tags": []string{"license:apache-2.0", "license:other"}},
			Commits: []hubtest.Commit{{Date: day, Files: map[string]hubtest.File{"README.md": {Data: []byte(card)}}}}}
	}
	startHub(t, repo("datasets", "---\nlicense: apache-2.0\n---\n# It\n"), repo("spaces", "---\nsdk: gradio\nlicense: apache-2.0\n---\n# It\n"))
	for _, arg := range []string{"hf://datasets/acme/it", "hf://spaces/acme/it"} {
		code, out, errs := mlbom("generate", arg)
		report, err := cyclonedx.Decode([]byte(out), "bom.json")
		if code != exitOK || err != nil {
			t.Fatalf("%s: %d, %v, %s", arg, code, err, errs)
		}
		g := sbom.Merge(report)
		if root := g.Node(g.Root); len(root.Licenses) != 1 || root.Licenses[0].ID != "Apache-2.0" || strings.Contains(errs, "missing-license") {
			t.Errorf("%s: %+v\n%s", arg, root.Licenses, errs)
		}
	}
}

// TestFarRefusals: what is not there makes no document.
func TestFarRefusals(t *testing.T) {
	gated := farModel()
	gated.ID, gated.Gated = "acme/gated", "auto"
	s := startHub(t, farModel(), gated)
	for args, want := range map[string]string{
		"hf://acme/none":                     "there is no model",
		"hf://acme/gated":                    "is gated: ask for access at",
		"hf://acme/large@v2":                 `has no branch, tag or commit "v2"`,
		"hf://acme":                          "there is no model",
		"hf://a/b/c":                         "names no repository",
		"s3://bucket/model":                  "mlbom reads folders, files,",
		"hf://acme/large --with syft":        "--with runs a program on a folder",
		"hf://acme/large@v1 --max-fetch 1kB": "more than 1 kB would be fetched",
		"hf://acme/large --max-fetch x":      `--max-fetch "x": want a size such as 500MB or 2GiB`,
	} {
		file := filepath.Join(t.TempDir(), "bom.json")
		code, out, errs := mlbom(append([]string{"generate", "-o", "cyclonedx-json=" + file}, strings.Fields(args)...)...)
		if _, err := os.Stat(file); code != exitUsage || out != "" || err == nil || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %v, %s", args, code, err, errs)
		}
	}
	before := len(s.Requests())
	t.Setenv("HF_HUB_OFFLINE", "1")
	if code, _, errs := mlbom("generate", "hf://acme/large"); code != exitUsage || !strings.Contains(errs, "HF_HUB_OFFLINE is set") || len(s.Requests()) != before {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestFarTokens(t *testing.T) {
	gated := farModel()
	gated.Gated = "auto"
	s := startHub(t, gated)
	s.Token = "hf_secret"
	if err := os.WriteFile(filepath.Join(os.Getenv("HF_HOME"), "token"), []byte("hf_secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := mlbom("generate", "hf://acme/large")
	if code != exitOK || strings.Contains(out+errs, "hf_secret") {
		t.Errorf("exit %d: %s", code, errs)
	}
	for _, q := range s.Requests() {
		if q.CDN && q.Authorization != "" {
			t.Error("the token went to another host")
		}
	}
}
