package sbomtest

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/schema"
)

// Random makes n sightings that share, contest and contradict, for tests of
// what must hold for any graph.
func Random(rng *rand.Rand, n int) sbom.Report {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	thing := func() sbom.Component {
		c := sbom.Component{Kind: sbom.Kind(pick("library", "machine-learning-model", "file", "data", "application", "service", "cryptographic-asset", "process", "odd")), Name: pick("", "x", "y")}
		if rng.IntN(2) == 0 {
			c.Keys.PURL = "pkg:pypi/" + pick("a", "b", "c") + pick("", "@1", "@2")
		}
		if rng.IntN(3) == 0 {
			c.Keys.SHA256 = strings.Repeat(pick("1", "2", "3"), 64)
		}
		if rng.IntN(4) == 0 {
			c.Keys.URL = "https://x/" + pick("1", "2")
		}
		if rng.IntN(3) == 0 {
			c.Keys.Path = pick("m/", "m/a", "n/", "./", "m/b", "p.yaml#s")
		}
		return c
	}
	var r sbom.Report
	for range n {
		s := sbom.Sighting{Component: thing(), Basis: sbom.Basis(rng.IntN(4)), Hint: rng.IntN(5) == 0, Where: sbom.Place{Path: pick("", "a", "m/b", "m/n/c"), Line: rng.IntN(9), By: pick("p/q", "r: s", "")},
			Root: rng.IntN(2*n) == 0, Mentioned: rng.IntN(8) == 0}
		s.Version, s.Tags = pick("", "1", "2"), []string{pick("t", "u"), pick("v", "w")}
		s.Hashes = []sbom.Hash{{Alg: pick("SHA-256", "MD5", "odd"), Value: strings.Repeat(pick("1", "2"), 32)}}
		if rng.IntN(2) == 0 {
			s.Model = &sbom.Model{Task: pick("", "t", "u"), Parameters: rng.Int64N(3), Formats: []string{pick("f", "g")}}
		}
		facts(rng, pick, &s.Component)
		s.Lines = map[string]int{"version": rng.IntN(20), "model.task": rng.IntN(20)}
		for range rng.IntN(3) {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Rel(pick("depends-on", "contains", "derived-from", "trained-on", "evaluated-on", "consumes", "produces")), To: thing(), Note: pick("", "n", "o", "train", "test"), Line: rng.IntN(12)})
		}
		if rng.IntN(4) == 0 {
			s.Findings = []sbom.Finding{{Rule: pick(sbom.RuleNoHash, "odd"), Message: pick("a", "b"), Where: s.Where}}
		}
		r.Sightings = append(r.Sightings, s)
	}
	return r
}

// facts fills what only a process, a dataset or a file of data has.
func facts(rng *rand.Rand, pick func(...string) string, c *sbom.Component) {
	named := func() []sbom.Property {
		return []sbom.Property{{Name: pick("a", "b", ""), Value: pick("1", "", " x\ny\x01")}}
	}
	switch {
	case c.Kind == sbom.KindProcess && rng.IntN(4) > 0:
		c.Process = &sbom.Process{Type: pick("pipeline", "stage", "run"), Activity: pick("", sbom.ActivityTraining, sbom.ActivityEvaluation), Tool: pick("", "dvc"),
			Commands: []string{pick("z -x", " two\n lines ", "\x02<&"), pick("a", "")}, Parameters: named(), Environment: named(), Started: pick("", "2024-02-30T10:00:00Z", "2024-02-28T10:00:00Z", "soon"),
			Ended: pick("", "2024-02-28T10:00:00.5+01:00"), Metrics: []sbom.Metric{{Type: "loss", Value: pick("0.1", "0.2")}}, Status: pick("", "FINISHED")}
		c.Description = pick("", "text", " <b>\n")
	case c.Kind == sbom.KindDataset && rng.IntN(4) > 0:
		c.Dataset = &sbom.Dataset{Rows: rng.Int64N(3), Origin: named(), Usage: []string{pick("DUO:1", "no")}, RootDigest: strings.Repeat(pick("4", "5"), 64), SchemaDigest: pick("", "x"),
			Features: []sbom.Feature{{Name: "l", Labels: []string{pick("y", "z"), "a"}, Description: pick("", "d")}}, Availability: pick("", "query"), Confidential: pick("", "amber", "secret"),
			Modalities: []string{pick("text", "tabular", "odd")}, Personal: pick("", "yes", "perhaps")}
	case c.Kind == sbom.KindFile && rng.IntN(4) > 0:
		rows := rng.Int64N(2)
		c.File = &sbom.FileFacts{Table: sbom.Table{Rows: &rows, Split: pick("", "train", "test"), Columns: []sbom.Column{{Name: pick("z", "a"), Type: "int64", Nulls: &rows, Labels: []sbom.LabelCount{{Label: "q", Rows: 2}}}}}}
	case c.Kind == sbom.KindModel && rng.IntN(2) == 0:
		c.Model = &sbom.Model{Metrics: []sbom.Metric{{Type: "accuracy", Value: pick("0.9", "1"), Category: pick("", "safety"), StdErr: pick("", "0.1"), Samples: "7", Tool: pick("", "t 1"), Tested: pick("", "abc"), Split: pick("", "test")}}}
	}
}

var graphs = flag.Int("random", 300, "how many random graphs the tests of formats take; a tenth with -short")

// Graphs gives random graphs of a stream to check, two of three as if they were read
// from one document, on all cores, and reports the first error; what is slow is for every tenth graph.
func Graphs(t *testing.T, stream uint64, check func(g *sbom.Graph, tenth bool) error) {
	t.Helper()
	n := uint64(max(*graphs, 1))
	if testing.Short() {
		n = max(n/10, 1)
	}
	var next atomic.Uint64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for seed := next.Add(1) - 1; seed < n; seed = next.Add(1) - 1 {
				rng := rand.New(rand.NewPCG(seed, stream))
				r := Random(rng, 3+rng.IntN(40))
				if by := []string{"", "cyclonedx", "spdx"}[seed%3]; by != "" {
					r = OnePlace(r, by)
				}
				if err := check(sbom.Merge(r), seed%10 == 0); err != nil {
					t.Errorf("graph %d: %v", seed, err)
					next.Store(n)
				}
			}
		})
	}
	wg.Wait()
}

// Comes tells how a graph that came back differs from what it should be.
func Comes(g, back *sbom.Graph) error {
	if want, got := JSON(sbom.Merge(g.Report())), JSON(back); got != want {
		return errors.New("the graph changes on its way: " + Difference(want, got))
	}
	return nil
}

// OnePlace gives the report as if all of it stood in one document that was read by
// the decoder of that name.
func OnePlace(r sbom.Report, by string) sbom.Report {
	out := sbom.Report{}
	for _, s := range r.Sightings {
		s.Where, s.Basis, s.Lines, s.Findings, s.Hint = sbom.Place{Path: "doc", By: by}, sbom.Resolved, nil, nil, false
		s.Links = slices.Clone(s.Links)
		for i := range s.Links {
			s.Links[i].Line = 0
		}
		out.Sightings = append(out.Sightings, s)
	}
	return out
}

// Through writes a graph, holds the document against its schema and reads it: it
// tells whether the graph comes back.
func Through(g *sbom.Graph, encode func(io.Writer) error, decode func([]byte, string) (sbom.Report, error)) error {
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		return err
	}
	format, version, err := schema.Detect(b.Bytes())
	if err != nil {
		return err
	}
	if err := schema.Validate(format, version, b.Bytes()); err != nil {
		return err
	}
	r, err := decode(b.Bytes(), "out")
	if err != nil {
		return err
	}
	return Comes(g, sbom.Merge(r))
}
