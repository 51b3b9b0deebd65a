package main

import (
	"fmt"
	"strings"
)

// The exit codes.
const (
	exitOK      = 0
	exitProblem = 1
	exitUsage   = 2
	exitFailed  = 3
)

// exitCodes is the table that help and README show.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitOK, "done; with `generate`, problems in single files are in the document and on stderr"},
	{exitProblem, "the check said no: `generate --strict` met a problem, `--fail-on` a finding or a change, `diff --exit-code` a change, `verify` a file that is not as the BOM says, `validate` found an invalid document or none at all, or with `--strict` a note"},
	{exitUsage, "could not start or finish: a bad flag or argument, an unreadable root, a file that cannot be written"},
	{exitFailed, "could not check or hand over: not all that had to be looked at could be, or a server could not be reached, refused, or answered with nonsense"},
}

func exitTable() string {
	var b strings.Builder
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "  %d  %s\n", e.code, strings.ReplaceAll(e.meaning, "`", ""))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// failed is the error of what could not be looked at or handed over, though all that
// the user said was right.
func failed(format string, args ...any) error {
	return &exitError{exitFailed, fmt.Errorf(format, args...)}
}

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}
