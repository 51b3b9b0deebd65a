package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"sync"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds of a list that nobody asked for by name ([CoverOptions].All).
const (
	AutoFiles = 20_000  // files and links
	AutoBytes = 4 << 30 // of files that nobody else reads
)

// Empty is why an empty folder has no list.
const Empty = "the tree has no files"

// CoverOptions steer Cover; the zero value is good.
type CoverOptions struct {
	All bool // also where there is much to read
	// LeftOut tells what is left out; nil for nothing.
	LeftOut func(name string, folder bool) bool
	// Exclude are the patterns that LeftOut stands for, which the list tells.
	Exclude []string
	// Own tells which file this very run writes; nil for none.
	Own func(info fs.FileInfo) bool
	// Progress is told which file was read; it may be nil, and is called from several
	// goroutines, one at a time.
	Progress func(name string, size int64)
}

// Cover lists the files of a tree with their digests, and what of it cannot be listed.
// Digests that the scan has made are not made again; file gives a file of the scan, and
// report says what it has read.
func Cover(ctx context.Context, file func(name string) *sbom.File, report *sbom.Report, o CoverOptions) (sbom.Tree, []sbom.Problem) {
	if file(".").Settings.Hashing.None {
		return sbom.Tree{None: "no digests were asked for (--hash none)"}, nil
	}
	w := &walker{fsys: file(".").FS, leftOut: o.LeftOut, own: o.Own, most: MaxFiles}
	if !o.All {
		w.most = AutoFiles
	}
	err := w.folder(".", 0)
	switch {
	case errors.Is(err, errMany):
		return sbom.Tree{None: fmt.Sprintf("the tree has more than %d files", w.most)}, nil
	case err != nil:
		return sbom.Tree{None: "the tree cannot be listed: " + cause(err).Error()}, nil
	}
	if more := w.unread(report); more > AutoBytes && !o.All {
		return sbom.Tree{None: fmt.Sprintf("the tree has %d MiB that nothing else reads, more than %d", more>>20, int64(AutoBytes)>>20)}, nil
	}
	t := sbom.Tree{Links: w.links, Exclude: slices.Clone(o.Exclude)}
	for _, h := range hashAll(ctx, w.files, file, o.Progress) {
		switch {
		case errors.Is(h.err, fs.ErrNotExist): // it went away while we looked
		case h.err != nil:
			w.problem(h.path, "the file cannot be read (%v), so it is not covered", cause(h.err))
		default:
			t.Files = append(t.Files, sbom.TreeFile{Path: h.path, SHA256: h.SHA256(), Size: h.Size})
		}
	}
	if len(t.Files)+len(t.Links) == 0 {
		t.None = Empty
	}
	return t, w.problems
}

// unread is how many bytes the scan has not read for a digest.
func (w *walker) unread(report *sbom.Report) (bytes int64) {
	read := map[string]bool{}
	for i := range report.Sightings {
		s := &report.Sightings[i]
		if s.Kind == sbom.KindFile && len(s.Hashes) > 0 && !s.Where.Hearsay() && (s.File == nil || !s.File.Asserted) {
			read[s.Keys.Path] = true
		}
	}
	for _, f := range w.files {
		if !read[f.path] {
			bytes += f.size
		}
	}
	return bytes
}

// hashed is a file with its digests.
type hashed struct {
	path string
	sbom.Digest
	err error
}

// hashAll makes the digests of files on all cores, in their order.
func hashAll(ctx context.Context, files []found, file func(name string) *sbom.File, progress func(string, int64)) []hashed {
	out := make([]hashed, len(files))
	next := make(chan int)
	var mu sync.Mutex
	var pool sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		pool.Go(func() {
			for i := range next {
				d, err := file(files[i].path).Digest()
				if err == nil {
					err = ctx.Err()
				}
				out[i] = hashed{files[i].path, d, err}
				if progress != nil {
					mu.Lock()
					progress(files[i].path, d.Size)
					mu.Unlock()
				}
			}
		})
	}
	for i := range files {
		next <- i
	}
	close(next)
	pool.Wait()
	return out
}
