package diff_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
	"github.com/mlbom/mlbom/sbom/diff"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const (
	one, two = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222"
	sumA     = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	sumB     = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// graph joins components that one file states, below one subject.
func graph(list ...sbom.Component) *sbom.Graph {
	root := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindApplication, Name: "sys", Version: "1", Keys: sbom.Keys{Path: "./"}}, Root: true, Where: sbom.Place{By: "t"}}
	r := sbom.Report{Sightings: []sbom.Sighting{root}}
	for _, c := range list {
		r.Sightings = append(r.Sightings, sbom.Sighting{Component: c, Where: sbom.Place{Path: "f", By: "t"}})
	}
	return sbom.Merge(r)
}

func pkg(purl, name, version string) sbom.Component {
	return sbom.Component{Kind: sbom.KindLibrary, Name: name, Version: version, Keys: sbom.Keys{PURL: purl}}
}

func file(path, sum string) sbom.Component {
	return sbom.Component{Kind: sbom.KindFile, Name: path, Keys: sbom.Keys{Path: path, SHA256: sum}, Hashes: []sbom.Hash{{Alg: "SHA-256", Value: sum}}}
}

func with(c sbom.Component, change func(*sbom.Component)) sbom.Component {
	change(&c)
	return c
}

// kinds are the changes as "kind field direction", with ! before an alarm.
func kinds(r *diff.Result) []string {
	var all []string
	for _, c := range r.Changes {
		alarm := ""
		if c.Alarm {
			alarm = "!"
		}
		all = append(all, strings.TrimRight(fmt.Sprintf("%s%s %s %s", alarm, c.Kind, c.Field, c.Direction), " "))
	}
	return all
}

func TestCompare(t *testing.T) {
	a := pkg("pkg:pypi/a@1", "a", "1")
	hashed := func(sum string) sbom.Component {
		return with(a, func(c *sbom.Component) { c.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: sum}} })
	}
	service := func(auth, at string) sbom.Component {
		return sbom.Component{Kind: sbom.KindService, Name: "s", Keys: sbom.Keys{Path: "s.yaml#s"}, Service: &sbom.Service{Authenticated: auth, Endpoints: []string{at}}}
	}
	model := func(path, name, content string) sbom.Component {
		return sbom.Component{Kind: sbom.KindModel, Name: name, Keys: sbom.Keys{Path: path}, Model: &sbom.Model{Fingerprints: sbom.Fingerprints{Content: content}}}
	}
	data := func(rows int64) sbom.Component {
		return sbom.Component{Kind: sbom.KindDataset, Name: "d", Keys: sbom.Keys{Path: "d/"}, Dataset: &sbom.Dataset{Rows: rows}}
	}
	hub := func(commit string) sbom.Component {
		return sbom.Component{Kind: sbom.KindModel, Name: "o/m", Version: commit, Keys: sbom.Keys{PURL: strings.TrimSuffix("pkg:huggingface/o/m@"+commit, "@")}}
	}
	for name, tt := range map[string]struct {
		a, b []sbom.Component
		want []string
	}{
		"version up":          {[]sbom.Component{a}, []sbom.Component{pkg("pkg:pypi/a@1.10", "a", "1.10")}, []string{"version version up"}},
		"version down":        {[]sbom.Component{pkg("pkg:pypi/a@1.0", "a", "1.0")}, []sbom.Component{pkg("pkg:pypi/a@1.0rc1", "a", "1.0rc1")}, []string{"version version down"}},
		"semantic":            {[]sbom.Component{pkg("pkg:golang/x.y/z@v1.9.0", "x.y/z", "v1.9.0")}, []sbom.Component{pkg("pkg:golang/x.y/z@v1.10.0", "x.y/z", "v1.10.0")}, []string{"version version up"}},
		"other package":       {[]sbom.Component{a}, []sbom.Component{pkg("pkg:npm/a@1", "a", "1")}, []string{"added", "removed"}},
		"two for one":         {[]sbom.Component{a}, []sbom.Component{pkg("pkg:pypi/a@2", "a", "2"), pkg("pkg:pypi/a@3", "a", "3")}, []string{"added", "added", "removed"}},
		"same digest":         {[]sbom.Component{hashed(sumA)}, []sbom.Component{hashed(sumA)}, nil},
		"digest":              {[]sbom.Component{hashed(sumA)}, []sbom.Component{hashed(sumB)}, []string{"!digest-changed SHA-256"}},
		"digest only in one":  {[]sbom.Component{a}, []sbom.Component{hashed(sumB)}, []string{"digests digests"}},
		"digest with version": {[]sbom.Component{hashed(sumA)}, []sbom.Component{with(hashed(sumB), func(c *sbom.Component) { c.Version, c.Keys.PURL = "2", "pkg:pypi/a@2" })}, []string{"version version up", "content SHA-256"}},
		"licence":             {[]sbom.Component{a}, []sbom.Component{with(a, func(c *sbom.Component) { c.Licenses = []sbom.License{{ID: "MIT"}} })}, []string{"licence licenses"}},
		"supplier":            {[]sbom.Component{a}, []sbom.Component{with(a, func(c *sbom.Component) { c.Supplier.Name = "E" })}, []string{"supplier supplier"}},
		"pinned":              {[]sbom.Component{with(a, func(c *sbom.Component) { c.Package = &sbom.Package{Requirements: []string{">=1"}} })}, []sbom.Component{with(a, func(c *sbom.Component) { c.Package = &sbom.Package{Requirements: []string{"==1"}} })}, []string{"pin package.requirements pinned"}},
		"commit changed":      {[]sbom.Component{hub(one)}, []sbom.Component{hub(two)}, []string{"version version"}},
		"commit lost":         {[]sbom.Component{hub(one)}, []sbom.Component{hub("")}, []string{"pin version loosened"}},
		"moved file":          {[]sbom.Component{file("x/a", sumA)}, []sbom.Component{file("y/a", sumA)}, []string{"renamed path"}},
		"changed file":        {[]sbom.Component{file("x/a", sumA)}, []sbom.Component{file("x/a", sumB)}, []string{"!digest-changed SHA-256"}},
		"another file":        {[]sbom.Component{file("x/a", sumA)}, []sbom.Component{file("y/a", sumB)}, []string{"added", "removed"}},
		"swapped files":       {[]sbom.Component{file("x", sumA), file("y", sumB)}, []sbom.Component{file("x", sumB), file("y", sumA)}, []string{"!digest-changed SHA-256", "!digest-changed SHA-256", "renamed path", "renamed path"}},
		"renamed model":       {[]sbom.Component{model("a/", "a", sumA)}, []sbom.Component{model("b/", "b", sumA)}, []string{"renamed name", "renamed path"}},
		"retrained model":     {[]sbom.Component{model("a/", "a", sumA)}, []sbom.Component{model("a/", "a", sumB)}, []string{"!digest-changed content id"}},
		"rows":                {[]sbom.Component{data(1)}, []sbom.Component{data(2)}, []string{"dataset dataset.rows"}},
		"TLS lost":            {[]sbom.Component{service("yes", "https://h/v1")}, []sbom.Component{service("yes", "http://h:80/v1")}, []string{"!service service.endpoints weaker"}},
		"TLS gained":          {[]sbom.Component{service("yes", "http://h/v1")}, []sbom.Component{service("yes", "https://h/v1")}, []string{"service service.endpoints stronger"}},
		"no authentication":   {[]sbom.Component{service("yes", "https://h")}, []sbom.Component{service("no", "https://h")}, []string{"!service service.authenticated weaker"}},
	} {
		t.Run(name, func(t *testing.T) {
			x, y := graph(tt.a...), graph(tt.b...)
			got, want := kinds(diff.Compare(x, y)), tt.want
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			mirrored(t, x, y)
		})
	}
}

// mirrored checks that the way back says the same, turned round.
func mirrored(t *testing.T, x, y *sbom.Graph) {
	t.Helper()
	turn := map[string]string{diff.Up: diff.Down, diff.Down: diff.Up, diff.Pinned: diff.Loosened, diff.Loosened: diff.Pinned, diff.Weaker: diff.Stronger, diff.Stronger: diff.Weaker}
	turnKind := map[diff.Kind]diff.Kind{diff.Added: diff.Removed, diff.Removed: diff.Added, diff.Finding: diff.Fixed, diff.Fixed: diff.Finding}
	text := func(c diff.Change) string {
		c.Alarm, c.To = false, nil
		data, _ := json.Marshal(c)
		return string(data)
	}
	var there, back []string
	for _, c := range diff.Compare(x, y).Changes {
		there = append(there, text(c))
	}
	for _, c := range diff.Compare(y, x).Changes {
		c.A, c.B, c.Before, c.After = c.B, c.A, c.After, c.Before
		if d, ok := turn[c.Direction]; ok {
			c.Direction = d
		}
		if k, ok := turnKind[c.Kind]; ok {
			c.Kind = k
		}
		back = append(back, text(c))
	}
	slices.Sort(there)
	slices.Sort(back)
	if !slices.Equal(there, back) {
		only := func(a, b []string) string {
			return strings.Join(slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) }), "\n")
		}
		t.Errorf("not a mirror:\n%s\n\n%s", only(there, back), only(back, there))
	}
}

func TestRandomGraphs(t *testing.T) {
	sbomtest.Graphs(t, 77, func(g *sbom.Graph, tenth bool) error {
		if r := diff.Compare(g, g); len(r.Changes) > 0 {
			return fmt.Errorf("a graph differs from itself: %+v", r.Changes[0])
		}
		for _, o := range []cyclonedx.Options{{Version: "1.7"}, {Version: "1.3"}, {Version: "1.6", XML: true}} {
			if o.Version != "1.7" && !tenth {
				continue
			}
			var b bytes.Buffer
			if err := cyclonedx.Encode(&b, g, sbom.Meta{}, o); err != nil {
				return err
			}
			back, err := cyclonedx.Decode(b.Bytes(), "in")
			if err != nil {
				return err
			}
			// A graph whose sources contradict each other can change where it is merged
			// again, so the document is held against the same step.
			if r := diff.Compare(sbom.Merge(g.Report()), sbom.Merge(back)); len(r.Changes) > 0 {
				return fmt.Errorf("a graph differs from its document %+v: %+v", o, r.Changes[0])
			}
		}
		return nil
	})
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 78))
		x, y := sbom.Merge(sbomtest.Random(rng, 20)), sbom.Merge(sbomtest.Random(rng, 20))
		if mirrored(t, x, y); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// The order in which things were seen does not matter.
func TestShuffle(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 79))
		r, s := sbomtest.Random(rng, 20), sbomtest.Random(rng, 20)
		want := sbomtest.JSON(diff.Compare(sbom.Merge(r), sbom.Merge(s)))
		rng.Shuffle(len(r.Sightings), func(i, j int) { r.Sightings[i], r.Sightings[j] = r.Sightings[j], r.Sightings[i] })
		if got := sbomtest.JSON(diff.Compare(sbom.Merge(r), sbom.Merge(s))); got != want {
			t.Fatalf("seed %d: %s", seed, sbomtest.Difference(want, got))
		}
	}
}

func TestLarge(t *testing.T) {
	n := 50_000
	if testing.Short() {
		n = 5_000
	}
	make := func(version func(i int) string) *sbom.Graph {
		g := &sbom.Graph{}
		for i := range n {
			name := fmt.Sprintf("p%06d", i)
			c := pkg("pkg:pypi/"+name+"@"+version(i), name, version(i))
			g.Nodes = append(g.Nodes, &sbom.Node{ID: sbom.ID(c.Keys.PURL), Component: c})
		}
		return g
	}
	a, b := make(func(int) string { return "1" }), make(func(i int) string { return fmt.Sprint(1 + i%2) })
	start := time.Now()
	r := diff.Compare(a, b)
	if len(r.Changes) != n/2 || r.Paired != n {
		t.Errorf("%d changes, %d pairs", len(r.Changes), r.Paired)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	} else {
		t.Logf("%d components in %v", n, took)
	}
}
