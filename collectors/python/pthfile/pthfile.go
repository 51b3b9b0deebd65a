// Package pthfile reads the path configuration files of Python (*.pth), after
// https://docs.python.org/3/library/site.html: each line of such a file in
// site-packages is a folder for the module search path, but a line that begins
// with "import" and a blank is run as code whenever Python starts, whatever is
// started. That is how code gets into every process of an environment.
//
// What well-known tools write is told apart by the whole line, never by the name
// of the file: the shim of setuptools for distutils, its editable installs, name
// spaces and easy_install, virtualenv, coverage and pytest-cov, pywin32. Such
// lines are kept as a property of the file, and are no finding. What they call
// is code like all other, which RECORD vouches for.
//
// Not understood: the folders that a file names, which lie on one machine; *.pth
// of PyTorch, which are archives or pickles and are known by their bytes.
package pthfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Collector reads path configuration files.
var Collector = sbom.Collector{
	Name: "python/pthfile",
	Doc: "Path configuration files of Python (*.pth)\n\n" +
		"Lines that run code whenever Python starts; those that well-known tools write are told apart.",
	Match:   []string{"*.pth"},
	Collect: collect,
}

const (
	maxFile  = 1 << 20 // bytes
	maxLines = 20      // findings of one file
	maxQuote = 160     // bytes of a line that a finding quotes
)

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	data, size, err := read(f)
	if err != nil || data == nil {
		return nil, err
	}
	s := sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Line: 1}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindFile, path.Base(f.Path), f.Path
	s.File = &sbom.FileFacts{Size: size, Format: "python-pth", MediaType: "text/plain"}
	sum := sha256.Sum256(data)
	s.Keys.SHA256 = hex.EncodeToString(sum[:])
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: s.Keys.SHA256}}
	runs, n := 0, 0
	for line := range strings.Lines(decode(data)) {
		n++
		line = strings.TrimRight(line, "\r\n \t")
		if !strings.HasPrefix(line, "import ") && !strings.HasPrefix(line, "import\t") {
			continue
		}
		runs++
		if who := knownAs(line); who != "" {
			if p := (sbom.Property{Name: "mlbom:python:startup", Value: who}); !slices.Contains(s.Properties, p) {
				s.Properties = append(s.Properties, p)
			}
			continue
		}
		if len(s.Findings) < maxLines {
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleStartupCode, Message: "runs whenever Python starts: " + quote(line), Where: sbom.Place{Line: n}})
		}
	}
	if runs == 0 {
		return nil, nil // folders alone
	}
	return []sbom.Sighting{s}, nil
}

// read gives the text; nil for other bytes, which are weights or none of ours.
func read(f *sbom.File) ([]byte, int64, error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, 0, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, 0, err
	}
	if bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")) || bytes.HasPrefix(head, []byte("\x80")) || bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, 0, nil
	}
	if size > maxFile {
		return nil, 0, &sbom.Problem{Reason: fmt.Sprintf("a text of more than %d MiB is no path configuration file, and is not read", maxFile>>20)}
	}
	data, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	return data, size, err
}

func decode(data []byte) string {
	if text, err := sbom.DecodeText(data); err == nil {
		return text
	}
	return strings.ToValidUTF8(string(data), "\uFFFD")
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
	line *regexp.Regexp
}{
	{"distutils shim of setuptools", regexp.MustCompile(`^import os; (?:var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; enabled and __import__\('_distutils_hack'\)\.(?:add_shim|do_override)\(\);?|enabled = os\.environ\.get\('SETUPTOOLS_USE_DISTUTILS'\) == 'local'; enabled and __import__\('_distutils_hack'\))$`)},
	{"editable install of setuptools", regexp.MustCompile(`^import (__editable___[A-Za-z0-9_]+_finder); (__editable___[A-Za-z0-9_]+_finder)\.install\(\)$`)},
	{"editable install", regexp.MustCompile(`^import _editable_impl_[A-Za-z0-9_]+$`)},
	{"virtualenv", regexp.MustCompile(`^import _virtualenv$`)},
	{"name space of setuptools", regexp.MustCompile(`^import sys, ?types, ?os; ?(?:has_mfs|pep420) ?= ?sys\.version_info ?> ?\(3, ?[0-9]\); ?p ?= ?os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], ?\*\('[A-Za-z0-9_]+',(?: ?'[A-Za-z0-9_]+',?)*\)\); ?importlib ?= ?has_mfs and __import__\('importlib\.util'\); ?has_mfs and __import__\('importlib\.machinery'\); ?m ?= ?has_mfs and sys\.modules\.setdefault\('[A-Za-z0-9_.]+', ?importlib\.util\.module_from_spec\(importlib\.machinery\.PathFinder\.find_spec\('[A-Za-z0-9_.]+', ?\[os\.path\.dirname\(p\)\]\)\)\); ?m ?= ?m or (?:not has_mfs and )?sys\.modules\.setdefault\('[A-Za-z0-9_.]+', ?types\.ModuleType\('[A-Za-z0-9_.]+'\)\); ?mp ?= ?\(m or \[\]\) and m\.__dict__\.setdefault\('__path__', ?\[\]\); ?\(p not in mp\) and mp\.append\(p\)(?:;m and setattr\(sys\.modules\['[A-Za-z0-9_.]+'\], '[A-Za-z0-9_]+', m\))?$`)},
	{"easy_install", regexp.MustCompile(`^import sys; ?(?:sys\.__plen ?= ?len\(sys\.path\)|new ?= ?sys\.path\[sys\.__plen:\]; ?del sys\.path\[sys\.__plen:\]; ?p ?= ?getattr\(sys, ?'__egginsert', ?0\); ?sys\.path\[p:p\] ?= ?new; ?sys\.__egginsert ?= ?p ?\+ ?len\(new\))$`)},
	{"coverage", regexp.MustCompile(`^import (?:coverage; coverage\.process_startup\(\)|sys; exec\('import os\\n\\nif os\.getenv\("COVERAGE_PROCESS_START"\) or os\.getenv\("COVERAGE_PROCESS_CONFIG"\):\\n try:\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage\.process_startup\((?:slug="pth")?\)'\))$`)},
	{"pytest-cov", regexp.MustCompile(`^import os, sys;exec\('if "COV_CORE_SOURCE" in os\.environ:\\n    try:\\n        from pytest_cov\.embed import init\\n        init\(\)\\n    except Exception as exc:\\n        sys\.stderr\.write\(\\n            "pytest-cov: Failed to setup subprocess coverage\. "\\n            "Environ: \{0!r\} "\\n            "Exception: \{1!r\}\\\\n"\.format\(\\n                dict\(\(k, v\) for k, v in os\.environ\.items\(\) if k\.startswith\("COV_CORE"\)\),\\n                exc\\n            \)\\n        \)\\n'\)$`)},
	{"pywin32", regexp.MustCompile(`^import pywin32_bootstrap$`)},
}
