package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// The flags that several commands share.

// env names the variable of a flag.
func env(name string) []string {
	return []string{"MLBOM_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))}
}

func outputFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "output", Aliases: []string{"o"}, Usage: "write `FORMAT[@VERSION][=FILE]`, or FILE with an ending that tells the format; again for more. Formats: " + strings.Join(formats, ", ") + " (the last two are pictures); default cyclonedx-json to standard output", EnvVars: env("output")}
}

func specVersionFlag() cli.Flag {
	return &cli.StringFlag{Name: "spec-version", Usage: "CycloneDX `VERSION` of outputs that name none: " + strings.Join(versions, ", ") + " (default " + defaultVersion + ")", EnvVars: env("spec-version")}
}

func authorFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "author", Usage: "`NAME [<EMAIL>]` of an author of the document", EnvVars: env("author")}
}

func timestampFlag() cli.Flag {
	return &cli.StringFlag{Name: "timestamp", Usage: "`TIME` of the document (RFC 3339), or none", EnvVars: env("timestamp")}
}

func serialFlag() cli.Flag {
	return &cli.StringFlag{Name: "serial", Usage: "serial number, `URN` urn:uuid:... (default: derived from the content)", EnvVars: env("serial")}
}

func compactFlag() cli.Flag {
	return &cli.BoolFlag{Name: "compact", Usage: "write JSON and XML without indentation", EnvVars: env("compact")}
}
