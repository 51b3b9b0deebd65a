package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
)

func collectorsCommand() *cli.Command {
	return &cli.Command{
		Name: "collectors", Usage: "list what mlbom can read", ArgsUsage: "[NAME...]", OnUsageError: usageError,
		Description: "Without NAME, one line a collector; with NAME, the whole text on it, or on all of a domain, such as python.",
		Action:      showCollectors,
	}
}

func showCollectors(c *cli.Context) error {
	if c.Args().Present() {
		for _, name := range c.Args().Slice() {
			chosen, err := selected([]string{name}, nil)
			if err != nil {
				return err
			}
			for i, k := range chosen {
				if i > 0 {
					fmt.Fprintln(c.App.Writer)
				}
				fmt.Fprintf(c.App.Writer, "%s: %s\nFiles: %s\n", k.Name, strings.TrimSpace(k.Doc), files(k))
			}
		}
		return nil
	}
	w := tabwriter.NewWriter(c.App.Writer, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tREADS\tFILES")
	for _, k := range collectors.All() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", k.Name, title(k), shorten(files(k), 60))
	}
	return w.Flush()
}

func title(k *sbom.Collector) string {
	line, _, _ := strings.Cut(strings.TrimSpace(k.Doc), "\n")
	return strings.TrimSuffix(line, ".")
}

func files(k *sbom.Collector) string {
	s := strings.Join(k.Match, ", ")
	switch {
	case k.Sniff == nil:
		return s
	case s == "":
		return "any, by content"
	}
	return s + "; by content"
}

func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// selected gives the collectors that --only and --without leave. A domain
// ("python") stands for all of its collectors.
func selected(only, without []string) ([]*sbom.Collector, error) {
	all := collectors.All()
	for _, name := range append(slices.Clone(only), without...) {
		if !slices.ContainsFunc(all, func(k *sbom.Collector) bool { return answers(k, name) }) {
			return nil, usage("no collector is named %q; mlbom collectors lists them", name)
		}
	}
	var chosen []*sbom.Collector
	for _, k := range all {
		is := func(name string) bool { return answers(k, name) }
		if (len(only) == 0 || slices.ContainsFunc(only, is)) && !slices.ContainsFunc(without, is) {
			chosen = append(chosen, k)
		}
	}
	if len(chosen) == 0 {
		return nil, usage("--only and --without leave no collector")
	}
	return chosen, nil
}

func answers(k *sbom.Collector, name string) bool {
	return k.Name == name || strings.HasPrefix(k.Name, name+"/") || strings.HasSuffix(k.Name, "/"+name)
}
