package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

const policies = "../../examples/ci/dependency-track/policies"

// policy is a file that the server takes in two calls.
type policy struct {
	Policy    struct{ Name, Operator, ViolationState string }
	Condition struct{ Subject, Operator, Value, ViolationType string }
}

func readPolicies(t *testing.T) map[string]policy {
	t.Helper()
	files, err := filepath.Glob(policies + "/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all := map[string]policy{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		var p policy
		if err := d.Decode(&p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = p
	}
	return all
}

// TestPolicies: what can be told of them without a server, and that the guide names each.
func TestPolicies(t *testing.T) {
	guide, err := os.ReadFile(policies + "/../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range readPolicies(t) {
		if p.Policy.Name != "mlbom "+name || p.Policy.Operator != "ANY" || !slices.Contains([]string{"FAIL", "WARN", "INFO"}, p.Policy.ViolationState) ||
			p.Condition.Subject != "EXPRESSION" || p.Condition.Operator != "MATCHES" || !slices.Contains([]string{"SECURITY", "LICENSE", "OPERATIONAL"}, p.Condition.ViolationType) {
			t.Errorf("%s: %+v", name, p)
		}
		if !strings.Contains(string(guide), fmt.Sprintf("| `%s` | %s |", name, p.Policy.ViolationState)) {
			t.Errorf("the guide has no row for %s", name)
		}
	}
}

// TestPoliciesHit evaluates the policies over what the server keeps of documents: each
// hits what it is for, and nothing else.
func TestPoliciesHit(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_CEL")
	if python == "" {
		t.Skip("MLBOM_ORACLE_CEL names no Python that has cel-python")
	}
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	for name, want := range policyHits {
		tree := filepath.Join(examples, name)
		if _, err := os.Stat(tree); err != nil {
			tree = policyTree(t, name)
		}
		if got := hits(t, python, tree); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

// hits are lines of a policy and what it hits.
func hits(t *testing.T, python, tree string) string {
	t.Helper()
	im, err := deptracktest.Import(generated(t, tree, "cyclonedx-json", "--profile", "dependency-track", "-q"))
	if err != nil {
		t.Fatal(err)
	}
	given := struct {
		Expressions map[string]string `json:"expressions"`
		Components  []map[string]any  `json:"components"`
	}{Expressions: map[string]string{}}
	for name, p := range readPolicies(t) {
		given.Expressions[name] = p.Condition.Value
	}
	for _, c := range im.Components {
		properties := []map[string]string{}
		for _, p := range c.Properties {
			properties = append(properties, map[string]string{"group": p.Group, "name": p.Name, "value": p.Value})
		}
		given.Components = append(given.Components, map[string]any{"classifier": c.Type, "group": c.Group, "name": c.Name, "version": c.Version, "purl": c.PURL, "properties": properties})
	}
	data, err := json.Marshal(given)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/cel.py")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(data), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found map[string][]int
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for name, list := range found {
		for _, i := range list {
			c := im.Components[i]
			lines = append(lines, fmt.Sprintf("%s: %s %s", name, strings.ToLower(c.Type), strings.TrimPrefix(c.Group+"/"+c.Name, "/")))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// policyTree writes a tree of the test.
func policyTree(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	for file, text := range policyTrees[name] {
		file = filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var policyTrees = map[string]map[string]string{
	"pickles": {
		"evil/README.md": "---\nlicense: mit\n---\n# Evil\n",
		"evil/model.pkl": "cos\nsystem\n(S'id'\ntR.",
		"good/README.md": "---\nlicense: mit\n---\n# Good\n",
		"good/model.pkl": "(dp0\nS'a'\nI1\ns.",
		"odd/README.md":  "---\nlicense: mit\n---\n# Odd\n",
		"odd/model.pkl":  "cnobody.knows\nthis\n(tR.",
		"env/lib/python3.12/site-packages/start.pth": "import os; os.system('id')\n",
		"talk/README.md":           "---\nlicense: mit\n---\n# Talk\n",
		"talk/chat_template.jinja": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
		"plain/README.md":          "---\nlicense: mit\n---\n# Plain\n",
	},
	"licences": {
		"none/README.md": "---\nlibrary_name: transformers\n---\n# None\n",
		"data/README.md": "---\nlicense: cc-by-nc-4.0\nsize_categories:\n- n<1K\ntask_categories:\n- text-classification\n---\n# Dataset Card for x\n",
		"data/train.csv": "a,b\n1,2\n",
		"fed/README.md":  "---\nlicense: apache-2.0\n---\n# Fed\n",
		"mlbom.yaml":     "mlbom: 1\ndeclared-by:\n  name: Ann Example\ndatasets:\n- id: x\n  path: data/\nmodels:\n- path: fed/\n  trained-on: x\n",
		"made/README.md": "---\nlicense: mit\nbase_model: acme/base\n---\n# Made\n",
	},
	"digests": {
		"requirements.txt": "requests==2.32.0 --hash=sha256:" + strings.Repeat("a", 64) + "\nidna==3.10\n",
	},
}

var policyHits = map[string]string{
	"finetuned-model": `floating-revision: data HuggingFaceTB/smoltalk
floating-revision: data knkarthick/samsum
floating-revision: machine_learning_model HuggingFaceTB/SmolLM2-135M-Instruct`,
	"lineage": `floating-revision: application review-classifier
floating-revision: data example-shop/reviews
floating-revision: data fancyzhx/amazon_polarity
floating-revision: machine_learning_model distilbert/distilbert-base-uncased`,
	"dataset":    "",
	"go-service": "floating-revision: machine_learning_model HuggingFaceTB/SmolLM2-135M-Instruct",
	"pickles": `doubtful-code: file odd/model.pkl
pickle: file evil/model.pkl
pickle: file good/model.pkl
pickle: file odd/model.pkl
pickle: machine_learning_model Evil
pickle: machine_learning_model Good
pickle: machine_learning_model Odd
unsafe-code: file env/lib/python3.12/site-packages/start.pth
unsafe-code: file evil/model.pkl
unsafe-code: file talk/chat_template.jinja`,
	"licences": `floating-revision: machine_learning_model acme/base
missing-digest: machine_learning_model Fed
missing-digest: machine_learning_model Made
missing-digest: machine_learning_model none
missing-license: machine_learning_model none
non-commercial: data x
non-commercial: machine_learning_model Fed`,
	"digests": "missing-digest: application unknown",
}
