package hub

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on a history.
const (
	maxCommits  = 10_000 // that are counted one by one
	lastCommits = 50     // whose authors are named
	maxNamed    = 20     // authors, and files that changed
)

// commit is one entry of the hub's list.
type commit struct {
	ID      string `json:"id"`
	Date    string `json:"date"`
	Authors []struct {
		User string `json:"user"`
	} `json:"authors"`
}

// history writes down how many commits led to this one, and who made the last.
func (r *Repository) history(ctx context.Context, a *api, p *properties) {
	n, total, exact := 0, 0, true
	var first, last commit
	var authors []string
	err := pages(ctx, a, a.repo("commits", r.Commit), func(page []commit, header http.Header) bool {
		if t, err := strconv.Atoi(header.Get("X-Total-Count")); err == nil && t >= 0 {
			total = t
		}
		for _, c := range page {
			if n == 0 {
				last = c
			}
			if n < lastCommits {
				for _, person := range c.Authors {
					if name := source.Printable(person.User); name != "" && !slices.Contains(authors, name) && len(authors) < maxNamed {
						authors = append(authors, name)
					}
				}
			}
			n++
			first = c
		}
		exact = len(page) == 0 || n < maxCommits
		return exact && (total == 0 || n < lastCommits && n < total)
	})
	if err != nil {
		r.problem(fmt.Errorf("the history is not known: %w", err))
		return
	}
	if total > n {
		n, first = total, commit{}
	}
	count := strconv.Itoa(n)
	if !exact && total == 0 {
		count, first = "more than "+count, commit{}
	}
	p.add("commits", count)
	p.add("commit-date", last.Date)
	p.add("first-commit-date", first.Date)
	p.add("last-authors", strings.Join(authors, ", "))
}

// changes writes down which files are others on the main branch now, where the
// commit is not the last of it.
func (r *Repository) changes(ctx context.Context, a *api, files []listed, p *properties) {
	if r.Revision == "" {
		return // the main branch is what was asked for
	}
	head, err := a.head(ctx)
	if err != nil {
		r.problem(fmt.Errorf("what changed since the commit is not known: %w", err))
		return
	}
	if head == r.Commit || head == "" {
		return
	}
	now, err := a.list(ctx, head)
	if err != nil {
		r.problem(fmt.Errorf("what changed since the commit is not known: %w", err))
		return
	}
	changed := difference(files, now)
	p.add("main", head)
	p.add("changed-since", strconv.Itoa(len(changed)))
	for _, c := range changed[:min(len(changed), maxNamed)] {
		p.add("changed-file", c)
	}
	if len(changed) > maxNamed {
		p.add("changed-file", fmt.Sprintf("and %s", counted(len(changed)-maxNamed, "more file", "more files")))
	}
}

// difference names the files that were added, removed or changed, by path.
func difference(then, now []listed) []string {
	old := map[string]listed{}
	for _, f := range then {
		old[f.Path] = f
	}
	var changed []string
	for _, f := range now {
		was, ok := old[f.Path]
		switch {
		case !ok:
			changed = append(changed, f.Path+" (added)")
		case !was.same(f):
			changed = append(changed, f.Path+" (changed)")
		}
		delete(old, f.Path)
	}
	for name := range old {
		changed = append(changed, name+" (removed)")
	}
	slices.Sort(changed)
	return changed
}

// head is the commit of the main branch; "" where there is none.
func (a *api) head(ctx context.Context) (string, error) {
	var refs struct {
		Branches []struct {
			Name   string `json:"name"`
			Commit string `json:"targetCommit"`
		} `json:"branches"`
	}
	if _, err := a.get(ctx, a.repo("refs"), &refs); err != nil {
		return "", err
	}
	for _, b := range refs.Branches {
		if b.Name == "main" && sbom.IsCommit(b.Commit) {
			return b.Commit, nil
		}
	}
	return "", nil
}
