package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

// dtrackKey is that of the server of a script.
type dtrackKey struct{}

// dtrack is a command of scripts: it runs a Dependency-Track server of the script's
// own, and shows what that has.
//
//	dtrack start VERSION             makes $DTRACK_URL and $DTRACK
//	dtrack project NAME VERSION [collection]
//	dtrack may PERMISSION...         what the key may do
//	dtrack reads VERSION...          versions of CycloneDX
//	dtrack policy NAME STATE PROPERTY hits what has the property mlbom:PROPERTY
//	dtrack vulnerability ID SEVERITY COMPONENT
//	dtrack approve POLICY COMPONENT
//	dtrack polls N | lose | drop N
//	dtrack show NAME VERSION FILE    writes what a project has
//	dtrack import BOM FILE           writes what is left of a document
func dtrack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: dtrack start|project|may|reads|policy|vulnerability|approve|polls|lose|drop|show|import ...")
	}
	word, args := args[0], args[1:]
	switch word {
	case "start":
		s := deptracktest.New(args[0], uploadKeyOfTest)
		h := httptest.NewServer(s)
		ts.Defer(h.Close)
		ts.Setenv("DTRACK_URL", h.URL)
		ts.Setenv("DTRACK", strings.TrimPrefix(h.URL, "http://"))
		ts.Setenv("DEPENDENCY_TRACK_API_KEY", uploadKeyOfTest)
		*ts.Value(dtrackKey{}).(**deptracktest.Server) = s
		return
	case "import":
		im, err := deptracktest.Import([]byte(ts.ReadFile(args[0])))
		ts.Check(err)
		writeImported(ts, args[1], im)
		return
	}
	s := *ts.Value(dtrackKey{}).(**deptracktest.Server)
	if s == nil {
		ts.Fatalf("dtrack start comes first")
	}
	if word == "show" {
		p := s.Project(args[0], args[1])
		if p == nil {
			ts.Fatalf("there is no project %s@%s", args[0], args[1])
		}
		writeImported(ts, args[2], &p.Imported)
		return
	}
	if word == "project" {
		p := s.Add(args[0], args[1])
		s.Set(func() { p.Collection = len(args) > 2 })
		return
	}
	s.Set(func() { setDTrack(ts, s, word, args) })
}

func setDTrack(ts *testscript.TestScript, s *deptracktest.Server, word string, args []string) {
	number := func() int {
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		return n
	}
	switch word {
	case "may":
		s.Keys[uploadKeyOfTest] = args
	case "reads":
		s.SpecVersions = args
	case "policy":
		s.Policies = append(s.Policies, deptracktest.Policy{Name: args[0], State: args[1], Type: "OPERATIONAL", Match: func(c deptracktest.Component) bool { return c.Has("mlbom", args[2], "") }})
	case "vulnerability":
		s.Vulnerabilities = append(s.Vulnerabilities, deptracktest.Vulnerability{ID: args[0], Source: "NVD", Severity: args[1], Match: func(c deptracktest.Component) bool { return c.Name == args[2] }})
	case "approve":
		s.Approved = map[string]bool{args[0] + " " + args[1]: true}
	case "polls":
		s.Polls = number()
	case "lose":
		s.Lose = true
	case "drop":
		s.Drop = number()
	default:
		ts.Fatalf("dtrack %s is nothing", word)
	}
}

// writeImported writes for people what a server has of a document.
func writeImported(ts *testscript.TestScript, name string, im *deptracktest.Imported) {
	var b strings.Builder
	fmt.Fprintf(&b, "project %s %s: %d components, %d of them reached, %d taken for others\n", im.Name, cmp.Or(im.Version, "-"), len(im.Components), im.Reached, im.Collapsed)
	for _, s := range im.Services {
		fmt.Fprintf(&b, "service %s\n", s)
	}
	for _, c := range im.Components {
		b.WriteString("\n" + strings.TrimSpace(fmt.Sprintf("%s %s %s", strings.ToLower(c.Type), strings.TrimPrefix(c.Group+" / "+c.Name, " / "), c.Version)) + "\n")
		line := func(what, value string) {
			if value != "" {
				fmt.Fprintf(&b, "  %s: %s\n", what, value)
			}
		}
		line("purl", c.PURL)
		line("cpe", c.CPE)
		line("licence", strings.Join(c.Licenses, ", "))
		line("description", c.Description)
		for _, alg := range slices.Sorted(maps.Keys(c.Hashes)) {
			line(alg, c.Hashes[alg])
		}
		for _, p := range c.Properties {
			line(strings.TrimPrefix(p.Group+" | "+p.Name, " | "), p.Value)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(b.String()), 0o644))
}
