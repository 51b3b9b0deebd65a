package gograph

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// Bounds on what is read of other modules. The largest known go.mod has 150 kB.
const (
	maxModFile = 1 << 20   // bytes of one go.mod
	maxModAll  = 256 << 20 // bytes of all go.mod files of one graph
)

// Summary is what the graph needs of a go.mod.
type Summary struct {
	Path       string
	Go         string // "" where the file has no go statement
	Deprecated string
	Require    []Edge
	Retract    []modfile.Retract

	pruning pruning
}

// reader reads go.mod files, each once.
type reader struct {
	in    *Input
	bytes int
	known map[module.Version]*Summary // by what stands in for the module
	mains map[string]*modfile.File
}

func newReader(in *Input) *reader {
	r := &reader{in: in, known: map[module.Version]*Summary{}, mains: map[string]*modfile.File{}}
	for _, m := range in.Mains {
		r.mains[m.Path()] = m.File
	}
	return r
}

// summary gives the go.mod of a module or of what replaces it.
func (r *reader) summary(m module.Version) (*Summary, *Missing) {
	switch {
	case IsToolchain(m.Path):
		return toolchainSummary(m), nil
	case m.Version == "" && r.mains[m.Path] != nil:
		return summarise(r.mains[m.Path]), nil
	}
	actual := m
	local := ""
	if rep := r.in.Replacement(m); rep != nil {
		actual = rep.New
		if actual.Version == "" {
			folder, ok := Inside(rep.Dir, rep.New.Path)
			if !ok {
				return nil, &Missing{Module: m, Reason: "the folder that replaces it is not in the tree"}
			}
			local, actual.Path = folder, folder
		}
	}
	if s := r.known[actual]; s != nil {
		return s, r.check(m, actual, s)
	}
	s, miss := r.open(m, actual, local)
	if miss != nil {
		return nil, miss
	}
	r.known[actual] = s
	return s, r.check(m, actual, s)
}

// check refuses a go.mod that gives itself another name, as the go command does.
func (r *reader) check(m, actual module.Version, s *Summary) *Missing {
	switch {
	case actual.Version == "":
		return nil // of a folder anything goes
	case s.Path == "":
		return &Missing{Module: actual, Reason: "its go.mod names no module"}
	case s.Path != m.Path && s.Path != actual.Path:
		return &Missing{Module: actual, Reason: fmt.Sprintf("its go.mod names itself %s", s.Path)}
	}
	return nil
}

func (r *reader) open(m, actual module.Version, local string) (*Summary, *Missing) {
	if r.bytes > maxModAll {
		return nil, &Missing{Module: m, Reason: "the go.mod files of the graph are larger than any real ones"}
	}
	var data []byte
	var err error
	if actual.Version == "" {
		data, err = readFile(r.in.Tree, path.Join(local, "go.mod"))
	} else {
		data, err = ReadMod(r.in.Cache, actual)
	}
	if err != nil {
		return nil, &Missing{Module: m, Reason: reason(err)}
	}
	r.bytes += len(data)
	if actual.Version != "" && !r.in.Sums.Accept(actual, data) {
		return nil, &Missing{Module: actual, Reason: "the go.mod in the module cache is not the one that go.sum stands for", Mismatch: true}
	}
	file, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil {
		return nil, &Missing{Module: actual, Reason: "its go.mod cannot be read: " + firstLine(err)}
	}
	return summarise(file), nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// reason keeps names of this machine out of what is told.
func reason(err error) string {
	switch {
	case errors.Is(err, errNoCache):
		return "there is no module cache to read its go.mod from"
	case errors.Is(err, fs.ErrNotExist):
		return "its go.mod is not there"
	case errors.Is(err, errTooLarge):
		return err.Error()
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return "its go.mod cannot be read: " + p.Err.Error()
	}
	return "its go.mod cannot be read: " + err.Error()
}

var (
	errNoCache  = errors.New("no module cache")
	errTooLarge = errors.New("its go.mod is larger than any real one")
)

// ReadMod reads the go.mod of a version from the module cache.
func ReadMod(cache fs.FS, m module.Version) ([]byte, error) {
	if cache == nil {
		return nil, errNoCache
	}
	name, err := cached(m, ".mod")
	if err != nil {
		return nil, err
	}
	return readFile(cache, name)
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxModFile+1))
	if err == nil && len(data) > maxModFile {
		return nil, errTooLarge
	}
	return data, err
}

func summarise(f *modfile.File) *Summary {
	s := &Summary{pruning: unpruned}
	if f.Module != nil {
		s.Path, s.Deprecated = f.Module.Mod.Path, f.Module.Deprecated
	}
	if f.Go != nil {
		s.Go, s.pruning = f.Go.Version, pruningOf(f.Go.Version)
	}
	s.Require = make([]Edge, 0, len(f.Require)+1)
	for _, r := range f.Require {
		s.Require = append(s.Require, Edge{r.Mod, r.Indirect})
	}
	if s.Go != "" && atLeast(s.Go, strictGo) {
		s.Require = append(s.Require, Edge{To: module.Version{Path: goModule, Version: s.Go}})
	}
	for _, r := range f.Retract {
		s.Retract = append(s.Retract, modfile.Retract{VersionInterval: r.VersionInterval, Rationale: r.Rationale})
	}
	return s
}

// toolchainSummary: a Go version from 1.21 on needs its toolchain.
func toolchainSummary(m module.Version) *Summary {
	s := &Summary{Path: m.Path}
	if m.Path == goModule && atLeast(m.Version, strictGo) {
		s.Require = []Edge{{To: module.Version{Path: toolchainModule, Version: "go" + m.Version}}}
	}
	return s
}

// Inside gives the folder below the root that a path of a file in dir names; it
// is false where the path leads out of the tree.
func Inside(dir, target string) (string, bool) {
	if path.IsAbs(target) || strings.ContainsAny(target, `\:`) {
		return "", false
	}
	folder := path.Join(dir, target)
	return folder, folder != ".." && !strings.HasPrefix(folder, "../") && fs.ValidPath(folder)
}

// Local writes a folder of the tree as the go command does in a file of another
// folder: "./sub", "../sub".
func Local(dir, folder string) string {
	up := ""
	for dir != "." && folder != dir && !strings.HasPrefix(folder, dir+"/") {
		dir, up = path.Dir(dir), up+"../"
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(folder, dir), "/")
	if dir == "." {
		rest = folder
	}
	switch {
	case up == "":
		return "./" + rest
	case rest == "" || rest == ".":
		return strings.TrimSuffix(up, "/")
	}
	return up + rest
}
