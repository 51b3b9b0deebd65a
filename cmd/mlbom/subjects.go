package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// inRegistry is an image or artefact: NAME@sha256:DIGEST.
var inRegistry = regexp.MustCompile(`^(.+)@sha256:([0-9a-f]{64})$`)

// namedSubjects are those that the user names.
func namedSubjects(names []string) ([]sign.Subject, error) {
	var all []sign.Subject
	for _, name := range names {
		s, err := namedSubject(name)
		if err != nil {
			return nil, usage("--subject %s: %v", name, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func namedSubject(name string) (sign.Subject, error) {
	info, err := os.Stat(name)
	if m := inRegistry.FindStringSubmatch(name); m != nil && err != nil {
		return sign.Subject{Name: m[1], Digests: []sbom.Hash{{Alg: "SHA-256", Value: m[2]}}}, nil
	}
	switch {
	case err != nil:
		return sign.Subject{}, fmt.Errorf("%w; name a file, or NAME@sha256:DIGEST", rootCause(err))
	case info.IsDir():
		return sign.Subject{}, errors.New("it is a folder; name its files, each with --subject, or sign the folder with --model")
	}
	f, err := os.Open(name)
	if err != nil {
		return sign.Subject{}, rootCause(err)
	}
	defer f.Close()
	sum, err := sha256Of(f)
	if err != nil {
		return sign.Subject{}, rootCause(err)
	}
	return sign.Subject{Name: publicName(name), Digests: []sbom.Hash{{Alg: "SHA-256", Value: sum}}}, nil
}

// publicName is what others are told of a file: where it lies on this machine is
// nobody's business.
func publicName(name string) string {
	clean := filepath.Clean(name)
	if !filepath.IsLocal(clean) {
		clean = filepath.Base(clean)
	}
	return filepath.ToSlash(clean)
}

func sha256Of(r io.Reader) (string, error) {
	c, err := sign.SumOf(r)
	return fmt.Sprintf("%x", c), err
}

// subjectsOf are the things that a BOM has digests of and that are released: files,
// images, and models by the root digest over their files. Where they are more than an
// attestation holds, they are the models and what models consist of.
func subjectsOf(report sbom.Report) (all []sign.Subject, chosen string, err error) {
	g := sbom.Merge(report)
	all = digested(g, func(*sbom.Node) bool { return true })
	chosen = "the " + count(len(all), "thing that the BOM has a digest of", "things that the BOM has digests of")
	if len(all) > sign.MaxSubjects {
		ofModels := map[sbom.ID]bool{}
		for _, e := range g.Edges {
			if from := g.Node(e.From); e.Rel == sbom.Contains && from != nil && from.Kind == sbom.KindModel {
				ofModels[e.From], ofModels[e.To] = true, true
			}
		}
		all = digested(g, func(n *sbom.Node) bool { return n.Kind == sbom.KindModel || ofModels[n.ID] })
		chosen = "the " + count(len(all), "model or file of a model", "models and files of models") + " of the BOM"
	}
	switch {
	case len(all) == 0:
		return nil, "", errors.New("it has no file, model or image with a SHA-256, so that nothing tells what it is of; name the artefacts that you release with --subject")
	case len(all) > sign.MaxSubjects:
		return nil, "", fmt.Errorf("it has digests of %d files of models, and an attestation holds %d; name the artefacts that you release with --subject, or sign the model itself with --model", len(all), sign.MaxSubjects)
	}
	return all, chosen, nil
}

func digested(g *sbom.Graph, take func(*sbom.Node) bool) []sign.Subject {
	var all []sign.Subject
	add := func(n *sbom.Node, sum string) {
		name := cmp.Or(strings.TrimSuffix(n.Keys.Path, "/"), n.Name, string(n.ID))
		if name == "." {
			name = cmp.Or(n.Name, name)
		}
		all = append(all, sign.Subject{Name: name, Digests: []sbom.Hash{{Alg: "SHA-256", Value: strings.ToLower(sum)}}})
	}
	files := map[string]bool{} // by their digests
	laid := slices.ContainsFunc(g.Nodes, isLaid)
	for _, n := range g.Nodes {
		if sum := sha256In(n); n.Kind == sbom.KindFile && sum != "" && !n.Mentioned && (isLaid(n) || !laid) && take(n) {
			files[sum] = true
			add(n, sum)
		}
	}
	for _, n := range g.Nodes {
		if n.Mentioned || n.Kind == sbom.KindFile || !take(n) {
			continue
		}
		if root := rootDigest(n); root != "" {
			add(n, root)
		} else if sum := sha256In(n); sum != "" && !files[sum] && slices.Contains(artefacts, n.Kind) {
			add(n, sum)
		}
	}
	slices.SortFunc(all, func(a, b sign.Subject) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Digests[0].Value, b.Digests[0].Value))
	})
	return slices.CompactFunc(all, func(a, b sign.Subject) bool { return a.Name == b.Name && a.Digests[0] == b.Digests[0] })
}

var artefacts = []sbom.Kind{sbom.KindModel, sbom.KindDataset, sbom.KindContainer}

// isLaid tells whether it is a file that lies somewhere, unlike a template within one.
// BOMs of others say of no file where it lies.
func isLaid(n *sbom.Node) bool {
	return n.Kind == sbom.KindFile && n.Keys.Path != "" && !strings.Contains(n.Keys.Path, "#")
}

func sha256In(n *sbom.Node) string {
	for _, h := range n.Hashes {
		if h.Alg == "SHA-256" && sha256Text.MatchString(h.Value) {
			return h.Value
		}
	}
	if sha256Text.MatchString(n.Keys.SHA256) {
		return n.Keys.SHA256
	}
	return ""
}

func rootDigest(n *sbom.Node) string {
	root := ""
	if n.Model != nil {
		root = n.Model.Fingerprints.Signing
	}
	if n.Dataset != nil {
		root = cmp.Or(root, n.Dataset.RootDigest)
	}
	if !sha256Text.MatchString(root) {
		return ""
	}
	return root
}

var sha256Text = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)
