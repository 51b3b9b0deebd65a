package main

import (
	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/deliver/deptrack/profile"
)

const noProfile = "none"

func profileFlag() cli.Flag {
	return &cli.StringFlag{Name: "profile", Usage: "shape CycloneDX for `CONSUMER`: " + profile.Name + ", which drops model cards, evidence and more, so that what policies ask for stands in properties (default " + noProfile + ")", EnvVars: env("profile")}
}

func parseProfile(c *cli.Context, outputs []output) (string, error) {
	name := c.String("profile")
	switch name {
	case "", noProfile:
		return "", nil
	case profile.Name:
	default:
		return "", usage("--profile %q: say %s or %s", name, profile.Name, noProfile)
	}
	for _, o := range outputs {
		if isPicture(o.format) || family(o.format) != "CycloneDX" {
			return "", usage("--profile %s is for CycloneDX, the only format that it reads, and not for %s", name, o.format)
		}
	}
	return name, nil
}

// shaped is the graph as the consumer of an output needs it.
func (j *job) shaped(o *output, g *sbom.Graph, loses func(sbom.ID, string)) (graph *sbom.Graph, compact bool) {
	if j.profile == "" {
		return g, j.compact
	}
	o.bare = true
	return profile.Make(g, loses), true
}
