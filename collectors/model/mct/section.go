package mct

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/evaluation"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

func (c *card) parameters() {
	p := c.root.Get("model_parameters")
	c.set("model.architecture", &c.Model.Architecture, p.Get("model_architecture"))
	c.ports(p, "input_format", "model.inputs", &c.Model.Inputs)
	c.ports(p, "output_format", "model.outputs", &c.Model.Outputs)
	data := p.Get("data")
	if data.Is(jsonlines.Object) && data.Get("name") == nil { // 0.0.1: by role
		for _, m := range data.Members {
			c.dataset(m.Value, m.Key)
		}
		return
	}
	for _, d := range c.items(data) {
		c.dataset(d, "")
	}
}

func (c *card) ports(p *jsonlines.Value, key, field string, to *[]sbom.Port) {
	if s := text(p.Get(key), ""); s != "" {
		*to = append(*to, sbom.Port{Format: s})
		c.Lines[field] = p.Get(key).Line
	}
	for _, m := range c.items(p.Get(key + "_map")) {
		if name := text(m.Get("key"), ""); name != "" {
			*to = append(*to, sbom.Port{Name: name, Format: text(m.Get("value"), "")})
			c.Lines[field] = m.Line
		}
	}
}

// roleOf is the role that a name states in its words: "train", "CelebA, test set". Data
// that states none counts as training data, as in CycloneDX.
func roleOf(name string) string {
	found := ""
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' }) {
		role := ""
		switch word {
		case "train", "training":
			role = sbom.RoleTrain
		case "validation", "valid", "dev":
			role = sbom.RoleValidation
		case "test", "testing", "eval", "evaluation":
			role = sbom.RoleTest
		}
		if role != "" && found != "" && role != found {
			return "" // data of several roles
		}
		found += strings.TrimPrefix(role, found)
	}
	return found
}

func (c *card) dataset(v *jsonlines.Value, role string) {
	if !v.Is(jsonlines.Object) {
		return
	}
	name, link := text(v.Get("name"), ""), text(v.Get("link"), "")
	to := evaluation.Dataset(c.f, link, "")
	if role = roleOf(role); role == "" {
		role = roleOf(name)
	}
	if name != "" && len(name) <= maxName {
		to.Name = name
	}
	if to.Name == "" && to.Keys == (sbom.Keys{}) {
		to.Name = role
	}
	if to.Name == "" {
		return
	}
	to.Description = text(v.Get("description"), "")
	sensitive := v.Get("sensitive")
	for _, s := range c.items(sensitive.Get("sensitive_data")) {
		if t := text(s, ""); t != "" {
			to.Dataset = orNew(to.Dataset)
			to.Dataset.Sensitive = append(to.Dataset.Sensitive, t)
		}
	}
	c.graphics("data."+name, v.Get("graphics"))
	rel, note := sbom.TrainedOn, role
	if role == sbom.RoleTest || role == sbom.RoleValidation {
		rel = sbom.EvaluatedOn
	}
	same := func(l sbom.Link) bool { return l.Rel == rel && l.To.Name == to.Name && l.To.Keys == to.Keys }
	if !slices.ContainsFunc(c.Links, same) {
		c.Links = append(c.Links, sbom.Link{Rel: rel, To: sbom.Component{Kind: to.Kind, Name: to.Name, Keys: to.Keys}, Note: note, Line: v.Line})
	}
	c.more = append(c.more, sbom.Sighting{Component: to, Basis: sbom.Declared, Mentioned: to.Keys.Path == "", Where: sbom.Place{Line: v.Line}})
}

func orNew(d *sbom.Dataset) *sbom.Dataset {
	if d == nil {
		return &sbom.Dataset{}
	}
	return d
}

func (c *card) analysis() {
	q := c.root.Get("quantitative_analysis")
	for _, v := range c.items(q.Get("performance_metrics")) {
		m := sbom.Metric{Type: text(v.Get("type"), ""), Value: text(v.Get("value"), ""), Slice: text(v.Get("slice"), ""),
			Lower: text(v.Path("confidence_interval", "lower_bound"), ""), Upper: text(v.Path("confidence_interval", "upper_bound"), "")}
		if m.Type != "" && m.Value != "" {
			c.Model.Metrics = append(c.Model.Metrics, m)
			c.Lines["model.metrics"] = q.Get("performance_metrics").LineOf()
		}
	}
	c.graphics("quantitative_analysis", q.Get("graphics"))
}

func (c *card) graphics(at string, g *jsonlines.Value) {
	c.property(at+".graphics", text(g.Get("description"), ""))
	for _, one := range c.items(g.Get("collection")) {
		c.property(at+".graphic", text(one.Get("name"), ""))
	}
}

func (c *card) considerations() {
	v, k := c.root.Get("considerations"), &c.Model.Considerations
	c.list("model.considerations.users", &k.Users, v.Get("users"))
	c.list("model.considerations.useCases", &k.UseCases, v.Get("use_cases"))
	c.list("model.considerations.limitations", &k.Limitations, v.Get("limitations"))
	c.list("model.considerations.tradeoffs", &k.Tradeoffs, v.Get("tradeoffs"))
	for _, r := range c.items(v.Get("ethical_considerations")) {
		risk := sbom.Risk{Name: text(r, "name"), Mitigation: text(r.Get("mitigation_strategy"), "")}
		if risk != (sbom.Risk{}) {
			k.Ethical = append(k.Ethical, risk)
			c.Lines["model.considerations.ethical"] = v.Get("ethical_considerations").LineOf()
		}
	}
}
