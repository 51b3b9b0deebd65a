// Package delta reads the log of a Delta Lake table
// (https://github.com/delta-io/delta/blob/master/PROTOCOL.md): the JSON of its commits,
// _delta_log/00000000000000000000.json and so on. The last commit of a folder stands for
// all of it: the commits are played in their order, and what is then live gives the
// table's schema, files and rows.
//
// The table's folder is the dataset, and its version the number of the last commit.
// Rows that a deletion vector hides do not count. Sizes that the log states are held
// against the files that lie there.
//
// Not understood: checkpoints (Parquet) and sidecar files. Where the first commits are
// gone, what only a checkpoint says is missing; the table's checksum file, where there is
// one, still tells its schema, size and number of files.
package delta

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads logs of Delta tables.
var Collector = sbom.Collector{
	Name: "dataset/delta",
	Doc: "Delta Lake tables (_delta_log/*.json)\n\n" +
		"The table in whose folder the log lies: schema, version, partitions, live files with their\n" +
		"sizes and rows.",
	Match:   []string{"_delta_log/*.json"},
	Collect: collect,
}

// Bounds on one log.
const (
	maxCommits = 20000
	maxFiles   = 20000     // live ones that are told one by one
	maxActions = 2_000_000 // of all commits
	maxLog     = 512 << 20 // bytes of all commits
)

var commitName = pattern.Lazy(`^(\d{20})\.json$`)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	commits, err := logOf(f)
	if err != nil || len(commits) == 0 || commits[len(commits)-1] != path.Base(f.Path) {
		return nil, err // another one is the last
	}
	t := &table{file: f, live: map[string]*added{}}
	if first, _ := strconv.ParseInt(commits[0][:20], 10, 64); first > 0 {
		t.problem(0, "the log begins at version %d, and what is before lies in a checkpoint, which is not read: files and schema are incomplete", first)
		t.partial = true
	}
	for i, name := range commits {
		if i > 0 && !follows(commits[i-1], name) {
			t.problem(0, "the log has no version between %s and %s", commits[i-1], name)
		}
		if !t.commit(path.Join(path.Dir(f.Path), name)) {
			break
		}
	}
	if t.meta == nil {
		t.checksum()
	}
	if t.meta == nil && len(t.live) == 0 {
		return nil, errors.Join(t.problems...)
	}
	t.version = strings.TrimLeft(strings.TrimSuffix(path.Base(f.Path), ".json"), "0")
	if t.version == "" {
		t.version = "0"
	}
	return t.sightings(), errors.Join(t.problems...)
}

// logOf lists the commits of the log, in order.
func logOf(f *sbom.File) ([]string, error) {
	if !commitName.MatchString(path.Base(f.Path)) || path.Base(path.Dir(f.Path)) != "_delta_log" {
		return nil, nil
	}
	entries, err := fs.ReadDir(f.FS, path.Dir(f.Path))
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		if commitName.MatchString(e.Name()) && !e.IsDir() {
			list = append(list, e.Name())
		}
	}
	slices.Sort(list)
	if len(list) > maxCommits {
		return list[len(list)-1:], &sbom.Problem{Reason: fmt.Sprintf("the log has %d commits; more than %d are not read", len(list), maxCommits)}
	}
	return list, nil
}

func follows(a, b string) bool {
	x, err := strconv.ParseInt(a[:20], 10, 64)
	y, err2 := strconv.ParseInt(b[:20], 10, 64)
	return err == nil && err2 == nil && y == x+1
}

// table is the state of a table while its log is played.
type table struct {
	file     *sbom.File
	version  string
	partial  bool
	meta     *jsonlines.Value // of the metaData action
	protocol *jsonlines.Value
	info     *jsonlines.Value // of the last commit
	live     map[string]*added
	actions  int
	bytes    int
	stated   struct{ size, files int64 } // by the checksum file
	problems []error
}

const maxProblems = 20

func (t *table) problem(line int, format string, args ...any) {
	if len(t.problems) < maxProblems {
		t.problems = append(t.problems, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

// commit plays one commit: a line of JSON for each action.
func (t *table) commit(name string) bool {
	text, err := t.file.Other(name).Text()
	if err != nil {
		t.problem(0, "%s cannot be read: %v", path.Base(name), err)
		return true
	}
	if t.bytes += len(text); t.bytes > maxLog {
		t.problem(0, "the log is larger than %d MiB; from %s on it is not read", maxLog>>20, path.Base(name))
		return false
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		if t.actions++; t.actions > maxActions {
			t.problem(0, "the log has more than %d actions; the rest is not read", maxActions)
			return false
		}
		v, err := jsonlines.Parse(line)
		if err != nil {
			t.problem(0, "line %d of %s is no JSON", n, path.Base(name))
			continue
		}
		t.action(v)
	}
	return true
}

func (t *table) action(v *jsonlines.Value) {
	for _, m := range v.Members {
		switch m.Key {
		case "metaData":
			t.meta = m.Value
		case "protocol":
			t.protocol = m.Value
		case "commitInfo":
			t.info = m.Value
		case "add":
			t.add(m.Value)
		case "remove":
			delete(t.live, m.Value.Get("path").Str())
		}
	}
}

// checksum reads the checksum file of the last version, which repeats the metadata.
func (t *table) checksum() {
	name := strings.TrimSuffix(t.file.Path, ".json") + ".crc"
	if _, err := fs.Stat(t.file.FS, name); err != nil {
		return
	}
	text, err := t.file.Other(name).Text()
	v, broken := jsonlines.Parse(text)
	if err != nil || broken != nil {
		return
	}
	if v.Get("metadata").Is(jsonlines.Object) {
		t.meta, t.protocol = v.Get("metadata"), v.Get("protocol")
	}
	if n, ok := v.Get("tableSizeBytes").Int(); ok && n > 0 {
		t.stated.size = n
	}
	if n, ok := v.Get("numFiles").Int(); ok && n > 0 {
		t.stated.files = n
	}
}
