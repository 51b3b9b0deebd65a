package main

import "fmt"

// The exit codes.
const (
	exitOK      = 0
	exitProblem = 1
	exitUsage   = 2
)

// exitCodes is the table that help and README show.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitOK, "done; with `generate`, problems in single files are in the document and on stderr"},
	{exitProblem, "the check said no: `generate --strict` met a problem, `validate` found an invalid document"},
	{exitUsage, "could not start or finish: a bad flag or argument, an unreadable root, a file that cannot be written"},
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

func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}
