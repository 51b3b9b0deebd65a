package pickle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

const maxFindings = 200 // of one stream

// result puts together what was found.
func (a *analysis) result() Result {
	a.tally.settle()
	a.remaining()
	r := Result{Values: a.values, Pickles: a.pickles, Protocol: a.protocol, End: a.end}
	verdict := a.tally.worst()
	evasion := slices.ContainsFunc(a.tally.notes, func(n note) bool {
		return n.rule == sbom.RuleEvasion || n.rule == ruleBomb || n.rule == sbom.RulePathEscape
	})
	if verdict == sbom.Clean && evasion {
		verdict = sbom.SuspiciousUse
	}
	coverage := cmp.Or(a.coverage, complete)
	if verdict == sbom.Clean && coverage != complete {
		verdict = sbom.Undecided
	}
	r.Scan = sbom.Scan{Verdict: verdict, Coverage: coverage, Reason: a.reason, WeightsOnly: "yes", Uses: a.uses()}
	if a.unloaded || a.failed || slices.ContainsFunc(a.tally.order, func(g *Global) bool { u := a.tally.uses[g]; return u != nil && !u.weights }) {
		r.Scan.WeightsOnly = "no"
	}
	r.Findings = a.findings()
	return r
}

// remaining says what became of bytes that are no pickle, and of pickles that broke.
func (a *analysis) remaining() {
	a.unloadedPickles()
	worst := a.tally.worst()
	switch {
	case !a.started && a.pickles == 0:
		a.cover(sbom.Partial, "the stream is no pickle")
	case a.foreign > 0 && a.pickles > 0:
		message := fmt.Sprintf("%d bytes from byte %d on are no pickle", a.foreign, a.first)
		a.note(sbom.RuleTrailing, message+", and no loader of pickles reads them", a.first)
		a.cover(sbom.Partial, message)
	}
	if a.failed && worst == sbom.Malicious && a.pickles == 0 {
		a.note(sbom.RuleEvasion, "the pickle breaks after it has called or imported code, which ran by then: "+a.reason, a.end)
	}
	if a.tally.full {
		a.limit(fmt.Sprintf("more than %d names are used", maxNames))
	}
	if a.coverage != "" && a.coverage != complete {
		a.note(sbom.RuleIncomplete, "not all could be examined: "+a.reason, 0)
	}
}

func (a *analysis) uses() []sbom.Use {
	var out []sbom.Use
	for _, g := range a.tally.order {
		u := a.tally.uses[g]
		if u == nil {
			continue
		}
		use := sbom.Use{Name: plain(g.String()), How: u.how, Known: u.judged().String(), Args: u.args, In: a.options.In, Offset: u.offset}
		if u.times > 1 {
			use.Times = u.times
		}
		out = append(out, use)
	}
	return out
}

// findings gives one for each name that is not harmless, and the others.
func (a *analysis) findings() []sbom.Finding {
	var out []sbom.Finding
	add := func(rule, message string, offset int64) {
		f := sbom.Finding{Rule: rule, Message: message}
		if a.options.In == "" {
			f.Where.Offset = offset
		} else {
			f.Message += fmt.Sprintf(" (byte %d of %s)", offset, plain(a.options.In))
		}
		out = append(out, f)
	}
	for _, g := range a.tally.order {
		u := a.tally.uses[g]
		if u == nil || u.judged() == harmless || u.defines && !u.hard {
			continue
		}
		rule, message := u.finding(g)
		add(rule, message, u.offset)
	}
	if n, ok := a.tally.ownFinding(); ok {
		add(n.rule, n.message, n.offset)
	}
	for _, n := range a.tally.notes {
		add(n.rule, n.message, n.offset)
	}
	slices.SortStableFunc(out, func(x, y sbom.Finding) int { return cmp.Compare(severity(x.Rule), severity(y.Rule)) })
	if len(out) > maxFindings {
		left := len(out) - maxFindings
		out = append(out[:maxFindings:maxFindings], sbom.Finding{Rule: out[maxFindings].Rule, Message: fmt.Sprintf("%d more findings are not listed", left)})
	}
	return out
}

func severity(rule string) int {
	r, _ := sbom.RuleByID(rule)
	return slices.Index([]sbom.Severity{sbom.Critical, sbom.High, sbom.Medium, sbom.Low, sbom.Info}, r.Severity)
}

// finding says in words what happens if the pickle is loaded.
func (u *use) finding(g *Global) (rule, message string) {
	name := plain(g.String())
	bad := u.judged() == unsafe
	switch {
	case g.Module == "" && bad: // what no name stands for
		rule, message = map[bool]string{true: sbom.RuleUnsafeCall, false: sbom.RuleUnsafeImport}[u.how != referenced], u.why
		if u.args != "" {
			message += ", with " + u.args
		}
	case u.changed != "":
		rule, message = sbom.RuleUnsafeCall, fmt.Sprintf("loading it %s %s, for all code of the process", u.changed, name)
	case u.how == called && bad:
		rule, message = sbom.RuleUnsafeCall, fmt.Sprintf("loading it calls %s%s", name, shownCall(u.args))
	case u.how == constructed && bad:
		rule, message = sbom.RuleUnsafeCall, fmt.Sprintf("loading it makes an object of %s with %s", name, u.args)
	case bad:
		rule, message = sbom.RuleUnsafeImport, fmt.Sprintf("loading it imports %s", name)
	case u.how == called && g.Module == "__main__": // of the program that loads it
		rule, message = sbom.RuleUnknownClass, fmt.Sprintf("loading it calls %s%s of the program that loads it", name, shownCall(u.args))
	case u.how == called:
		rule, message = sbom.RuleUnknownCall, fmt.Sprintf("loading it calls %s%s, which is not known to be harmless", name, shownCall(u.args))
	case u.how == constructed:
		rule, message = sbom.RuleUnknownClass, fmt.Sprintf("loading it makes an object of %s, which is not known to be harmless", name)
	default:
		rule, message = sbom.RuleUnknownClass, fmt.Sprintf("loading it imports %s, which is not known to be harmless", name)
	}
	if bad && u.why != "" && u.changed == "" && g.Module != "" {
		message += ", which " + u.why
	}
	if u.times > 1 {
		message += fmt.Sprintf("; %d times", u.times)
	}
	return rule, message
}

// shownCall leaves out the comma of a tuple of one.
func shownCall(args string) string {
	return strings.TrimSuffix(args, ",)") + map[bool]string{true: ")"}[strings.HasSuffix(args, ",)")]
}
