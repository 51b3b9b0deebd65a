package executorch

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{"\x30\x00\x00\x00ET12eh00": true, "\x1c\x00\x00\x00TFL3\x00": false, "": false, "ET12": false, "PK\x03\x04ET12.": false} {
		if sniff([]byte(head)) != want {
			t.Errorf("%q: want %v", head, want)
		}
	}
}

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/net.pte") }
