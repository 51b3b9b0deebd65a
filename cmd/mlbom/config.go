package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/urfave/cli/v2"
	"go.yaml.in/yaml/v3"
)

const configName = ".mlbom.yaml"

const maxConfig = 1 << 20

// applyConfig sets the flags that neither the command line nor the environment
// sets from a YAML file of flag names and values: the one that --config names,
// or .mlbom.yaml in the working directory. A file taken from the working
// directory is announced, since that directory may be a stranger's checkout.
func applyConfig(c *cli.Context, stderr io.Writer) error {
	name, named := c.String("config"), c.IsSet("config")
	if !named {
		name = configName
	}
	data, err := readConfig(name)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		return usage("cannot read the configuration %s: %v", name, rootCause(err))
	}
	if !named {
		fmt.Fprintf(stderr, "mlbom: settings from %s in the working directory (--config names another)\n", name)
	}
	settings := map[string]yaml.Node{}
	if err := yaml.Unmarshal(data, &settings); err != nil {
		return usage("%s: %v", name, err)
	}
	for key, node := range settings {
		if !named && key == "plain-http" {
			return usage("%s:%d: plain-http names hosts to ask without TLS; a file in the working directory may be a stranger's, so say it on the command line, or name the file with --config", name, node.Line)
		}
		if !named && key == "with" {
			return usage("%s:%d: with names a program to run; a file in the working directory may be a stranger's, so say --with on the command line, or name the file with --config", name, node.Line)
		}
		if err := applySetting(c, key, node); err != nil {
			return usage("%s:%d: %v", name, node.Line, err)
		}
	}
	return nil
}

func readConfig(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxConfig+1))
	if len(data) > maxConfig {
		return nil, errors.New("larger than 1 MiB")
	}
	return data, err
}

func applySetting(c *cli.Context, key string, node yaml.Node) error {
	known := slices.ContainsFunc(c.Command.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), key) && key != "config" && key != "help" })
	if !known {
		return fmt.Errorf("%q is no setting; the settings are the long flags of mlbom %s", key, c.Command.Name)
	}
	if c.IsSet(key) && (len(c.String(key)) > 0 || c.Bool(key) || len(c.StringSlice(key)) > 0) {
		return nil // an empty variable of the environment sets nothing
	}
	var values []string
	switch node.Kind {
	case yaml.ScalarNode:
		values = []string{node.Value}
	case yaml.SequenceNode:
		for _, item := range node.Content {
			values = append(values, item.Value)
		}
	default:
		return fmt.Errorf("%s: want a value or a list of values", key)
	}
	for _, v := range values {
		if err := c.Set(key, v); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}
