//go:build unix

package onnx

import (
	"io/fs"
	"syscall"
)

// linked tells whether a file has several names (hard links).
func linked(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink > 1
}
