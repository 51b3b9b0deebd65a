package scan

import (
	"context"
	"io/fs"
	"runtime"
	"sync"

	"github.com/mlbom/mlbom/sbom"
)

// Options steer a scan; the zero value is good.
type Options struct {
	// Exclude are patterns of paths to leave out; see [CheckExclude].
	Exclude []string
	// Caches are given to collectors, see [sbom.File].
	Caches map[string]fs.FS
	// Settings are given to collectors.
	Settings sbom.Settings
	// After is called with the report when all files were read, and may add to it; file
	// gives a file of the tree, whose digest is not made again. It may be nil.
	After func(file func(name string) *sbom.File, report *sbom.Report)
	// Workers is how many files are read at once; 0 is GOMAXPROCS.
	Workers int
	// Progress is told about each file that was read and now and then about the
	// walk; it may be nil. It is called from several goroutines, one at a time,
	// and not after Run has returned.
	Progress func(Event)
}

// Event is how far a scan is.
type Event struct {
	Path      string // the file that was read; "" while the walk looks for more
	Collector string // those that read it, joined by ", "
	Files     int64  // files seen
	Taken     int64  // of these, files that a collector takes
	Done      int64  // of these, files that were read
	Bytes     int64  // size of the files that were read
	Sightings int64  // what was seen in them
}

// walkStep is after how many files the walk tells its progress.
const walkStep = 1024

// Run lets the collectors read the tree. The error is the context's, that the
// root cannot be read or that a pattern of o.Exclude is bad; anything else that
// cannot be read is a Problem in the report.
func Run(ctx context.Context, fsys fs.FS, all []*sbom.Collector, o Options) (sbom.Report, error) {
	exclude, err := compile(o.Exclude)
	if err != nil {
		return sbom.Report{}, err
	}
	r := &run{
		ctx:      ctx,
		fsys:     sbom.NewMemory(guarding(ctx, fsys)),
		all:      all,
		progress: o.Progress,
		caches:   map[string]fs.FS{},
		settings: o.Settings,
		leftOut:  func(name string) bool { return exclude.takesAny(name, false) },
		results:  &results{limit: MaxSightings},
	}
	for name, cache := range o.Caches {
		r.caches[name] = sbom.NewMemory(guarding(ctx, cache))
	}
	for _, c := range all {
		r.sniffs = r.sniffs || c.Sniff != nil
	}
	w := &walker{run: r, raw: fsys, index: newIndex(all), exclude: exclude}
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	err = w.work(workers, w.walk)
	if err == nil {
		err = w.work(workers, w.sendLast)
	}
	if ctx.Err() != nil {
		return sbom.Report{}, ctx.Err()
	}
	if err != nil {
		return sbom.Report{}, err
	}
	report := r.results.report()
	if o.After != nil {
		o.After(r.file, &report)
	}
	return report, ctx.Err()
}

// work lets workers read what find sends.
func (w *walker) work(workers int, find func() error) error {
	w.tasks = make(chan task)
	var pool sync.WaitGroup
	for range workers {
		pool.Go(func() {
			head := make([]byte, sbom.HeadSize)
			for t := range w.tasks {
				w.read(t, head)
			}
		})
	}
	err := find()
	close(w.tasks)
	pool.Wait()
	return err
}

// file gives a file to collectors.
func (r *run) file(name string) *sbom.File {
	f := sbom.NewFile(r.fsys, name)
	f.Caches, f.Settings, f.LeftOut = r.caches, r.settings, r.leftOut
	return f
}

// run is what walk and workers share.
type run struct {
	ctx      context.Context
	fsys     fs.FS // guarded, with a memory of digests
	all      []*sbom.Collector
	caches   map[string]fs.FS
	settings sbom.Settings
	leftOut  func(string) bool
	sniffs   bool // some collector knows bytes
	results  *results

	mu       sync.Mutex // around what follows and each call of progress
	progress func(Event)
	state    Event
}

// tell changes the counts and reports them.
func (r *run) tell(path, by string, change func(*Event)) {
	if r.progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.state)
	e := r.state
	e.Path, e.Collector = path, by
	r.progress(e)
}

// problem notes what the scan itself could not read.
func (r *run) problem(path, reason string) {
	r.results.add(result{path: path, problems: []sbom.Problem{{Path: path, Reason: reason}}})
}
