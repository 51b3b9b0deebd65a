package datafile

import (
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

const cardText = "---\ntask_categories: [text-classification]\nlicense: mit\n---\n# A\n"

// owner is how a file's owner reads in short: the key, and the split.
func owner(tree fstest.MapFS, name string) string {
	o := OwnerOf(sbom.NewFile(sbom.NewMemory(tree), name))
	text := o.Keys.Path
	if o.Split != "" {
		text += " " + o.Split
	}
	if o.Fixture {
		text += "fixture"
	}
	return text
}

func TestOwnerOf(t *testing.T) {
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		// a: marked
		"card/README.md": cardText, "card/a/b/train.csv": "", "card/x.csv": "",
		"infos/dataset_infos.json": `{"default": {"features": {}}}`, "infos/dev.jsonl": "",
		"dict/dataset_dict.json": `{"splits": ["train"]}`, "dict/train/dataset_info.json": `{"features": {}}`, "dict/train/data-00000-of-00001.arrow": "",
		"delta/_delta_log/0.json": "", "delta/part-0.parquet": "",
		"cr/metadata.json": `{"conformsTo": "http://mlcommons.org/croissant/1.0"}`, "cr/x.csv": "",
		"hub/datasets--a--b/snapshots/0123456789012345678901234567890123456789/data/train-00000-of-00001.parquet": "",
		// no marker
		"model/README.md": "---\npipeline_tag: x\nlicense: mit\n---\n", "model/x.csv": "",
		"factory/data/dataset_info.json": `{"alpaca": {"file_name": "alpaca.json"}}`, "factory/data/alpaca.json": "",
		// b: parts
		"b/train.csv": "", "b/test.csv": "", "b/sample_submission.csv": "",
		"two/imdb_train.csv": "", "two/imdb-test.csv": "", "two/sst.train.tsv": "", "two/sst.dev.tsv": "", "two/labels.csv": "",
		"shards/x-00000-of-00002.parquet": "", "shards/x-00001-of-00002.parquet": "",
		"split/train/a.csv": "", "split/val/sub/a.csv": "",
		"code/train/params.csv": "", "code/train/main.py": "", "code/eval/x.csv": "",
		"hf/data/train_sft-00000-of-00002.parquet": "", "hf/data/train_sft-00001-of-00002.parquet": "",
		// c: words
		"src/data/prices.csv": "", "x/my_dataset.csv": "", "x/train.csv": "", "x/y/training-data.jsonl": "", "x/metadata.csv": "",
		"data/train_test_split.csv": "", "data/metrics.csv": "", "data/test/0.csv": "",
		// d: the file only
		"x/prices.csv": "", "tests/data/train.csv": "", "src/test/resources/data.csv": "", "docs/data.csv": "",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, want := range map[string]string{
		"card/a/b/train.csv":                       "card/ train",
		"card/x.csv":                               "card/",
		"infos/dev.jsonl":                          "infos/ validation",
		"dict/train/data-00000-of-00001.arrow":     "dict/ train",
		"delta/part-0.parquet":                     "delta/",
		"cr/x.csv":                                 "cr/",
		"model/x.csv":                              "",
		"factory/data/alpaca.json":                 "factory/data/alpaca.json",
		"b/train.csv":                              "b/ train",
		"b/test.csv":                               "b/ test",
		"b/sample_submission.csv":                  "b/",
		"two/imdb_train.csv":                       "two/#imdb train",
		"two/sst.dev.tsv":                          "two/#sst validation",
		"two/labels.csv":                           "",
		"shards/x-00000-of-00002.parquet":          "shards/",
		"split/train/a.csv":                        "split/ train",
		"split/val/sub/a.csv":                      "split/ validation",
		"code/train/params.csv":                    "",
		"hf/data/train_sft-00001-of-00002.parquet": "hf/data/ train_sft",
		"src/data/prices.csv":                      "src/data/prices.csv",
		"x/my_dataset.csv":                         "x/my_dataset.csv",
		"x/train.csv":                              "x/train.csv train",
		"x/y/training-data.jsonl":                  "x/y/training-data.jsonl train",
		"x/metadata.csv":                           "",
		"data/train_test_split.csv":                "data/train_test_split.csv",
		"data/metrics.csv":                         "",
		"data/test/0.csv":                          "data/ test",
		"x/prices.csv":                             "",
		"tests/data/train.csv":                     "fixture",
		"src/test/resources/data.csv":              "fixture",
		"docs/data.csv":                            "fixture",
		"hub/datasets--a--b/snapshots/0123456789012345678901234567890123456789/data/train-00000-of-00001.parquet": "hub/datasets--a--b/snapshots/0123456789012345678901234567890123456789/ train",
	} {
		if got := owner(tree, name); got != want {
			t.Errorf("%s belongs to %q, want %q", name, got, want)
		}
	}
}

func TestRoot(t *testing.T) {
	tree := fstest.MapFS{"README.md": {Data: []byte(cardText)}, "data/train/0.csv": {}, "test.csv": {}}
	if got := owner(tree, "data/train/0.csv") + owner(tree, "test.csv"); got != "./ train./ test" {
		t.Errorf("got %q", got)
	}
}

// TestSplitOf holds names against what datasets 5.2 makes of them.
func TestSplitOf(t *testing.T) {
	for name, want := range map[string]string{
		"train.csv": "train", "my_train_file.csv": "train", "train0.csv": "train", "training.tsv": "train", "trainer.csv": "", "TRAIN.csv": "train",
		"dev.json": "validation", "valid.json": "validation", "val-1.json": "validation", "validate.json": "", "eval.csv": "test", "evaluation.csv": "test", "tests.csv": "",
		"a/train/x.csv": "train", "train/test.csv": "train", "data/train-00000-of-00001.parquet": "train", "data/validation.clean-00000-of-00001-0123.parquet": "validation.clean",
		"x.csv": "", "train_test.csv": "",
	} {
		if got := SplitOf(name, "./"); got != want {
			t.Errorf("%s is of split %q, want %q", name, got, want)
		}
	}
}
