package dvc

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// facts is what testdata/oracle.py writes of a repository.
type facts struct {
	Refused string               `json:"refused"`
	Stages  map[string]stageFact `json:"stages"`
	Edges   [][2]string          `json:"edges"`
}

type stageFact struct {
	Cmd    []string            `json:"cmd"`
	Deps   []string            `json:"deps"`
	Outs   []string            `json:"outs"`
	Params map[string][]string `json:"params"`
	Frozen bool                `json:"frozen"`
	Always bool                `json:"always"`
	Desc   string              `json:"desc"`
	MD5    map[string]string   `json:"md5"`
}

// TestOracle holds stages and edges against those of dvc. Set MLBOM_ORACLE_FILES to
// the folder that testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has dvc, and name its folder")
	}
	trees, _ := filepath.Glob(filepath.Join(dir, "dvc", "*"))
	if len(trees) == 0 {
		t.Skip("testdata/oracle.py did not run: it needs dvc")
	}
	for _, tree := range trees {
		t.Run(filepath.Base(tree), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(tree, "facts.json"))
			var want facts
			if err == nil {
				err = json.Unmarshal(data, &want)
			}
			if err != nil {
				t.Fatal(err)
			}
			compareRepository(t, os.DirFS(tree), want)
		})
	}
}

func compareRepository(t *testing.T, tree fs.FS, want facts) {
	got, stages, err := repositoryFacts(tree)
	if want.Refused != "" {
		t.Logf("dvc refuses it (%s); we say %v", want.Refused, err)
		return
	}
	if err != nil {
		t.Error(err)
	}
	for name, w := range want.Stages {
		if g, ok := got.Stages[name]; !ok || !reflect.DeepEqual(g, w) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, g, w)
		}
	}
	for name := range got.Stages {
		if _, ok := want.Stages[name]; !ok {
			t.Errorf("%s is none of dvc's", name)
		}
	}
	if !slices.Equal(got.Edges, want.Edges) {
		t.Errorf("edges:\ngot  %q\nwant %q", got.Edges, want.Edges)
	}
	t.Logf("%d stages, %d edges", len(stages), len(want.Edges))
}

func repositoryFacts(tree fs.FS) (facts, []*stage, error) {
	ix := readIndex(tree, ".")
	got := facts{Stages: map[string]stageFact{}}
	var all []*stage
	var problems []error
	for _, file := range filesOf(tree, ".") {
		if strings.HasSuffix(file, ".lock") {
			continue
		}
		if !strings.HasSuffix(file, "dvc.yaml") {
			st, err := readData(tree, file)
			if problems = append(problems, err); st != nil {
				all = append(all, st)
			}
			continue
		}
		p, err := readProject(tree, file, ix.config.flags)
		if problems = append(problems, err); p != nil {
			all = append(all, p.stages...)
			problems = append(problems, p.problems...)
		}
	}
	for _, st := range all {
		got.Stages[st.id()] = factOf(tree, st)
		for _, b := range ix.before(st) {
			got.Edges = append(got.Edges, [2]string{st.id(), b.id()})
		}
	}
	slices.SortFunc(got.Edges, func(a, b [2]string) int { return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1]) })
	return got, all, errors.Join(problems...)
}

func factOf(tree fs.FS, st *stage) stageFact {
	f := stageFact{Cmd: append([]string{}, st.cmd...), Deps: []string{}, Outs: []string{}, Params: map[string][]string{}, Frozen: st.frozen, Always: st.always, Desc: st.desc, MD5: map[string]string{}}
	for _, d := range st.deps {
		if d.repo == nil && d.db == nil && d.dataset == "" {
			f.Deps = append(f.Deps, d.key())
		}
	}
	l, _ := readLock(tree, strings.TrimSuffix(st.file, "dvc.yaml")+"dvc.lock")
	recorded := st.outs
	if was := l.stages[st.name]; was != nil && st.name != "" {
		recorded = readStage(st.file, st.name, st.wdir, was).outs
	}
	known := map[string]string{}
	for _, o := range recorded {
		if o.digest() != "" {
			known[o.at] = o.digest()
		}
	}
	for _, o := range st.outs {
		f.Outs = append(f.Outs, o.key())
		if d := known[o.at]; d != "" {
			f.MD5[o.at] = d
		}
	}
	for _, p := range st.params {
		keys := slices.Sorted(slices.Values(p.keys))
		f.Params[p.def] = append([]string{}, keys...)
	}
	slices.Sort(f.Deps)
	slices.Sort(f.Outs)
	maps.DeleteFunc(f.MD5, func(_, v string) bool { return v == "" })
	return f
}
