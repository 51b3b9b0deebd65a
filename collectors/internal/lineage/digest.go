package lineage

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/sbom"
)

// Differs holds the bytes of a file in the tree against a recorded MD5 and size, -1
// where none was recorded. It tells how they differ; "" where they are the same, are
// not here (a Git LFS pointer stands there), or are not to be read.
func Differs(f *sbom.File, at string, size int64, digest string) string {
	type key string
	info, err := fs.Stat(f.FS, at)
	if err != nil || !info.Mode().IsRegular() || f.Settings.Hashing.None {
		return ""
	}
	if _, stated := info.Sys().(*sbom.Stated); stated {
		return ""
	}
	if info.Size() < lfs.MaxPointer {
		if _, pointer, err := lfs.Read(f.Other(at)); err != nil || pointer {
			return ""
		}
	}
	if size >= 0 && size != info.Size() {
		return fmt.Sprintf("it has %d bytes, and not %d", info.Size(), size)
	}
	sum := sbom.Once(f.FS, key(at), func() string { return md5Of(f.FS, at) })
	if sum == "" || sum == digest {
		return ""
	}
	return "its MD5 is " + sum + ", and not " + digest
}

func md5Of(tree fs.FS, at string) string {
	h, err := tree.Open(at)
	if err != nil {
		return ""
	}
	defer h.Close()
	sum := md5.New()
	if _, err := io.Copy(sum, h); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}
