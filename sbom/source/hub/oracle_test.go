package hub_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestLikeHuggingfaceHub: the hub's own client reads from the server of the tests
// what we read from it. It shows that the server speaks the interface, and that we
// understand it as they do.
func TestLikeHuggingfaceHub(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON names no Python with huggingface_hub")
	}
	if err := exec.Command(python, "-c", "import huggingface_hub").Run(); err != nil {
		t.Skip("the Python of MLBOM_ORACLE_PYTHON has no huggingface_hub")
	}
	s, c, _ := start(t, model())
	s.PageSize = 2
	cmd := exec.Command(python, "testdata/oracle.py", s.URL, "acme/tiny", "feature/x", t.TempDir())
	cmd.Env = append(os.Environ(), "HF_HOME="+t.TempDir(), "HF_HUB_DISABLE_PROGRESS_BARS=1", "HF_HUB_DISABLE_TELEMETRY=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
	}
	var theirs struct {
		ID, Commit, Created, Modified, Author, Task, Library, Main string
		Downloads, Likes                                           int64
		Commits                                                    [][]any
		Siblings                                                   []string
		Security                                                   map[string]string
		Files                                                      map[string]struct {
			Size              int64
			Blob, LFS, SHA256 string
		}
	}
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r, err := open(t, s, c, "hf://acme/tiny@feature/x")
	if err != nil {
		t.Fatal(err)
	}
	about, said := r.Facts[0].Component, r.Facts[1].Component
	for _, pair := range [][2]string{
		{r.ID, theirs.ID}, {r.Commit, theirs.Commit}, {about.Publisher, theirs.Author}, {said.Model.Task, theirs.Task}, {said.Model.Library, theirs.Library},
		{property(about, "downloads"), strconv.FormatInt(theirs.Downloads, 10)}, {property(about, "likes"), strconv.FormatInt(theirs.Likes, 10)},
		{property(about, "commits"), strconv.Itoa(len(theirs.Commits))}, {property(about, "files"), strconv.Itoa(len(theirs.Siblings))},
		{strings.TrimSuffix(property(about, "created"), "Z"), strings.TrimSuffix(theirs.Created, "+00:00")},
		{strings.TrimSuffix(property(about, "last-modified"), "Z"), strings.TrimSuffix(theirs.Modified, "+00:00")},
	} {
		if pair[0] != pair[1] {
			t.Errorf("we say %q, they say %q", pair[0], pair[1])
		}
	}
	if r.Commit == theirs.Main != (property(about, "main") == "") {
		t.Errorf("main is %s, and %q", theirs.Main, property(about, "main"))
	}
	for name, f := range theirs.Files {
		d, err := sbom.NewFile(r.Tree, name).Digest()
		if err != nil || d.SHA256() != f.SHA256 || d.Size != f.Size || d.Asserted && f.LFS != f.SHA256 {
			t.Errorf("%s: %+v, %+v, %v", name, d, f, err)
		}
	}
	for _, s := range r.Facts[2:] {
		if got := property(s.Component, "security"); got != theirs.Security[s.Keys.Path] {
			t.Errorf("%s: %q, %q", s.Keys.Path, got, theirs.Security[s.Keys.Path])
		}
	}
	if len(r.Facts[2:]) != len(theirs.Security) {
		t.Errorf("%d files with a status, they have %d", len(r.Facts[2:]), len(theirs.Security))
	}
}
