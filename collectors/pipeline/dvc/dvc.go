// Package dvc reads what Data Version Control writes into a repository: data that is
// tracked (*.dvc), pipelines (dvc.yaml with its templates), what they last ran with
// (dvc.lock, schema 1 and 2), files of parameters and metrics that these name, remotes
// (.dvc/config), and listings of folders in the cache where they are there.
//
// Stages are what DVC makes of them: vars, "${...}", foreach and matrix are filled in,
// and a stage depends on those whose outputs are, lie below or lie above what it takes,
// in all files of the repository. A stage that only dvc.lock has is one that DVC
// forgot, and says so.
//
// The MD5 of a file is a digest of its bytes only with "hash: md5" (DVC 3); the older
// one is of the text with other line ends, and that of a folder (".dir") is one of a
// listing: both are properties. Where the file is there, its bytes are compared.
//
// What a path is (a model, a dataset) is what artifacts and outputs say by "type". The
// activity of a stage is inferred: it trains where it makes what is a model by type,
// or by name in a stage that is called so; it evaluates where it is called so, takes a
// model and gives metrics.
//
// Not understood: .dvcignore, .dvc/config.local, the run cache, experiments that are
// kept in Git alone, secrets of remotes (never shown), plots but for their paths,
// expressions in parameters in Python, DataChain datasets but for name and version.
//
// Sources: github.com/iterative/dvc at 9f901e5 (dvc/schema.py, dvc/parsing,
// dvc/output.py, dvc/dependency, dvc/repo/graph.py, dvc/utils/serialize).
package dvc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads the files of DVC.
var Collector = sbom.Collector{
	Name: "pipeline/dvc",
	Doc: "DVC data and pipelines (*.dvc, dvc.yaml, dvc.lock, .dvc/config)\n\nStages with commands, parameters, metrics and what they take and give, in their order;\n" +
		"tracked files with digests that are held against the bytes, and where they were imported from.",
	Match:   []string{"*.dvc", "dvc.yaml", "dvc.lock", ".dvc/config"},
	Last:    true,
	Collect: collect,
}

// Bounds on one file.
const (
	maxText     = 1000   // bytes of one value
	maxCommand  = 4000   // bytes of one command
	maxListed   = 10_000 // files of one folder
	maxProblems = 50
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	switch base := strings.ToLower(path.Base(f.Path)); {
	case base == "config":
		return configured(f)
	case base == "dvc.yaml":
		return pipeline(f)
	case base == "dvc.lock":
		return locked(f)
	}
	return tracked(f)
}

func clip(s string, n int) string { return lineage.Clip(s, n) }

func problemAt(line int, format string, args ...any) error {
	return &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)}
}

// process begins the sighting of a pipeline or a stage.
func process(key, kind string) sbom.Component {
	return sbom.Component{Kind: sbom.KindProcess, Keys: sbom.Keys{Path: strings.TrimPrefix(key, "./")}, Process: &sbom.Process{Type: kind, Tool: "dvc"}}
}

// id is the key of a stage: that of the pipeline with its name, or of its own file.
func (st *stage) id() string {
	if st.name == "" {
		return st.file
	}
	return st.file + "#" + clip(st.name, maxText)
}

func (st *stage) component() sbom.Component {
	c := process(st.id(), "stage")
	if c.Name = clip(st.name, maxText); c.Name == "" {
		c.Name = path.Base(st.file)
	}
	return c
}

// source is a file of DVC as it was read.
type source struct {
	root *value
	err  error
}

func readYAML(tree fs.FS, file string) source {
	type key string
	return sbom.Once(tree, key(file), func() source {
		content, err := sbom.NewFile(tree, file).Text()
		if err != nil {
			return source{nil, err}
		}
		v, err := yamllines.Parse(content)
		root, whole := fromYAML(v)
		if !whole {
			err = errors.Join(err, fmt.Errorf("the file has more than %d values, or more than %d in each other; the rest is not read", maxNodes, maxNested))
		}
		return source{root, err}
	})
}

// readProject reads a dvc.yaml; nil where it is none.
func readProject(tree fs.FS, file string, f flags) (*project, error) {
	type key string
	type parsed struct {
		p   *project
		err error
	}
	got := sbom.Once(tree, key(file), func() parsed {
		src := readYAML(tree, file)
		if !src.root.is(dict) {
			return parsed{nil, src.err}
		}
		return parsed{parseProject(tree, file, src.root, f), src.err}
	})
	return got.p, got.err
}

// readData reads a *.dvc file; nil where it is none.
func readData(tree fs.FS, file string) (*stage, error) {
	src := readYAML(tree, file)
	if !src.root.is(dict) || src.root.get("outs") == nil && src.root.get("deps") == nil && src.root.get("cmd") == nil {
		return nil, src.err
	}
	wdir := path.Join(path.Dir(file), src.root.get("wdir").string())
	st := readStage(file, "", wdir, src.root)
	for _, d := range st.deps {
		st.imported = st.imported || d.repo != nil || d.db != nil
	}
	return st, src.err
}

// lock is what a dvc.lock holds.
type lock struct {
	stages   map[string]*value
	order    []member
	datasets []*value
}

// readLock reads dvc.lock; the older schema has the stages at the top.
func readLock(tree fs.FS, file string) (*lock, error) {
	type key string
	type parsed struct {
		l   *lock
		err error
	}
	got := sbom.Once(tree, key(file), func() parsed {
		if !isFile(tree, file) {
			return parsed{&lock{}, nil}
		}
		src := readYAML(tree, file)
		l := &lock{stages: map[string]*value{}}
		stages := src.root
		if src.root.get("schema") != nil || src.root.get("stages") != nil {
			stages = src.root.get("stages")
			l.datasets = itemsOf(src.root.get("datasets"))
		}
		if stages.is(dict) {
			for _, m := range stages.members {
				if m.v.is(dict) && len(l.order) < maxStages {
					l.stages[m.key] = m.v
					l.order = append(l.order, m)
				}
			}
		}
		return parsed{l, src.err}
	})
	return got.l, got.err
}
