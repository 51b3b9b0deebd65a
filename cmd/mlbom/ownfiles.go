package main

import (
	"path/filepath"
	"strings"
)

// ownFiles gives patterns that leave the files out of a scan of dir, where they
// lie in it: what an earlier run wrote there is no part of the system.
func ownFiles(dir string, files []string) []string {
	root, err := realPath(dir)
	if err != nil {
		return nil
	}
	var list []string
	for _, name := range files {
		if name == "" {
			continue
		}
		folder, err := realPath(filepath.Dir(name)) // a link in its place is replaced, not followed
		if err != nil {
			continue
		}
		below, err := filepath.Rel(root, filepath.Join(folder, filepath.Base(name)))
		if err == nil && filepath.IsLocal(below) && below != "." {
			list = append(list, "/"+globEscape.Replace(filepath.ToSlash(below)))
		}
	}
	return list
}

var globEscape = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `!`, `\!`)

func realPath(name string) (string, error) {
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}
