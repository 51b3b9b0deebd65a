package scan

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// counting counts how often each file is opened.
type counting struct {
	fs.FS
	mu     *sync.Mutex
	opened map[string]int
}

func count(fsys fs.FS) counting { return counting{fsys, &sync.Mutex{}, map[string]int{}} }

func (c counting) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err == nil {
		if info, _ := f.Stat(); info != nil && !info.IsDir() {
			c.mu.Lock()
			c.opened[name]++
			c.mu.Unlock()
		}
	}
	return f, err
}

// Stat does not open.
func (c counting) Stat(name string) (fs.FileInfo, error) { return fs.Stat(c.FS, name) }

// reader is a collector that says which files it got, and what is in them.
func reader(name string, match ...string) *sbom.Collector {
	return &sbom.Collector{Name: name, Doc: name, Match: match, Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		text, err := f.Text()
		if err != nil {
			return nil, err
		}
		s := sbom.Sighting{}
		s.Kind, s.Name, s.Keys.Path, s.Description = sbom.KindFile, name, f.Path, text
		return []sbom.Sighting{s}, nil
	}}
}

// magic is a collector that also knows its bytes.
func magic(name, head string, match ...string) *sbom.Collector {
	c := reader(name, match...)
	c.Sniff = func(b []byte) bool { return strings.HasPrefix(string(b), head) }
	return c
}

func scan(t *testing.T, fsys fs.FS, o Options, all ...*sbom.Collector) sbom.Report {
	t.Helper()
	report, err := Run(t.Context(), fsys, all, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// got lists "collector path" of what was seen.
func got(r sbom.Report) []string {
	var list []string
	for _, s := range r.Sightings {
		list = append(list, s.Where.By+" "+s.Where.Path)
	}
	return list
}

// told lists "path: reason" of the problems.
func told(r sbom.Report) []string {
	var list []string
	for _, p := range r.Problems {
		list = append(list, p.Path+": "+p.Reason)
	}
	return list
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestOnlyMatchedFilesAreOpenedAndOnce(t *testing.T) {
	tree := count(fstest.MapFS{"go.mod": file("x"), "main.go": file("x"), "a/b/go.mod": file("y"), "a/data.bin": file(strings.Repeat("z", 99))})
	r := scan(t, tree, Options{}, reader("one", "go.mod"), reader("two", "go.mod", "*.none"))
	equal(t, "seen", got(r), "one a/b/go.mod", "two a/b/go.mod", "one go.mod", "two go.mod")
	if len(tree.opened) != 2 || tree.opened["go.mod"] != 1 || tree.opened["a/b/go.mod"] != 1 {
		t.Errorf("opened %v", tree.opened)
	}
}

// remote is a file of a hub.
func remote(text string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(text), Sys: &sbom.Stated{}}
}

func TestUnnamedFilesAreOpenedOnceForTheirHead(t *testing.T) {
	big, small := strings.Repeat("x", SniffText), strings.Repeat(".", 50)
	tree := count(fstest.MapFS{"hidden.bin": file("MAGIC" + small), "other.bin": file(small), "other.py": file(small), "tiny.bin": file("MAGIC"), "near.py": file("MAGIC" + small),
		"far.py": remote("MAGIC" + small), "far.bin": remote("MAGIC" + small), "big.py": remote("MAGIC" + big)})
	r := scan(t, tree, Options{}, magic("m", "MAGIC", "*.m"))
	equal(t, "seen", got(r), "m big.py", "m far.bin", "m hidden.bin", "m near.py")
	for name, want := range map[string]int{"other.bin": 1, "other.py": 1, "tiny.bin": 0, "far.py": 0} {
		if tree.opened[name] != want {
			t.Errorf("%s opened %d times, want %d", name, tree.opened[name], want)
		}
	}
}

func TestBytesDecideAgainstTheName(t *testing.T) {
	tree := fstest.MapFS{"x.safe": file("PICKLE" + strings.Repeat(".", 50)), "y.safe": file("SAFE" + strings.Repeat(".", 50)), "z.safe": file("what" + strings.Repeat(".", 50))}
	r := scan(t, tree, Options{}, magic("safe", "SAFE", "*.safe"), magic("pickle", "PICKLE", "*.pkl"))
	equal(t, "seen", got(r), "pickle x.safe", "safe y.safe", "safe z.safe")
	for _, s := range r.Sightings {
		want := 0
		if s.Where.Path == "x.safe" {
			want = 1
		}
		if len(s.Findings) != want || want == 1 && (s.Findings[0].Rule != sbom.RuleMismatch || !strings.Contains(s.Findings[0].Message, "the name says safe, the bytes say pickle")) {
			t.Errorf("%s: findings %+v", s.Where.Path, s.Findings)
		}
	}
}

// TestSomeNamesPromiseNothing: a program may be called x.bin, weights may not be
// one.
func TestSomeNamesPromiseNothing(t *testing.T) {
	program := "ELF" + strings.Repeat(".", 50)
	tree := fstest.MapFS{"server.bin": file(program), "pytorch_model.bin": file(program), "model.ckpt": file(program)}
	r := scan(t, tree, Options{}, magic("pickle", "PICKLE", "*.bin", "*.ckpt"), magic("elf", "ELF", "*.exe"))
	equal(t, "seen", got(r), "elf model.ckpt", "elf pytorch_model.bin", "elf server.bin")
	for _, s := range r.Sightings {
		if told := len(s.Findings) > 0; told != (s.Where.Path == "pytorch_model.bin") {
			t.Errorf("%s: findings %+v", s.Where.Path, s.Findings)
		}
	}
}

// TestEndingsOfManyFormats: a name like x.json promises JSON, and no one format of it.
func TestEndingsOfManyFormats(t *testing.T) {
	rest := strings.Repeat(".", 50)
	tree := fstest.MapFS{"a.json": file(`{"other"` + rest), "b.json": file("(other" + rest), "c.yaml": file("other: x" + rest), "d.yaml": file("\x80other" + rest), "e.yml": file("other\x00" + rest), "f.safe": file(`{"other"` + rest)}
	other := magic("other", "", "*.other")
	other.Sniff = func(head []byte) bool { return strings.Contains(string(head), "other") }
	r := scan(t, tree, Options{}, magic("safe", "SAFE", "*.json", "*.yaml", "*.yml", "*.safe"), other)
	for _, s := range r.Sightings {
		want := 1
		if p := s.Where.Path; p == "a.json" || p == "c.yaml" {
			want = 0
		}
		if s.Where.By != "other" || len(s.Findings) != want {
			t.Errorf("%s by %s: findings %+v", s.Where.Path, s.Where.By, s.Findings)
		}
	}
	if len(r.Sightings) != len(tree) {
		t.Errorf("%d sightings of %d files", len(r.Sightings), len(tree))
	}
}

// TestFirstBytesCanErr: a collector that knows the first bytes and then makes
// nothing of the file leaves it to those that its name is for.
func TestFirstBytesCanErr(t *testing.T) {
	program := magic("program", "ELF")
	program.Collect = func(context.Context, *sbom.File) ([]sbom.Sighting, error) { return nil, nil }
	tree := fstest.MapFS{"x.bin": file("ELF" + strings.Repeat(".", 50)), "y.png": file("ELF\x00" + strings.Repeat(".", SniffText))}
	r := scan(t, tree, Options{}, program, magic("pickle", "PICKLE", "*.bin"))
	equal(t, "seen", got(r), "pickle x.bin")
	if len(r.Sightings[0].Findings) > 0 {
		t.Errorf("findings %+v", r.Sightings[0].Findings)
	}
}

// TestSharedFirstBytes: of several formats that begin alike, the one that the name
// is for is asked first, and the others where it makes nothing of the file.
func TestSharedFirstBytes(t *testing.T) {
	one, two := magic("one", "PK", "*.one"), magic("two", "PK", "*.two")
	one.Collect = func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		if f.Path == "b.one" {
			return nil, nil
		}
		return two.Collect(t.Context(), f)
	}
	tree := fstest.MapFS{"a.one": file("PK" + strings.Repeat(".", 50)), "b.one": file("PK" + strings.Repeat(".", 50))}
	r := scan(t, tree, Options{}, one, two)
	equal(t, "seen", got(r), "one a.one", "two b.one")
	if f := r.Sightings[1].Findings; len(r.Sightings[0].Findings) > 0 || len(f) != 1 || f[0].Message != "the name says one, the bytes say two" {
		t.Errorf("findings %+v, %+v", r.Sightings[0].Findings, f)
	}
}

func TestPanicsAreFenced(t *testing.T) {
	bad := &sbom.Collector{Name: "bad", Match: []string{"*"}, Sniff: func([]byte) bool { panic("sniff") },
		Collect: func(context.Context, *sbom.File) ([]sbom.Sighting, error) { panic("at once") }}
	r := scan(t, fstest.MapFS{"a.txt": file("a")}, Options{}, bad, reader("good", "*.txt"))
	equal(t, "seen", got(r), "good a.txt")
	if p := told(r); len(p) != 1 || !strings.Contains(p[0], "a.txt: the collector failed: at once") || r.Problems[0].By != "bad" {
		t.Errorf("problems %q", p)
	}
}

func TestErrorsKeepWhatWasRead(t *testing.T) {
	half := &sbom.Collector{Name: "half", Match: []string{"*.x"}, Collect: func(context.Context, *sbom.File) ([]sbom.Sighting, error) {
		return []sbom.Sighting{{Component: sbom.Component{Name: "first"}}}, errors.Join(&sbom.Problem{Line: 7, Reason: "broken"}, errors.New("and more"))
	}}
	r := scan(t, fstest.MapFS{"a.x": file("")}, Options{}, half)
	equal(t, "seen", got(r), "half a.x")
	equal(t, "told", told(r), "a.x: broken", "a.x: and more")
	if r.Problems[0].Line != 7 || r.Problems[0].By != "half" {
		t.Errorf("%+v", r.Problems[0])
	}
}

func TestSkippedAndExcluded(t *testing.T) {
	tree := fstest.MapFS{}
	for _, name := range []string{".git/a.x", "node_modules/p/a.x", "keep/a.x", "keep/old/a.x", "data/a.x", "deep/data/a.x", "venv/pyvenv.cfg", "venv/lib/a.x", "venv/models/a.x", "deep/b.x"} {
		tree[name] = file("")
	}
	c := reader("c", "*.x")
	equal(t, "no patterns", got(scan(t, tree, Options{}, c)), "c data/a.x", "c deep/b.x", "c deep/data/a.x", "c keep/a.x", "c keep/old/a.x", "c venv/models/a.x")
	equal(t, "patterns", got(scan(t, tree, Options{Exclude: []string{"/data", "**/old", "b.*", "venv/"}}, c)), "c deep/data/a.x", "c keep/a.x")
	equal(t, "everything in", got(scan(t, tree, Options{Exclude: []string{"deep/**", "keep/*.x", "venv", "data/"}}, c)), "c keep/old/a.x")
	for _, bad := range []string{"!a", "[", "a//b", "../x", ""} {
		if err := CheckExclude([]string{bad}); err == nil {
			t.Errorf("pattern %q was taken", bad)
		}
	}
}

// TestEnvironments: below the folders of packages nothing is opened but what
// installers write, whoever knows the bytes or the name of the rest.
func TestEnvironments(t *testing.T) {
	tree := fstest.MapFS{}
	site := "v/lib/python3.12/site-packages/"
	for _, name := range []string{
		"v/pyvenv.cfg", "v/bin/METADATA", "v/share/a.json", "v/models/METADATA",
		site + "a-1.dist-info/METADATA", site + "a-1.dist-info/sboms/b.json", site + "a-1.dist-info/licenses/x/METADATA",
		site + "b.egg-info", site + "b-1.egg-info/METADATA", site + "start.pth", site + "a/weights.pth", site + "a/METADATA", site + "a/a.json",
		site + "a/_vendor/c-1.dist-info/METADATA", site + "a/__pycache__/d.dist-info/METADATA", site + "e-1-py3.egg/EGG-INFO/METADATA",
		"c/conda-meta/a-1-0.json", "c/lib/a.json", "c/pkgs/a/METADATA", "c/envs/x/METADATA",
		"plain/site-packages/a-1.dist-info/METADATA", "plain/site-packages/a/a.json",
	} {
		tree[name] = file("magic bytes of a known kind")
	}
	tree["v/lib64"] = &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte("lib")}
	c := reader("c", "METADATA", "*.json", "*.pth", "*.egg-info")
	equal(t, "seen", got(scan(t, tree, Options{}, c, magic("m", "magic"))),
		"c c/conda-meta/a-1-0.json", "c c/envs/x/METADATA", "c plain/site-packages/a-1.dist-info/METADATA", "c plain/site-packages/a/a.json",
		"c "+site+"a-1.dist-info/METADATA", "c "+site+"a-1.dist-info/licenses/x/METADATA", "c "+site+"a-1.dist-info/sboms/b.json",
		"c "+site+"a/_vendor/c-1.dist-info/METADATA", "c "+site+"b-1.egg-info/METADATA", "c "+site+"b.egg-info",
		"c "+site+"e-1-py3.egg/EGG-INFO/METADATA", "c "+site+"start.pth", "c v/models/METADATA", "m v/pyvenv.cfg")
}

func TestReportIsTheSameForAnyNumberOfWorkers(t *testing.T) {
	tree := fstest.MapFS{}
	for i := range 400 {
		tree[fmt.Sprintf("d%d/f%d.x", i%7, i)] = file(fmt.Sprint("text ", i))
	}
	all := []*sbom.Collector{reader("b", "*.x"), reader("a", "f1*.x"), magic("m", "text 2")}
	var first []byte
	for _, workers := range []int{1, 2, 8, 33} {
		now, err := json.Marshal(scan(t, tree, Options{Workers: workers}, all...))
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = now
		}
		if string(now) != string(first) {
			t.Errorf("another report with %d workers", workers)
		}
	}
}

func TestLinksAreBounded(t *testing.T) {
	r := results{limit: 3 + 4*linkWeight}
	for i := range 4 {
		r.add(result{path: fmt.Sprint(i), sightings: []sbom.Sighting{{Links: make([]sbom.Link, 2)}}})
	}
	if report := r.report(); len(report.Sightings) != 2 || len(report.Problems) != 1 || report.Problems[0].Path != "2" {
		t.Errorf("%d sightings, %+v", len(report.Sightings), report.Problems)
	}
}

func TestReportIsCutAtItsLimit(t *testing.T) {
	for range 5 {
		r := results{limit: 10}
		var group sync.WaitGroup
		for i := range 40 {
			group.Go(func() {
				r.add(result{path: fmt.Sprintf("%02d", i), sightings: make([]sbom.Sighting, 3-2*(i/20))})
			})
		}
		group.Wait()
		report := r.report()
		if len(report.Sightings) != 9 || len(report.Problems) != 1 || report.Problems[0].Path != "03" || !strings.Contains(report.Problems[0].Reason, "too many things, links and problems") {
			t.Fatalf("%d sightings, %+v", len(report.Sightings), report.Problems)
		}
	}
}

func TestTooManyOfOneFile(t *testing.T) {
	many := &sbom.Collector{Name: "many", Match: []string{"*.x"}, Collect: func(context.Context, *sbom.File) ([]sbom.Sighting, error) {
		return make([]sbom.Sighting, MaxPerFile+5), nil
	}}
	r := scan(t, fstest.MapFS{"a.x": file("")}, Options{}, many)
	if len(r.Sightings) != MaxPerFile || len(r.Problems) != 1 {
		t.Errorf("%d sightings, problems %q", len(r.Sightings), told(r))
	}
}

func TestDeepAndOddNames(t *testing.T) {
	deep := strings.Repeat("d/", MaxDepth+1) + "a.x"
	tree := fstest.MapFS{deep: file(""), "bad\xff.x": file(""), strings.Repeat("n", MaxPath+1) + ".x": file("")}
	r := scan(t, tree, Options{}, reader("c", "*.x"))
	equal(t, "seen", got(r))
	if p := told(r); len(p) != 3 || !strings.Contains(strings.Join(p, "\n"), "folders deep") || !strings.Contains(strings.Join(p, "\n"), "not UTF-8") || !strings.Contains(strings.Join(p, "\n"), "longer than") {
		t.Errorf("%q", p)
	}
}

func TestProgressCounts(t *testing.T) {
	tree := fstest.MapFS{"a.x": file("12345"), "b.x": file("1"), "c.y": file("")}
	var last Event
	scan(t, tree, Options{Progress: func(e Event) { last = e }}, reader("c", "*.x"))
	if last.Files != 3 || last.Taken != 2 || last.Done != 2 || last.Bytes != 6 || last.Sightings != 2 {
		t.Errorf("%+v", last)
	}
}

func TestContextEndsTheScan(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	stop := &sbom.Collector{Name: "stop", Match: []string{"*.x"}, Collect: func(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
		cancel()
		_, err := f.Text()
		return nil, err
	}}
	if _, err := Run(ctx, fstest.MapFS{"a.x": file(""), "b.x": file("")}, []*sbom.Collector{stop}, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// onDisk makes a tree; a text that begins with "->" is a link.
func onDisk(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if target, link := strings.CutPrefix(text, "->"); link {
			if err := os.Symlink(target, at); err != nil {
				t.Skip("no symbolic links here: ", err)
			}
		} else if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func scanDir(t *testing.T, dir string, all ...*sbom.Collector) sbom.Report {
	t.Helper()
	fsys, closer, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closer.Close()
	return scan(t, fsys, Options{}, all...)
}

func TestLinksStayInside(t *testing.T) {
	outside := onDisk(t, map[string]string{"secret.x": "secret"})
	dir := onDisk(t, map[string]string{
		"real/a.x": "a", "file.x": "->real/a.x", "up/b.x": "->../real/a.x", "abs.x": "->" + filepath.Join(outside, "secret.x"), "rel.x": "->../../../../../../../../etc/passwd.x",
		"nowhere.x": "->gone.x", "circle.x": "->circle2.x", "circle2.x": "->circle.x", "self": "->.", "parent": "->..", "again": "->real", "real/loop": "->../real",
		"out": "->" + outside,
	})
	r := scanDir(t, dir, reader("c", "*.x"))
	equal(t, "seen", got(r), "c file.x", "c real/a.x", "c up/b.x")
	for _, s := range r.Sightings {
		if s.Description != "a" {
			t.Errorf("%s holds %q", s.Where.Path, s.Description)
		}
	}
	equal(t, "told", told(r), "abs.x: "+errAbsolute.Error(), "circle.x: "+errCircle.Error(), "circle2.x: "+errCircle.Error(), "nowhere.x: "+errNowhere.Error(), "rel.x: "+errLeaves.Error())
}

// TestHubCache: the blobs of a cache have no telling names and are shown by the
// links in the snapshots alone.
func TestHubCache(t *testing.T) {
	dir := onDisk(t, map[string]string{
		"models--org--m/blobs/0011":                      "MAGIC" + strings.Repeat(".", 50),
		"models--org--m/blobs/2233":                      "text",
		"models--org--m/snapshots/abc/model.safetensors": "->../../blobs/0011",
		"models--org--m/snapshots/abc/note.x":            "->../../blobs/2233",
		"models--org--m/snapshots/def/weights.bin":       "->../../blobs/0011",
	})
	r := scanDir(t, dir, magic("m", "MAGIC", "*.safetensors"), reader("c", "*.x"))
	equal(t, "seen", got(r), "m models--org--m/snapshots/abc/model.safetensors", "c models--org--m/snapshots/abc/note.x", "m models--org--m/snapshots/def/weights.bin")
}

func TestFolderLinkIntoATreeThatIsNotWalkedOtherwise(t *testing.T) {
	dir := onDisk(t, map[string]string{"node_modules/hidden/a.x": "a", "shown": "->node_modules/hidden"})
	equal(t, "seen", got(scanDir(t, dir, reader("c", "*.x"))), "c shown/a.x")
}

func TestSpecialFilesDoNotBlock(t *testing.T) {
	dir := onDisk(t, map[string]string{"a.x": "a", "link.x": "->pipe.x"})
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.x"), 0o600); err != nil {
		t.Skip("no pipes here: ", err)
	}
	done := make(chan sbom.Report, 1)
	go func() { done <- scanDir(t, dir, reader("c", "*.x"), magic("m", "MAGIC")) }()
	select {
	case r := <-done:
		equal(t, "seen", got(r), "c a.x")
		equal(t, "told", told(r), "link.x: not a regular file, so it was not opened", "pipe.x: not a regular file, so it was not opened")
	case <-time.After(20 * time.Second):
		t.Fatal("the scan waits for a pipe")
	}
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("the user may read everything")
	}
	dir := onDisk(t, map[string]string{"shut/a.x": "a", "b.x": "b", "c.x": "c"})
	for _, name := range []string{"shut", "b.x"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer func() { _ = os.Chmod(filepath.Join(dir, "shut"), 0o700) }()
	r := scanDir(t, dir, reader("c", "*.x"))
	equal(t, "seen", got(r), "c c.x")
	if p := told(r); len(p) != 2 {
		t.Errorf("%q", p)
	}
}

func TestOpen(t *testing.T) {
	dir := onDisk(t, map[string]string{"a.x": "a", "b.x": "b", "link.x": "->a.x"})
	for name, want := range map[string]string{"a.x": "c a.x", "link.x": "c link.x"} {
		equal(t, "a single file", got(scanDir(t, filepath.Join(dir, name), reader("c", "*.x"))), want)
	}
	if _, _, err := Open(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "does not exist; name a folder") {
		t.Error(err)
	}
}

func Fuzz(f *testing.F) {
	f.Add("a/b.x", "**/x", "MAGIC", "a/c.x")
	f.Add("models/m.bin", "/m*/", "\x80\x02", "go.mod")
	f.Fuzz(func(t *testing.T, name, exclude, text, other string) {
		tree := fstest.MapFS{}
		for _, n := range []string{name, other} {
			if fs.ValidPath(n) && n != "." {
				tree[n] = file(text)
			}
		}
		for n := range tree { // a file is no folder of another
			for m := range tree {
				if strings.HasPrefix(m, n+"/") {
					return
				}
			}
		}
		o := Options{Exclude: []string{exclude}}
		all := []*sbom.Collector{reader("c", "*.x", "go.mod"), magic("m", "MAGIC", "*.bin")}
		a, errA := Run(t.Context(), tree, all, o)
		if (errA != nil) != (CheckExclude(o.Exclude) != nil) {
			t.Fatal(errA)
		}
		o.Workers = 1
		b, _ := Run(t.Context(), tree, all, o)
		if !slices.Equal(got(a), got(b)) || !slices.Equal(told(a), told(b)) {
			t.Fatal("two scans differ")
		}
	})
}

// BenchmarkNothingMatches walks 50 000 files of which no collector takes any.
func BenchmarkNothingMatches(b *testing.B) {
	dir := b.TempDir()
	for i := range 50_000 {
		sub := filepath.Join(dir, fmt.Sprintf("d%03d", i/100))
		if i%100 == 0 {
			if err := os.Mkdir(sub, 0o755); err != nil {
				b.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(sub, fmt.Sprintf("f%05d.py", i)), []byte("x = 1\n"), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	all := []*sbom.Collector{reader("c", "go.mod", "*.gguf"), magic("m", "MAGIC", "*.safetensors")}
	fsys, closer, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer closer.Close()
	for b.Loop() {
		r, err := Run(b.Context(), fsys, all, Options{})
		if err != nil || len(r.Sightings) > 0 {
			b.Fatal(err, len(r.Sightings))
		}
	}
}

// TestNamesThatPromiseNothing: a collector that goes by names alone and finds
// nothing keeps no file from those that know its bytes.
func TestNamesThatPromiseNothing(t *testing.T) {
	tree := fstest.MapFS{"a-1.zip": file("MAGIC" + strings.Repeat(".", 50)), "b-1.zip": file(strings.Repeat(".", 50))}
	empty := &sbom.Collector{Name: "empty", Doc: "empty", Match: []string{"*-1.zip"}, Collect: func(context.Context, *sbom.File) ([]sbom.Sighting, error) { return nil, nil }}
	r := scan(t, tree, Options{}, empty, magic("m", "MAGIC"))
	equal(t, "seen", got(r), "m a-1.zip")
	if len(r.Sightings[0].Findings) > 0 {
		t.Errorf("findings %v", r.Sightings[0].Findings)
	}
	r = scan(t, tree, Options{}, reader("named", "*-1.zip"), magic("m", "MAGIC"))
	equal(t, "seen", got(r), "named a-1.zip", "named b-1.zip")
}
