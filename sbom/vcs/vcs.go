// Package vcs reads what a Git checkout says about itself, from the files in
// .git and without running git: the commit, the tag on it and the remote. The
// layout is that of gitrepository-layout(5).
package vcs

import (
	"cmp"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
)

// Info is what the checkout says; zero values where it does not.
type Info struct {
	Commit string // lower-case hex
	Tag    string // a tag on the commit, the greatest where there are several
	Branch string
	Remote string // URL of origin, without credentials
}

// Bounds on what is read.
const (
	maxFile    = 8 << 20
	maxLinks   = 5
	maxTags    = 100_000
	maxTagHead = 200 // bytes of a tag object that name what it is on
)

var reftable = regexp.MustCompile(`(?im)^\s*refstorage\s*=\s*reftable`)

// Read reads .git at the root of the tree. A tree without one gives a zero Info
// and no error.
func Read(tree fs.FS) (Info, error) {
	if info, err := fs.Stat(tree, ".git"); err != nil {
		return Info{}, nil
	} else if !info.IsDir() {
		return Info{}, errors.New("the repository of this worktree lies elsewhere and is not read; say --version")
	}
	var info Info
	head, err := read(tree, ".git/HEAD")
	if err != nil {
		return info, fmt.Errorf("HEAD cannot be read: %w", err)
	}
	config, _ := read(tree, ".git/config")
	info.Remote = origin(config)
	if reftable.MatchString(config) {
		return info, errors.New("the repository keeps its refs in reftables, which are not read; say --version")
	}
	packed, _ := read(tree, ".git/packed-refs")
	refs := packedRefs(packed)
	info.Commit, info.Branch = resolve(tree, refs, strings.TrimSpace(head))
	if info.Commit != "" {
		info.Tag = tagOf(tree, refs, info.Commit)
	}
	return info, nil
}

func read(tree fs.FS, name string) (string, error) {
	f, err := tree.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	return string(data), err
}

// packedRefs maps ref names to commits; an annotated tag's "^" line wins, for
// it names the commit that the tag is on.
func packedRefs(text string) map[string]string {
	refs := map[string]string{}
	last := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if peeled, ok := strings.CutPrefix(line, "^"); ok {
			if last != "" && sbom.IsCommit(peeled) {
				refs[last] = peeled
			}
			continue
		}
		id, name, ok := strings.Cut(line, " ")
		if last = ""; ok && sbom.IsCommit(id) {
			refs[name], last = id, name
		}
	}
	return refs
}

func resolve(tree fs.FS, refs map[string]string, head string) (commit, branch string) {
	for range maxLinks {
		if sbom.IsCommit(head) {
			return head, branch
		}
		name, ok := strings.CutPrefix(head, "ref: ")
		if !ok || !fs.ValidPath(name) {
			return "", branch
		}
		if b, ok := strings.CutPrefix(name, "refs/heads/"); ok {
			branch = b
		}
		loose, err := read(tree, path.Join(".git", name))
		if err != nil {
			return refs[name], branch
		}
		head = strings.TrimSpace(loose)
	}
	return "", branch
}

// tagOf finds the greatest tag on a commit, by semantic version and else by
// letters.
func tagOf(tree fs.FS, refs map[string]string, commit string) string {
	var tags []string
	for name, id := range refs {
		if tag, ok := strings.CutPrefix(name, "refs/tags/"); ok && id == commit {
			tags = append(tags, tag)
		}
	}
	seen := 0
	_ = fs.WalkDir(tree, tagsDir, func(name string, e fs.DirEntry, err error) error {
		if seen++; err != nil || seen > maxTags {
			return fs.SkipAll
		}
		if !e.Type().IsRegular() {
			return nil
		}
		id, err := read(tree, name)
		if id = strings.TrimSpace(id); err == nil && (id == commit || peel(tree, id) == commit) {
			tags = append(tags, strings.TrimPrefix(name, tagsDir+"/"))
		}
		return nil
	})
	if len(tags) == 0 {
		return ""
	}
	return slices.MaxFunc(tags, func(a, b string) int {
		return cmp.Or(semver.Compare(semantic(a), semantic(b)), strings.Compare(a, b))
	})
}

const tagsDir = ".git/refs/tags"

// semantic is the version in a tag such as "1.2.0" or "release/v1.2.0".
func semantic(tag string) string {
	return "v" + strings.TrimPrefix(path.Base(tag), "v")
}

// peel gives the object that an annotated tag is on, where the tag is a loose
// object: "tag LENGTH\x00object ID\n...", compressed with zlib.
func peel(tree fs.FS, id string) string {
	if !sbom.IsCommit(id) {
		return ""
	}
	f, err := tree.Open(path.Join(".git/objects", id[:2], id[2:]))
	if err != nil {
		return ""
	}
	defer f.Close()
	z, err := zlib.NewReader(io.LimitReader(f, maxFile))
	if err != nil {
		return ""
	}
	head, _ := io.ReadAll(io.LimitReader(z, maxTagHead))
	kind, body, _ := strings.Cut(string(head), "\x00")
	first, _, _ := strings.Cut(body, "\n")
	object, isObject := strings.CutPrefix(first, "object ")
	if !strings.HasPrefix(kind, "tag ") || !isObject || !sbom.IsCommit(object) {
		return ""
	}
	return object
}

// origin finds the URL of the remote "origin" in a Git configuration.
func origin(config string) string {
	inside := false
	for line := range strings.Lines(config) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == `[remote "origin"]`
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if inside && ok && strings.TrimSpace(key) == "url" {
			return withoutCredentials(strings.TrimSpace(value))
		}
	}
	return ""
}

func withoutCredentials(remote string) string {
	u, err := url.Parse(remote)
	if err != nil || u.User == nil {
		return remote
	}
	u.User = nil
	return u.String()
}
