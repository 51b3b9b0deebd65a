// Package gobinary reads what a compiled Go program says of itself: the build
// information that the linker puts into it since Go 1.13, after the documentation
// of debug/buildinfo (https://pkg.go.dev/debug/buildinfo), which does the reading,
// and of runtime/debug.BuildInfo. ELF, PE, Mach-O with its universal binaries,
// XCOFF, Plan 9 and WebAssembly are known by their first bytes, whatever the name.
//
// A program is an application, known by its path and its digest, and a file. The
// modules in it are libraries with the same package URLs as those of go.mod; the
// main module is one of them, for many programs can come from one module. The Go
// release that built it is the standard library in it.
//
// Not understood: which module needs which (the information is a list); what
// cgo links; programs that were built without modules, before Go 1.13, or by a
// tool that takes the information out (garble), which are told where the file
// shows that it is Go; compressed programs (UPX), which show nothing.
package gobinary

import (
	"context"
	"errors"
	"path"

	"github.com/mlbom/mlbom/sbom"
)

// Collector reads compiled Go programs.
var Collector = sbom.Collector{
	Name: "golang/gobinary",
	Doc: "Compiled Go programs\n\n" +
		"The modules linked into the program with versions and sums, the Go release with its\n" +
		"standard library, the commit it was built from and the settings of the build. Programs\n" +
		"are known by their bytes; ones that are not written in Go are passed over.",
	Sniff:   sniff,
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	found := read(r, size)
	if len(found.infos) == 0 && found.problem == "" {
		return nil, nil
	}
	file, err := fileOf(f, found.format)
	if err != nil {
		return nil, err
	}
	p := &program{f: f, file: file}
	for _, info := range found.infos {
		p.add(info)
	}
	if found.problem != "" {
		p.problem("%s", found.problem)
	}
	return p.sightings(), errors.Join(p.problems...)
}

// fileOf is the file itself.
func fileOf(f *sbom.File, format string) (sbom.Sighting, error) {
	digest, size, err := f.SHA256()
	if err != nil {
		return sbom.Sighting{}, err
	}
	return sbom.Sighting{
		Component: sbom.Component{
			Kind:   sbom.KindFile,
			Name:   path.Base(f.Path),
			Keys:   sbom.Keys{Path: f.Path, SHA256: digest},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: digest}},
			File:   &sbom.FileFacts{Size: size, Format: format},
		},
		Basis: sbom.Observed,
	}, nil
}
