package pylock

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pep508"
)

// Release is a version of PEP 440 as far as ranges of a lock compare it: the
// local part only counts where it is asked for.
type Release struct {
	ok      bool
	release []int // with the epoch in front
	phase   int
	pre     int
	post    int
	dev     int
	local   string
}

var form = regexp.MustCompile(`^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|a|beta|b|preview|pre|c|rc)[-_.]?(\d*))?(?:(?:[-_.]?(?:post|rev|r)[-_.]?(\d*)|-(\d+)))?([-_.]?dev[-_.]?(\d*))?(?:\+(.*))?$`)

var plainLocal = strings.NewReplacer("-", ".", "_", ".")

// Phases of a release, in their order.
const (
	devOnly = iota
	alpha
	beta
	candidate
	final
)

const maxVersion = 200 // bytes

// ParseRelease reads a version; ok is false for what is none.
func ParseRelease(s string) (Release, bool) {
	m := form.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil || len(s) > maxVersion {
		return Release{}, false
	}
	v := Release{ok: true, release: []int{number(m[1], 0)}, phase: final, pre: number(m[4], 0), post: -1, dev: math.MaxInt, local: plainLocal.Replace(m[9])}
	for part := range strings.SplitSeq(m[2], ".") {
		v.release = append(v.release, number(part, 0))
	}
	if m[5] != "" || m[6] != "" || strings.Contains(m[0], "post") {
		v.post = number(m[5]+m[6], 0)
	}
	if m[7] != "" {
		v.dev = number(m[8], 0)
	}
	switch {
	case strings.HasPrefix(m[3], "a"):
		v.phase = alpha
	case strings.HasPrefix(m[3], "b"):
		v.phase = beta
	case m[3] != "":
		v.phase = candidate
	case m[7] != "" && v.post < 0:
		v.phase = devOnly
	}
	return v, true
}

func number(s string, fallback int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	if s != "" {
		return math.MaxInt
	}
	return fallback
}

func (v Release) part(i int) int {
	if i < len(v.release) {
		return v.release[i]
	}
	return 0
}

func (v Release) compare(w Release) int {
	for i := range max(len(v.release), len(w.release)) {
		if c := cmp.Compare(v.part(i), w.part(i)); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(v.phase, w.phase), cmp.Compare(v.pre, w.pre), cmp.Compare(v.post, w.post), cmp.Compare(v.dev, w.dev))
}

// within tells whether v begins with the first n parts of w's release.
func (v Release) within(w Release, n int) bool {
	for i := range n {
		if v.part(i) != w.part(i) {
			return false
		}
	}
	return true
}

// SameVersion tells whether two texts are one version: "1.0" and "1.0.0" are.
func SameVersion(a, b string) bool {
	v, ok := ParseRelease(a)
	w, also := ParseRelease(b)
	return ok && also && v.compare(w) == 0 && v.local == w.local || a == b
}

// clause is one comparison.
type clause struct {
	op string
	v  Release
}

// Range is a range of versions: alternatives of clauses that hold together.
type Range [][]clause

var comparison = regexp.MustCompile(`^(\^|~=|~|===|==|=|!=|<=|>=|<|>)?\s*(.*)$`)

// ParseRange reads a range of PEP 440, or as Poetry writes it: ">=1,<2 || ^3".
func ParseRange(s string) (Range, bool) {
	if len(s) > pep508.MaxLength {
		return nil, false
	}
	var all Range
	for part := range strings.SplitSeq(s, "||") {
		var together []clause
		for text := range strings.SplitSeq(part, ",") {
			m := comparison.FindStringSubmatch(strings.TrimSpace(text))
			if m == nil {
				return nil, false
			}
			if m[1] == "" && (m[2] == "*" || m[2] == "") {
				continue
			}
			c := clause{op: m[1]}
			body, wild := strings.CutSuffix(m[2], ".*")
			if wild {
				c.op = map[string]string{"": "in", "=": "in", "==": "in", "!=": "not in"}[c.op]
			}
			ok := false
			if c.v, ok = ParseRelease(body); !ok || (wild && c.op == "") {
				return nil, false
			}
			together = append(together, c)
		}
		all = append(all, together)
	}
	return all, true
}

// Allows tells whether the version is in the range.
func (list Range) Allows(v Release) bool {
	for _, together := range list {
		ok := true
		for _, c := range together {
			ok = ok && c.allows(v)
		}
		if ok {
			return true
		}
	}
	return false
}

func (c clause) allows(v Release) bool {
	d := v.compare(c.v)
	n := len(c.v.release)
	switch c.op {
	case "in":
		return v.within(c.v, n)
	case "not in":
		return !v.within(c.v, n)
	case "!=":
		return d != 0 || !c.sameLocal(v)
	case "<": // a version before a release goes out with it
		return d < 0 && !(c.v.phase == final && v.phase < final && v.within(c.v, max(n, len(v.release))))
	case "<=":
		return d <= 0
	case ">":
		return d > 0
	case ">=":
		return d >= 0
	case "~=":
		return d >= 0 && v.within(c.v, n-1)
	case "~":
		return d >= 0 && v.within(c.v, min(n, 3))
	case "^":
		same := 2
		for same < n && c.v.part(same-1) == 0 {
			same++
		}
		return d >= 0 && v.within(c.v, same)
	}
	return d == 0 && c.sameLocal(v)
}

func (c clause) sameLocal(v Release) bool { return c.v.local == "" || c.v.local == v.local }
