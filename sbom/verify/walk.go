package verify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds of a walk.
const (
	MaxFiles = 5_000_000 // files and links
	MaxDepth = 100       // folders in folders
	MaxPath  = 4096      // bytes of a path, and of a link's target
)

// VersionControl names the folders that are not covered: they change with every look
// at a repository, and no part of a system lies there.
func VersionControl() []string { return []string{".git", ".hg", ".svn", ".bzr", ".jj", "CVS"} }

// errMany ends a walk that found more than it may.
var errMany = errors.New("too many files")

// walker lists what is in a tree.
type walker struct {
	fsys    fs.FS
	leftOut func(name string, folder bool) bool // may be nil
	own     func(info fs.FileInfo) bool         // tells the file that is written at this moment; may be nil
	most    int                                 // files and links

	files    []found
	links    []sbom.TreeLink
	outside  []string // what was left out
	control  []string // folders of version control
	owned    []found  // what own takes
	problems []sbom.Problem
}

// found is a regular file.
type found struct {
	path string
	size int64
}

func (w *walker) problem(name, format string, args ...any) {
	w.problems = append(w.problems, sbom.Problem{Path: name, By: "tree", Reason: fmt.Sprintf(format, args...)})
}

// folder walks in the order of names. The error is [errMany], or that the root cannot
// be read.
func (w *walker) folder(dir string, depth int) error {
	if depth > MaxDepth {
		w.problem(dir, "more than %d folders deep, so it is not covered", MaxDepth)
		return nil
	}
	entries, err := fs.ReadDir(w.fsys, dir)
	if err != nil {
		if dir == "." && len(entries) == 0 {
			return err
		}
		w.problem(dir, "the folder cannot be read (%v), so it is not covered", cause(err))
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if !w.goodName(name) {
			continue
		}
		if w.leftOut != nil && w.leftOut(name, e.IsDir()) {
			w.outside = append(w.outside, name)
			continue
		}
		if e.IsDir() {
			if w.versions(name, e.Name()) {
				w.control = append(w.control, name)
				continue
			}
			if err := w.folder(name, depth+1); err != nil {
				return err
			}
			continue
		}
		if err := w.leaf(name, e); err != nil {
			return err
		}
	}
	return nil
}

// versions tells whether a folder is version control's. CVS can be the name of another.
func (w *walker) versions(name, base string) bool {
	if base == "CVS" {
		info, err := fs.Lstat(w.fsys, path.Join(name, "Entries"))
		return err == nil && info.Mode().IsRegular()
	}
	return slices.Contains(VersionControl(), base)
}

// goodName tells whether a path can stand in a document.
func (w *walker) goodName(name string) bool {
	switch {
	case !utf8.ValidString(name):
		w.problem(strings.ToValidUTF8(name, "\uFFFD"), "the name is not UTF-8 (%q), so it is not covered; rename it", path.Base(name))
	case len(name) > MaxPath:
		w.problem(strings.ToValidUTF8(name[:64], "")+"...", "the path is longer than %d bytes, so it is not covered", MaxPath)
	case !fs.ValidPath(name):
		w.problem(name, "the name is no valid path, so it is not covered")
	default:
		return true
	}
	return false
}

func (w *walker) leaf(name string, e fs.DirEntry) error {
	if len(w.files)+len(w.links) >= w.most {
		return errMany
	}
	if e.Type()&fs.ModeSymlink != 0 {
		w.link(name)
		return nil
	}
	info, err := e.Info()
	switch {
	case errors.Is(err, fs.ErrNotExist): // it went away while we looked
	case err != nil:
		w.problem(name, "it cannot be looked at (%v), so it is not covered", cause(err))
	case !info.Mode().IsRegular():
		w.problem(name, "it is %s, so it is not covered", kindOf(info.Mode()))
	case w.own != nil && w.own(info):
		w.owned = append(w.owned, found{name, info.Size()})
	case e.Name() == ".git" && w.gitlink(name, info.Size()):
	default:
		w.files = append(w.files, found{name, info.Size()})
	}
	return nil
}

func (w *walker) link(name string) {
	target, err := fs.ReadLink(w.fsys, name)
	switch {
	case err != nil:
		w.problem(name, "the link cannot be read (%v), so it is not covered", cause(err))
	case !utf8.ValidString(target) || len(target) > MaxPath:
		w.problem(name, "where the link leads is not UTF-8, or longer than %d bytes, so it is not covered", MaxPath)
	default:
		w.links = append(w.links, sbom.TreeLink{Path: name, Target: filepath.ToSlash(target)})
	}
}

const maxGitlink = 4096 // bytes

// gitlink tells whether a file named .git says where the repository of a work tree or
// a submodule lies: that is version control, and differs from clone to clone.
func (w *walker) gitlink(name string, size int64) bool {
	if size > maxGitlink {
		return false
	}
	f, err := w.fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxGitlink))
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	return err == nil && len(rest) == 0 && utf8.Valid(line) && bytes.HasPrefix(line, []byte("gitdir: "))
}

func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

// cause takes the operation and the path out of a file system's error, for both stand
// beside it already.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && pe.Err != nil {
		return pe.Err
	}
	return err
}
