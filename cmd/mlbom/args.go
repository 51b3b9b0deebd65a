package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute puts a command's flags before its arguments, so that both orders
// work; the library stops reading flags at the first argument. What follows
// "--" are arguments.
func permute(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	var flags []cli.Flag
	for _, c := range app.Commands {
		if c.HasName(args[1]) {
			flags = c.Flags
		}
	}
	if flags == nil {
		return args
	}
	valued := takesValue(flags)
	front, rest := args[:2:2], []string{}
	for i := 2; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case len(a) < 2 || a[0] != '-':
			rest = append(rest, a)
		default:
			front = append(front, a)
			if name := strings.TrimLeft(a, "-"); valued[name] && i+1 < len(args) {
				i++
				front = append(front, args[i])
			}
		}
	}
	if len(rest) > 0 {
		front = append(append(front, "--"), rest...)
	}
	return front
}

// takesValue names the flags, and their short names, that are followed by a value.
func takesValue(flags []cli.Flag) map[string]bool {
	valued := map[string]bool{}
	for _, f := range flags {
		if _, isSwitch := f.(*cli.BoolFlag); isSwitch {
			continue
		}
		for _, name := range f.Names() {
			valued[name] = true
		}
	}
	return valued
}
