// Package vcs reads what a Git checkout says about itself, from the files in
// .git and without running git: the commit, the tag on it and the remote. The
// layout is that of gitrepository-layout(5).
package vcs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
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
	maxFile  = 8 << 20
	maxLinks = 5
	maxTags  = 100_000
)

var commitID = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)

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
	packed, _ := read(tree, ".git/packed-refs")
	refs := packedRefs(packed)
	info.Commit, info.Branch = resolve(tree, refs, strings.TrimSpace(head))
	if info.Commit != "" {
		info.Tag = tagOf(tree, refs, info.Commit)
	}
	config, _ := read(tree, ".git/config")
	info.Remote = origin(config)
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
			if last != "" && commitID.MatchString(peeled) {
				refs[last] = peeled
			}
			continue
		}
		id, name, ok := strings.Cut(line, " ")
		if last = ""; ok && commitID.MatchString(id) {
			refs[name], last = id, name
		}
	}
	return refs
}

func resolve(tree fs.FS, refs map[string]string, head string) (commit, branch string) {
	for range maxLinks {
		if commitID.MatchString(head) {
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

// tagOf finds the greatest tag on a commit, by length and then by letters, so
// that v1.10.0 stands above v1.9.0.
func tagOf(tree fs.FS, refs map[string]string, commit string) string {
	var tags []string
	for name, id := range refs {
		if tag, ok := strings.CutPrefix(name, "refs/tags/"); ok && id == commit {
			tags = append(tags, tag)
		}
	}
	entries, _ := fs.ReadDir(tree, ".git/refs/tags")
	for _, e := range entries[:min(len(entries), maxTags)] {
		if id, err := read(tree, path.Join(".git/refs/tags", e.Name())); err == nil && strings.TrimSpace(id) == commit {
			tags = append(tags, e.Name())
		}
	}
	if len(tags) == 0 {
		return ""
	}
	return slices.MaxFunc(tags, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
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
