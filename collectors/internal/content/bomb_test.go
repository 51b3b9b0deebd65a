package content

import (
	"bytes"
	"compress/gzip"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
)

// nested packs data in archives of many copies, one in the other.
func nested(t *testing.T, data []byte, copies, depth int) []byte {
	for range depth {
		var members []string
		for i := range copies {
			members = append(members, strconv.Itoa(i)+".zip", string(data))
		}
		data = zipped(t, members...)
	}
	return data
}

// gzips packs data several times.
func gzips(t *testing.T, data []byte, times int) []byte {
	for range times {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

// TestBombs: each stops at a limit, in little time and memory.
func TestBombs(t *testing.T) {
	const mega = 1 << 20
	zeros := string(make([]byte, 16*mega))
	bomb := zipped(t, "0.dll", zeros)
	limits := sbom.Limits{Unpacked: 128 * mega, Members: 30_000}
	for name, data := range map[string][]byte{
		"many copies":     nested(t, bomb, 16, 4), // 65536 times 16 MiB
		"deep":            nested(t, bomb, 1, 30),
		"gzip of gzip":    gzips(t, []byte(zeros), 20),
		"pickle of zeros": gzips(t, []byte("\x80\x04\x8e\x00\x00\x00\x40\x00\x00\x00\x00"+zeros+zeros), 2),
		"many members":    nested(t, []byte("x"), 200, 3),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			peak := watch(t)
			r := examine(data, limits)
			if most := peak(); most > 160*mega {
				t.Errorf("%d MiB of memory were taken", most/mega)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			t.Logf("%s/%s in %s: %s", r.Scan.Verdict, r.Scan.Coverage, time.Since(start), r.Scan.Reason)
			want := sbom.RuleBomb
			if name == "many members" {
				want = sbom.RuleIncomplete
			}
			if name != "pickle of zeros" && (r.Scan.Coverage != sbom.OverLimit || r.Scan.Verdict != sbom.Undecided || len(r.Findings) == 0 || r.Findings[0].Rule != want) {
				t.Errorf("got %+v", r)
			}
			if r.Scan.Verdict == sbom.Clean {
				t.Errorf("got %+v", r)
			}
		})
	}
}

// watch gives the most memory that is taken beyond what is taken now.
func watch(t *testing.T) (peak func() uint64) {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	done, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	return func() uint64 {
		close(done)
		<-stopped
		return most - before
	}
}
