// Command mlbom writes the ML-BOM of a tree: the models, datasets, packages and
// services that an AI system is made of, each with the place that says so.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // so that a plugin ends with us
	code := run(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program, with the exit code as its result.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := newApp(stdout, stderr)
	err := app.RunContext(ctx, permute(app, args))
	if err == nil {
		return exitOK
	}
	var coded *exitError
	if !errors.As(err, &coded) {
		coded = &exitError{exitUsage, err}
	}
	if coded.err != nil {
		for line := range strings.Lines(strings.TrimSpace(coded.Error())) {
			fmt.Fprintln(stderr, "mlbom: "+plain(strings.TrimSpace(line)))
		}
	}
	return coded.code
}
