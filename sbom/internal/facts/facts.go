// Package facts says what policies ask for of a component as named values, for
// consumers that drop model cards, formulations and evidence: every CycloneDX document
// has them beside the native words, and a document for Dependency-Track has them
// instead. They repeat what the graph says and are never read back.
package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// Prefixes of the names; the rest is the fact.
const (
	modelMirror   = "mlbom:model:"
	datasetMirror = "mlbom:dataset:"
	packageMirror = "mlbom:package:"
	scanMirror    = "mlbom:scan:"
	chainMirror   = "mlbom:license:chain" // one a step back: see [sbom.Graph.LicenseChains]
	processMirror = "mlbom:process:"
	metricMirror  = "mlbom:metric:"
)

// IsMade tells whether a name is one of those that Of makes.
func IsMade(name string) bool {
	return slices.ContainsFunc([]string{modelMirror, datasetMirror, packageMirror, scanMirror, processMirror, metricMirror, chainMirror}, func(m string) bool { return strings.HasPrefix(name, m) })
}

// Teller tells of the nodes of one graph.
type Teller struct {
	*carrier.Index
	chains map[sbom.ID][]sbom.ChainLink
	made   map[sbom.ID]map[sbom.Rel][]sbom.ID // see makers
}

// NewTeller makes one.
func NewTeller(x *carrier.Index) *Teller {
	return &Teller{Index: x, chains: x.Graph.LicenseChains()}
}

// Of gives the facts of a node.
func (e *Teller) Of(n *sbom.Node) []sbom.Property {
	var list mirror
	if n.Kind == sbom.KindModel || n.Kind == sbom.KindDataset {
		prefix := modelMirror
		if n.Kind == sbom.KindDataset {
			prefix = datasetMirror
		}
		for _, l := range n.Licenses {
			list.add(prefix+"license", cmp.Or(l.ID, l.Expression, l.Name))
		}
	}
	for _, edge := range e.Out[n.ID] {
		if edge.Rel == sbom.DerivedFrom {
			to := e.Node[edge.To]
			list.add(modelMirror+"base", cmp.Or(to.Keys.PURL, to.Keys.URL, to.Name))
		}
	}
	for _, l := range e.chains[n.ID] {
		list.add(chainMirror, l.String())
	}
	if n.Model != nil {
		list.model(n.Model)
	}
	if n.Dataset != nil {
		list.dataset(n.Dataset)
		list.data(n.Dataset)
	}
	if n.Package != nil {
		list.pkg(n.Package)
	}
	if n.File != nil {
		list.scan(n.File.Scan)
		list.table(&n.File.Table)
	}
	e.around(n, &list)
	if n.Kind == sbom.KindModel {
		for _, l := range n.Languages {
			list.add("cdx:ai-ml:model:language", l)
		}
	}
	return list
}

type mirror []sbom.Property

func (m *mirror) add(name, value string) {
	if value != "" {
		*m = append(*m, sbom.Property{Name: name, Value: value})
	}
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func (m *mirror) model(s *sbom.Model) {
	q := strings.TrimSpace(s.Quantization.Method + " " + cmp.Or(s.Quantization.Scheme, bits(s.Quantization.Bits)))
	m.add(modelMirror+"task", s.Task)
	m.add(modelMirror+"family", s.Family)
	m.add(modelMirror+"architecture", s.Architecture)
	m.add(modelMirror+"parameters", count(s.Parameters))
	m.add(modelMirror+"quantization", q)
	m.add(modelMirror+"contextLength", count(s.ContextLength))
	for _, f := range s.Formats {
		m.add(modelMirror+"format", f)
	}
	m.add(modelMirror+"gated", s.Gated)
	m.add(modelMirror+"contentId", s.Fingerprints.Content)
	m.add(modelMirror+"headerId", s.Fingerprints.Header)
	m.add(modelMirror+"shapesId", s.Fingerprints.Shapes)
	m.add(modelMirror+"signingDigest", s.Fingerprints.Signing)
	m.add("cdx:ai-ml:model:parameter:count", cmp.Or(s.ParameterSize, count(s.Parameters)))
	m.add("cdx:ai-ml:model:hyperparameter:context_length", count(s.ContextLength))
	m.add("cdx:ai-ml:model:hyperparameter:quantization", q)
	m.add("cdx:ai-ml:tokenizer:hyperparameter:tokenizer_class", s.Tokenizer.Class)
	for _, h := range s.Hyperparameters {
		if slices.Contains(hyperparameters(), h.Name) {
			m.add("cdx:ai-ml:model:hyperparameter:"+h.Name, h.Value)
		}
	}
}

func bits(s string) string {
	if s == "" {
		return ""
	}
	return s + " bit"
}

// hyperparameters are the names that the official taxonomy knows.
func hyperparameters() []string {
	return []string{"activation_dropout", "d_model", "hidden_act", "hidden_size", "intermediate_size", "layer_norm_epsilon", "layer_norm_type", "max_position_embeddings",
		"num_attention_heads", "num_hidden_layers", "num_key_value_heads", "num_layers", "tokenizer_class", "vocab_size"}
}

func (m *mirror) dataset(d *sbom.Dataset) {
	m.add(datasetMirror+"rows", count(d.Rows))
	m.add(datasetMirror+"size", count(d.Size))
	m.add(datasetMirror+"sizeCategory", d.SizeCategory)
	m.add(datasetMirror+"personal", d.Personal)
	m.add(datasetMirror+"confidential", d.Confidential)
	m.add(datasetMirror+"gated", d.Gated)
	for _, s := range d.Modalities {
		m.add(datasetMirror+"modality", s)
	}
	for _, s := range d.Sensitive {
		m.add(datasetMirror+"sensitive", s)
	}
}

func (m *mirror) pkg(p *sbom.Package) {
	for _, g := range p.Groups {
		m.add(packageMirror+"group", g)
	}
	m.add(packageMirror+"source", p.Source.Type)
	m.add(packageMirror+"commit", p.Source.Commit)
	if p.Yanked {
		m.add(packageMirror+"yanked", "true")
	}
	if p.Editable {
		m.add(packageMirror+"editable", "true")
	}
}

// scan tells what of a file's code is not known to be harmless; all uses are in
// the carrier.
func (m *mirror) scan(s sbom.Scan) {
	m.add(scanMirror+"verdict", string(s.Verdict))
	m.add(scanMirror+"coverage", string(s.Coverage))
	m.add(scanMirror+"reason", s.Reason)
	m.add(scanMirror+"weightsOnly", s.WeightsOnly)
	for _, u := range s.Uses {
		if u.Known != "harmless" {
			m.add(scanMirror+u.How, strings.TrimSpace(fmt.Sprintf("%s%s at %d %s", u.Name, u.Args, u.Offset, u.In)))
		}
	}
}
