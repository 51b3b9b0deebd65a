// Package pystartup finds the lines of a path configuration file of Python (*.pth)
// that run as code whenever Python starts
// (https://docs.python.org/3/library/site.html), and tells those that well-known
// tools write from others, by the whole line.
//
// Not understood: what the code does.
package pystartup

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

const maxQuote = 160 // bytes of a line that is quoted

// Line is one line that runs.
type Line struct {
	Line  int
	Quote string // shortened, in one line
	Known string // the tool that writes it; "" for none that is known
}

// Lines gives the lines that run.
func Lines(text string) []Line {
	var list []Line
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n \t")
		if strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "import\t") {
			list = append(list, Line{n, quote(line), knownAs(line)})
		}
	}
	return list
}

// quote shortens a line; what it imports and calls stands at its start and, where
// somebody hides it behind blanks, at its end.
func quote(line string) string {
	line = strings.Join(strings.Fields(line), " ")
	if len(line) > maxQuote {
		line = line[:maxQuote*2/3] + " ... " + line[len(line)-maxQuote/3:]
	}
	return strings.ToValidUTF8(line, "")
}

// knownAs names the tool that writes such a line.
func knownAs(line string) string {
	for _, k := range benign {
		if k.line.MatchString(line) {
			return k.who
		}
	}
	return ""
}

// benign are whole lines as the tools write them; names of packages vary.
var benign = []struct {
	who  string
	line *pattern.Pattern
}{
	{"distutils shim of setuptools", pattern.Lazy(`^import os; (?:var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; enabled and __import__\('_distutils_hack'\)\.(?:add_shim|do_override)\(\);?|enabled = os\.environ\.get\('SETUPTOOLS_USE_DISTUTILS'\) == 'local'; enabled and __import__\('_distutils_hack'\))$`)},
	{"editable install of setuptools", pattern.Lazy(`^import (__editable___[A-Za-z0-9_]+_finder); (__editable___[A-Za-z0-9_]+_finder)\.install\(\)$`)},
	{"editable install", pattern.Lazy(`^import _editable_impl_[A-Za-z0-9_]+$`)},
	{"virtualenv", pattern.Lazy(`^import _virtualenv$`)},
	{"name space of setuptools", pattern.Lazy(`^import sys, ?types, ?os; ?(?:has_mfs|pep420) ?= ?sys\.version_info ?> ?\(3, ?[0-9]\); ?p ?= ?os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], ?\*\('[A-Za-z0-9_]+',(?: ?'[A-Za-z0-9_]+',?)*\)\); ?importlib ?= ?has_mfs and __import__\('importlib\.util'\); ?has_mfs and __import__\('importlib\.machinery'\); ?m ?= ?has_mfs and sys\.modules\.setdefault\('[A-Za-z0-9_.]+', ?importlib\.util\.module_from_spec\(importlib\.machinery\.PathFinder\.find_spec\('[A-Za-z0-9_.]+', ?\[os\.path\.dirname\(p\)\]\)\)\); ?m ?= ?m or (?:not has_mfs and )?sys\.modules\.setdefault\('[A-Za-z0-9_.]+', ?types\.ModuleType\('[A-Za-z0-9_.]+'\)\); ?mp ?= ?\(m or \[\]\) and m\.__dict__\.setdefault\('__path__', ?\[\]\); ?\(p not in mp\) and mp\.append\(p\)(?:;m and setattr\(sys\.modules\['[A-Za-z0-9_.]+'\], '[A-Za-z0-9_]+', m\))?$`)},
	{"easy_install", pattern.Lazy(`^import sys; ?(?:sys\.__plen ?= ?len\(sys\.path\)|new ?= ?sys\.path\[sys\.__plen:\]; ?del sys\.path\[sys\.__plen:\]; ?p ?= ?getattr\(sys, ?'__egginsert', ?0\); ?sys\.path\[p:p\] ?= ?new; ?sys\.__egginsert ?= ?p ?\+ ?len\(new\))$`)},
	{"coverage", pattern.Lazy(`^import (?:coverage; coverage\.process_startup\(\)|sys; exec\('import os\\n\\nif os\.getenv\("COVERAGE_PROCESS_START"\) or os\.getenv\("COVERAGE_PROCESS_CONFIG"\):\\n try:\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage\.process_startup\((?:slug="pth")?\)'\))$`)},
	{"pytest-cov", pattern.Lazy(`^import os, sys;exec\('if "COV_CORE_SOURCE" in os\.environ:\\n    try:\\n        from pytest_cov\.embed import init\\n        init\(\)\\n    except Exception as exc:\\n        sys\.stderr\.write\(\\n            "pytest-cov: Failed to setup subprocess coverage\. "\\n            "Environ: \{0!r\} "\\n            "Exception: \{1!r\}\\\\n"\.format\(\\n                dict\(\(k, v\) for k, v in os\.environ\.items\(\) if k\.startswith\("COV_CORE"\)\),\\n                exc\\n            \)\\n        \)\\n'\)$`)},
	{"pywin32", pattern.Lazy(`^import pywin32_bootstrap$`)},
}
