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

// maxMembers bounds the members of a workspace.
const maxMembers = 2_000

// Members reads the go.mod files of the modules that a workspace uses. Lost are
// the folders, as written, without one that could be read in the tree.
func Members(tree fs.FS, work gograph.Work) (mains []gograph.Main, lost []string) {
	seen := map[string]bool{}
	for _, u := range work.File.Use {
		dir, ok := gograph.Inside(work.Dir, u.Path)
		if ok && seen[dir] {
			continue
		}
		seen[dir] = true
		var file *modfile.File
		if ok && len(mains) < maxMembers {
			file = readMod(tree, dir)
		}
		if file == nil {
			lost = append(lost, u.Path)
			continue
		}
		mains = append(mains, gograph.Main{Dir: dir, File: file})
	}
	return mains, lost
}

// Module reads the go.mod of a folder of the tree, where it is there.
func Module(tree fs.FS, dir string) (gograph.Main, bool) {
	file := readMod(tree, dir)
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

func readMod(tree fs.FS, dir string) *modfile.File {
	text, err := readText(tree, path.Join(dir, "go.mod"))
	if err != nil {
		return nil
	}
	file, _ := ParseMod(text)
	return file
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
