// Package pep440 reads, orders and matches the versions of Python packages, after
// https://packaging.python.org/en/latest/specifications/version-specifiers/
// (PEP 440). Where the text of the specification leaves room, it does what the
// reference implementation does, the Python package "packaging" from 26 on.
//
// Numbers have no limit but the length of the text: they are kept as digits and
// never converted, so that "1.99999999999999999999" is greater than "1.2".
//
// Not understood: versions that PEP 440 does not know ("2004d", "1.0-SNAPSHOT");
// only "===" compares them, as texts ([Specifiers.ContainsText]).
package pep440

import (
	"cmp"
	"slices"
	"strings"
)

// MaxLength bounds the text of one version, in bytes.
const MaxLength = 4096

// Version is one version, as [Parse] reads it. The zero Version is none: it has
// the text "" and is less than every other one.
type Version struct {
	epoch   number
	release []number
	pre     string // "a", "b", "rc" or ""
	preN    number
	post    bool
	postN   number
	dev     bool
	devN    number
	local   []string
}

// number is a natural number in digits without leading zeros; "" is 0.
type number string

func newNumber(digits string) number { return number(strings.TrimLeft(digits, "0")) }

func (n number) String() string {
	if n == "" {
		return "0"
	}
	return string(n)
}

func (n number) compare(m number) int {
	if c := cmp.Compare(len(n), len(m)); c != 0 {
		return c
	}
	return strings.Compare(string(n), string(m))
}

// IsZero tells whether v is no version at all.
func (v Version) IsZero() bool { return len(v.release) == 0 }

// String is the normal form: "v1.0-ALPHA.01+Ubuntu_1" gives "1.0a1+ubuntu.1". It
// keeps the zeros at the end of the release, which do not count in comparisons.
func (v Version) String() string {
	if len(v.local) == 0 {
		return v.Public()
	}
	return v.Public() + "+" + v.Local()
}

// Public is the normal form without the local part.
func (v Version) Public() string {
	s := v.Base()
	if v.pre != "" {
		s += v.pre + v.preN.String()
	}
	if v.post {
		s += ".post" + v.postN.String()
	}
	if v.dev {
		s += ".dev" + v.devN.String()
	}
	return s
}

// Base is the epoch and the release alone: "1!2.0" of "1!2.0rc1.post3".
func (v Version) Base() string {
	if v.IsZero() {
		return ""
	}
	var b strings.Builder
	if v.epoch != "" {
		b.WriteString(string(v.epoch) + "!")
	}
	for i, n := range v.release {
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(n.String())
	}
	return b.String()
}

// Local is the normal form of what follows the "+": "cu121" of "2.5.1+cu121".
func (v Version) Local() string { return strings.Join(v.local, ".") }

// SamePublic tells whether v and w are equal but for their local labels.
func (v Version) SamePublic(w Version) bool { return v.comparePublic(w) == 0 }

// IsPrerelease tells whether v is an alpha, a beta, a release candidate or a
// development release.
func (v Version) IsPrerelease() bool { return v.pre != "" || v.dev }

// IsPostrelease tells whether v has a post-release part.
func (v Version) IsPostrelease() bool { return v.post }

// IsDevrelease tells whether v has a development part.
func (v Version) IsDevrelease() bool { return v.dev }

// Compare orders versions as PEP 440 does: -1, 0 or +1. "1.0" and "1" are equal;
// a local version comes after the one without.
func (v Version) Compare(w Version) int {
	if c := v.comparePublic(w); c != 0 {
		return c
	}
	return slices.CompareFunc(v.local, w.local, compareLocal)
}

// comparePublic does not look at local parts.
func (v Version) comparePublic(w Version) int {
	if v.IsZero() || w.IsZero() {
		return cmp.Compare(len(v.release), len(w.release))
	}
	if c := v.epoch.compare(w.epoch); c != 0 {
		return c
	}
	if c := slices.CompareFunc(trim(v.release), trim(w.release), number.compare); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(v.rank(), w.rank()), v.preN.compare(w.preN)); c != 0 {
		return c
	}
	if c := cmp.Or(compareBool(v.post, w.post), v.postN.compare(w.postN)); c != 0 {
		return c
	}
	// a development release comes before the one that it leads to
	return cmp.Or(compareBool(w.dev, v.dev), v.devN.compare(w.devN))
}

// rank is the place of the pre-release part: a development release of the
// release itself comes before every alpha.
func (v Version) rank() int {
	switch {
	case v.pre == "" && !v.post && v.dev:
		return -1
	case v.pre == "":
		return 3
	}
	return slices.Index([]string{"a", "b", "rc"}, v.pre)
}

// trim drops the zeros at the end, which do not count.
func trim(release []number) []number {
	for len(release) > 0 && release[len(release)-1] == "" {
		release = release[:len(release)-1]
	}
	return release
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compareLocal orders parts of a local version: numbers by value and after words.
func compareLocal(a, b string) int {
	if c := compareBool(allDigits(a), allDigits(b)); c != 0 {
		return c
	}
	if allDigits(a) {
		return newNumber(a).compare(newNumber(b))
	}
	return strings.Compare(a, b)
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
