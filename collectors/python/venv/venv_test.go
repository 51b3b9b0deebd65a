package venv

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, ".venv/pyvenv.cfg", []byte("version = 3.12.1\n"))
}

// TestNothingOfTheMachine: no path of the machine is kept, wherever it stands.
func TestNothingOfTheMachine(t *testing.T) {
	text := "home = /home/secret\nversion = /home/secret\nprompt = /home/secret\nuv = /home/secret\nimplementation = /home/secret\nversion_info = 3.12.1\ninclude-system-site-packages = /home/secret\n"
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"v/pyvenv.cfg": {Data: []byte(text)}}, "v/pyvenv.cfg"))
	if err != nil || len(seen) != 2 || seen[1].Version != "3.12.1" {
		t.Fatalf("%+v %v", seen, err)
	}
	if text := sbomtest.JSON(seen); strings.Contains(text, "secret") {
		t.Error(text)
	}
}
