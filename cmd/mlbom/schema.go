package main

import (
	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/schema"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name: "schema", Usage: "print the JSON Schema of mlbom.yaml", OnUsageError: usageError,
		Description: "mlbom.yaml declares what no file says of an AI system, and who says it; it lies beside a project or a\nmodel, and generate reads it. Save the schema and name it in the first line of the file, and editors\ncomplete and check it: # yaml-language-server: $schema=./mlbom.schema.json\nNot to be confused with .mlbom.yaml, which gives flags to mlbom itself.",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usage("schema takes no arguments, not %q", c.Args().First())
			}
			_, err := c.App.Writer.Write(schema.Declaration())
			return err
		},
	}
}
