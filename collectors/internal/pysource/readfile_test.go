package pysource

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

type locked struct{ fstest.MapFS }

func (locked) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
}

func TestReadFileSaysWhy(t *testing.T) {
	for want, tree := range map[string]fs.FS{"permission denied": locked{}, "not in the tree": fstest.MapFS{}} {
		if _, err := ReadFile(tree, "a.txt"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
