// Package locktest compares what a collector reads of a lock file with what the
// tool reads that wrote it. It is for tests alone: a script in Python prints the
// facts of a lock as JSON, see [Facts], and every set has to be equal.
package locktest

import (
	"context"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// Facts is what a lock says. A package is "name version", with the name in its
// normal form. What is nil is not compared.
type Facts struct {
	Skip     string              `json:"skip"` // why the tool cannot read this lock
	Packages []string            `json:"packages"`
	Hashes   map[string][]string `json:"hashes"` // "sha256:HEX" by package
	Edges    []string            `json:"edges"`  // "name version > name version", between libraries
	// Partial: the tool shows no run that has all packages and edges.
	Partial bool `json:"partial"`
	// Valid tells whether the lock follows its specification.
	Valid *bool `json:"valid"`
	// Fresh tells whether the lock fits the manifest beside it.
	Fresh *bool `json:"fresh"`
	// Runs tells what is installed for one or several labels ("main+extra:x").
	Runs map[string][]string `json:"runs"`
}

// T is what is used of a test: this package is none itself.
type T interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Skipf(format string, args ...any)
}

// Tool runs a program with arguments and gives what it prints. Tests hand it in:
// they alone may run programs.
type Tool func(name string, args ...string) ([]byte, error)

// Locks lists the files below the folders of MLBOM_CORPUS_PYTHON whose last part
// matches one of the patterns.
func Locks(t T, patterns ...string) []string {
	t.Helper()
	var list []string
	for _, root := range filepath.SplitList(os.Getenv("MLBOM_CORPUS_PYTHON")) {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			for _, p := range patterns {
				if ok, _ := path.Match(p, filepath.Base(name)); ok && err == nil && d.Type().IsRegular() {
					list = append(list, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatalf("%v", err)
		}
	}
	if len(list) == 0 {
		t.Skipf("MLBOM_CORPUS_PYTHON names no folder with such locks: name folders of checked-out projects")
	}
	return list
}

// Read collects from one file of the machine.
func Read(c *sbom.Collector, name string) ([]sbom.Sighting, error) {
	dir, base := filepath.Split(name)
	return c.Collect(context.Background(), sbom.NewFile(os.DirFS(dir), base))
}

// Ask runs a script that prints the facts of a lock.
func Ask(t T, tool Tool, python, script string, args ...string) Facts {
	t.Helper()
	out, err := tool(python, append([]string{script}, args...)...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	var f Facts
	if err := json.Unmarshal(out, &f); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return f
}

// Of gives the facts that were read; runs are those of the labels asked for.
func Of(seen []sbom.Sighting, runs map[string][]string) Facts {
	f := Facts{Hashes: map[string][]string{}, Runs: map[string][]string{}}
	names := map[sbom.Keys]string{}
	for _, s := range seen {
		if s.Kind == sbom.KindLibrary {
			names[s.Keys] = pylock.Normalize(s.Name) + " " + s.Version
		}
	}
	labels := map[string][]string{}
	fresh := true
	f.Fresh = &fresh
	for _, s := range seen {
		for _, finding := range s.Findings {
			fresh = fresh && finding.Rule != sbom.RuleLockMismatch
		}
		if s.Kind != sbom.KindLibrary {
			continue
		}
		name := names[s.Keys]
		f.Packages = append(f.Packages, name)
		f.Hashes[name] = append(f.Hashes[name], sums(s)...)
		for _, l := range s.Links {
			if l.Rel == sbom.DependsOn && l.To.Kind == sbom.KindLibrary && names[l.To.Keys] != name {
				f.Edges = append(f.Edges, name+" > "+names[l.To.Keys])
			}
		}
		if s.Package != nil {
			for _, g := range s.Package.Groups {
				labels[g] = append(labels[g], name)
			}
		}
	}
	for run := range runs {
		f.Runs[run] = []string{}
		for label := range strings.SplitSeq(run, "+") {
			f.Runs[run] = append(f.Runs[run], labels[label]...)
		}
	}
	return f
}

// sums gives all digests of a package's files.
func sums(s sbom.Sighting) []string {
	list := []string{}
	for _, r := range s.Refs {
		for _, h := range r.Hashes {
			list = append(list, strings.ToLower(strings.ReplaceAll(h.Alg, "SHA-", "sha"))+":"+h.Value)
		}
	}
	for _, h := range s.Hashes {
		list = append(list, strings.ToLower(strings.ReplaceAll(h.Alg, "SHA-", "sha"))+":"+h.Value)
	}
	if s.Package != nil {
		for _, i := range s.Package.Integrity {
			sum, _, _ := strings.Cut(i, " ")
			list = append(list, sum)
		}
	}
	return list
}

// Compare tells every difference.
func Compare(t T, name string, got, want Facts) {
	t.Helper()
	if want.Partial {
		got.Packages, got.Edges = within(got.Packages, want.Packages), within(got.Edges, want.Edges)
	}
	same(t, name+": packages", got.Packages, want.Packages)
	if want.Edges != nil {
		same(t, name+": edges", got.Edges, want.Edges)
	}
	if want.Fresh != nil && *got.Fresh != *want.Fresh {
		t.Errorf("%s: the lock fits the manifest: %v, want %v", name, *got.Fresh, *want.Fresh)
	}
	for _, run := range slices.Sorted(maps.Keys(want.Runs)) {
		same(t, name+": needed for "+run, got.Runs[run], want.Runs[run])
	}
	for _, p := range slices.Sorted(maps.Keys(want.Hashes)) {
		same(t, name+": digests of "+p, got.Hashes[p], want.Hashes[p])
	}
}

const maxTold = 10

func same(t T, what string, got, want []string) {
	t.Helper()
	if want == nil {
		return
	}
	missing, extra := without(want, got), without(got, want)
	if len(missing)+len(extra) > 0 {
		t.Errorf("%s: %d missing %q, %d too many %q", what, len(missing), missing[:min(len(missing), maxTold)], len(extra), extra[:min(len(extra), maxTold)])
	}
}

func within(list, others []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !slices.Contains(others, s) })
}

func without(list, others []string) []string {
	have := map[string]bool{}
	for _, o := range others {
		have[o] = true
	}
	var left []string
	for _, l := range list {
		if !have[l] && !slices.Contains(left, l) {
			left = append(left, l)
		}
	}
	return left
}

// Oracle compares every lock of the corpus with what the script says of it.
// Args come before the name of the lock.
func Oracle(t T, tool Tool, c *sbom.Collector, python, script string, args []string, patterns ...string) {
	t.Helper()
	locks, packages, edges, runs := 0, 0, 0, 0
	for _, name := range Locks(t, patterns...) {
		want := Ask(t, tool, python, script, append(slices.Clone(args), name)...)
		if want.Skip != "" {
			t.Logf("%s is passed over: %s", name, want.Skip)
			continue
		}
		seen, err := Read(c, name)
		if err != nil {
			t.Logf("%s: %v", name, err)
		}
		if want.Valid != nil && *want.Valid != (err == nil) {
			t.Errorf("%s: it follows the specification: %v; read with %v", name, *want.Valid, err)
		}
		Compare(t, name, Of(seen, want.Runs), want)
		locks, packages, edges, runs = locks+1, packages+len(want.Packages), edges+len(want.Edges), runs+len(want.Runs)
	}
	t.Logf("%d locks, %d packages, %d edges, %d runs", locks, packages, edges, runs)
}
