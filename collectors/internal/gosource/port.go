package gosource

import (
	"go/build/constraint"
	"slices"
	"strings"
)

// ports are the pairs of GOOS and GOARCH that Go 1.26 builds for ("go tool dist
// list"); a minus marks those without cgo.
const ports = "aix/ppc64 android/386 android/amd64 android/arm android/arm64 darwin/amd64 darwin/arm64 " +
	"dragonfly/amd64 freebsd/386 freebsd/amd64 freebsd/arm freebsd/arm64 illumos/amd64 ios/amd64 ios/arm64 " +
	"js/wasm- linux/386 linux/amd64 linux/arm linux/arm64 linux/loong64 linux/mips linux/mips64 linux/mips64le " +
	"linux/mipsle linux/ppc64- linux/ppc64le linux/riscv64 linux/s390x netbsd/386 netbsd/amd64 netbsd/arm " +
	"netbsd/arm64 openbsd/386 openbsd/amd64 openbsd/arm openbsd/arm64 openbsd/ppc64- openbsd/riscv64 plan9/386- " +
	"plan9/amd64- plan9/arm- solaris/amd64 wasip1/wasm- windows/386 windows/amd64 windows/arm64"

// Names that count in file names: all that Go ever knew (internal/syslist).
const (
	knownOS   = " aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos "
	knownArch = " 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm "
	unixOS    = " aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris "
)

// newestGo is the minor version of Go up to which release tags (go1.21) hold.
const newestGo = 26

// set is a set of builds: a bit for each port, without cgo and with it.
type set [2]uint64

func (s set) and(t set) set     { return set{s[0] & t[0], s[1] & t[1]} }
func (s set) or(t set) set      { return set{s[0] | t[0], s[1] | t[1]} }
func (s set) without(t set) set { return set{s[0] &^ t[0], s[1] &^ t[1]} }
func (s set) empty() bool       { return s == set{} }

// port is a pair of GOOS and GOARCH.
type port struct {
	os, arch string
	cgo      bool
}

// platforms knows the sets of all tags that ports give.
type platforms struct {
	ports []port
	all   set
	tags  map[string]set // GOOS, GOARCH, unix, cgo
}

func newPlatforms() *platforms {
	p := &platforms{tags: map[string]set{}}
	for i, word := range strings.Fields(ports) {
		word, without := strings.CutSuffix(word, "-")
		os, arch, _ := strings.Cut(word, "/")
		one := set{1 << i, 1 << i}
		if without {
			one[1] = 0
		}
		p.ports = append(p.ports, port{os, arch, !without})
		p.all = p.all.or(one)
		tags := []string{os, arch}
		if of := implied(os); of != "" {
			tags = append(tags, of)
		}
		if strings.Contains(unixOS, " "+os+" ") {
			tags = append(tags, "unix")
		}
		for _, t := range tags {
			p.tags[t] = p.tags[t].or(one)
		}
	}
	p.tags["cgo"] = set{0, p.all[1]}
	p.tags["gc"] = p.all
	return p
}

// describe gives a set as a build constraint; "" for all builds.
func (p *platforms) describe(s set) string {
	if s == p.all || s.empty() {
		return ""
	}
	withCgo := s[0] & p.all[1]
	off := p.portsOf(set{s[0], withCgo})
	switch {
	case withCgo == s[1]: // whatever cgo is
		return off
	case s[1] == 0:
		return conjunction(off, "!cgo")
	case s[0] == 0:
		return conjunction(p.cgoPorts(s[1]), "cgo")
	case withCgo&^s[1] == 0 && off != "": // more with cgo
		return either([]string{off, conjunction(p.cgoPorts(s[1]), "cgo")})
	}
	return either([]string{conjunction(off, "!cgo"), conjunction(p.cgoPorts(s[1]), "cgo")})
}

// better tells whether a constraint as written in a file says the same as the
// description of a set, in fewer words.
func (p *platforms) better(written, described string, s set) bool {
	if written == "" || len(written) >= len(described) || s.empty() {
		return false
	}
	x, err := constraint.Parse("//go:build " + written)
	return err == nil && p.eval(x, "") == s
}

// cgoPorts describes ports as one side of "&& cgo": whether it takes in ports
// that have no cgo makes no difference, so the shortest description is best.
func (p *platforms) cgoPorts(on uint64) string {
	best := p.portsOf(set{on, on})
	for _, of := range []func(port) string{system, arch} {
		missing := map[string]bool{}
		for i, q := range p.ports {
			missing[of(q)] = missing[of(q)] || q.cgo && on>>i&1 == 0
		}
		more := on
		for i, q := range p.ports {
			if !q.cgo && !missing[of(q)] {
				more |= 1 << i
			}
		}
		if text := p.portsOf(set{more, more & p.all[1]}); len(text) < len(best) {
			best = text
		}
	}
	return best
}

func system(q port) string { return q.os }
func arch(q port) string   { return q.arch }

// portsOf describes a set of ports, whatever cgo is: by system, by processor, by
// both, or by what is left out, whichever is first exact.
func (p *platforms) portsOf(s set) string {
	if s[0] == p.all[0] {
		return ""
	}
	if s == p.tags["unix"] {
		return "unix"
	}
	for _, of := range []func(port) string{system, arch} {
		in, out, exact := p.split(s, of)
		if !exact {
			continue
		}
		in, out = systems(in), systems(out)
		if len(in) > len(out) && !slices.ContainsFunc(out, func(w string) bool { return strings.Contains(w, " ") }) {
			return "!" + strings.Join(out, " && !")
		}
		return either(in)
	}
	rest := set{p.all[0] &^ s[0], p.all[1] &^ s[1]}
	if text := p.bySystem(rest); len(text) < len(p.bySystem(s)) {
		return "!(" + text + ")"
	}
	return p.bySystem(s)
}

// split tells which values of a dimension are in the set as a whole and which
// are not at all; exact is false where some are in part.
func (p *platforms) split(s set, of func(port) string) (in, out []string, exact bool) {
	count := map[string][2]int{}
	for i, q := range p.ports {
		c := count[of(q)]
		c[0]++
		if s[0]>>i&1 == 1 {
			c[1]++
		}
		count[of(q)] = c
	}
	for name, c := range count {
		switch c[1] {
		case 0:
			out = append(out, name)
		case c[0]:
			in = append(in, name)
		default:
			return nil, nil, false
		}
	}
	slices.Sort(in)
	slices.Sort(out)
	return in, out, true
}

// bySystem lists systems, each with its processors where not all are in the set.
func (p *platforms) bySystem(s set) string {
	var order []string
	count, arches := map[string]int{}, map[string][]string{}
	for i, q := range p.ports {
		count[q.os]++
		if s[0]>>i&1 == 1 {
			if arches[q.os] == nil {
				order = append(order, q.os)
			}
			arches[q.os] = append(arches[q.os], q.arch)
		}
	}
	byArches := map[string][]string{} // the processors -> systems
	var lists []string
	for _, os := range order {
		key := strings.Join(arches[os], " || ")
		if count[os] == len(arches[os]) {
			key = ""
		}
		if byArches[key] == nil {
			lists = append(lists, key)
		}
		byArches[key] = append(byArches[key], os)
	}
	var terms []string
	for _, key := range lists {
		term := either(systems(byArches[key]))
		if key != "" {
			term = conjunction(term, key)
		}
		terms = append(terms, term)
	}
	return either(terms)
}

// systems writes names of systems as tags: that of one holds for another too.
func systems(names []string) []string {
	var words []string
	for _, n := range names {
		if of := implied(n); of != "" && slices.Contains(names, of) {
			continue
		}
		for _, other := range []string{"android", "illumos", "ios"} {
			if implied(other) == n && !slices.Contains(names, other) {
				n += " && !" + other
			}
		}
		words = append(words, n)
	}
	return words
}

// implied is the system whose tag another one has too.
func implied(os string) string {
	switch os {
	case "android":
		return "linux"
	case "illumos":
		return "solaris"
	case "ios":
		return "darwin"
	}
	return ""
}

func either(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	var list []string
	for _, t := range terms {
		list = append(list, enclose(t))
	}
	return strings.Join(list, " || ")
}

func conjunction(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return enclose(a) + " && " + enclose(b)
}

func enclose(s string) string {
	if strings.Contains(s, " ") {
		return "(" + s + ")"
	}
	return s
}
