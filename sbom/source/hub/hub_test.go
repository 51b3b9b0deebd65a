package hub_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/hub"
	"github.com/mlbom/mlbom/sbom/source/hub/hubtest"
)

// weights is the start of a safetensors file whose one tensor has n bytes of zero.
func weights(n int64) hubtest.File {
	header, _ := json.Marshal(map[string]any{"w": map[string]any{"dtype": "F32", "shape": []int64{n / 4}, "data_offsets": []int64{0, n}}})
	return hubtest.File{Data: append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...), LFS: true, Zeros: n}
}

var day = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func model() *hubtest.Repo {
	card := "---\nlicense: apache-2.0\n---\n# Tiny\n"
	return &hubtest.Repo{
		Kind: "models", ID: "acme/tiny", Tags: map[string]int{"v1": 0, "feature/x": 1},
		Info: map[string]any{"downloads": 12, "downloadsAllTime": 345, "likes": 6, "library_name": "transformers", "pipeline_tag": "text-generation",
			"tags": []string{"transformers", "base_model:acme/base", "base_model:finetune:acme/base", "dataset:acme/data", "license:apache-2.0", "region:us"}},
		Commits: []hubtest.Commit{
			{Authors: []string{"ann"}, Date: day, Files: map[string]hubtest.File{"README.md": {Data: []byte(card)}, "model.safetensors": weights(4096)}},
			{Authors: []string{"ann", "bob"}, Date: day.AddDate(0, 0, 1), Files: map[string]hubtest.File{
				"README.md": {Data: []byte(card + "more\n")}, "model.safetensors": weights(4096), "sub/a b#1%.txt": {Data: []byte("text")},
				"pytorch_model.bin": {Data: []byte("\x80\x02cos\nsystem\nX\x02\x00\x00\x00idq\x00\x85R."), LFS: true}}},
		},
		Security: map[string]any{
			"model.safetensors": map[string]any{"status": "safe", "avScan": map[string]any{"status": "safe"}, "pickleImportScan": map[string]any{"status": "unscanned"}},
			"pytorch_model.bin": map[string]any{"status": "unsafe", "avScan": map[string]any{"status": "safe"},
				"pickleImportScan": map[string]any{"status": "unsafe", "pickleImports": []any{map[string]any{"module": "os", "name": "system", "safety": "dangerous"}}}},
		},
		Issues: []map[string]string{{"path": "pytorch_model.bin", "level": "unsafe"}},
	}
}

// start starts a hub, and gives a client that does not wait.
func start(t *testing.T, repos ...*hubtest.Repo) (*hubtest.Server, *source.Client, *[]time.Duration) {
	t.Helper()
	s := hubtest.Start(repos...)
	t.Cleanup(s.Close)
	var waits []time.Duration
	c := source.NewClient(source.Options{Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }})
	return s, c, &waits
}

func open(t *testing.T, s *hubtest.Server, c *source.Client, text string) (*hub.Repository, error) {
	t.Helper()
	n, err := hub.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return hub.Open(t.Context(), n, hub.Options{Endpoint: s.URL, Token: s.Token, Client: c})
}

func property(c sbom.Component, name string) string {
	var all []string
	for _, p := range c.Properties {
		if p.Name == "mlbom:hub:"+name {
			all = append(all, p.Value)
		}
	}
	return strings.Join(all, "; ")
}

func TestParse(t *testing.T) {
	for text, want := range map[string]hub.Name{
		"hf://acme/tiny":              {Kind: hub.Models, ID: "acme/tiny"},
		"hf://gpt2@refs/pr/1":         {Kind: hub.Models, ID: "gpt2", Revision: "refs/pr/1"},
		"hf://datasets/acme/d@v1.0":   {Kind: hub.Datasets, ID: "acme/d", Revision: "v1.0"},
		"hf://datasets/squad":         {Kind: hub.Datasets, ID: "squad"},
		"hf://spaces/acme/s/":         {Kind: hub.Spaces, ID: "acme/s"},
		"hf://models/acme/tiny@main":  {Kind: hub.Models, ID: "acme/tiny", Revision: "main"},
		"hf://":                       {},
		"hf://a/b/c":                  {},
		"hf://spaces/s":               {},
		"hf://acme/../x":              {},
		"hf://acme/tiny@":             {},
		"hf://acme/tiny@-x":           {},
		"hf://acme/tiny@a..b":         {},
		"hf://acme/tiny@a b":          {},
		"hf://acme/ti\x1bny":          {},
		"https://huggingface.co/a/b":  {},
		"hf://acme/tiny?x=1":          {},
		"hf://acme--x/tiny":           {},
		"hf://user:secret@host/model": {},
	} {
		got, err := hub.Parse(text)
		if got != want || (err != nil) != (want == hub.Name{}) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

func TestTree(t *testing.T) {
	s, c, _ := start(t, model())
	s.PageSize = 2
	r, err := open(t, s, c, "hf://acme/tiny")
	if err != nil {
		t.Fatal(err)
	}
	if r.Commit != model().Oid(1) || len(r.Problems) > 0 {
		t.Errorf("commit %s, problems %v", r.Commit, r.Problems)
	}
	if err := fstest.TestFS(r.Tree, "README.md", "model.safetensors", "sub/a b#1%.txt"); err != nil {
		t.Error(err)
	}
	for name, f := range model().Commits[1].Files {
		want, _ := io.ReadAll(io.MultiReader(bytes.NewReader(f.Data), bytes.NewReader(make([]byte, f.Zeros))))
		got, err := fs.ReadFile(r.Tree, name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes of %d, %v", name, len(got), len(want), err)
		}
		d, err := sbom.NewFile(r.Tree, name).Digest()
		if err != nil || d.SHA256() != f.SHA256() || d.Size != f.Size() || d.Asserted != f.LFS {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	if found := r.Tree.Findings("hub"); len(found) > 0 {
		t.Errorf("findings %+v", found)
	}
}

func TestFacts(t *testing.T) {
	s, c, _ := start(t, model())
	r, err := open(t, s, c, "hf://acme/tiny@v1")
	if err != nil {
		t.Fatal(err)
	}
	commit := model().Oid(0)
	about := r.Facts[0]
	if about.Name != "acme/tiny" || about.Version != commit || about.Kind != sbom.KindModel || about.Keys.Path != "./" || about.Publisher != "acme" ||
		!strings.HasPrefix(about.Keys.PURL, "pkg:huggingface/acme/tiny@"+commit+"?repository_url=http") {
		t.Errorf("%+v", about.Component)
	}
	for name, want := range map[string]string{"revision": "v1", "created": "2026-01-02T03:04:05Z", "last-modified": "2026-01-03T03:04:05Z", "downloads": "12",
		"downloads-all-time": "345", "likes": "6", "commits": "1", "first-commit-date": "2026-01-02T03:04:05Z", "last-authors": "ann", "main": model().Oid(1), "changed-since": "3",
		"changed-file": "README.md (changed); pytorch_model.bin (added); sub/a b#1%.txt (added)", "scans-done": "true", "gated": "", "private": "", "files": "2"} {
		if got := property(about.Component, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	said := r.Facts[1]
	if said.Model.Task != "text-generation" || said.Model.Library != "transformers" || !slices.Equal(said.Tags, []string{"transformers"}) || !said.Hint {
		t.Errorf("%+v", said.Component)
	}
	var links []string
	for _, l := range said.Links {
		links = append(links, fmt.Sprint(l.Rel, " ", l.Note, " ", l.To.Keys.PURL, l.To.Keys.URL))
	}
	if want := []string{"derived-from finetune pkg:huggingface/acme/base", "trained-on  https://huggingface.co/datasets/acme/data"}; !slices.Equal(links, want) {
		t.Errorf("%q", links)
	}
	if len(r.Facts) != 3 || property(r.Facts[2].Component, "security") != "safe" || len(r.Facts[2].Findings) > 0 {
		t.Errorf("%+v", r.Facts[2:])
	}
}

func TestScannersOfTheHub(t *testing.T) {
	s, c, _ := start(t, model())
	r, err := open(t, s, c, "hf://acme/tiny")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(r.Facts, func(s sbom.Sighting) bool { return s.Keys.Path == "pytorch_model.bin" })
	if i < 0 || len(r.Facts[i].Findings) != 1 {
		t.Fatalf("%+v", r.Facts)
	}
	f := r.Facts[i].Findings[0]
	if want := "the hub reports pytorch_model.bin as unsafe: pickle-import unsafe, imports os.system (dangerous)"; f.Rule != sbom.RuleReported || f.Message != want {
		t.Errorf("%q", f.Message)
	}
	if got := property(r.Facts[i].Component, "security:pickle-import"); got != "unsafe" {
		t.Errorf("%q", got)
	}
}

func TestRefusals(t *testing.T) {
	gated, private := model(), model()
	gated.ID, gated.Gated = "acme/gated", "manual"
	private.ID, private.Private = "acme/private", true
	s, c, _ := start(t, model(), gated, private)
	at := strings.TrimPrefix(s.URL, "http://")
	for text, want := range map[string]string{
		"hf://acme/none":          "there is no model " + at + "/acme/none; where it is private, set HF_TOKEN to a token that may read it",
		"hf://datasets/acme/tiny": "there is no dataset " + at + "/datasets/acme/tiny; where it is private, set HF_TOKEN to a token that may read it",
		"hf://acme/private":       "there is no model " + at + "/acme/private; where it is private, set HF_TOKEN to a token that may read it",
		"hf://acme/tiny@v9":       at + `/acme/tiny has no branch, tag or commit "v9"`,
		"hf://acme/gated":         at + "/acme/gated is gated: ask for access at " + s.URL + "/acme/gated, then set HF_TOKEN to a token of that account",
	} {
		if _, err := open(t, s, c, text); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", text, err, want)
		}
	}
	s.Token = "hf_secret"
	for _, text := range []string{"hf://acme/gated", "hf://acme/private", "hf://acme/tiny@feature/x"} {
		r, err := open(t, s, c, text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if _, err := fs.ReadFile(r.Tree, "model.safetensors"); err != nil {
			t.Error(err)
		}
	}
	for _, q := range s.Requests() {
		if q.CDN && q.Authorization != "" {
			t.Errorf("the token went to another host: %+v", q)
		}
	}
}

// TestRenamed: a repository is known by the name that it has now.
func TestRenamed(t *testing.T) {
	repo := model()
	repo.Was = "acme/old"
	s, c, _ := start(t, repo)
	r, err := open(t, s, c, "hf://acme/old@v1")
	if err != nil {
		t.Fatal(err)
	}
	if about := r.Facts[0].Component; r.ID != "acme/tiny" || about.Name != "acme/tiny" || property(about, "renamed-from") != "acme/old" {
		t.Errorf("%+v", about)
	}
	if _, err := fs.ReadFile(r.Tree, "README.md"); err != nil {
		t.Error(err)
	}
}

func TestBadHubs(t *testing.T) {
	s, c, _ := start(t, model())
	for name, body := range map[string]string{"HTML": "<html>", "no commit": `{"id":"acme/tiny"}`, "a list": `[]`, "another commit": `{"id":"acme/tiny","sha":"1111111111111111111111111111111111111111"}`} {
		s.Fault = func(w http.ResponseWriter, r *http.Request) bool { io.WriteString(w, body); return true }
		if _, err := open(t, s, c, "hf://acme/tiny@"+model().Oid(0)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	other := "http://127.0.0.1:9/next"
	for name, link := range map[string]string{"another host": other, "itself": ""} {
		s.Fault = func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, "/tree/") {
				w.Header().Set("Link", fmt.Sprintf("<%s>; rel=\"next\"", cmp(link, r.URL.String())))
				io.WriteString(w, "[]")
				return true
			}
			return false
		}
		if _, err := open(t, s, c, "hf://acme/tiny"); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.Fault = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "/tree/") {
			io.WriteString(w, `[{"type":"file","path":"../x","size":1,"oid":"a"},{"type":"file","path":"a","size":1},{"type":"file","path":"a/b","size":1},{"type":"file","path":"a","size":1},{"type":"file","path":"n","size":-1}]`)
			return true
		}
		return false
	}
	r, err := open(t, s, c, "hf://acme/tiny")
	if err != nil || len(r.Problems) != 4 {
		t.Errorf("%v, %v", r.Problems, err)
	}
}

func cmp(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestLimits(t *testing.T) {
	s, c, waits := start(t, model())
	var mu sync.Mutex
	refuse := 2
	s.Fault = func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		if refuse--; refuse < 0 {
			return false
		}
		if refuse == 1 {
			w.Header().Set("RateLimit", `"api";r=0;t=55`)
			w.Header().Set("RateLimit-Policy", `"fixed window";"api";q=500;w=300`)
		} else {
			w.Header().Set("Retry-After", "7")
		}
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	if _, err := open(t, s, c, "hf://acme/tiny"); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{56 * time.Second, 7 * time.Second}; !slices.Equal(*waits, want) {
		t.Errorf("waited %v, want %v", *waits, want)
	}
	refuse, *waits = 1000, nil
	if _, err := open(t, s, c, "hf://acme/tiny"); err == nil || !strings.Contains(err.Error(), "too many requests, try again after 7") || len(*waits) != 4 {
		t.Errorf("%v, %v", err, *waits)
	}
	s.Fault = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Retry-After", "86400")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}
	if *waits = nil; true {
		_, err := open(t, s, c, "hf://acme/tiny")
		if err == nil || !strings.Contains(err.Error(), "try again after 86400") || len(*waits) != 0 {
			t.Errorf("%v, %v", err, *waits)
		}
	}
}

// TestLies: bytes that are not those of the commit are no content.
func TestLies(t *testing.T) {
	repo := model()
	repo.Commits, repo.Tags = repo.Commits[1:], nil
	lie := func(name string, sent []byte) {
		f := repo.Commits[0].Files[name]
		f.Sent = sent
		repo.Commits[0].Files[name] = f
	}
	lie("README.md", bytes.Repeat([]byte("x"), len(repo.Commits[0].Files["README.md"].Data)))
	lie("pytorch_model.bin", []byte("short"))
	lie("model.safetensors", bytes.Repeat([]byte("x"), len(weights(4096).Data)))
	s, c, _ := start(t, repo)
	r, err := open(t, s, c, "hf://acme/tiny")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"README.md", "pytorch_model.bin", "model.safetensors"} {
		if data, err := fs.ReadFile(r.Tree, name); err == nil {
			t.Errorf("%s: %d bytes and no error", name, len(data))
		}
	}
	found := r.Tree.Findings("hub")
	if len(found) != 2 || found[0].Keys.Path != "README.md" || found[1].Keys.Path != "model.safetensors" || found[0].Findings[0].Rule != sbom.RuleDigest {
		t.Errorf("%+v", found)
	}
}

// TestHuge: of a terabyte only the header is fetched, and memory stays small.
func TestHuge(t *testing.T) {
	repo := model()
	repo.Commits = repo.Commits[:1]
	repo.Commits[0].Files["model.safetensors"] = weights(1 << 40)
	s, c, _ := start(t, repo)
	r, err := open(t, s, c, "hf://acme/tiny")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 16 { // all at once
		wait.Go(func() {
			f, err := r.Tree.Open("model.safetensors")
			if err != nil {
				t.Error(err)
				return
			}
			defer f.Close()
			head := make([]byte, 200)
			if _, err := io.ReadFull(f, head); err != nil || !bytes.Contains(head, []byte(`"F32"`)) {
				t.Errorf("%q, %v", head, err)
			}
			if n, err := f.(io.ReaderAt).ReadAt(head, 1<<40); n == 0 || err != nil && !errors.Is(err, io.EOF) {
				t.Errorf("%d, %v", n, err)
			}
		})
	}
	wait.Wait()
	if n, _ := c.Fetched(); n > 200<<10 {
		t.Errorf("fetched %d bytes", n)
	}
	var m runtime.MemStats
	f, _ := r.Tree.Open("model.safetensors")
	if n, err := io.CopyN(io.Discard, f, 300<<20); err != nil { // read on and on
		t.Error(n, err)
	}
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 2*source.CacheSize {
		t.Errorf("%d MB are held", m.HeapAlloc>>20)
	}
}
