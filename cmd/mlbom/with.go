package main

import (
	"context"
	"io/fs"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/plugin"
)

// parsePlugins reads --with and --with-timeout.
func parsePlugins(with []string, timeout string) ([]plugin.Command, time.Duration, error) {
	limit := plugin.DefaultTimeout
	if timeout != "" {
		var err error
		if limit, err = time.ParseDuration(timeout); err != nil || limit <= 0 {
			return nil, 0, usage("--with-timeout %q: want a time such as 90s or 20m", timeout)
		}
	}
	var list []plugin.Command
	for _, text := range with {
		if text == "" {
			continue // an empty variable of the environment sets nothing
		}
		c, err := plugin.Parse(text)
		if err != nil {
			return nil, 0, usage("--with: %v", err)
		}
		list = append(list, c)
	}
	return list, limit, nil
}

// runPlugins adds what the programs of --with say of the tree.
func (j *job) runPlugins(ctx context.Context, fsys fs.FS, report *sbom.Report, root sbom.Component) error {
	if len(j.plugins) == 0 {
		return nil
	}
	tree := plugin.Tree{Dir: j.dir, FS: fsys, Root: stated(root, report.Sightings)}
	for _, c := range j.plugins {
		told, err := c.Run(ctx, tree, j.timeout)
		if err != nil {
			return usage("--with %v", err)
		}
		report.Sightings = append(report.Sightings, told.Sightings...)
		report.Problems = append(report.Problems, told.Problems...)
		report.Records = append(report.Records, told.Records...)
	}
	return nil
}

// stated is the subject with the name, version and purl that the tree gives it.
func stated(root sbom.Component, seen []sbom.Sighting) sbom.Component {
	for i := range seen {
		c := &seen[i].Component
		if c.Kind != root.Kind || c.Keys.Path != root.Keys.Path || root.Keys.Path == "" {
			continue
		}
		if root.Name == "" {
			root.Name = c.Name
		}
		if root.Version == "" {
			root.Version = c.Version
		}
		if root.Keys.PURL == "" {
			root.Keys.PURL = c.Keys.PURL
		}
	}
	return root
}
