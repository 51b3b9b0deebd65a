package skops

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is told.
const (
	maxUses     = 10_000
	maxFindings = 100
	maxType     = 256 // bytes of a name
)

// uses are the types and functions that loading reaches.
type uses struct {
	list     []sbom.Use
	at       map[string]int
	findings []sbom.Finding
	verdict  sbom.Verdict
	full     bool
}

func newUses() *uses { return &uses{at: map[string]int{}, verdict: sbom.Clean} }

// hows is what the loader of a node does with the type that the node names.
var hows = map[string]string{
	"ObjectNode": "constructed", "TypeNode": "referenced", "FunctionNode": "referenced", "ConstructorFromReduceNode": "called",
	"MethodNode": "constructed", "OperatorFuncNode": "called", "DefaultDictNode": "constructed", "TupleNode": "constructed",
	"CachedNode": "", "JsonNode": "", "PartialNode": "called",
}

// note judges one node.
func (u *uses) note(n node) {
	if len(n.name()) > maxType {
		u.find(sbom.RuleEvasion, fmt.Sprintf("a node's type has a name of %d bytes", len(n.name())))
		return
	}
	u.tricks(n)
	how, known := hows[n.loader]
	if how == "" && known {
		return
	}
	switch {
	case n.loader == "OperatorFuncNode": // it takes the function of the module operator, whatever module the node names
		u.add("operator."+n.class, how, "unknown")
		return
	case how == "":
		how = "constructed"
	}
	u.use(n.module, n.class, how)
}

// tricks are the nodes that got past the audit before skops 0.12.0: it judged the
// type that the node names, and the loader took another one.
func (u *uses) tricks(n node) {
	switch n.loader {
	case "OperatorFuncNode":
		if n.module != "operator" {
			u.find(sbom.RuleEvasion, fmt.Sprintf("a node says that it is %s, and its loader calls operator.%s (CVE-2025-54412)", n.name(), n.class))
		}
		if n.class == "attrgetter" || n.class == "itemgetter" || n.class == "methodcaller" {
			u.find(sbom.RuleUnknownClass, fmt.Sprintf("operator.%s is made, if the loader is told to trust it", n.class))
		} else {
			u.find(sbom.RuleUnsafeCall, fmt.Sprintf("operator.%s is called with arguments of the file's choice", n.class))
		}
	case "MethodNode":
		content, _ := n.get("content")
		of, _ := content.get("obj")
		if inner, ok := asNode(of); ok && inner.name() != n.name() {
			u.find(sbom.RuleEvasion, fmt.Sprintf("a node says that it is a method of %s, and its loader takes one of %s (CVE-2025-54413)", n.name(), inner.name()))
		}
		if method := content.str("func"); strings.HasPrefix(method, "__") {
			u.find(sbom.RuleUnsafeImport, fmt.Sprintf("the method %.80q is taken of an object", method))
		}
	}
}

func (u *uses) find(rule, message string) {
	if rule != sbom.RuleUnknownClass && rule != sbom.RuleUnknownCall {
		u.verdict = sbom.Malicious
	} else if u.verdict == sbom.Clean {
		u.verdict = sbom.SuspiciousUse
	}
	if len(u.findings) < maxFindings {
		u.findings = append(u.findings, sbom.Finding{Rule: rule, Message: message, Where: sbom.Place{}})
	}
}

// add counts one use; false where the name was there.
func (u *uses) add(name, how, known string) bool {
	if i, ok := u.at[name]; ok {
		u.list[i].Times = max(u.list[i].Times, 1) + 1
		return false
	}
	if len(u.list) == maxUses {
		u.full = true
		return false
	}
	u.at[name] = len(u.list)
	u.list = append(u.list, sbom.Use{Name: name, How: how, Known: known, In: schemaName})
	return true
}

func (u *uses) use(module, class, how string) {
	name := strings.Trim(module+"."+class, ".")
	verdict, _ := policy.Judge(module, class)
	known := map[policy.Verdict]string{policy.Harmless: "harmless", policy.Unsafe: "unsafe"}[verdict]
	if known == "" {
		known = "unknown"
	}
	if !u.add(name, how, known) {
		return
	}
	switch {
	case known == "unsafe" && how == "called":
		u.find(sbom.RuleUnsafeCall, fmt.Sprintf("%s is called, if the loader is told to trust it", name))
	case known == "unsafe":
		u.find(sbom.RuleUnsafeImport, fmt.Sprintf("%s is taken, if the loader is told to trust it", name))
	case known == "unknown" && how == "called":
		u.find(sbom.RuleUnknownCall, fmt.Sprintf("%s is called, if the loader is told to trust it", name))
	case known == "unknown":
		u.find(sbom.RuleUnknownClass, fmt.Sprintf("%s is used, if the loader is told to trust it", name))
	}
}

// scan says how much was examined.
func (u *uses) scan(a *archive.Archive, broken error) sbom.Scan {
	s := sbom.Scan{Verdict: u.verdict, Coverage: a.Coverage, Reason: a.Reason, Uses: slices.Clone(u.list)}
	if len(a.Faults) > 0 && s.Verdict == sbom.Clean {
		s.Verdict = sbom.SuspiciousUse
	}
	switch {
	case errors.Is(broken, errTooMuch), u.full:
		s.Coverage, s.Reason = sbom.OverLimit, "the schema is too large or nested too deeply"
	case broken != nil:
		s.Coverage, s.Reason = sbom.Partial, broken.Error()
	}
	if s.Coverage != sbom.Complete {
		if s.Verdict == sbom.Clean {
			s.Verdict = sbom.Undecided
		}
		u.findings = append(u.findings, sbom.Finding{Rule: sbom.RuleIncomplete, Message: "not all of the schema could be examined: " + s.Reason})
	}
	return s
}
