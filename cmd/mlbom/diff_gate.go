package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/diff"
	"github.com/mlbom/mlbom/sbom/source/hub"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

// isTree tells whether an argument names a tree and no document.
func isTree(name string) bool {
	if isFar(name) {
		return true
	}
	info, err := os.Stat(name)
	return name != "-" && err == nil && info.IsDir()
}

// farNameError tells what is wrong with how a tree far away is named, without asking for it.
func farNameError(name string) error {
	var err error
	switch {
	case hub.IsName(name):
		_, err = hub.Parse(name)
	case registry.IsName(name):
		_, err = registry.Parse(name)
	default:
		err = errors.ErrUnsupported
	}
	return err
}

// anyAlarm is the word of --fail-on for all alarms.
const anyAlarm = "alarm"

// diffGate is what --fail-on of diff asks for.
type diffGate struct {
	kinds []diff.Kind
	alarm bool
	rank  int // of the least severity of a new finding that fails; -1 where none does
}

func kindNamed(word string) (diff.Kind, bool) {
	if word == "license" {
		word = string(diff.License)
	}
	return diff.Kind(word), slices.ContainsFunc(diff.Kinds(), func(k diff.KindInfo) bool { return string(k.Kind) == word })
}

func kindWords() string {
	var all []string
	for _, k := range diff.Kinds() {
		all = append(all, string(k.Kind))
	}
	return strings.Join(all, ", ")
}

// eachWord gives the words of a flag that can be given again and takes commas.
func eachWord(values []string, take func(word string) error) error {
	for _, list := range values {
		for word := range strings.SplitSeq(list, ",") {
			if err := take(strings.TrimSpace(word)); err != nil {
				return err
			}
		}
	}
	return nil
}

func parseKinds(flag string, values []string) ([]diff.Kind, error) {
	var kinds []diff.Kind
	err := eachWord(values, func(word string) error {
		kind, ok := kindNamed(word)
		if !ok {
			return usage("%s %q: say one of %s", flag, word, kindWords())
		}
		kinds = append(kinds, kind)
		return nil
	})
	return kinds, err
}

func parseDiffGate(values []string) (diffGate, error) {
	g := diffGate{rank: -1}
	err := eachWord(values, func(word string) error {
		kind, ok := kindNamed(word)
		rank := slices.Index(severities, sbom.Severity(word))
		switch {
		case ok:
			g.kinds = append(g.kinds, kind)
		case rank >= 0:
			g.rank = max(g.rank, rank)
		case word == anyAlarm:
			g.alarm = true
		default:
			return usage("--fail-on %q: say alarm, a severity (critical, high, medium, low, info) or one of %s", word, kindWords())
		}
		return nil
	})
	return g, err
}

// takes tells whether a change fails the build.
func (g diffGate) takes(c *diff.Change) bool {
	isNew := c.After != "" || c.Kind != diff.Conflict && c.Kind != diff.Problem
	return g.alarm && c.Alarm || isNew && slices.Contains(g.kinds, c.Kind) ||
		c.Rule != "" && c.After != "" && slices.Index(severities, c.Severity) <= g.rank
}

func (g diffGate) check(changes []diff.Change) error {
	counts := map[diff.Kind]int{}
	total := 0
	for i := range changes {
		if g.takes(&changes[i]) {
			counts[changes[i].Kind]++
			total++
		}
	}
	if total == 0 {
		return nil
	}
	var parts []string
	for _, k := range diff.Kinds() {
		if n := counts[k.Kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k.Kind))
		}
	}
	return &exitError{exitProblem, fmt.Errorf("%s, and --fail-on is set: %s", count(total, "change fails", "changes fail"), strings.Join(parts, ", "))}
}
