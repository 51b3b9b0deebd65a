package gomanifest

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/mlbom/mlbom/collectors/internal/gograph"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on a workspace: each member reads the manifests of all.
const (
	maxMembers     = 500
	maxMemberBytes = 1 << 20 // of their manifests together; known ones have 300 kB
)

// Lost is a folder that a workspace uses, and why it is no member.
type Lost struct {
	*modfile.Use
	Reason string
	Inside bool // of the tree
}

// Members reads the go.mod files of the modules that a workspace uses. With any of
// them lost nobody can tell what the go command selects.
func Members(tree fs.FS, work gograph.Work) (mains []gograph.Main, lost []Lost) {
	seen := map[string]bool{}
	named := map[string]string{} // the folder of a module
	size := 0
	for _, u := range work.File.Use {
		dir, ok := gograph.Inside(work.Dir, u.Path)
		if ok && seen[dir] {
			continue
		}
		seen[dir] = true
		main := gograph.Main{Dir: dir}
		if ok && len(mains) < maxMembers && size < maxMemberBytes {
			var n int
			main.File, n = readMod(tree, dir)
			size += n
		}
		switch {
		case !ok:
			lost = append(lost, Lost{u, "it is not in the tree", false})
		case main.File == nil:
			lost = append(lost, Lost{u, "it has no go.mod that can be read", true})
		case named[main.Path()] != "":
			lost = append(lost, Lost{u, "its module has the name of that in " + named[main.Path()], true})
		default:
			named[main.Path()] = u.Path
			mains = append(mains, main)
		}
	}
	return mains, lost
}

// Module reads the go.mod of a folder of the tree, where it is there.
func Module(tree fs.FS, dir string) (gograph.Main, bool) {
	file, _ := readMod(tree, dir)
	return gograph.Main{Dir: dir, File: file}, file != nil
}

// WorkIn reads the go.work of a folder of the tree, where it is there.
func WorkIn(tree fs.FS, dir string) (gograph.Work, bool) {
	text, err := readText(tree, path.Join(dir, "go.work"))
	if err != nil {
		return gograph.Work{}, false
	}
	file, _ := ParseWork(text)
	return gograph.Work{Dir: dir, File: file}, file != nil
}

func readMod(tree fs.FS, dir string) (file *modfile.File, size int) {
	text, err := readText(tree, path.Join(dir, "go.mod"))
	if err != nil {
		return nil, 0
	}
	file, _ = ParseMod(text)
	return file, len(text)
}

func readText(tree fs.FS, name string) (string, error) {
	f, err := tree.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return "", err
	}
	if len(data) > MaxSize {
		return "", errors.New("the file is larger than any real manifest")
	}
	return sbom.DecodeText(data)
}

// FindWork looks for the workspace that a module belongs to: the go.work in its
// folder or the nearest above it, where that uses the module. The go command
// builds the module there with what the members need together.
func FindWork(tree fs.FS, dir string) (gograph.Work, bool) {
	for at := dir; ; at = path.Dir(at) {
		if text, err := readText(tree, path.Join(at, "go.work")); err == nil {
			file, _ := ParseWork(text)
			if file == nil {
				return gograph.Work{}, false
			}
			uses := slices.ContainsFunc(file.Use, func(u *modfile.Use) bool {
				folder, ok := gograph.Inside(at, u.Path)
				return ok && folder == dir
			})
			return gograph.Work{Dir: at, File: file}, uses
		}
		if at == "." || at == "/" || at == "" {
			return gograph.Work{}, false
		}
	}
}

// WorkSums reads the sums that hold in a workspace: its own and those of all members.
func WorkSums(tree fs.FS, work gograph.Work, mains []gograph.Main) gograph.Sums {
	names := []string{path.Join(work.Dir, "go.work.sum")}
	for _, m := range mains {
		names = append(names, path.Join(m.Dir, "go.sum"))
	}
	return gograph.ReadSums(tree, names...)
}
