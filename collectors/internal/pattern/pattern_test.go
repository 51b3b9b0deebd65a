package pattern

import (
	"sync"
	"testing"
)

func TestLazy(t *testing.T) {
	p := Lazy(`(?i)^a+(b)$`)
	if p.re != nil {
		t.Error("compiled before its first use")
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if m := p.FindStringSubmatch("AAb"); len(m) != 2 || m[1] != "b" {
				t.Errorf("%q", m)
			}
		})
	}
	all.Wait()
	if p.String() != `(?i)^a+(b)$` || p.MatchString("c") || p.ReplaceAllString("ab", "$1!") != "b!" {
		t.Error("not what regexp does")
	}
}
