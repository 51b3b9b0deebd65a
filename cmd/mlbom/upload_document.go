package main

import (
	"context"
	"io"
	"os"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/schema"
)

// uploadDocument is what is sent, in any version.
type uploadDocument struct {
	graph   *sbom.Graph
	meta    sbom.Meta
	profile string
	asIs    []byte // not nil: sent as it is, whatever the server reads
	version string // of asIs
	note    string // what has to be said of the input
}

func (u *uploadJob) readInput(ctx context.Context) (*uploadDocument, error) {
	meta, err := newMeta(u.cli)
	if err != nil {
		return nil, err
	}
	d := &uploadDocument{meta: meta, profile: u.profile}
	if info, err := os.Stat(u.input); isFar(u.input) || err == nil && info.IsDir() {
		j := &job{dir: u.input, meta: meta, quiet: true}
		if j.collectors, err = selected(nil, nil); err != nil {
			return nil, err
		}
		if j.settings, err = newSettings(u.cli); err != nil {
			return nil, err
		}
		result, err := j.collect(ctx, io.Discard)
		if err != nil {
			return nil, err
		}
		d.graph = result.graph
		if n := len(d.graph.Problems); n > 0 {
			d.note = count(n, "place", "places") + " could not be read, which the document says; mlbom generate lists them"
		}
		return d, nil
	}
	data, err := readDocument(u.input)
	if err != nil {
		return nil, usage("%s: %v", u.input, rootCause(err))
	}
	read, err := decodeDocument(data, u.input, baseOf(u.input), u.cli.Bool("lenient"))
	if err != nil {
		return nil, err
	}
	if !read.Report.Origin.Time.IsZero() {
		d.meta.Time = read.Report.Origin.Time
	}
	d.graph = sbom.Merge(read.Report)
	switch {
	case document.IsSPDX(read.Format):
		d.note = "converting SPDX " + read.Version + ", which the server does not take, to CycloneDX"
	case u.profile == noProfile && (u.specVersion == "" || u.specVersion == read.Version):
		d.asIs, d.version = data, read.Version
	}
	return d, nil
}

// versions are those to try, the best first.
func (d *uploadDocument) versions(asked, server string) []string {
	switch {
	case d.asIs != nil:
		return []string{d.version}
	case asked != "":
		return []string{asked}
	}
	return deptrack.SpecVersions(server)
}

// bytes makes the document in a version, and tells how many components the server
// will count; -1 where nobody can tell.
func (d *uploadDocument) bytes(version string) ([]byte, int, error) {
	if d.asIs != nil {
		return d.asIs, -1, nil
	}
	o := output{format: schema.FormatJSON, version: version}
	g, n := d.graph, -1
	if d.profile == profile.Name {
		o.bare = true
		g = profile.Make(g, nil)
		n = 0
		for _, node := range g.Nodes {
			if node.ID != g.Root && node.Kind != sbom.KindService {
				n++
			}
		}
	}
	data, err := o.render(g, d.meta, true, nil, nil)
	return data, n, err
}

func (d *uploadDocument) shape(n int) string {
	switch {
	case d.asIs != nil:
		return ", as it is"
	case d.profile == noProfile:
		return ""
	}
	return ", " + count(n, "component", "components") + ", profile " + d.profile
}
