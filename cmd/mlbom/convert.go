package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/document"
)

func convertCommand() *cli.Command {
	return &cli.Command{
		Name: "convert", Usage: "write a BOM in another format or version", ArgsUsage: "FILE", OnUsageError: usageError,
		Description: "Format and version of FILE are read from the document: CycloneDX 1.2 to 1.7 in JSON or XML, SPDX\n2.2 or 2.3 in JSON, YAML, tag-value, XML or RDF/XML, SPDX 3.0.1 in JSON-LD; \"-\" is standard input. What\nthe other format has no place for goes to properties or annotations, from which mlbom reads it back;\n--loss-report lists it.",
		Flags: []cli.Flag{
			outputFlag(), specVersionFlag(), profileFlag(), authorFlag(), timestampFlag(), serialFlag(), compactFlag(),
			&cli.StringFlag{Name: "loss-report", Usage: "write to `FILE`, as JSON, what of the input was not taken over and what each output has no field for, with the property or annotation that it went to", EnvVars: env("loss-report")},
			&cli.BoolFlag{Name: "lenient", Usage: "go on where FILE does not pass its own schema", EnvVars: env("lenient")},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "say nothing but errors", EnvVars: env("quiet")},
		},
		Action: convert,
	}
}

func convert(c *cli.Context) error {
	if c.Args().Len() != 1 {
		return usage("convert takes one file, not %d; say mlbom convert FILE -o FORMAT[@VERSION][=FILE]", c.Args().Len())
	}
	name := c.Args().First()
	outputs, err := parseOutputs(c.StringSlice("output"), c.String("spec-version"))
	if err != nil {
		return err
	}
	profile, err := parseProfile(c, outputs)
	if err != nil {
		return err
	}
	meta, err := newMeta(c)
	if err != nil {
		return err
	}
	data, err := readDocument(name)
	if err != nil {
		return usage("%s: %v", name, rootCause(err))
	}
	read, err := decodeDocument(data, name, baseOf(name), c.Bool("lenient"))
	if err != nil {
		return err
	}
	report := read.Report
	if c.String("timestamp") == "" && os.Getenv("SOURCE_DATE_EPOCH") == "" && !report.Origin.Time.IsZero() {
		meta.Time = report.Origin.Time // the same BOM in other words
	}
	j := &job{outputs: outputs, meta: meta, compact: c.Bool("compact"), profile: profile, losses: newLossReport(c.String("loss-report"), name)}
	if err := j.losses.apart(outputs, name); err != nil {
		return err
	}
	r := &result{graph: sbom.Merge(report)}
	if err := j.deliver(r, c.App.Writer); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		for _, p := range r.graph.Problems {
			fmt.Fprintf(c.App.ErrWriter, "problem: %s\n", plain(p.Error()))
		}
		for i, o := range outputs {
			fmt.Fprintln(c.App.ErrWriter, o.wrote(r.sizes[i]))
		}
	}
	return nil
}

// decodeDocument reads any BOM that errors call name and that the graph knows as
// place; one that does not pass its own schema is an error unless lenient.
func decodeDocument(data []byte, name, place string, lenient bool) (document.Document, error) {
	d, err := document.Decode(data, document.Options{Name: name, Place: place, Lenient: lenient})
	if err != nil {
		return d, usage("%v", err)
	}
	return d, nil
}

// baseOf is what a graph calls a file: where it lies on this machine is nobody's
// business.
func baseOf(name string) string {
	if name == "-" {
		return "stdin"
	}
	return filepath.ToSlash(filepath.Base(name))
}

// readDocument reads a whole file, or standard input for "-".
func readDocument(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		var err error
		if in, err = os.Open(name); err != nil {
			return nil, err
		}
		defer in.Close()
	}
	if info, err := in.Stat(); err == nil && info.IsDir() {
		return nil, errors.New("it is a folder; name a file, or - for standard input")
	}
	data, err := io.ReadAll(io.LimitReader(in, maxDocument+1))
	if err == nil && len(data) > maxDocument {
		err = fmt.Errorf("larger than %d MiB; split it into several documents that refer to each other", maxDocument>>20)
	}
	return data, err
}
