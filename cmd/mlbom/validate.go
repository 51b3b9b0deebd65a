package main

import (
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/schema"
)

const maxDocument = 200 << 20

func validateCommand() *cli.Command {
	return &cli.Command{
		Name: "validate", Usage: "hold documents against the official schema", ArgsUsage: "FILE...", OnUsageError: usageError,
		Description: "Format and version are read from the document. Beyond the schema, every reference must lead\nsomewhere and every bom-ref must be unique. \"-\" is standard input.",
		Flags:       []cli.Flag{&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing on valid documents", EnvVars: []string{"MLBOM_QUIET"}}},
		Action:      validate,
	}
}

func validate(c *cli.Context) error {
	if !c.Args().Present() {
		return usage("validate needs a file; say mlbom validate FILE..., or - for standard input")
	}
	invalid, unreadable := 0, 0
	for _, name := range c.Args().Slice() {
		format, version, err := validateFile(name)
		var issues *schema.Error
		switch {
		case err == nil && !c.Bool("quiet"):
			fmt.Fprintf(c.App.Writer, "%s: valid %s %s\n", name, format, version)
		case err == nil:
		case errors.As(err, &issues):
			invalid++
			fmt.Fprintf(c.App.Writer, "%s: not valid %s %s\n", name, format, version)
			for _, i := range issues.Issues {
				fmt.Fprintf(c.App.Writer, "  %s\n", i)
			}
		default:
			unreadable++
			fmt.Fprintf(c.App.ErrWriter, "mlbom: %s: %v\n", name, rootCause(err))
		}
	}
	switch {
	case unreadable > 0:
		return &exitError{exitUsage, nil}
	case invalid > 0:
		return &exitError{exitProblem, nil}
	}
	return nil
}

func validateFile(name string) (format, version string, err error) {
	data, err := readDocument(name)
	if err != nil {
		return "", "", err
	}
	if format, version, err = schema.Detect(data); err != nil {
		return "", "", err
	}
	return format, version, schema.Validate(format, version, data)
}
