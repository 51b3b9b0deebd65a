package profile

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
	"github.com/mlbom/mlbom/sbom/license"
)

// properties are told apart by the server by name and value.
type properties struct {
	list []sbom.Property
	seen map[sbom.Property]bool
	full bool
}

func (p *properties) add(name, value string) {
	// the server parts the name at its first colon, and bounds both parts
	group, rest, parted := strings.Cut(text(name, 0), ":")
	if group, rest = cut(group), cut(rest); parted {
		group += ":"
	}
	one := sbom.Property{Name: group + rest, Value: text(value, maxValue)}
	if one.Value == "" || p.seen[one] {
		return
	}
	if len(p.list) >= maxProperties {
		p.full = true
		return
	}
	if p.seen == nil {
		p.seen = map[sbom.Property]bool{}
	}
	p.seen[one] = true
	p.list = append(p.list, one)
}

// bulk tells whether a property only repeats what verifying needs.
func bulk(name string) bool {
	return strings.HasPrefix(name, "mlbom:tree:") || carrier.IsMade(name) || sbom.IsKept(name)
}

// tell says as properties what the server has no place for; what policies ask for
// first, since their number is bounded.
func (m *maker) tell(n *sbom.Node, p *properties) {
	m.findings(n, p)
	for _, f := range m.teller.Of(n) {
		p.add(f.Name, f.Value)
	}
	p.licenses(n)
	for _, link := range m.chains[n.ID] {
		for _, stated := range link.Licenses {
			p.add("mlbom:license:chain:terms", terms(stated))
		}
	}
	if n.Mentioned {
		p.add(carrier.Mentioned, "true")
	}
	p.add("mlbom:path", n.Keys.Path)
	p.add("mlbom:url", n.Keys.URL)
	p.add("mlbom:released", n.Released)
	if f := n.File; f != nil {
		p.add("mlbom:file:format", f.Format)
		p.add("mlbom:file:mediaType", f.MediaType)
		if f.Size > 0 {
			p.add("mlbom:file:size", strconv.FormatInt(f.Size, 10))
		}
		if f.Asserted {
			p.add("mlbom:file:digest", "asserted") // the bytes were not read
		}
	}
	if s := n.Model; s != nil {
		m.card(n, p)
	}
	for _, own := range n.Properties {
		if !bulk(own.Name) {
			p.add(own.Name, own.Value)
		}
	}
	if p.full {
		m.lost(n.ID, "properties")
	}
}

// findings say of each rule its severity, and where it is broken.
func (m *maker) findings(n *sbom.Node, p *properties) {
	at := map[string]int{}
	for _, f := range n.Findings {
		rule, _ := sbom.RuleByID(f.Rule)
		p.add(carrier.Finding+":"+f.Rule, string(rule.Severity))
		if at[f.Rule]++; at[f.Rule] > maxFindings {
			m.lost(n.ID, "findings")
			continue
		}
		where := f.Where.Path
		if f.Where.Line > 0 {
			where += ":" + strconv.Itoa(f.Where.Line)
		}
		p.add(carrier.Finding+":"+f.Rule+":at", strings.TrimPrefix(where+": "+cmp.Or(f.Message, rule.Title), ": "))
	}
}

// licenses says all of them, for the server keeps one, and what they forbid.
func (p *properties) licenses(n *sbom.Node) {
	for _, l := range n.Licenses {
		stated := cmp.Or(l.ID, l.Expression, l.Name)
		if n.Kind != sbom.KindModel && n.Kind != sbom.KindDataset && len(n.Licenses) > 1 {
			p.add("mlbom:license", stated)
		}
		p.add("mlbom:license:terms", terms(stated))
	}
}

// terms is the strictest that a licence asks for; "" where nothing is known of it.
func terms(stated string) string {
	terms, ok := license.TermsOf(stated)
	switch {
	case !ok:
	case terms.NonCommercial || terms.Research:
		return "non-commercial"
	case terms.NoDerivatives:
		return "no-derivatives"
	case terms.Uses != "":
		return "use-restrictions"
	}
	return ""
}

// card says of a model what its card has and policies seldom ask for.
func (m *maker) card(n *sbom.Node, p *properties) {
	s := n.Model
	p.add("mlbom:model:library", s.Library)
	p.add("mlbom:model:adapter", s.AdapterType)
	for _, code := range s.CustomCode {
		p.add("mlbom:model:customCode", code)
	}
	for _, t := range s.ChatTemplates {
		p.add("mlbom:model:chatTemplate", strings.TrimSpace(t.SHA256+" "+t.Name))
	}
	for _, t := range s.Tensors {
		p.add("mlbom:model:tensors", t.DType+": "+strconv.FormatInt(t.Parameters, 10)+" parameters in "+strconv.FormatInt(t.Tensors, 10))
	}
	for _, c := range s.Considerations.Limitations {
		p.add("mlbom:model:limitation", c)
	}
	for _, c := range s.Considerations.UseCases {
		p.add("mlbom:model:useCase", c)
	}
	for _, c := range s.Considerations.OutOfScope {
		p.add("mlbom:model:outOfScope", c)
	}
}
