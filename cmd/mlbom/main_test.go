package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"mlbom":    func() { os.Exit(run(context.Background(), os.Args, os.Stdout, os.Stderr)) },
		"printbom": printBOM,
	})
}

// printBOM is a program for --with: it prints a file, or says why not.
func printBOM() {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	os.Stdout.Write(data)
}

// TestScripts runs the archives in testdata/script, which are the specification
// of the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SOURCE_DATE_EPOCH", "1700000000")
			examples, err := filepath.Abs("../../examples")
			e.Setenv("EXAMPLES", examples)
			e.Values[dtrackKey{}] = new(*deptracktest.Server)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"dtrack": dtrack},
	})
}
