package scan

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/sbom"
)

// walker finds files; one goroutine runs it.
type walker struct {
	*run
	raw     fs.FS
	index   *index
	exclude patterns
	tasks   chan task

	skipped, inEnvironment, packages, harmless names

	files   int
	walked  names // real paths of folders
	links   []folderLink
	unnamed []candidate // files to be known by their bytes
	aliased names       // real paths of files that links showed
	last    []task      // for collectors that come last
}

// candidate waits until all links are known.
type candidate struct {
	task
	real string
	link bool
	only bool // below a folder of packages: nothing but what installers write
}

type folderLink struct {
	path, real string
	depth      int
}

// walk sends every file worth reading to the workers.
func (w *walker) walk() error {
	w.skipped, w.inEnvironment = setOf(Skipped()), setOf(EnvironmentFolders())
	w.packages = setOf(PackageFolders())
	w.harmless = setOf(HarmlessExtensions())
	w.walked, w.aliased = names{}, names{}
	entries, err := fs.ReadDir(w.raw, ".")
	if err != nil && len(entries) == 0 {
		return fmt.Errorf("the root cannot be read: %w", err)
	}
	w.walked["."] = struct{}{}
	w.entries(place{".", ".", 0, false}, entries, err)
	for len(w.links) > 0 && w.on() {
		l := w.links[0]
		w.links = w.links[1:]
		w.folder(place{l.path, l.real, l.depth, false})
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

// place is a folder on the walk; only as in candidate.
type place struct {
	name, real string
	depth      int
	only       bool
}

func (p place) below(name string, only bool) place {
	return place{path.Join(p.name, name), path.Join(p.real, name), p.depth + 1, only}
}

func (w *walker) folder(p place) {
	if w.walked.has(p.real) {
		return
	}
	w.walked[p.real] = struct{}{}
	if p.depth > MaxDepth {
		w.problem(p.name, fmt.Sprintf("more than %d folders deep; it was not read", MaxDepth))
		return
	}
	entries, err := fs.ReadDir(w.raw, p.name)
	w.entries(p, entries, err)
}

func (w *walker) entries(p place, entries []fs.DirEntry, err error) {
	if err != nil {
		w.problem(p.name, "the folder cannot be read: "+plain(err))
	}
	inEnvironment := slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return environment(e.Name()) })
	for _, e := range entries {
		if !w.on() {
			return
		}
		sub := p.below(e.Name(), p.only)
		if !w.goodName(sub.name) || w.exclude.takes(sub.name, e.IsDir()) {
			continue
		}
		leftOut := inEnvironment && w.inEnvironment.has(e.Name())
		packages := inEnvironment && w.packages.has(e.Name())
		switch {
		case e.IsDir():
			sub.only = p.only || packages
			if !w.skipped.has(e.Name()) && (!leftOut || p.only) {
				w.folder(sub)
			}
		case e.Type()&fs.ModeSymlink != 0:
			w.count()
			if !packages && !leftOut && (!p.only || InstallerFile(sub.name)) {
				w.link(sub)
			}
		default:
			w.count()
			if !p.only || InstallerFile(sub.name) {
				w.file(candidate{task{path: sub.name}, sub.real, false, p.only}, e.Type(), e.Info)
			}
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
	if len(c.matched) == 0 && (!w.sniffs || c.only) {
		return
	}
	info, err := stat()
	if err != nil {
		w.problem(c.path, plain(err))
		return
	}
	c.size = info.Size()
	c.harmless = w.harmless.has(extension(c.path))
	c.costly = c.harmless && c.size < SniffText && far(info)
	switch {
	case len(c.matched) > 0:
		w.send(c.task)
	case c.size < SniffMin, c.costly:
		return
	default:
		w.unnamed = append(w.unnamed, c)
	}
	if c.link {
		w.aliased[c.real] = struct{}{}
	}
}

// far tells whether looking into a file is a request over the network.
func far(info fs.FileInfo) bool {
	_, ok := info.Sys().(*sbom.Stated)
	return ok
}

func (w *walker) send(t task) {
	if slices.ContainsFunc(t.matched, func(i int) bool { return w.all[i].Last }) {
		w.last = append(w.last, t)
		return
	}
	w.hand(t)
}

// sendLast sends what waited until all else was read.
func (w *walker) sendLast() error {
	for _, t := range w.last {
		w.hand(t)
	}
	return nil
}

func (w *walker) hand(t task) {
	if len(t.matched) > 0 {
		w.tell("", "", func(e *Event) { e.Files = int64(w.files); e.Taken++ })
	}
	select {
	case w.tasks <- t:
	case <-w.ctx.Done():
	}
}
