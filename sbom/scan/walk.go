package scan

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// walker finds files; one goroutine runs it.
type walker struct {
	*run
	raw     fs.FS
	index   *index
	exclude patterns
	tasks   chan task

	skipped, inEnvironment, harmless names

	files   int
	walked  names // real paths of folders
	links   []folderLink
	unnamed []candidate // files to be known by their bytes
	aliased names       // real paths of files that links showed
}

// candidate waits until all links are known.
type candidate struct {
	task
	real string
	link bool
}

type folderLink struct {
	path, real string
	depth      int
}

// walk sends every file worth reading to the workers.
func (w *walker) walk() error {
	w.skipped, w.inEnvironment = setOf(Skipped()), setOf(EnvironmentFolders())
	w.harmless = setOf(HarmlessExtensions())
	w.walked, w.aliased = names{}, names{}
	entries, err := fs.ReadDir(w.raw, ".")
	if err != nil && len(entries) == 0 {
		return fmt.Errorf("the root cannot be read: %w", err)
	}
	w.walked["."] = struct{}{}
	w.entries(".", ".", 0, entries, err)
	for len(w.links) > 0 && w.on() {
		l := w.links[0]
		w.links = w.links[1:]
		w.folder(l.path, l.real, l.depth)
	}
	for _, c := range w.unnamed {
		if c.link || !w.aliased.has(c.real) {
			w.send(c.task)
		}
	}
	w.tell("", "", func(e *Event) { e.Files = int64(w.files) })
	return nil
}

// on tells whether to go on.
func (w *walker) on() bool { return w.ctx.Err() == nil && w.files <= MaxFiles }

func (w *walker) folder(name, real string, depth int) {
	if w.walked.has(real) {
		return
	}
	w.walked[real] = struct{}{}
	if depth > MaxDepth {
		w.problem(name, fmt.Sprintf("more than %d folders deep; it was not read", MaxDepth))
		return
	}
	entries, err := fs.ReadDir(w.raw, name)
	w.entries(name, real, depth, entries, err)
}

func (w *walker) entries(name, real string, depth int, entries []fs.DirEntry, err error) {
	if err != nil {
		w.problem(name, "the folder cannot be read: "+plain(err))
	}
	inEnvironment := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return environment(e.Name()) })
	for _, e := range entries {
		if !w.on() {
			return
		}
		sub := path.Join(name, e.Name())
		if !w.goodName(sub) || w.exclude.takes(sub, e.IsDir()) {
			continue
		}
		subReal := path.Join(real, e.Name())
		switch {
		case e.IsDir():
			if !w.skipped.has(e.Name()) && (!inEnvironment || !w.inEnvironment.has(e.Name())) {
				w.folder(sub, subReal, depth+1)
			}
		case e.Type()&fs.ModeSymlink != 0:
			w.count()
			w.link(sub, subReal, depth+1)
		default:
			w.count()
			w.file(candidate{task{path: sub}, subReal, false}, e.Type(), e.Info)
		}
	}
}

// count counts a file, and says so when it is the first too many.
func (w *walker) count() {
	w.files++
	if w.files == MaxFiles+1 {
		w.problem(".", fmt.Sprintf("more than %d files: those after are not read; exclude folders, or scan them one by one", MaxFiles))
	}
	if w.files%walkStep == 0 {
		w.tell("", "", func(e *Event) { e.Files = int64(w.files) })
	}
}

func (w *walker) goodName(name string) bool {
	if !utf8.ValidString(name) {
		w.problem(strings.ToValidUTF8(name, "\uFFFD"), fmt.Sprintf("the name is not UTF-8 (%q), so it was not read; rename it", path.Base(name)))
		return false
	}
	if len(name) > MaxPath {
		w.problem(name[:64]+"...", fmt.Sprintf("the path is longer than %d bytes, so it was not read", MaxPath))
		return false
	}
	return fs.ValidPath(name)
}

// file decides by name and size whether a file is worth opening.
func (w *walker) file(c candidate, mode fs.FileMode, stat func() (fs.FileInfo, error)) {
	c.matched = w.index.find(c.path)
	if !mode.IsRegular() {
		if len(c.matched) > 0 {
			w.problem(c.path, "not a regular file, so it was not opened")
		}
		return
	}
	if len(c.matched) == 0 && !w.sniffs {
		return
	}
	info, err := stat()
	if err != nil {
		w.problem(c.path, plain(err))
		return
	}
	c.size = info.Size()
	c.harmless = w.harmless.has(extension(c.path))
	switch {
	case len(c.matched) > 0:
		w.send(c.task)
	case c.size < SniffMin, c.harmless && c.size < SniffText:
		return
	default:
		w.unnamed = append(w.unnamed, c)
	}
	if c.link {
		w.aliased[c.real] = struct{}{}
	}
}

func (w *walker) send(t task) {
	if len(t.matched) > 0 {
		w.tell("", "", func(e *Event) { e.Files = int64(w.files); e.Taken++ })
	}
	select {
	case w.tasks <- t:
	case <-w.ctx.Done():
	}
}
