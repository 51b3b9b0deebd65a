package sbom

import (
	"sync"
	"testing"
	"testing/fstest"
)

type onceKey string

// TestOnce reads once for each key where there is a memory, and each time without.
func TestOnce(t *testing.T) {
	reads := 0
	var mu sync.Mutex
	read := func() int {
		mu.Lock()
		defer mu.Unlock()
		reads++
		return reads
	}
	tree := fstest.MapFS{}
	if Once(tree, onceKey("a"), read); Once(tree, onceKey("a"), read) != 2 {
		t.Error("a plain file system remembered")
	}
	m := NewMemory(tree)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if got := Once(m, onceKey("a"), read); got != 3 {
				t.Errorf("got %d, want what was read first", got)
			}
		})
	}
	group.Wait()
	if got := Once(m, "a", read); got != 4 {
		t.Errorf("a key of another type gave %d", got)
	}
}

// TestOnceIsBounded keeps no more than its bound, and goes on to read.
func TestOnceIsBounded(t *testing.T) {
	m := NewMemory(fstest.MapFS{})
	for i := range maxOnce + 5 {
		if got := Once(m, i, func() int { return i }); got != i {
			t.Fatalf("%d gave %d", i, got)
		}
	}
	if len(m.known) != maxOnce {
		t.Errorf("%d are kept", len(m.known))
	}
}

// TestOncePanicsForAll: what fails for one fails for all, whoever was first.
func TestOncePanicsForAll(t *testing.T) {
	m := NewMemory(fstest.MapFS{})
	for range 2 {
		func() {
			defer func() {
				if p := recover(); p != "broken" {
					t.Errorf("recovered %v", p)
				}
			}()
			t.Errorf("gave %d", Once(m, onceKey("x"), func() int { panic("broken") }))
		}()
	}
}
