package main

import (
	"regexp"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"
)

const (
	helpWidth  = 90
	helpIndent = "    "
)

var quoted = regexp.MustCompile("`([^`]+)`")

// setFlagText makes help of two lines a flag: names with their value, and what
// it does. The library's own columns are as wide as the longest flag.
var setFlagText = sync.OnceFunc(func() { cli.FlagStringer = flagText })

func flagText(f cli.Flag) string {
	doc, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	usage, value := doc.GetUsage(), ""
	if m := quoted.FindStringSubmatch(usage); m != nil {
		value = " " + m[1]
	}
	var long, short []string
	for _, n := range f.Names() {
		if len(n) == 1 {
			short = append(short, "-"+n)
		} else {
			long = append(long, "--"+n)
		}
	}
	head := strings.Join(append(short, long...), ", ")
	if doc.TakesValue() {
		head += value
	}
	usage = quoted.ReplaceAllString(usage, "$1")
	if s, isSlice := f.(cli.DocGenerationSliceFlag); isSlice && s.IsSliceFlag() && !strings.Contains(usage, "again") {
		usage += "; can be given again"
	}
	if env := doc.GetEnvVars(); len(env) > 0 {
		usage += " [$" + strings.Join(env, ", $") + "]"
	}
	return head + "\n" + fold(usage)
}

// fold breaks text into lines of the help's width.
func fold(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(helpIndent)+len(line)+1+len(word) > helpWidth {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return helpIndent + strings.Join(append(lines, line), "\n"+helpIndent)
}
