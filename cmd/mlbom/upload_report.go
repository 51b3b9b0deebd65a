package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack"
)

// uploadGate is what --gate fails on: the rank of the least, -1 for nothing.
type uploadGate struct {
	on                 bool
	violation, finding int
}

var uploadStates = []string{"info", "warn", "fail"}
var uploadSeverities = []string{"unassigned", "info", "low", "medium", "high", "critical"}

func parseUploadGate(on bool, words []string) (uploadGate, error) {
	g := uploadGate{on: on || len(words) > 0, violation: -1, finding: -1}
	if len(words) == 0 {
		words = []string{"violation:fail"}
	}
	for _, list := range words {
		for word := range strings.SplitSeq(list, ",") {
			kind, level, _ := strings.Cut(strings.ToLower(strings.TrimSpace(word)), ":")
			rank := deptrack.Rank(level)
			switch {
			case kind == "violation" && slices.Contains(uploadStates, level):
				g.violation = lower(g.violation, rank)
			case kind == "finding" && slices.Contains(uploadSeverities, level):
				g.finding = lower(g.finding, rank)
			default:
				return g, usage("--fail-on %q: say violation:LEVEL with one of %s, or finding:SEVERITY with one of %s", word, strings.Join(uploadStates, ", "), strings.Join(uploadSeverities, ", "))
			}
		}
	}
	return g, nil
}

func lower(have, rank int) int {
	if have < 0 {
		return rank
	}
	return min(have, rank)
}

// uploadReport is what came of an upload; its JSON is that of --format json.
type uploadReport struct {
	Server      string            `json:"server"`
	Version     string            `json:"version"`
	Project     uploadProject     `json:"project"`
	Token       string            `json:"token"`
	SpecVersion string            `json:"specVersion"`
	Profile     string            `json:"profile"`
	Bytes       int               `json:"bytes"`
	Components  *int              `json:"components,omitempty"` // of the document, as the server counts
	Confirmed   bool              `json:"confirmed"`            // the project shows the import
	Held        *int              `json:"held,omitempty"`       // components that the project shows
	Violations  []deptrack.Result `json:"violations"`
	Findings    []deptrack.Result `json:"findings"`
	SetAside    int               `json:"setAside"` // suppressed, approved, or found to be no matter
	Failing     int               `json:"failing"`
	Gate        string            `json:"gate,omitempty"` // "passed" or "failed"

	gated    uploadGate
	expected int
}

type uploadProject struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	UUID    string `json:"uuid,omitempty"`
}

func (r *uploadReport) sent(u *uploadJob, d *uploadDocument, version string, bytes, components int, receipt deptrack.Receipt) {
	r.SpecVersion, r.Bytes, r.Token, r.Profile, r.expected = version, bytes, receipt.Token, d.profile, components
	r.Project = uploadProject{u.project.Name, u.project.Version, cmp.Or(receipt.ProjectUUID, u.project.UUID)}
	if components >= 0 {
		r.Components = &components
	}
}

// judge leaves out what people have decided, and holds the rest against the gate.
func (r *uploadReport) judge(violations, findings []deptrack.Result) {
	keep := func(list []deptrack.Result, rank int) []deptrack.Result {
		kept := []deptrack.Result{}
		for _, one := range list {
			if one.SetAside {
				r.SetAside++
				continue
			}
			if rank >= 0 && deptrack.Rank(one.Severity) >= rank {
				r.Failing++
			}
			kept = append(kept, one)
		}
		return kept
	}
	r.Violations, r.Findings = keep(violations, r.gated.violation), keep(findings, r.gated.finding)
	r.Gate = "passed"
	if r.Failing > 0 {
		r.Gate = "failed"
	}
}

// verdict is the error of a gate that does not pass.
func (r *uploadReport) verdict() error {
	if r.Failing == 0 {
		return nil
	}
	return &exitError{exitProblem, fmt.Errorf("%s of the server failed the gate", count(r.Failing, "result", "results"))}
}

func (r *uploadReport) write(w io.Writer, asJSON bool) error {
	if asJSON {
		if r.Violations == nil {
			r.Violations, r.Findings = []deptrack.Result{}, []deptrack.Result{}
		}
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		_, err = w.Write(append(data, '\n'))
		return err
	}
	var b strings.Builder
	if r.Gate != "" {
		r.table(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const (
	shownResults = 200 // of a table; JSON has all
	maxCell      = 60
)

// table is for people, the worst first.
func (r *uploadReport) table(b *strings.Builder) {
	all := append(slices.Clone(r.Violations), r.Findings...)
	if len(all) > 0 {
		t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "COMPONENT\tVERSION\tWHAT\tSEVERITY\tPOLICY")
		for i, one := range all {
			if i == shownResults {
				break
			}
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", column(one.Component), column(one.Version), column(one.What), column(one.Severity), column(one.Policy))
		}
		t.Flush()
		if len(all) > shownResults {
			fmt.Fprintf(b, "and %d more; --format json has all\n", len(all)-shownResults)
		}
	}
	fmt.Fprintf(b, "%s, %s", count(len(r.Violations), "violation", "violations"), count(len(r.Findings), "vulnerability", "vulnerabilities"))
	if r.SetAside > 0 {
		fmt.Fprintf(b, ", %d more set aside there", r.SetAside)
	}
	fmt.Fprintf(b, ": gate %s\n", r.Gate)
}

func column(s string) string {
	if s == "" {
		return "-"
	}
	return shorten(plain(s), maxCell)
}
