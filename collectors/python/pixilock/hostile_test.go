package pixilock

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// TestBombs: lists that aliases name again and again are not followed for ever.
func TestBombs(t *testing.T) {
	var envs, rows strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&envs, "  e%d: *env\n", i)
		fmt.Fprintf(&rows, "- conda: https://h.org/c/noarch/p%d-1-0.conda\n  depends: *d\n", i)
	}
	deps := strings.Repeat("x >=1, ", 600)
	text := "version: 6\nd: &d [" + deps + "x]\nlist: &list [" +
		strings.Repeat("{conda: 'https://h.org/c/noarch/p1-1-0.conda'}, ", 3000) + "]\nenv: &env {channels: [], packages: {linux-64: *list}}\n" +
		"environments:\n" + envs.String() + "packages:\n" + rows.String()
	begin := time.Now()
	seen, err := run("pixi.lock", text)
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("it took %v", took)
	}
	if len(seen) == 0 || !strings.Contains(fmt.Sprint(sbom.Problems(err)), "more than") {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
}

// TestLoops: packages that need each other end.
func TestLoops(t *testing.T) {
	seen, err := run("pixi.lock", `version: 6
environments: {default: {channels: [], packages: {linux-64: [{conda: 'https://h.org/c/noarch/a-1-0.conda'}, {conda: 'https://h.org/c/noarch/b-1-0.conda'}, {pypi: 'https://h.org/c.whl'}]}}}
packages:
- {conda: 'https://h.org/c/noarch/a-1-0.conda', depends: [b, a], sha256: `+strings.Repeat("1", 64)+`}
- {conda: 'https://h.org/c/noarch/b-1-0.conda', depends: [a], sha256: `+strings.Repeat("2", 64)+`}
- {pypi: 'https://h.org/c.whl', name: c, version: 1, requires_dist: ['c[x]', 'd ; extra == "x"', 'a[y]'], sha256: `+strings.Repeat("3", 64)+`}
`)
	if err != nil {
		t.Fatal(err)
	}
	links := map[string]int{}
	for _, s := range seen {
		links[s.Name] += len(s.Links)
	}
	if links["a"] != 1 || links["b"] != 1 || links["c"] != 1 || links[""] != 1 {
		t.Errorf("links %v", links)
	}
}

// TestSecrets: no credential of an address comes out, also not in a problem.
func TestSecrets(t *testing.T) {
	seen, err := run("pixi.lock", `version: 6
environments: {default: {channels: [{url: 'https://u:HIDDEN@h.org/t/HIDDEN/c/'}], indexes: ['https://u:HIDDEN@h.org/s'], find-links: [{url: 'https://u:HIDDEN@h.org/l'}],
 packages: {linux-64: [{conda: 'https://u:HIDDEN@h.org/t/HIDDEN/c/noarch/a-1-0.conda'}, {conda: 'https://u:HIDDEN@h.org/t/HIDDEN/none'}]}}}
packages:
- {conda: 'https://u:HIDDEN@h.org/t/HIDDEN/c/noarch/a-1-0.conda', depends: ['[https://u:HIDDEN@h.org/', 'https://u:HIDDEN@h.org/c::b 1']}
- {pypi: 'https://u:HIDDEN@h.org/c.whl', name: c, version: 1, index: 'https://u:HIDDEN@h.org/s', requires_dist: ['./d @ https://u:HIDDEN@h.org/ x', 'e @ https://u:HIDDEN@h.org/e.whl']}
- {pypi: 'git+https://u:HIDDEN@h.org/g.git@v1', name: g, version: 1}
- {conda_source: 's[1] @ git+https://u:HIDDEN@h.org/s.git', source: {git: 'https://u:HIDDEN@h.org/t.git'}}
`)
	if text := fmt.Sprintf("%+v %v", seen, err); strings.Contains(text, "HIDDEN") || len(seen) < 5 || err == nil {
		t.Errorf("a secret is kept, or too little is read: %s", text)
	}
}
