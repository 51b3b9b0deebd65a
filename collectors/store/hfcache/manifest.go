package hfcache

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/hubstore"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one repository of a cache.
const (
	maxRefs    = 1000
	maxFiles   = 20_000
	maxLinks   = 2000
	maxFinding = 50
	maxDepth   = 20
)

// lead is what is known of a snapshot before it is read.
type lead struct {
	here   bool   // there is a folder
	leader string // the one file from which it is described
}

type leadOf struct{ folder, commit string }

// lead is worked out once for each snapshot, which may have thousands of files that
// all lead to it. The leader is its listing, else the first branch that points to
// it, else the first known file in it.
func (r repo) lead(commit string) lead {
	return sbom.Once(r.tree, leadOf{r.folder, commit}, func() lead {
		l := lead{here: isFolder(r.tree, r.snapshot(commit))}
		if !l.here {
			return l
		}
		if l.leader = path.Join(r.folder, "trees", commit+".json"); isFile(r.tree, l.leader) {
			return l
		}
		if l.leader = r.branches()[commit]; l.leader == "" {
			l.leader = r.known(commit)
		}
		return l
	})
}

type branchesOf string // folder

// branches gives the first branch that points to a commit.
func (r repo) branches() map[string]string {
	return sbom.Once(r.tree, branchesOf(r.folder), func() map[string]string {
		first := map[string]string{}
		_ = walk(r.tree, path.Join(r.folder, "refs"), maxRefs, func(name string, _ fs.DirEntry) {
			text, err := sbom.NewFile(r.tree, name).Text()
			if commit := strings.TrimSpace(text); err == nil && first[commit] == "" {
				first[commit] = name
			}
		})
		return first
	})
}

// known is the first file in a snapshot that the collector matches; "" where there
// is none.
func (r repo) known(commit string) string {
	entries, _ := fs.ReadDir(r.tree, r.snapshot(commit))
	for _, e := range entries {
		matches := func(pattern string) bool {
			ok, _ := path.Match(strings.ToLower(pattern), strings.ToLower(e.Name()))
			return ok
		}
		if name := path.Join(r.snapshot(commit), e.Name()); slices.ContainsFunc(rootFiles, matches) && isFile(r.tree, name) {
			return name
		}
	}
	return ""
}

func isFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

var errMany = errors.New("more files than are looked at")

// walk calls each for every file and link below a folder, in order. Folders that
// are links are not followed.
func walk(tree fs.FS, folder string, most int, each func(name string, e fs.DirEntry)) error {
	n := 0
	return fs.WalkDir(tree, folder, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // a folder that is not there or cannot be read: the scan tells of it
		case e.IsDir() && strings.Count(strings.TrimPrefix(name, folder), "/") > maxDepth:
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		if n++; n > most {
			return errMany
		}
		each(name, e)
		return nil
	})
}

// manifest is what a snapshot holds.
type manifest struct {
	repo
	commit     string
	hashing    sbom.Hashing
	files      []sbom.Sighting
	links      []sbom.Link
	findings   []sbom.Finding
	properties []sbom.Property
}

func (m *manifest) read() error {
	listed, all, err := m.listing()
	snapshot := m.snapshot(m.commit)
	here := 0
	many := walk(m.tree, snapshot, maxFiles, func(name string, e fs.DirEntry) {
		if !isFile(m.tree, name) {
			return // its blob is gone: the scan tells of the link
		}
		here++
		file, ok := listed[strings.TrimPrefix(name, snapshot+"/")]
		file.Path = name
		if target, err := fs.ReadLink(m.tree, name); err == nil && e.Type()&fs.ModeSymlink != 0 {
			file.Etag = path.Base(strings.ReplaceAll(target, `\`, "/"))
		} else if !ok {
			return
		}
		m.file(file)
	})
	if many != nil {
		err = errors.Join(err, fmt.Errorf("the snapshot %s of %s has more than %d files; the others are not compared", m.commit, m.id, maxFiles))
	}
	m.absent(listed)
	if all > here {
		m.properties = append(m.properties, sbom.Property{Name: "mlbom:hub:files", Value: strconv.Itoa(here) + " of " + strconv.Itoa(all) + " files are here"})
	}
	return err
}

func (m *manifest) file(file hubstore.File) {
	if finding, ok := file.Changed(m.tree); ok && len(m.findings) < maxFinding {
		m.findings = append(m.findings, finding)
	}
	s, ok := file.Sighting(m.tree, m.hashing)
	if !ok || len(m.files) >= maxLinks {
		return
	}
	m.files = append(m.files, s)
	if l, ok := file.Link(); ok {
		m.links = append(m.links, l)
	}
}

// absent adds the weights that the listing has and that are not here: their digests
// tell which model it is all the same.
func (m *manifest) absent(listed map[string]hubstore.File) {
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		file := listed[name]
		at := path.Join(m.snapshot(m.commit), name)
		if !file.Large() || !hfmodel.IsWeights(path.Base(name)) || !fs.ValidPath(at) || hfmodel.Exists(m.tree, at) || len(m.links) >= maxLinks {
			continue
		}
		of := sbom.Component{Kind: sbom.KindFile, Name: path.Base(name), Keys: sbom.Keys{SHA256: file.Etag},
			Hashes:     []sbom.Hash{{Alg: "SHA-256", Value: file.Etag}},
			Properties: []sbom.Property{{Name: "mlbom:hub:here", Value: "no: " + name + " was not downloaded"}},
			File:       &sbom.FileFacts{Size: file.Size, Asserted: true}}
		m.files = append(m.files, sbom.Sighting{Component: of, Basis: sbom.Resolved, Where: sbom.Place{Line: file.Line}})
		m.links = append(m.links, sbom.Link{Rel: sbom.Contains, Note: "not downloaded", Line: file.Line, To: sbom.Component{Kind: sbom.KindFile, Name: of.Name, Keys: of.Keys}})
	}
}

// listing reads trees/COMMIT.json: all files of the commit, with what the hub knows
// them by.
func (m *manifest) listing() (files map[string]hubstore.File, n int, err error) {
	f := sbom.NewFile(m.tree, path.Join(m.folder, "trees", m.commit+".json"))
	text, err := f.Text()
	if err != nil {
		return nil, 0, nil // older versions write none
	}
	v, err := jsonlines.Parse(text)
	if format, _ := v.Get("format_version").Int(); err == nil && format != 1 {
		return nil, 0, &sbom.Problem{Line: v.Get("format_version").LineOf(), Reason: "a listing of another version than 1, which is not understood"}
	}
	files = map[string]hubstore.File{}
	if all := v.Get("files"); all.Is(jsonlines.Object) {
		for _, e := range all.Members[:min(len(all.Members), maxFiles)] {
			file := hubstore.File{Etag: e.Value.Get("blob_id").Str(), Line: e.Line}
			if digest := e.Value.Get("lfs_sha256").Str(); digest != "" {
				file.Etag = digest
				file.Size, _ = e.Value.Get("lfs_size").Int()
			}
			files[e.Key] = file
		}
		n = len(all.Members)
	}
	return files, n, err
}
