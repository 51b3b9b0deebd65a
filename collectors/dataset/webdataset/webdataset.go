// Package webdataset reads the shards of WebDataset: tar archives in which files that
// follow each other and have the same name up to the first dot are one sample
// ("000123.jpg", "000123.cls"), and the indexes of shards that wids writes. By default the
// headers of the archive are read alone; with --profile-data the labels (*.cls) too.
//
// A tar archive is a shard where its files form samples: most of them have the same
// endings, of which there are several; in a dataset, or under the name of a shard, one
// ending of media or text is enough. Any other archive is none of ours.
//
// Source: https://github.com/webdataset/webdataset (tariterators.py, autodecode.py),
// https://github.com/webdataset/wids.
//
// Not understood: what is in the files of a sample; what stands behind the first 256 MiB
// of a compressed archive without --profile-data.
package webdataset

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads shards and indexes of such.
var Collector = sbom.Collector{
	Name: "dataset/webdataset",
	Doc: `WebDataset (tar)
Counts samples and what they consist of in shards, and labels with --profile-data; finds
paths that leave the folder, and shards that an index names and that are not there.`,
	Match:   []string{"*.tar", "*.tar.gz", "*.tgz", "*.tar.zst"},
	Sniff:   isIndex,
	Collect: collect,
}

const (
	format      = "webdataset"
	mediaType   = "application/x-tar"
	maxUnpacked = 256 << 20 // bytes of a compressed archive, where the user asks for no more
	maxClasses  = 10_000
	maxEndings  = 1000
	maxClass    = 64 // bytes of a label
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if !named(f.Path) {
		return index(f)
	}
	o := ownerOf(f)
	if o.IsData() {
		if seen, ok, err := o.Pointer(f, "", mediaType); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	w := &shard{ctx: ctx, profile: f.Settings.Profile, columns: map[string]int64{}, sets: map[string]int64{}, classes: map[string]int64{}}
	if err := w.read(f, r, size); err != nil || !w.samples(f.Path, o) {
		return nil, err
	}
	s, err := o.File(f, format, mediaType, w.table())
	if err != nil {
		return nil, err
	}
	s.Findings = w.findings()
	seen := []sbom.Sighting{s}
	for _, of := range o.Dataset(s) {
		if all := w.modalities(); len(all) > 0 {
			of.Dataset = &sbom.Dataset{Modalities: all}
		}
		seen = append(seen, of)
	}
	if w.a.Coverage != sbom.Complete {
		return seen, &sbom.Problem{Reason: "not all samples were counted: " + w.a.Reason}
	}
	return seen, nil
}

func named(name string) bool {
	low := strings.ToLower(name)
	for _, end := range []string{".tar", ".tar.gz", ".tgz", ".tar.zst"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return false
}

// shard is what an archive holds.
type shard struct {
	ctx     context.Context
	profile bool
	a       *archive.Archive
	packed  string
	short   bool // a bound ended the reading

	key     string // of the sample that files are added to
	ends    []string
	rows    int64
	columns map[string]int64 // samples that have a file of this ending
	sets    map[string]int64 // samples that have these endings
	other   int64            // files that belong to no sample
	twice   int64            // files of a sample with the same ending
	classes map[string]int64
	over    bool // more classes than are counted
	lost    int64
}

// read goes through the members of the archive.
func (w *shard) read(f *sbom.File, r io.ReaderAt, size int64) error {
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return err
	}
	o := archive.Options{Limits: f.Settings.Limits}
	var err error
	if kind, ok := archive.IsArchive(head); ok && kind == archive.Tar {
		if w.a, err = archive.Open(r, size, o); err != nil {
			return nil // no archive at all
		}
		for _, m := range w.a.Members {
			if w.ctx.Err() != nil {
				return w.ctx.Err()
			}
			w.member(m, nil)
		}
		w.close()
		if w.a.Coverage == sbom.Complete && !ended(r, size) {
			w.a.Coverage, w.a.Reason = sbom.Partial, "the archive has no end: it is cut off; fetch it anew"
		}
		return nil
	}
	content, kind, ok := archive.Unpack(io.NewSectionReader(r, 0, size), head, o)
	if !ok {
		return nil
	}
	bounded := &io.LimitedReader{R: content, N: math.MaxInt64}
	if !w.profile {
		bounded.N = maxUnpacked
	}
	w.packed = kind
	w.a, err = archive.Each(bounded, o, func(m *archive.Member, content io.Reader) error {
		w.member(m, content)
		return w.ctx.Err()
	})
	if err != nil {
		return err
	}
	if w.short = bounded.N <= 0; !w.short {
		w.close()
	}
	return nil
}

const block = 512 // bytes

// ended tells whether the archive ends as one does, with blocks of zeros.
func ended(r io.ReaderAt, size int64) bool {
	last := make([]byte, block)
	if size < block {
		return false
	}
	n, _ := r.ReadAt(last, size-block)
	return n == block && len(bytes.Trim(last, "\x00")) == 0
}

var sampleName = pattern.Lazy(`^((?:.*/|)[^.]+)[.]([^/]*)$`)

// member adds a file to the sample that it belongs to.
func (w *shard) member(m *archive.Member, content io.Reader) {
	if m.Folder || m.Link != "" {
		return
	}
	if strings.HasPrefix(m.Name, "__") && strings.HasSuffix(m.Name, "__") { // metadata
		return
	}
	parts := sampleName.FindStringSubmatch(m.Name)
	if parts == nil {
		w.other++
		return
	}
	key, end := parts[1], strings.ToLower(parts[2])
	if key != w.key || len(w.ends) == 0 {
		w.close()
		w.key = key
	}
	for _, was := range w.ends {
		if was == end {
			w.twice++
			return
		}
	}
	if len(w.ends) < maxEndings {
		w.ends = append(w.ends, end)
	}
	if w.profile && end == "cls" {
		w.class(m, content)
	}
}

// class counts the label in a file.
func (w *shard) class(m *archive.Member, content io.Reader) {
	var data []byte
	var err error
	if content != nil {
		data, err = io.ReadAll(io.LimitReader(content, maxClass+1))
	} else {
		data, err = m.Head(maxClass + 1)
	}
	label := string(bytes.TrimSpace(data))
	if err != nil || label == "" || len(data) > maxClass {
		w.lost++
		return
	}
	if _, known := w.classes[label]; !known && len(w.classes) >= maxClasses {
		w.over = true
		return
	}
	w.classes[strings.ToValidUTF8(label, "\uFFFD")]++
}

// close ends a sample.
func (w *shard) close() {
	if len(w.ends) == 0 {
		return
	}
	w.rows++
	for _, end := range w.ends {
		if _, known := w.columns[end]; known || len(w.columns) < maxEndings {
			w.columns[end]++
		}
	}
	set := strings.Join(w.ends, ",")
	if _, known := w.sets[set]; known || len(w.sets) < maxEndings {
		w.sets[set]++
	}
	w.ends = w.ends[:0]
}

// findings are those of the archive, and files that a reader drops.
func (w *shard) findings() []sbom.Finding {
	all := w.a.Faults
	if w.twice > 0 {
		all = append(all, sbom.Finding{Rule: sbom.RuleTrailing, Message: fmt.Sprintf("%d files have the name of another one in their sample: readers take one of them, or refuse the shard", w.twice)})
	}
	return all
}
