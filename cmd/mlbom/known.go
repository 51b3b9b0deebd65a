package main

import (
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/known"
)

// readKnown reads the documents by which the tree's files and models are recognised.
func readKnown(names []string) (*known.Index, error) {
	if len(names) == 0 {
		return nil, nil
	}
	x := known.New()
	for _, name := range names {
		r, err := readInput(name, false, true)
		if err != nil {
			return nil, err
		}
		x.Add(name, sbom.Merge(r))
	}
	return x, nil
}

// recognise adds to the joined graph what earlier documents know of it.
func (j *job) recognise(g *sbom.Graph, of sbom.Report) *sbom.Graph {
	if j.known == nil {
		return g
	}
	more := j.known.Sightings(g)
	if len(more) == 0 {
		return g
	}
	of.Sightings = append(of.Sightings[:len(of.Sightings):len(of.Sightings)], more...)
	return sbom.Merge(of)
}
