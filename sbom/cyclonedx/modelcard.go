package cyclonedx

import (
	"math"
	"slices"
	"strconv"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/facts"
)

const outOfScope = "Out of scope: " // before a limitation that is a use out of scope

// modelCard writes the card; nil where there is nothing to say.
func (p profile) modelCard(m *sbom.Model) *cdx.MLModelCard {
	if m == nil {
		return nil
	}
	params := cdx.MLModelParameters{Task: m.Task, ArchitectureFamily: m.Family, ModelArchitecture: m.Architecture, Inputs: ports(m.Inputs), Outputs: ports(m.Outputs)}
	switch a := cdx.MLModelParametersApproachType(m.Approach); a {
	case cdx.MLModelParametersApproachTypeSupervised, cdx.MLModelParametersApproachTypeUnsupervised, cdx.MLModelParametersApproachTypeReinforcementLearning,
		cdx.MLModelParametersApproachTypeSemiSupervised, cdx.MLModelParametersApproachTypeSelfSupervised:
		params.Approach = &cdx.MLModelParametersApproach{Type: a}
	}
	card := cdx.MLModelCard{Considerations: p.considerations(m)}
	if params != (cdx.MLModelParameters{}) {
		card.ModelParameters = &params
	}
	if list := metrics(m.Metrics); list != nil {
		card.QuantitativeAnalysis = &cdx.MLQuantitativeAnalysis{PerformanceMetrics: list}
	}
	if card == (cdx.MLModelCard{}) {
		return nil
	}
	return &card
}

// ports says something of each, which XML 1.5 asks for and JSON does not.
func ports(list []sbom.Port) *[]cdx.MLInputOutputParameters {
	var out []cdx.MLInputOutputParameters
	for _, p := range list {
		if format := first(p.Format, p.Name, p.Shape); format != "" {
			out = append(out, cdx.MLInputOutputParameters{Format: format})
		}
	}
	return some(out)
}

func readPorts(list *[]cdx.MLInputOutputParameters) []sbom.Port {
	var out []sbom.Port
	for _, p := range each(list) {
		out = append(out, sbom.Port{Format: p.Format})
	}
	return out
}

// metrics writes what a value was measured on as one readable slice.
func metrics(list []sbom.Metric) *[]cdx.MLPerformanceMetric {
	var out []cdx.MLPerformanceMetric
	for _, m := range list {
		one := cdx.MLPerformanceMetric{Type: first(m.Type, m.Name), Value: m.Value, Slice: facts.MeasuredOn(m)}
		if m.Lower != "" || m.Upper != "" {
			one.ConfidenceInterval = &cdx.MLPerformanceMetricConfidenceInterval{LowerBound: m.Lower, UpperBound: m.Upper}
		}
		out = append(out, one)
	}
	return some(out)
}

func (p profile) considerations(m *sbom.Model) *cdx.MLModelCardConsiderations {
	in := m.Considerations
	limits := slices.Clone(in.Limitations)
	for _, s := range in.OutOfScope {
		limits = append(limits, outOfScope+s)
	}
	c := cdx.MLModelCardConsiderations{Users: some(slices.Clone(in.Users)), UseCases: some(slices.Clone(in.UseCases)), TechnicalLimitations: some(limits), PerformanceTradeoffs: some(slices.Clone(in.Tradeoffs))}
	var risks []cdx.MLModelCardEthicalConsideration
	for _, r := range in.Ethical {
		risks = append(risks, cdx.MLModelCardEthicalConsideration{Name: r.Name, MitigationStrategy: r.Mitigation})
	}
	c.EthicalConsiderations = some(risks)
	var fair []cdx.MLModelCardFairnessAssessment
	for _, f := range in.Fairness {
		fair = append(fair, cdx.MLModelCardFairnessAssessment{GroupAtRisk: f.Group, Benefits: f.Benefits, Harms: f.Harms, MitigationStrategy: f.Mitigation})
	}
	c.FairnessAssessments = some(fair)
	if list := p.energy(m.Energy); list != nil {
		c.EnvironmentalConsiderations = &cdx.MLModelCardEnvironmentalConsiderations{EnergyConsumptions: list}
	}
	if c == (cdx.MLModelCardConsiderations{}) {
		return nil
	}
	return &c
}

// energy needs the kWh, and in XML a provider, which nobody states.
func (p profile) energy(list []sbom.Energy) *[]cdx.MLModelEnergyConsumption {
	if !p.since(cdx.SpecVersion1_6) || p.xml {
		return nil
	}
	var out []cdx.MLModelEnergyConsumption
	for _, e := range list {
		kwh, ok := number(e.KWh)
		if !ok || !slices.Contains(activities(), e.Activity) {
			continue
		}
		one := cdx.MLModelEnergyConsumption{Activity: cdx.MLModelEnergyConsumptionActivity(e.Activity), EnergyProviders: &[]cdx.MLModelEnergyProvider{},
			ActivityEnergyCost: cdx.MLModelEnergyMeasure{Value: kwh, Unit: cdx.MLModelEnergyUnitKWH}}
		if co2, ok := number(e.CO2); ok {
			one.CO2CostEquivalent = &cdx.MLModelCO2Measure{Value: co2, Unit: cdx.MLModelCO2UnitTCO2Eq}
		}
		out = append(out, one)
	}
	return some(out)
}

func activities() []string {
	return []string{"design", "data-collection", "data-preparation", "training", "fine-tuning", "validation", "deployment", "inference", "other"}
}

func number(s string) (float32, bool) {
	f, err := strconv.ParseFloat(s, 32)
	return float32(f), err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func decimal(f float32) string { return strconv.FormatFloat(float64(f), 'f', -1, 32) }

func readModelCard(card *cdx.MLModelCard) *sbom.Model {
	m := &sbom.Model{}
	if p := card.ModelParameters; p != nil {
		m.Task, m.Family, m.Architecture, m.Inputs, m.Outputs = p.Task, p.ArchitectureFamily, p.ModelArchitecture, readPorts(p.Inputs), readPorts(p.Outputs)
		if p.Approach != nil {
			m.Approach = string(p.Approach.Type)
		}
	}
	if q := card.QuantitativeAnalysis; q != nil {
		for _, one := range each(q.PerformanceMetrics) {
			v := sbom.Metric{Type: one.Type, Value: one.Value, Slice: one.Slice}
			if one.ConfidenceInterval != nil {
				v.Lower, v.Upper = one.ConfidenceInterval.LowerBound, one.ConfidenceInterval.UpperBound
			}
			m.Metrics = append(m.Metrics, v)
		}
	}
	if card.Considerations != nil {
		readConsiderations(m, card.Considerations)
	}
	return m
}

func readConsiderations(m *sbom.Model, c *cdx.MLModelCardConsiderations) {
	out := &m.Considerations
	out.Users, out.UseCases, out.Tradeoffs = slices.Clone(each(c.Users)), slices.Clone(each(c.UseCases)), slices.Clone(each(c.PerformanceTradeoffs))
	for _, s := range each(c.TechnicalLimitations) {
		if rest, ok := strings.CutPrefix(s, outOfScope); ok {
			out.OutOfScope = append(out.OutOfScope, rest)
		} else {
			out.Limitations = append(out.Limitations, s)
		}
	}
	for _, r := range each(c.EthicalConsiderations) {
		out.Ethical = append(out.Ethical, sbom.Risk{Name: r.Name, Mitigation: r.MitigationStrategy})
	}
	for _, f := range each(c.FairnessAssessments) {
		out.Fairness = append(out.Fairness, sbom.Fairness{Group: f.GroupAtRisk, Benefits: f.Benefits, Harms: f.Harms, Mitigation: f.MitigationStrategy})
	}
	if c.EnvironmentalConsiderations == nil {
		return
	}
	for _, e := range each(c.EnvironmentalConsiderations.EnergyConsumptions) {
		one := sbom.Energy{Activity: string(e.Activity), KWh: decimal(e.ActivityEnergyCost.Value)}
		if e.CO2CostEquivalent != nil {
			one.CO2 = decimal(e.CO2CostEquivalent.Value)
		}
		m.Energy = append(m.Energy, one)
	}
}

// trainedOn adds the datasets of a model to its card, by reference.
func (e *encoder) trainedOn(n *sbom.Node, card *cdx.MLModelCard) *cdx.MLModelCard {
	if n.Kind != sbom.KindModel || !e.since(cdx.SpecVersion1_5) {
		return card
	}
	var refs []string
	for _, edge := range e.Out[n.ID] {
		if edge.Rel == sbom.TrainedOn && !e.inlined[edge.To] {
			refs = append(refs, e.refs[edge.To])
		}
	}
	if len(refs) == 0 {
		return card
	}
	slices.Sort(refs)
	var sets []cdx.MLDatasetChoice
	for _, ref := range slices.Compact(refs) {
		sets = append(sets, cdx.MLDatasetChoice{Ref: ref})
	}
	if card == nil {
		card = &cdx.MLModelCard{}
	}
	if card.ModelParameters == nil {
		card.ModelParameters = &cdx.MLModelParameters{}
	}
	card.ModelParameters.Datasets = &sets
	return card
}
