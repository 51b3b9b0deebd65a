package numpy

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{"\x93NUMPY\x01\x00": true, "PK\x03\x04": false, "": false, "\x93NUMPZ": false,
		"PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00a.npy": true, "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00a.txt": false} {
		if sniff([]byte(head)) != want {
			t.Errorf("%q: want %v", head, want)
		}
	}
}

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "model.npz") }

func FuzzArray(f *testing.F) { sbomtest.Fuzz(f, &Collector, "a.npy") }
