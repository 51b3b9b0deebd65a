//go:build !unix

package onnx

import "io/fs"

// linked is not known here.
func linked(fs.FS, string) bool { return false }
