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

	"github.com/urfave/cli/v2"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
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
		fmt.Fprintln(stderr, "mlbom: "+strings.ReplaceAll(strings.TrimSpace(coded.Error()), "\n", "\nmlbom: "))
	}
	return coded.code
}

func newApp(stdout, stderr io.Writer) *cli.App {
	return &cli.App{
		Name: "mlbom", Usage: "make the bill of materials of an AI system", HideVersion: true, HideHelpCommand: true,
		Description: "mlbom reads a tree of code, models and datasets, offline, and writes what it is made of\nas a CycloneDX ML-BOM, with the place of every fact.",
		Writer:      stdout, ErrWriter: stderr, ExitErrHandler: func(*cli.Context, error) {},
		CommandNotFound: nil,
		Action:          noCommand,
		OnUsageError:    usageError,
		Commands:        []*cli.Command{generateCommand(), validateCommand(), collectorsCommand(), versionCommand()},
	}
}

func noCommand(c *cli.Context) error {
	if c.Args().Present() {
		return usage("%q is no command; say one of generate, validate, collectors, version, or see mlbom --help", c.Args().First())
	}
	return cli.ShowAppHelp(c)
}

func usageError(c *cli.Context, err error, _ bool) error {
	name := "mlbom"
	if c.Command != nil && c.Command.Name != "" && c.Command.Name != name {
		name += " " + c.Command.Name
	}
	return usage("%v; see %s --help", err, name)
}
