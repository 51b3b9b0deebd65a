package paged

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
)

func TestReader(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	data := make([]byte, maxPages*pageSize*2+77)
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	r := New(bytes.NewReader(data), int64(len(data)))
	for range 20000 {
		at, n := rng.Int64N(int64(len(data))), rng.Int64N(MaxView)
		want := data[at:min(at+n, int64(len(data)))]
		got, err := r.View(at, int(n))
		if int64(len(want)) < n {
			if !errors.Is(err, ErrEnd) {
				t.Fatalf("%d bytes at %d: %v", n, at, err)
			}
			continue
		}
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%d bytes at %d differ, %v", n, at, err)
		}
	}
	if len(r.pages) > maxPages {
		t.Errorf("%d pages are held", len(r.pages))
	}
	if got, err := r.Bytes(5, 1<<20); err != nil || !bytes.Equal(got, data[5:5+1<<20]) {
		t.Error(err)
	}
	if _, err := r.Bytes(0, 1<<40); !errors.Is(err, ErrEnd) {
		t.Error(err)
	}
}

// TestCut has a file that is shorter than it says.
func TestCut(t *testing.T) {
	r := New(bytes.NewReader(make([]byte, 10)), 100)
	if _, err := r.View(0, 5); !errors.Is(err, ErrEnd) {
		t.Error(err)
	}
}
