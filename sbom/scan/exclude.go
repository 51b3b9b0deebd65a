package scan

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// CheckExclude tells what is wrong with patterns of [Options].Exclude. They are
// like those of a .gitignore, with slashes, and case counts:
//
//	*.bin          files and folders of that name at any depth
//	/data          only at the root, as is every pattern with a slash inside
//	data/          folders only
//	**/old/*.bin   "**" stands for any number of folders
//	a/**           everything in a
//
// A folder that a pattern takes is left out with all that it holds. Patterns
// that take back ("!keep") are an error.
func CheckExclude(patterns []string) error {
	_, err := compile(patterns)
	return err
}

type pattern struct {
	parts   []string // between slashes, from the root; "**" is any number of them
	folders bool     // takes folders only
}

type patterns []pattern

func compile(list []string) (patterns, error) {
	var all patterns
	var errs []error
	for _, text := range list {
		p, err := compileOne(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("exclude pattern %q: %w", text, err))
			continue
		}
		all = append(all, p)
	}
	return all, errors.Join(errs...)
}

func compileOne(text string) (pattern, error) {
	rest, folders := strings.CutSuffix(strings.TrimPrefix(text, "./"), "/")
	anchored := strings.Contains(rest, "/")
	rest = strings.TrimPrefix(rest, "/")
	if strings.HasPrefix(rest, "!") {
		return pattern{}, errors.New("taking back with \"!\" is not supported; name what to leave out")
	}
	p := pattern{folders: folders}
	if !anchored {
		p.parts = append(p.parts, "**")
	}
	for part := range strings.SplitSeq(rest, "/") {
		switch {
		case part == "":
			return pattern{}, errors.New("a part between slashes is empty")
		case part == "." || part == "..":
			return pattern{}, errors.New("\".\" and \"..\" name nothing below the root")
		case part == "**" && len(p.parts) > 0 && p.parts[len(p.parts)-1] == "**":
			continue
		}
		if _, err := path.Match(part, ""); err != nil {
			return pattern{}, fmt.Errorf("%q is no valid pattern; close its bracket, or escape with a backslash", part)
		}
		p.parts = append(p.parts, part)
	}
	if p.parts[len(p.parts)-1] == "**" { // what is inside, not the folder itself
		p.parts = append(p.parts, "*")
	}
	return p, nil
}

// takes tells whether the path itself is left out; its folders were asked before.
func (ps patterns) takes(name string, folder bool) bool {
	if len(ps) == 0 {
		return false
	}
	parts := strings.Split(name, "/")
	for _, p := range ps {
		if (folder || !p.folders) && match(p.parts, parts) {
			return true
		}
	}
	return false
}

// takesAny asks for the path and each folder above it.
func (ps patterns) takesAny(name string, folder bool) bool {
	if len(ps) == 0 {
		return false
	}
	for i := range len(name) {
		if name[i] == '/' && ps.takes(name[:i], true) {
			return true
		}
	}
	return ps.takes(name, folder)
}

// match goes back to the last "**" only, so that it takes len(pat)*len(name)
// steps at the most.
func match(pat, name []string) bool {
	p, n, star, mark := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pat) && pat[p] == "**":
			star, mark = p, n
			p++
		case p < len(pat) && matchPart(pat[p], name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pat) && pat[p] == "**" {
		p++
	}
	return p == len(pat)
}

func matchPart(pat, part string) bool {
	ok, err := path.Match(pat, part)
	return ok && err == nil
}

// LeftOut gives what tells whether patterns take a path; folder says what it is. The
// folders above it are asked for too.
func LeftOut(list []string) (func(name string, folder bool) bool, error) {
	all, err := compile(list)
	return all.takesAny, err
}
