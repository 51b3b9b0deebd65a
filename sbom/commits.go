package sbom

import (
	"path"
	"slices"
	"strings"
)

// commits are the commits that locks name of what comes from a repository, by
// the repository and the folder of the lock. What comes from a repository has no
// package URL, and its key is the address with the commit.
type commits map[string]map[string][]string

// repositoryOf gives the key without what stands for a commit, a branch or a tag,
// and tells whether that is a commit.
func repositoryOf(key string) (repository string, pinned bool) {
	head, fragment, _ := strings.Cut(key, "#")
	if i := strings.LastIndex(head, "@"); i > strings.LastIndex(head, "/") {
		head, pinned = head[:i], IsCommit(head[i+1:])
	}
	head = strings.TrimSuffix(head, ".git")
	if fragment != "" {
		head += "#" + fragment
	}
	return head, pinned
}

func commitsOf(entries []*entry) commits {
	all := commits{}
	for _, e := range entries {
		key := e.comp.Keys.URL
		if e.at.Basis > Resolved || e.Hint || e.at.Hearsay() || !strings.HasPrefix(key, "git+") {
			continue
		}
		base, pinned := repositoryOf(key)
		if !pinned {
			continue
		}
		dir := home(e.at.Path)
		if all[base] == nil {
			all[base] = map[string][]string{}
		}
		if !slices.Contains(all[base][dir], key) {
			all[base][dir] = append(all[base][dir], key)
		}
	}
	return all
}

// pin lets what a manifest takes from a repository without a commit be what the
// lock of its folder, or else of the nearest folder above, took.
func (all commits) pin(e *entry) {
	key := e.comp.Keys.URL
	repository, pinned := repositoryOf(key)
	if e.at.Basis <= Resolved || !strings.HasPrefix(key, "git+") || pinned {
		return
	}
	known := all[repository]
	for dir := home(e.at.Path); known != nil; dir = path.Dir(dir) {
		if list := known[dir]; len(list) == 1 {
			c := *e.comp
			c.Keys.URL = list[0]
			e.comp = &c // the other key stays unsaid: it would join what another folder takes without a lock
			return
		} else if len(list) > 1 || dir == "." || dir == "/" {
			return
		}
	}
}
