package verify_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/verify"
)

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// tree makes a file system of texts.
func tree(files map[string]string) fstest.MapFS {
	t := fstest.MapFS{}
	for name, text := range files {
		t[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return t
}

// covering is a BOM that lists the files of a tree.
func covering(t *testing.T, f fs.FS) *sbom.Graph {
	t.Helper()
	memory := sbom.NewMemory(f)
	list, problems := verify.Cover(context.Background(), func(name string) *sbom.File { return sbom.NewFile(memory, name) }, &sbom.Report{}, verify.CoverOptions{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	root := sbom.Component{Kind: sbom.KindApplication, Name: "system", Keys: sbom.Keys{Path: "./"}, Properties: list.Properties()}
	return sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: root, Root: true, Where: sbom.Place{Path: ".", By: "user"}}}})
}

func look(f fs.FS, fast bool) *verify.Seen {
	memory := sbom.NewMemory(f)
	return verify.Look(context.Background(), func(name string) *sbom.File { return sbom.NewFile(memory, name) }, verify.LookOptions{Fast: fast})
}

// said is "status path" of each entry, in order of their text.
func said(r *verify.Result) string {
	var all []string
	for _, e := range r.Entries {
		line := string(e.Status) + " " + e.Path
		if e.From != "" {
			line += " from " + e.From
		}
		all = append(all, line)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestCompare(t *testing.T) {
	released := map[string]string{
		"model/model.safetensors": "weights", "model/tokenizer.json": "{}", "src/train.py": "import os\n", "README.md": "# read\n",
	}
	for name, tt := range map[string]struct {
		change        func(map[string]string)
		verdict, want string
	}{
		"nothing":       {func(map[string]string) {}, verify.IsSame, ""},
		"one byte":      {func(f map[string]string) { f["model/model.safetensors"] = "weightz" }, verify.Differs, "changed model/model.safetensors"},
		"same size":     {func(f map[string]string) { f["src/train.py"] = "import sys"; f["README.md"] = "# reae\n" }, verify.Differs, "changed README.md, changed src/train.py"},
		"missing":       {func(f map[string]string) { delete(f, "README.md") }, verify.Differs, "missing README.md"},
		"added":         {func(f map[string]string) { f["model/evil.pkl"] = "x" }, verify.Differs, "added model/evil.pkl"},
		"added cache":   {func(f map[string]string) { f["src/__pycache__/train.cpython-312.pyc"] = "x" }, verify.Differs, "added src/__pycache__/train.cpython-312.pyc"},
		"moved":         {func(f map[string]string) { f["b.json"] = f["model/tokenizer.json"]; delete(f, "model/tokenizer.json") }, verify.Differs, "moved b.json from model/tokenizer.json"},
		"case":          {func(f map[string]string) { f["readme.md"] = f["README.md"]; delete(f, "README.md") }, verify.Differs, "moved readme.md from README.md"},
		"a neighbour":   {func(f map[string]string) { f["model-x/a"] = "x" }, verify.Differs, "added model-x/a"},
		"control":       {func(f map[string]string) { f[".git/config"] = "x" }, verify.IsSame, ""},
		"all but one":   {func(f map[string]string) { maps.DeleteFunc(f, func(k, _ string) bool { return k != "README.md" }) }, verify.Differs, "missing model/model.safetensors, missing model/tokenizer.json, missing src/train.py"},
		"file to empty": {func(f map[string]string) { f["model/tokenizer.json"] = "" }, verify.Differs, "changed model/tokenizer.json"},
	} {
		t.Run(name, func(t *testing.T) {
			bom := covering(t, tree(released))
			files := maps.Clone(released)
			tt.change(files)
			r, err := verify.Compare(bom, look(tree(files), false), verify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != tt.verdict || said(r) != tt.want {
				t.Errorf("%s: %q, want %s: %q", r.Verdict, said(r), tt.verdict, tt.want)
			}
		})
	}
}

// The digests of both sides, what sort of file it is, and whether it runs on load.
func TestEntry(t *testing.T) {
	bom := covering(t, tree(map[string]string{"m/model.safetensors": "weights"}))
	r, err := verify.Compare(bom, look(tree(map[string]string{"m/model.safetensors": "weightz", "m/x.pyc": "code"}), false), verify.Options{})
	if err != nil || len(r.Entries) != 2 {
		t.Fatal(err, said(r))
	}
	for _, e := range r.Entries {
		switch e.Path {
		case "m/model.safetensors":
			if e.Class != verify.Weights || e.Loud || e.Means == "" || !strings.Contains(fmt.Sprint(*e.Want), sumOf("weights")) || !strings.Contains(fmt.Sprint(*e.Got), sumOf("weightz")) {
				t.Errorf("%+v, want %v, got %v", e, e.Want, e.Got)
			}
		case "m/x.pyc":
			if e.Class != verify.Runs || !e.Loud || e.Want != nil {
				t.Errorf("%+v", e)
			}
		}
	}
}

// broken fails where a file is opened.
type broken struct {
	fs.FS
	name string
}

func (b broken) Open(name string) (fs.File, error) {
	if name == b.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return b.FS.Open(name)
}

// What cannot be read is never the same; where something differs too, that is said.
func TestUnfinished(t *testing.T) {
	files := map[string]string{"a": "1", "b": "2"}
	bom := covering(t, tree(files))
	r, err := verify.Compare(bom, look(broken{tree(files), "b"}, false), verify.Options{})
	if err != nil || r.Verdict != verify.Unfinished || !strings.Contains(said(r), "b") {
		t.Errorf("%v: %s: %s", err, r.Verdict, said(r))
	}
	files["a"] = "x"
	if r, err = verify.Compare(bom, look(broken{tree(files), "b"}, false), verify.Options{}); err != nil || r.Verdict != verify.Differs {
		t.Errorf("%v: %s: %s", err, r.Verdict, said(r))
	}
}

// A BOM that lists nothing vouches for nothing, and an empty folder is not the tree.
func TestNothingChecked(t *testing.T) {
	files := map[string]string{"a": "1"}
	bare := sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: sbom.Component{Kind: sbom.KindApplication, Name: "s", Keys: sbom.Keys{Path: "./"}}, Root: true}}})
	for name, r := range map[string]func() (*verify.Result, error){
		"bare BOM": func() (*verify.Result, error) {
			return verify.Compare(bare, look(tree(files), false), verify.Options{})
		},
		"listed alone": func() (*verify.Result, error) {
			return verify.Compare(bare, look(tree(files), false), verify.Options{Listed: true})
		},
	} {
		if got, err := r(); err != nil || got.Verdict != verify.Unfinished {
			t.Errorf("%s: %v: %s: %s", name, err, got.Verdict, said(got))
		}
	}
	r, err := verify.Compare(covering(t, tree(files)), look(tree(nil), false), verify.Options{})
	if err != nil || r.Verdict != verify.Differs || said(r) != "missing a" {
		t.Errorf("empty folder: %v: %s: %s", err, r.Verdict, said(r))
	}
}

// A list in which a path stands twice with different digests is damaged.
func TestDamagedList(t *testing.T) {
	bom := covering(t, tree(map[string]string{"a": "1"}))
	root := bom.Node(bom.Root)
	root.Properties = append(slices.Clone(root.Properties), sbom.Property{Name: "mlbom:tree:file", Value: sumOf("2") + " 1 a"})
	if r, err := verify.Compare(bom, look(tree(map[string]string{"a": "1"}), false), verify.Options{}); err == nil {
		t.Errorf("%s: %s", r.Verdict, said(r))
	}
}
