package requirements

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/sbom"
)

// option judges an option that says where packages come from.
func (r *run) option(s *source, line int, o reqfile.Option) {
	at := pydep.Address(o.Value)
	plain := strings.HasPrefix(strings.ToLower(at), "http://")
	missing := pydep.Variables(at)
	if len(missing) > 0 && strings.HasSuffix(o.Name, "index-url") {
		s.Problem(line, "the index hangs on %s, which is not expanded", strings.Join(missing, ", "))
	}
	switch o.Name {
	case "--index-url":
		if r.extra = r.extra || len(missing) > 0; at != "" {
			r.indexes++
			s.index = index{at, line}
		}
	case "--extra-index-url":
		r.extra = true
		s.Finding(sbom.RuleConfusion, line, "packages are taken from %s or from another index, whichever has the higher version", at)
	case "--no-index":
		r.extra = true
	case "--find-links":
	case "--trusted-host":
		s.Finding(sbom.RuleInsecureIndex, line, "the certificate of %s is not checked", o.Value)
		return
	case "--require-hashes":
		s.demanded = line
		return
	default:
		return
	}
	if plain {
		s.Finding(sbom.RuleInsecureIndex, line, "packages are taken from %s, without transport security", at)
	}
}

// exact tells whether a requirement names one version.
func (it *item) exact() bool {
	n := &it.need
	return n.Exact != "" || pep508.Exact(n.Specifier) != ""
}

// isLock tells whether the file pins everything and a tool worked it out.
func (s *source) isLock(annotated bool) bool {
	pinned, hashed, all := 0, 0, 0
	for i := range s.items {
		it := &s.items[i]
		if !fromIndex(&it.need) && !it.need.Conda {
			continue // a folder or a repository, which has no version
		}
		if all++; it.exact() {
			pinned++
		}
		if len(it.need.Integrity) > 0 || it.exported {
			hashed++
		}
	}
	return !s.constraint && all > 0 && pinned == all && (s.generated || annotated || hashed == all)
}

// judge tells, once a file, of packages without a digest: where others have one or
// the file demands them, which pip refuses, and in a lock that has none at all. A
// file of exact versions that a person wrote has none as a rule, and that is no news.
func (s *source) judge(lock bool) {
	with, without, demanding := 0, []*item(nil), false
	for i := range s.items {
		it := &s.items[i]
		file := strings.Contains(it.need.URL, "://") && !strings.Contains(it.need.URL, "+") || it.need.Archive != ""
		switch {
		case len(it.need.Integrity) > 0 || file && strings.Contains(it.need.URL, "#sha"):
			with++
			demanding = demanding || len(it.need.Integrity) > 0 // what stands in an address does not demand the others
		case fromIndex(&it.need) && it.exact() && !it.exported && !it.elsewhere || file:
			without = append(without, it)
		}
	}
	if s.constraint || len(without) == 0 {
		return
	}
	first := without[0].need
	switch {
	case demanding || with > 0 && s.demanded > 0:
		s.Finding(sbom.RuleNoHash, first.Line, "%d of %d pinned requirements have no --hash, the first is %s: pip refuses to install them", len(without), with+len(without), first.Name)
	case s.demanded > 0:
		s.Finding(sbom.RuleNoHash, s.demanded, "--require-hashes stands here, and no requirement of the %d pinned ones has a --hash", len(without))
	case lock:
		s.Finding(sbom.RuleNoHash, first.Line, "no package of the %d that are locked here has a --hash", len(without))
	}
}
