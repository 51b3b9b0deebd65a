package diff

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// class is the space in which digests, URLs, paths and names are compared.
func class(k sbom.Kind) string {
	switch k {
	case sbom.KindModel, sbom.KindDataset, sbom.KindFile, sbom.KindService, sbom.KindProcess:
		return string(k)
	}
	return "software"
}

func allKeys(n *sbom.Node) []sbom.Keys { return append([]sbom.Keys{n.Keys}, n.Also...) }

func mainKey(of func(sbom.Keys) string) keysOf {
	return func(s *side, i int) []string {
		n := s.Nodes[i]
		if k := of(n.Keys); k != "" {
			return []string{class(n.Kind) + "\x00" + k}
		}
		return nil
	}
}

func anyKey(of func(sbom.Keys) string) keysOf {
	return func(s *side, i int) []string {
		n := s.Nodes[i]
		var keys []string
		for _, all := range allKeys(n) {
			if k := of(all); k != "" {
				keys = append(keys, class(n.Kind)+"\x00"+k)
			}
		}
		return keys
	}
}

// wholeDigest knows files by digests that are no key: other tools' documents.
func wholeDigest(s *side, i int) []string {
	n := s.Nodes[i]
	if n.Kind != sbom.KindFile {
		return nil
	}
	var keys []string
	for _, h := range n.Hashes {
		if h.Alg == "SHA-256" || h.Alg == "SHA-512" || h.Alg == "SHA-384" {
			keys = append(keys, h.Alg+"\x00"+h.Value)
		}
	}
	return keys
}

// unversioned knows a node by its package URL without the version.
func unversioned(key func(n *sbom.Node, base string) string) keysOf {
	return func(s *side, i int) []string {
		n := s.Nodes[i]
		if n.Keys.PURL == "" {
			return nil
		}
		base, _ := splitPURL(n.Keys.PURL)
		return []string{class(n.Kind) + "\x00" + key(n, base)}
	}
}

func contentID(s *side, i int) []string {
	n := s.Nodes[i]
	switch {
	case n.Model != nil && n.Model.Fingerprints.Content != "":
		return []string{"model\x00" + n.Model.Fingerprints.Content}
	case n.Dataset != nil && n.Dataset.RootDigest != "":
		return []string{"data\x00" + n.Dataset.RootDigest}
	}
	return nil
}

// headerID is equal of all models that were tuned from one, so that the name counts too.
func headerID(s *side, i int) []string {
	n := s.Nodes[i]
	if n.Model == nil || n.Model.Fingerprints.Header == "" || n.Name == "" {
		return nil
	}
	return []string{n.Model.Fingerprints.Header + "\x00" + strings.ToLower(n.Name)}
}

// nameAndVersion knows what one tool calls a model or a dataset and the other an application.
func nameAndVersion(s *side, i int) []string {
	n := s.Nodes[i]
	if n.Name == "" {
		return nil
	}
	return []string{strings.ToLower(n.Group) + "\x00" + strings.ToLower(n.Name) + "\x00" + versionOf(n)}
}

// strangers tells whether two package URLs differ in more than the version.
func strangers(x, y *sbom.Node) bool {
	a, _ := splitPURL(x.Keys.PURL)
	b, _ := splitPURL(y.Keys.PURL)
	return a != "" && b != "" && a != b
}

// otherFile tells whether two files have neither a path nor a digest in common.
func otherFile(x, y *sbom.Node) bool {
	if x.Kind != sbom.KindFile || y.Kind != sbom.KindFile {
		return false
	}
	a, b := paths(x), paths(y)
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(p string) bool { return slices.Contains(b, p) })
}

// paths are all paths of a node, sorted.
func paths(n *sbom.Node) []string {
	var all []string
	for _, k := range allKeys(n) {
		if k.Path != "" {
			all = append(all, k.Path)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// splitPURL gives a package URL without its version, and the version.
func splitPURL(s string) (base, version string) {
	head, tail := s, ""
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		head, tail = s[:i], s[i:]
	}
	if i := strings.LastIndex(head, "@"); i > strings.LastIndex(head, "/") {
		return head[:i] + tail, head[i+1:]
	}
	return s, ""
}
