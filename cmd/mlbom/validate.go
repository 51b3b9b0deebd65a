package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/schema"
)

const maxDocument = 200 << 20

func validateCommand() *cli.Command {
	return &cli.Command{
		Name: "validate", Usage: "hold documents against the official schema", ArgsUsage: "FILE...", OnUsageError: usageError,
		Description: "Format and version are read from the document. Beyond the schema, every reference must lead\nsomewhere and every identifier must be unique. What the profiles of SPDX 3.0.1 ask for in prose only\nis a note, which does not make a document invalid. \"-\" is standard input.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "write a JSON array with file, format, version, valid, issues and notes (pointer, line, rule, message, fix)", EnvVars: env("json")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing on valid documents, and no notes", EnvVars: env("quiet")},
		},
		Action: validate,
	}
}

// verdict is what validate says of one file; its JSON is that of --json.
type verdict struct {
	File    string         `json:"file"`
	Format  string         `json:"format,omitempty"`
	Version string         `json:"version,omitempty"`
	Valid   bool           `json:"valid"`
	Error   string         `json:"error,omitempty"` // why it is no document that can be checked
	Issues  []schema.Issue `json:"issues,omitempty"`
	More    int            `json:"more,omitempty"`  // issues beyond those listed
	Notes   []schema.Issue `json:"notes,omitempty"` // what a valid document may lack
}

func judge(name string) verdict {
	v := verdict{File: name}
	var err error
	v.Format, v.Version, v.Notes, err = validateFile(name)
	var issues *schema.Error
	switch {
	case err == nil:
		v.Valid = true
	case errors.As(err, &issues):
		v.Issues, v.More = issues.Issues, issues.More
	default:
		v.Error = rootCause(err).Error()
	}
	return v
}

func validate(c *cli.Context) error {
	if !c.Args().Present() {
		return usage("validate needs a file; say mlbom validate FILE..., or - for standard input")
	}
	var all []verdict
	code := exitOK
	for _, name := range c.Args().Slice() {
		v := judge(name)
		all = append(all, v)
		switch {
		case v.Error != "":
			code = exitUsage
		case !v.Valid && code == exitOK:
			code = exitProblem
		}
		if !c.Bool("json") {
			v.print(c)
		}
	}
	if c.Bool("json") {
		enc := json.NewEncoder(c.App.Writer)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(all); err != nil {
			return err
		}
	}
	if code != exitOK {
		return &exitError{code, nil}
	}
	return nil
}

func (v verdict) print(c *cli.Context) {
	switch {
	case v.Error != "":
		fmt.Fprintf(c.App.ErrWriter, "mlbom: %s: %s\n", v.File, v.Error)
	case !v.Valid:
		fmt.Fprintf(c.App.Writer, "%s: not valid %s %s\n", v.File, v.Format, v.Version)
		for _, i := range v.Issues {
			fmt.Fprintf(c.App.Writer, "  %s\n", i)
		}
		if v.More > 0 {
			fmt.Fprintf(c.App.Writer, "  and %d more\n", v.More)
		}
	case !c.Bool("quiet"):
		fmt.Fprintf(c.App.Writer, "%s: valid %s %s\n", v.File, v.Format, v.Version)
	}
	if !c.Bool("quiet") {
		for _, n := range v.Notes {
			fmt.Fprintf(c.App.Writer, "  note: %s\n", n)
		}
	}
}

func validateFile(name string) (format, version string, notes []schema.Issue, err error) {
	data, err := readDocument(name)
	if err != nil {
		return "", "", nil, err
	}
	if format, version, err = schema.Detect(data); err != nil {
		return "", "", nil, err
	}
	return format, version, schema.Lint(format, version, data), schema.Validate(format, version, data)
}
