package sbom

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// counts tells whether the file holds weights of the model: auxiliary files,
// tokenizers and templates hold none, and of some a store has the digest alone.
func counts(e Edge) bool {
	without := []string{"tokenizer", "chat-template", "not downloaded"}
	return !slices.ContainsFunc(e.Notes, func(note string) bool {
		return strings.HasPrefix(note, "auxiliary") || slices.Contains(without, note)
	})
}

// variantOf names the variant that the file is of: the same weights again.
func variantOf(e Edge) string {
	if i := slices.IndexFunc(e.Notes, func(note string) bool { return strings.HasPrefix(note, "variant") }); i >= 0 {
		return e.Notes[i]
	}
	return ""
}

// total counts the tensors of a model's files, and gives a model of one file
// the file's digest. Variants count where there is nothing else, and then one alone.
func (ix *index) total(n *Node) {
	if n.Kind != KindModel {
		return
	}
	var files, told []*Node
	variants := map[string][]*Node{}
	for _, i := range ix.out[n.ID] {
		e := ix.g.Edges[i]
		f := ix.node[e.To]
		switch variant := variantOf(e); {
		case e.Rel != Contains || f.Kind != KindFile || !counts(e):
		case hearsay(e.Seen):
			if variant == "" {
				told = append(told, f)
			}
		case variant != "":
			variants[variant] = append(variants[variant], f)
		default:
			files = append(files, f)
		}
	}
	if hearsay(n.Seen) {
		files = append(files, told...)
	}
	weights := oneFormat(files)
	if len(weights) == 0 {
		one := oneVariant(variants, slices.ContainsFunc(files, pointer))
		n.totalTensors(one)
		if len(files) == 0 {
			n.fingerprint(one, one)
		}
	}
	if len(files) == 0 {
		return
	}
	slices.SortFunc(files, func(a, b *Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
	weights = oneFormat(files)
	n.totalTensors(weights)
	n.fingerprint(files, weights)
	if len(files) == 1 && len(n.Hashes) == 0 && len(files[0].Hashes) > 0 {
		n.Hashes = slices.Clone(files[0].Hashes)
		n.derived("hashes", files)
	}
}

// oneFormat gives the files that hold the weights, of one format: others hold the
// same weights again. Where there is a choice, what a framework trained comes before
// what a converter made of it, which folds weights and adds constants.
func oneFormat(files []*Node) []*Node {
	byFormat := map[string][]*Node{}
	for _, f := range files {
		if f.Model == nil || len(f.Model.Tensors) == 0 {
			continue
		}
		format := ""
		if f.File != nil {
			format = f.File.Format
		}
		byFormat[format] = append(byFormat[format], f)
	}
	if len(byFormat) == 0 {
		return nil
	}
	return byFormat[slices.MaxFunc(slices.Collect(maps.Keys(byFormat)), func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(!converted(a)), rank(!converted(b))), strings.Compare(a, b))
	})]
}

// converted tells whether files of a format are made of another model's weights.
func converted(format string) bool {
	return slices.Contains([]string{"onnx", "tflite", "openvino", "openvino-weights", "coreml", "coreml-weights", "executorch", "tensorflow-graph", "gguf", "ggml", "numpy"}, format)
}

// pointer tells whether a file stands for weights that are not here.
func pointer(f *Node) bool { return f.File != nil && f.File.Asserted }

// oneVariant gives the weights of one variant, the plainest by its name. What was
// converted says little of weights that are elsewhere.
func oneVariant(variants map[string][]*Node, elsewhere bool) []*Node {
	for _, name := range slices.Sorted(maps.Keys(variants)) {
		weights := oneFormat(variants[name])
		if len(weights) > 0 && !(elsewhere && weights[0].File != nil && converted(weights[0].File.Format)) {
			slices.SortFunc(weights, func(a, b *Node) int { return strings.Compare(string(a.ID), string(b.ID)) })
			return weights
		}
	}
	return nil
}
