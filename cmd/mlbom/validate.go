package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/schema"
)

const maxDocument = document.MaxSize

func validateCommand() *cli.Command {
	return &cli.Command{
		Name: "validate", Usage: "hold documents against the official schema", ArgsUsage: "FILE...", OnUsageError: usageError,
		Description: "Format and version are read from the document. Beyond the schema, every reference must lead\n" +
			"somewhere, every identifier must be unique, licences must be SPDX expressions of listed ids, package\n" +
			"URLs must keep their specification, and nothing may contain itself. What is merely doubtful (spelling,\n" +
			"deprecated licences, cycles of dependencies), and what the profiles of SPDX 3.0.1 ask for in prose only,\n" +
			"is a note. \"-\" is standard input.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "write a JSON array with file, format, version, valid, issues and notes (pointer, line, rule, message, fix)", EnvVars: env("json")},
			&cli.BoolFlag{Name: "strict", Usage: "exit 1 where there are notes", EnvVars: env("strict")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing on valid documents", EnvVars: env("quiet")},
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
	More    int            `json:"more,omitempty"` // issues beyond those listed
	Notes   []schema.Issue `json:"notes,omitempty"`
	unread  bool           // no verdict could be reached
}

func judge(name string) verdict {
	v := verdict{File: name}
	data, err := readDocument(name)
	if err != nil {
		v.Error, v.unread = rootCause(err).Error(), true
		return v
	}
	if v.Format, v.Version, err = schema.Detect(data); err == nil {
		err = schema.Validate(v.Format, v.Version, data)
		v.Notes = schema.Lint(v.Format, v.Version, data)
	}
	var issues *schema.Error
	switch {
	case err == nil:
		v.Valid = true
	case errors.As(err, &issues):
		v.Issues, v.More = issues.Issues, issues.More
	default:
		v.Error, v.unread = err.Error(), !errors.Is(err, schema.ErrNotBOM)
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
		case v.unread:
			code = exitUsage
		case (!v.Valid || c.Bool("strict") && len(v.Notes) > 0) && code == exitOK:
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

func (v verdict) what() string {
	if v.Format == "" {
		return "as any format"
	}
	return v.Format + " " + v.Version
}

func (v verdict) print(c *cli.Context) {
	switch {
	case v.Error != "":
		fmt.Fprintf(c.App.ErrWriter, "mlbom: %s\n", plain(v.File+": "+v.Error))
	case !v.Valid:
		fmt.Fprintf(c.App.Writer, "%s: not valid %s\n", plain(v.File), v.what())
		for _, i := range v.Issues {
			fmt.Fprintf(c.App.Writer, "  %s\n", i)
		}
		if v.More > 0 {
			fmt.Fprintf(c.App.Writer, "  and %d more\n", v.More)
		}
	case !c.Bool("quiet"):
		fmt.Fprintf(c.App.Writer, "%s: valid %s %s\n", plain(v.File), v.Format, v.Version)
	}
	if !c.Bool("quiet") || c.Bool("strict") {
		for _, i := range v.Notes {
			fmt.Fprintf(c.App.Writer, "  note: %s\n", i)
		}
	}
}
