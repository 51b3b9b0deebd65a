package notebook

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestOutputsAreNotHeld: a picture of 8 MB between two cells changes neither what is
// read nor the lines.
func TestOutputsAreNotHeld(t *testing.T) {
	cell := "  {\"cell_type\": \"code\",\n   \"source\": [\"x = %d\\n\",\n    \"y\"],\n   \"outputs\": [{\"data\": \"%s\"}]}"
	text := "{\"cells\": [\n" + fmt.Sprintf(cell, 1, strings.Repeat(`A\"\\`, 2<<20)) + ",\n" + fmt.Sprintf(cell, 2, "") + "\n]}"
	b, err := open(sbom.NewFile(fstest.MapFS{"a.ipynb": {Data: []byte(text)}}, "a.ipynb"))
	if err != nil || len(b.cells) != 2 {
		t.Fatalf("%v, %+v", err, b)
	}
	if r := b.cells[1][0]; r.text != "x = 2" || r.at != 7 || r.cell != 2 || r.in != 1 {
		t.Errorf("%+v", r)
	}
	if r := b.cells[1][1]; r.text != "y" || r.at != 8 || r.in != 2 {
		t.Errorf("%+v", r)
	}
}

// TestCutTexts: a text that is cut is still one.
func TestCutTexts(t *testing.T) {
	for _, tail := range []string{"", `\\`, `\"`, `\u0041`, `\\\"`} {
		long := strings.Repeat("a", maxString-3) + tail + tail + "bbb"
		text := `{"x": "` + long + `", "cells": [{"cell_type": "code", "source": "z"}]}`
		b, err := open(sbom.NewFile(fstest.MapFS{"a.ipynb": {Data: []byte(text)}}, "a.ipynb"))
		if err != nil || b == nil || len(b.cells) != 1 || b.cells[0][0].text != "z" {
			t.Errorf("%q: %v", tail, err)
		}
	}
}

// TestHostile: worksheets in worksheets are no depth of the stack, pieces of a line cost
// no square, and a number that does not end is not held.
func TestHostile(t *testing.T) {
	const deep = 2_000_000
	for name, c := range map[string]struct {
		text string
		most int64 // bytes that may be allocated in all
	}{
		"worksheets": {strings.Repeat(`{"worksheets":[`, deep), 1 << 30},
		"pieces":     {`{"cells":[{"cell_type":"code","source":[` + strings.TrimSuffix(strings.Repeat(`"abcd",`, 400_000), ",") + `]}]}`, 1 << 28},
		"number":     {`{"x":` + strings.Repeat("1", 64<<20) + `,"cells":[]}`, 1 << 27},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		b, err := open(sbom.NewFile(fstest.MapFS{"a.ipynb": {Data: []byte(c.text)}}, "a.ipynb"))
		runtime.ReadMemStats(&after)
		if used := int64(after.TotalAlloc - before.TotalAlloc); used > c.most {
			t.Errorf("%s: %d MiB were allocated", name, used>>20)
		}
		switch {
		case name != "pieces" && err == nil:
			t.Errorf("%s: no problem", name)
		case name == "pieces" && (err != nil || len(b.cells) != 1 || len(b.cells[0][0].text) > maxLine):
			t.Errorf("%s: %v", name, err)
		}
	}
}
