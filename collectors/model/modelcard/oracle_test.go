package modelcard

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// asked asks the hub's library for the results of a card: null where it refuses them.
const asked = `
import json, logging, sys
logging.disable(logging.CRITICAL)
import re
from huggingface_hub.repocard_data import model_index_to_eval_results
import yaml
def flat(v):
    return "" if v is None else v if isinstance(v, str) else json.dumps(v, separators=(",", ":"), ensure_ascii=False, default=str)
out = {}
for name in sys.argv[1:]:
    try:
        # The block as the library finds it, with the scalars as they are written. Its
        # ModelCard joins results on datasets of one type and several names.
        block = re.search(r"^(\s*---(?:\r\n|\r|\n))([\S\s]*?)((?:\r\n|\r|\n)---[ \t]*(\r\n|\n|$))", open(name, newline="", encoding="utf-8").read())
        index = block and yaml.load(block.group(2), yaml.BaseLoader).get("model-index")
        if not index:
            continue
        out[name] = [[flat(x) for x in (e.task_type, e.dataset_type, e.dataset_name, e.dataset_config or e.metric_config, e.dataset_split, e.dataset_revision,
            e.dataset_args or e.metric_args, e.metric_type, e.metric_name, e.metric_value, e.source_name, e.source_url)] + [str(e.verified).lower() == "true"]
            for e in model_index_to_eval_results(index)[1]]
    except Exception:
        out[name] = None
print(json.dumps(out))
`

// TestOracle compares the results of cards with those that the hub's library reads. Set
// MLBOM_ORACLE_PYTHON to a Python that has huggingface_hub, and MLBOM_CORPUS to a folder
// of cards of your own.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python that has huggingface_hub")
	}
	dir := os.Getenv("MLBOM_CORPUS")
	if dir == "" {
		dir = "../../../examples"
	}
	got, args := map[string][]sbom.Metric{}, []string{"-c", asked}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !Collector.Matches(name) {
			return err
		}
		seen, _ := Collector.Collect(t.Context(), sbom.NewFile(os.DirFS(dir), name))
		if len(seen) == 0 {
			return nil
		}
		args = append(args, dir+"/"+name)
		got[dir+"/"+name] = []sbom.Metric{}
		if m := seen[0].Model; m != nil {
			got[dir+"/"+name] = m.Metrics
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Skipf("the Python cannot ask the hub's library: %v", err)
	}
	var want map[string][][]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	compared, refused := 0, 0
	for name, list := range want {
		if list == nil {
			refused++
			t.Logf("%s: refused by the library, %d results here", name, len(got[name]))
			continue
		}
		compared += len(list)
		sameResults(t, name, got[name], list)
	}
	t.Logf("%d results of %d cards are held against the library, which refuses %d", compared, len(want), refused)
}

func sameResults(t *testing.T, name string, got []sbom.Metric, want [][]any) {
	t.Helper()
	var have []string
	for _, m := range got {
		row := []any{m.Task, m.Dataset, m.DatasetOf, m.Config, m.Split, m.Revision, m.Args, m.Type, m.Name, m.Value, m.SourceName, m.SourceURL, m.Verified}
		text, _ := json.Marshal(row)
		have = append(have, string(text))
	}
	for _, row := range want {
		if row[9] == "" { // a metric without a value
			continue
		}
		text, _ := json.Marshal(row)
		at := slices.Index(have, string(text))
		if at < 0 {
			t.Errorf("%s: no %s; left are %s", name, text, strings.Join(have[:min(3, len(have))], "\n"))
			continue
		}
		have = slices.Delete(have, at, at+1)
	}
	if len(have) > 0 {
		t.Errorf("%s: more than the library reads: %s", name, have)
	}
}
