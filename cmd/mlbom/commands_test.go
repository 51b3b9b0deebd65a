package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// What people copy: every command of ours in it has to be one, with flags that it has.
var copiedFrom = []string{"../../.github", "../../.goreleaser.yaml", "../../.pre-commit-hooks.yaml", "../../examples/ci", "../../examples/release"}

var (
	spoken    = regexp.MustCompile("(?:^|[\\s\"'`(/|])mlbom (?:-- )?([a-z][a-z-]+)([^|;&<>`]*)")                                // mlbom COMMAND ...
	inArray   = regexp.MustCompile(`\[\s*(generate|convert|merge|validate|verify|diff|sign|attach|fetch|upload)\s*,([^\]]*)\]`) // args: [COMMAND, ...]
	forLater  = regexp.MustCompile(`(?:^|\s)(?:args\+?=\(|set -- )(.*)`)                                                        // of the next command of the file
	flagsOf   = regexp.MustCompile(`(?:^|[\s,\["'(])(--?[a-z][a-z-]*)`)
	continued = regexp.MustCompile(`\\\n\s*`)
)

// said is a command of ours in a file.
type said struct {
	line    string
	command string
	flags   []string
}

// commandsIn finds the commands of a text. In prose a word after mlbom that is no command and has
// no flags is a verb.
func commandsIn(text string, known map[string]*cli.Command) []said {
	var all []said
	var later []string
	for line := range strings.Lines(continued.ReplaceAllString(text, " ")) {
		line = strings.TrimSpace(line)
		if m := forLater.FindStringSubmatch(line); m != nil {
			later = append(later, flagNames(m[1])...)
		}
		found := append(spoken.FindAllStringSubmatch(line, -1), inArray.FindAllStringSubmatch(line, -1)...)
		for _, m := range found {
			s := said{line, m[1], flagNames(m[2])}
			if known[s.command] == nil && len(s.flags) == 0 && !strings.HasPrefix(line, "args:") && !strings.HasPrefix(line, "entry:") {
				continue
			}
			s.flags = append(s.flags, later...)
			later = nil
			all = append(all, s)
		}
	}
	return all
}

func flagNames(text string) []string {
	var names []string
	for _, m := range flagsOf.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.TrimLeft(m[1], "-"))
	}
	return names
}

func TestCopiedCommandsExist(t *testing.T) {
	known := map[string]*cli.Command{}
	for _, c := range newApp(io.Discard, io.Discard).Commands {
		known[c.Name] = c
	}
	checked := 0
	for _, name := range copiedFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range commandsIn(string(text), known) {
			checked++
			c := known[s.command]
			if c == nil {
				t.Errorf("%s: there is no command %q: %s", name, s.command, s.line)
				continue
			}
			for _, f := range s.flags {
				if !slices.ContainsFunc(c.Flags, func(flag cli.Flag) bool { return slices.Contains(flag.Names(), f) }) && f != "help" {
					t.Errorf("%s: mlbom %s has no flag %s: %s", name, s.command, f, s.line)
				}
			}
		}
	}
	if checked < 10 {
		t.Errorf("%d commands found, which is too few: the search is broken", checked)
	}
}

func copiedFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, root := range copiedFrom {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				all = append(all, name)
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	return all
}

func TestCommandsAreFound(t *testing.T) {
	known := map[string]*cli.Command{"generate": {}, "verify": {}}
	text := "x: mlbom generate . --quiet -o a | jq --raw\nmlbom found nothing\nargs=(--one 1)\n  mlbom generate \\\n  --two\nargs: [verify, a, --fast]\nrun `mlbom gone --x`\n"
	var got []string
	for _, s := range commandsIn(text, known) {
		got = append(got, s.command+" "+strings.Join(s.flags, ","))
	}
	if want := []string{"generate quiet,o", "generate two,one", "verify fast", "gone x"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
