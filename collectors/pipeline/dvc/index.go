package dvc

import (
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// index is all of one repository: who makes which path, and what paths are declared
// to be. DVC's graph goes over all files of a repository.
type index struct {
	made      map[string]*stage // by path in the tree, or by address
	paths     []string          // of made, in order
	artifacts map[string]*artifact
	types     map[string]string // of outputs that say what they are
	folders   map[string]bool   // paths that were recorded as folders
	config    config
}

const (
	maxWalk  = 300_000 // entries of a repository that are looked at for its files
	maxFiles = 5_000   // files of DVC
)

// readIndex reads a repository once a scan.
func readIndex(tree fs.FS, root string) *index {
	type key string
	return sbom.Once(tree, key("index:"+root), func() *index {
		ix := &index{made: map[string]*stage{}, artifacts: map[string]*artifact{}, types: map[string]string{}, folders: map[string]bool{}, config: readConfig(tree, root)}
		for _, file := range filesOf(tree, root) {
			if base := path.Base(file); base == "dvc.yaml" {
				ix.project(tree, file)
			} else if base == "dvc.lock" {
				ix.lockAlone(tree, file)
			} else if d, _ := readData(tree, file); d != nil {
				ix.stage(d)
			}
		}
		for p := range ix.made {
			ix.paths = append(ix.paths, p)
		}
		sort.Strings(ix.paths)
		return ix
	})
}

func (ix *index) project(tree fs.FS, file string) {
	p, _ := readProject(tree, file, ix.config.flags)
	if p == nil {
		return
	}
	l, _ := readLock(tree, path.Join(p.dir, "dvc.lock"))
	wdirs := map[string]string{}
	for _, st := range p.stages {
		ix.stage(st)
		wdirs[st.name] = st.wdir
	}
	for _, m := range l.order {
		wdir := p.dir
		if w, ok := wdirs[m.key]; ok {
			wdir = w
		}
		ix.shapes(readStage(file, m.key, wdir, m.v))
	}
	for _, a := range p.artifacts {
		if a.at != "" && ix.artifacts[a.at] == nil {
			ix.artifacts[a.at] = a
		}
	}
}

// lockAlone learns of stages whose dvc.yaml is not here.
func (ix *index) lockAlone(tree fs.FS, file string) {
	yaml := path.Join(path.Dir(file), "dvc.yaml")
	if isFile(tree, yaml) {
		return
	}
	l, _ := readLock(tree, file)
	for _, m := range l.order {
		ix.stage(readStage(yaml, m.key, path.Dir(file), m.v))
	}
}

func (ix *index) stage(st *stage) {
	for _, o := range st.outs {
		if k := o.key(); k != "" && ix.made[k] == nil {
			ix.made[k] = st
		}
		if o.typ != "" && o.at != "" {
			ix.types[o.at] = o.typ
		}
	}
	ix.shapes(st)
}

// shapes learns which paths are folders.
func (ix *index) shapes(st *stage) {
	for _, list := range [][]*entry{st.deps, st.outs} {
		for _, e := range list {
			if e.at != "" && e.folder() {
				ix.folders[e.at] = true
			}
		}
	}
}

func (e *entry) key() string {
	if e.at != "" {
		return e.at
	}
	return strings.TrimSuffix(e.url, "/")
}

// filesOf lists the files of DVC in a repository; one with a .dvc of its own in it is
// another repository.
func filesOf(tree fs.FS, root string) (files []string) {
	n := 0
	_ = fs.WalkDir(tree, root, func(name string, e fs.DirEntry, err error) error {
		if n++; n > maxWalk || len(files) >= maxFiles {
			return fs.SkipAll
		}
		switch {
		case err != nil:
			return nil
		case e.IsDir() && name != root:
			base := e.Name()
			if base == ".git" || base == ".hg" || base == ".dvc" || base == "node_modules" || base == "__pycache__" || base == "site-packages" || isFolder(tree, path.Join(name, ".dvc")) {
				return fs.SkipDir
			}
		case e.Type().IsRegular() && (e.Name() == "dvc.yaml" || e.Name() == "dvc.lock" || strings.HasSuffix(e.Name(), ".dvc") && e.Name() != ".dvc"):
			files = append(files, name)
		}
		return nil
	})
	return files
}

// before lists the stages that have to run before one: those whose outputs are, lie
// below, or lie above what it takes.
func (ix *index) before(st *stage) (all []*stage) {
	if st.imported {
		return nil
	}
	seen := map[*stage]bool{}
	add := func(s *stage) {
		if s != nil && !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	keys := make([]string, 0, len(st.deps)+len(st.params))
	for _, d := range st.deps {
		keys = append(keys, d.key())
	}
	for _, p := range st.params {
		keys = append(keys, p.at)
	}
	for _, k := range keys {
		if k == "" {
			continue
		}
		for up := k; up != "." && up != "/" && strings.Trim(up, "/:") != ""; {
			add(ix.made[up])
			i := strings.LastIndexByte(up, '/')
			if i < 0 {
				break
			}
			up = up[:i]
		}
		for i := sort.SearchStrings(ix.paths, k+"/"); i < len(ix.paths) && strings.HasPrefix(ix.paths[i], k+"/"); i++ {
			add(ix.made[ix.paths[i]])
		}
	}
	return all
}
