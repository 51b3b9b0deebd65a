package main

import (
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

func newApp(stdout, stderr io.Writer) *cli.App {
	setFlagText()
	commands := []*cli.Command{
		generateCommand(),
		convertCommand(),
		mergeCommand(),
		validateCommand(),
		verifyCommand(),
		diffCommand(),
		signCommand(),
		verifySignatureCommand(),
		attachCommand(),
		fetchCommand(),
		uploadCommand(),
		collectorsCommand(),
		schemaCommand(),
		versionCommand(),
	}
	for _, c := range commands {
		c.HideHelpCommand = true // or a folder named help could not be read
	}
	return &cli.App{
		Name: "mlbom", Usage: "make the bill of materials of an AI system", HideVersion: true, HideHelpCommand: true,
		Description: "mlbom reads a tree of code, models and datasets, offline, and writes what it is made of\nas a CycloneDX ML-BOM or as SPDX, with the place of every fact.\n\nExit codes:\n" + exitTable(),
		Writer:      stdout, ErrWriter: stderr, ExitErrHandler: func(*cli.Context, error) {},
		SliceFlagSeparator: "\n", // a variable of the environment holds one value a line
		Flags:              []cli.Flag{&cli.BoolFlag{Name: "version", Usage: "print the version of mlbom"}},
		Action:             noCommand,
		OnUsageError:       usageError,
		Commands:           commands,
	}
}

func noCommand(c *cli.Context) error {
	if c.Args().Present() {
		var names []string
		for _, command := range c.App.Commands {
			names = append(names, command.Name)
		}
		return usage("%q is no command; say one of %s, or see mlbom --help", c.Args().First(), strings.Join(names, ", "))
	}
	if c.Bool("version") {
		return printVersion(c)
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
