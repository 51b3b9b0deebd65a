package pep440

import (
	"slices"
	"strings"
)

// Contains tells whether v passes all specifiers. A pre-release passes only with
// prereleases: whether one is acceptable is for the caller to say, who knows
// whether it is installed or locked already, or whether others are to be had
// ([Specifiers.AllowsPrereleases]). "===" compares with the normal form of v.
func (s Specifiers) Contains(v Version, prereleases bool) bool {
	return s.contains(v, v.String(), prereleases)
}

// ContainsText is Contains for a version as it is written somewhere, which "==="
// compares letter by letter. A text that is no version passes nothing but "===".
func (s Specifiers) ContainsText(version string, prereleases bool) bool {
	v, _ := Parse(version) // the zero Version stands for what is none
	return s.contains(v, version, prereleases)
}

func (s Specifiers) contains(v Version, text string, prereleases bool) bool {
	if v.IsPrerelease() && !prereleases {
		return false
	}
	for _, one := range s.list {
		if !one.contains(v, text) {
			return false
		}
	}
	return true
}

func (s Specifier) contains(v Version, text string) bool {
	if s.Operator == "===" {
		return strings.ToLower(text) == s.lower
	}
	if v.IsZero() {
		return false
	}
	w := s.version
	switch s.Operator {
	case "==":
		return s.equal(v)
	case "!=":
		return !s.equal(v)
	case "~=":
		return v.Compare(w) >= 0 && v.beginsWith(w.epoch, w.release[:len(w.release)-1])
	case ">=":
		return v.Compare(w) >= 0
	case "<=":
		return v.comparePublic(w) <= 0
	case ">":
		return greater(v, w)
	}
	return less(v, w)
}

// equal: a local part counts only where the specifier has one.
func (s Specifier) equal(v Version) bool {
	switch {
	case s.wildcard:
		return v.beginsWith(s.version.epoch, s.version.release)
	case len(s.version.local) > 0:
		return v.Compare(s.version) == 0
	}
	return v.comparePublic(s.version) == 0
}

// beginsWith tells whether the release begins with the numbers; it counts as
// filled up with zeros, so that 1 is one of 1.0.*.
func (v Version) beginsWith(epoch number, prefix []number) bool {
	if v.epoch != epoch {
		return false
	}
	for i, n := range prefix {
		if i < len(v.release) && v.release[i] != n || i >= len(v.release) && n != "" {
			return false
		}
	}
	return true
}

// greater leaves out local versions of w, and its post-releases unless w is a
// post-release or a development release itself.
func greater(v, w Version) bool {
	if v.comparePublic(w) <= 0 {
		return false
	}
	return w.post || w.dev || !sameRelease(v, w) || v.pre != w.pre || v.preN != w.preN
}

// less leaves out the pre-releases of w unless w is one itself.
func less(v, w Version) bool {
	if v.Compare(w) >= 0 {
		return false
	}
	return w.IsPrerelease() || !v.before(w)
}

// before tells whether v is a pre-release that leads to w: w is a release, or a
// post-release of one.
func (v Version) before(w Version) bool {
	first := w
	first.dev, first.devN, first.local = true, "", nil
	return v.Compare(first) >= 0
}

func sameRelease(v, w Version) bool {
	return v.epoch == w.epoch && slices.Equal(trim(v.release), trim(w.release))
}
