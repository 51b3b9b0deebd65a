package check

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

var sha256 = regexp.MustCompile(`^[0-9a-f]{64}$`)

// otherModel: a report of an evaluation states which model it measured, and the one
// that is here is another. A report that states none is believed: nothing is guessed.
func otherModel(v *view, n *sbom.Node) []sbom.Finding {
	if n.Mentioned {
		return nil
	}
	at := reportOf(n)
	all := v.otherCommit(n, at)
	if n.Model == nil {
		return all
	}
	add := func(format string, args ...any) {
		all = append(all, sbom.Finding{Message: fmt.Sprintf(format, args...), Where: at})
	}
	for _, digest := range tested(n, sha256.MatchString) {
		if own := v.digests(n); len(own) > 0 && !own[digest] {
			add("the model that was evaluated has the digest %s, and none here has", digest)
		}
	}
	for _, p := range n.Properties {
		switch {
		case p.Name == sbom.TestedTemplate && len(n.Model.ChatTemplates) > 0:
			if !slices.ContainsFunc(n.Model.ChatTemplates, func(t sbom.ChatTemplate) bool { return t.SHA256 == p.Value }) {
				add("the model was evaluated with the chat template %s, and the one here is %s", p.Value, n.Model.ChatTemplates[0].SHA256)
			}
		case p.Name == sbom.TestedParameters && n.Model.Quantization == (sbom.Quantization{}):
			if have, stated := weighed(n.Model), p.Value; farFrom(have, stated) {
				add("the model that was evaluated has %s parameters, and the weights here hold %d", stated, have)
			}
		}
	}
	return all
}

// otherCommit compares commits: of the values that the model itself got, and of those
// that models of the same repository got which are not here.
func (v *view) otherCommit(n *sbom.Node, at sbom.Place) (all []sbom.Finding) {
	own := commitOf(n)
	known := tested(n, sbom.IsCommit)
	if own == "" || slices.Contains(known, own) {
		return nil
	}
	for _, other := range known {
		all = append(all, sbom.Finding{Where: at, Message: "the model was evaluated at commit " + other + ", and the one here is of commit " + own})
	}
	base, _, _ := strings.Cut(n.Keys.PURL, "@")
	for _, m := range v.measured[base] {
		if other := commitOf(m); m.Mentioned && other != own {
			where := reportOf(m)
			all = append(all, sbom.Finding{Where: where, Message: "the model was evaluated at commit " + other + ", and the one here is of commit " + own})
		}
	}
	return all
}

func commitOf(n *sbom.Node) string {
	_, version, _ := strings.Cut(n.Keys.PURL, "@")
	for _, s := range []string{version, n.Version} {
		if sbom.IsCommit(s) {
			return s
		}
	}
	return ""
}

// tested lists what the reports state of the model that they measured.
func tested(n *sbom.Node, is func(string) bool) (list []string) {
	if n.Model == nil {
		return nil
	}
	for _, m := range n.Model.Metrics {
		if is(m.Tested) && !slices.Contains(list, m.Tested) {
			list = append(list, m.Tested)
		}
	}
	return list
}

// digests are all by which the model, its files and its content are known.
func (v *view) digests(n *sbom.Node) map[string]bool {
	own := map[string]bool{}
	add := func(n *sbom.Node) {
		for _, h := range n.Hashes {
			if h.Alg == "SHA-256" {
				own[h.Value] = true
			}
		}
		for _, k := range append(n.Also, n.Keys) {
			if k.SHA256 != "" {
				own[k.SHA256] = true
			}
		}
	}
	add(n)
	for _, n := range v.parts[n.ID] {
		add(n)
	}
	for _, s := range []string{n.Model.Fingerprints.Content, n.Model.Fingerprints.Signing} {
		if s != "" {
			own[s] = true
		}
	}
	return own
}

// weighed counts the parameters as libraries do that count those of layers: masks,
// which older files hold, are none.
func weighed(m *sbom.Model) int64 {
	var n int64
	for _, t := range m.Tensors {
		if t.DType != "BOOL" && t.DType != "U8" {
			n += t.Parameters
		}
	}
	if n == 0 {
		n = m.Parameters
	}
	return n
}

// farFrom tells whether numbers of parameters cannot be of one model. Buffers and
// tied weights, which a file holds or does not, are up to a third of a small one.
func farFrom(have int64, stated string) bool {
	n, err := strconv.ParseFloat(stated, 64)
	h := float64(have)
	return err == nil && n > 0 && have > 0 && (h < n*2/3 || h > n*3/2)
}

// reportOf is the place of the first report of an evaluation.
func reportOf(n *sbom.Node) sbom.Place {
	for _, s := range n.Seen {
		if strings.HasPrefix(s.By, "evaluation/") {
			p := s.Place
			p.By = "check"
			return p
		}
	}
	for _, f := range n.Facts {
		if f.Field == "model.metrics" && len(f.Seen) > 0 {
			p := f.Seen[0].Place
			p.By = "check"
			return p
		}
	}
	return place(n)
}
