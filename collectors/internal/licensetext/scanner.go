package licensetext

import (
	"bytes"
	"strings"
	"sync"

	"github.com/google/licensecheck"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// A scanner is an automaton that is made at first use. That of all licences takes
// most of a second to make, so the usual ones are asked first, and BSD-4-Clause,
// which alone makes the automaton twice as large, stands by itself.
var (
	usual  = sync.OnceValue(func() *licensecheck.Scanner { return scanner(isUsual) })
	all    = sync.OnceValue(func() *licensecheck.Scanner { return scanner(func(id string) bool { return id != advertising }) })
	fourth = sync.OnceValue(func() *licensecheck.Scanner { return scanner(func(id string) bool { return id == advertising }) })
)

const (
	advertising = "BSD-4-Clause"
	sureShare   = 90 // percent from which on the usual licences are believed to be all
)

var usualNames = pattern.Lazy(`^(?:MIT.*|BSD-[123].*|BSD-Source-Code|0BSD|Apache-2\.0|ISC|MPL-2\.0|L?GPL-[23].*|PSF-2\.0|Python-2\.0|Zlib|Unlicense|CC0-1\.0|CC-BY-4\.0|CC-BY-SA-4\.0|OFL-1\.1|BSL-1\.0|HPND.*|JSON|X11|NCSA|Google.*|CommonsClause|ZPL-2\.1|ICU|PostgreSQL)$`)

func isUsual(id string) bool { return usualNames.MatchString(id) }

func scanner(take func(id string) bool) *licensecheck.Scanner {
	var list []licensecheck.License
	for _, l := range licensecheck.BuiltinLicenses() {
		if l.LRE == "" || !take(l.ID) {
			continue
		}
		if l.ID == "PSF-2.0" { // today's copies list more years
			l.LRE = strings.Replace(l.LRE, "__6__", "__40__", 1)
		}
		list = append(list, l)
	}
	s, err := licensecheck.NewScanner(list)
	if err != nil {
		panic("the patterns of licensecheck do not compile: " + err.Error()) // a test calls each
	}
	return s
}

func scan(text []byte) licensecheck.Coverage {
	c := usual().Scan(text)
	if c.Percent >= sureShare {
		return c
	}
	if more := all().Scan(text); more.Percent >= c.Percent {
		c = more
	}
	if c.Percent < sureShare && bytes.Contains(text, []byte("dvertising materials")) {
		if more := fourth().Scan(text); more.Percent > c.Percent {
			c = more
		}
	}
	return c
}
