package sbom

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// commits are the commits that locks name of what comes from a repository, by
// the repository and the folder of the lock. What comes from a repository has no
// package URL, and its key is the address with the commit.
type commits map[string]map[string][]string

var pinnedRepository = regexp.MustCompile(`^(git\+[^@]*(?:@[^@/]*)?/[^@]*?)@[0-9a-f]{40,64}((?:#.*)?)$`)

// repositoryOf gives the key without what stands for a branch or a tag.
func repositoryOf(key string) string {
	head, fragment, _ := strings.Cut(key, "#")
	if i := strings.LastIndex(head, "@"); i > strings.LastIndex(head, "/") {
		head = head[:i]
	}
	if fragment != "" {
		head += "#" + fragment
	}
	return strings.TrimSuffix(head, ".git")
}

func commitsOf(entries []*entry) commits {
	all := commits{}
	for _, e := range entries {
		key := e.comp.Keys.URL
		if e.at.Basis > Resolved || e.Hint || e.at.Hearsay() || !pinnedRepository.MatchString(key) {
			continue
		}
		base, dir := repositoryOf(key), home(e.at.Path)
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
	if e.at.Basis <= Resolved || !strings.HasPrefix(key, "git+") || pinnedRepository.MatchString(key) {
		return
	}
	known := all[repositoryOf(key)]
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
