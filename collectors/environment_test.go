package collectors

import (
	"context"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// TestEnvironment: what the collectors say of one environment fits together.
func TestEnvironment(t *testing.T) {
	const site = "app/.venv/lib/python3.12/site-packages/"
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		"app/.venv/pyvenv.cfg":                "home = /usr/bin\nversion = 3.12.1\n",
		"app/requirements.txt":                "alpha==1.0\n",
		site + "alpha-1.0.dist-info/METADATA": "Metadata-Version: 2.4\nName: alpha\nVersion: 1.0\nRequires-Dist: beta>=2\n",
		site + "alpha-1.0.dist-info/RECORD":   "start.pth,,\n",
		site + "alpha-1.0.dist-info/sboms/vendor.cdx.json": `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,
			"metadata":{"component":{"type":"library","name":"alpha","version":"1.0","purl":"pkg:pypi/alpha@1.0?file_name=alpha-1.0-cp312-cp312-linux_x86_64.whl","bom-ref":"a"}},
			"components":[{"type":"library","name":"zlib","version":"1.3","purl":"pkg:generic/zlib@1.3","bom-ref":"z"}],"dependencies":[{"ref":"a","dependsOn":["z"]}]}`,
		site + "beta-2.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: beta\nVersion: 2.1\n",
		site + "start.pth":                   "import alpha\n",
		site + "alpha/weights.pth":           "\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.",
		"app/folders.pth":                    "../src\nimportable\n",
		"app/weights.pth":                    "\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	report, err := scan.Run(context.Background(), tree, All(), scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g := sbom.Merge(report)
	for _, p := range g.Problems {
		t.Errorf("%+v", p)
	}
	names, rules := map[sbom.ID]string{}, []string{}
	for _, n := range g.Nodes {
		names[n.ID] = n.Name
		for _, f := range n.Findings {
			rules = append(rules, n.Name+" "+f.Rule)
		}
	}
	var edges []string
	for _, e := range g.Edges {
		edges = append(edges, names[e.From]+" "+string(e.Rel)+" "+names[e.To])
	}
	for _, want := range []string{
		".venv contains alpha", ".venv contains beta", ".venv depends-on Python", "alpha depends-on beta", "alpha depends-on zlib",
		"alpha contains start.pth", "alpha contains vendor.cdx.json", "vendor.cdx.json describes alpha",
	} {
		if !slices.Contains(edges, want) {
			t.Errorf("%q is missing in %q", want, edges)
		}
	}
	slices.Sort(rules)
	rules = slices.DeleteFunc(rules, func(r string) bool { return r == "app missing-lock" })
	if want := []string{"start.pth " + sbom.RuleStartupCode, "weights.pth " + sbom.RuleUnsafeCall}; !slices.Equal(rules, want) {
		t.Errorf("findings %q, want %q", rules, want)
	}
	count := 0
	for _, n := range g.Nodes {
		if n.Name == "alpha" {
			count++
		}
	}
	if count != 1 {
		t.Errorf("alpha is %d components", count)
	}
}
