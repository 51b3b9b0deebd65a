package hfscript

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/hffeature"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

const maxDepth = 16

// constants reads the names that the library's template for scripts has, where the
// call that they are meant for was not understood, and addresses.
func (s *script) constants() {
	d := s.Dataset
	text := func(name string) (string, int) {
		v := s.runner.Global(name)
		if v.Kind != pysource.TextValue {
			return "", 0
		}
		return v.Text, v.Line
	}
	t, line := text("_DESCRIPTION")
	s.Set("description", &s.Description, t, line)
	t, line = text("_CITATION")
	s.Set("dataset.citation", &d.Citation, t, line)
	if t, line = text("_HOMEPAGE"); len(s.Refs) == 0 {
		s.Ref("website", t, line)
	}
	if t, line = text("_LICENSE"); len(s.Component.Licenses) == 0 {
		s.License(t, line)
	}
	seen := map[string]bool{}
	for st := range pysource.All(s.module.Body) {
		if st.Kind != pysource.Assign || len(st.Exprs) == 0 || st.Exprs[0] == nil || st.Exprs[0].Kind != pysource.Identifier {
			continue
		}
		name := st.Exprs[0].Name
		if strings.Contains(strings.ToUpper(name), "URL") && !seen[name] {
			seen[name] = true
			s.addresses(s.runner.Global(name), st.Line, 0)
		}
	}
}

// addresses takes the addresses in a constant; a list or a dictionary of one
// address and one digest is a file with its digest.
func (s *script) addresses(v pysource.Value, line, depth int) {
	if v.Line > 0 {
		line = v.Line
	}
	if v.Kind == pysource.TextValue {
		s.download(v.Text, "", line)
		return
	}
	if v.Kind != pysource.ListValue && v.Kind != pysource.DictValue || depth > maxDepth {
		return
	}
	var urls, sums []string
	for _, i := range v.Items {
		if i.Kind == pysource.TextValue && datafacts.CleanURL(i.Text) != "" {
			urls = append(urls, i.Text)
		} else if i.Kind == pysource.TextValue && datafacts.Digest(i.Text) != "" {
			sums = append(sums, i.Text)
		}
	}
	if len(urls) == 1 && len(sums) == 1 {
		s.download(urls[0], sums[0], line)
		return
	}
	for _, i := range v.Items {
		s.addresses(i, line, depth+1)
	}
}

func (s *script) download(address, sum string, line int) {
	if datafacts.CleanURL(address) != "" && !strings.ContainsAny(address, "{}") {
		s.Download(datafacts.Download{URL: address, SHA256: sum, Line: line})
	}
}

// versions takes the version where the script names one alone.
func (s *script) versions() {
	found, line := "", 0
	for e := range pysource.Exprs(s.module.Body) {
		if e.Kind != pysource.Call || len(e.Parts) < 2 {
			continue
		}
		name := s.module.Qualified(e.Parts[0])
		if name != "datasets.Version" && name != "datasets.utils.Version" {
			continue
		}
		v := s.value(e.Parts[1])
		if v == "" || found != "" && v != found {
			return
		}
		found, line = v, e.Line
	}
	s.Set("version", &s.Version, found, line)
}

// value gives the text of a literal, or of a constant of the module.
func (s *script) value(e *pysource.Expr) string {
	switch e.Kind {
	case pysource.Keyword:
		return s.value(e.Parts[0])
	case pysource.StringLiteral, pysource.NumberLiteral:
		return e.Name
	case pysource.Identifier:
		if v := s.runner.Global(e.Name); v.Kind == pysource.TextValue || v.Kind == pysource.NumberValue {
			return v.Text
		}
	}
	return ""
}

// features takes the columns where the script has one call of datasets.Features.
func (s *script) features() {
	var call *pysource.Expr
	for e := range pysource.Exprs(s.module.Body) {
		if e.Kind != pysource.Call || len(e.Parts) != 2 {
			continue
		}
		if n := s.module.Qualified(e.Parts[0]); n != "datasets.Features" && n != "datasets.features.Features" && n != "nlp.Features" {
			continue
		}
		if call != nil {
			return
		}
		call = e
	}
	if call == nil || call.Parts[1].Kind != pysource.Dict {
		return
	}
	n := s.node(call.Parts[1], 0)
	for i := len(n.Pairs) - 1; i >= 0; i-- {
		if n.Pairs[i].Value.Is == hffeature.Absent { // it is worked out while the script runs
			s.Dataset.Features = append(s.Dataset.Features, sbom.Feature{Name: n.Pairs[i].Key})
			s.Mark("dataset.features", n.Pairs[i].Line)
			n.Pairs = append(n.Pairs[:i], n.Pairs[i+1:]...)
		}
	}
	s.Features(n, "")
}

// node is a feature as the library would write it.
func (s *script) node(e *pysource.Expr, depth int) hffeature.Node {
	n := hffeature.Node{Line: e.Line}
	switch {
	case depth > maxDepth:
	case e.Kind == pysource.Dict:
		n.Is = hffeature.Mapping
		for _, p := range e.Parts {
			if p.Kind == pysource.Pair && s.value(p.Parts[0]) != "" {
				n.Pairs = append(n.Pairs, hffeature.Pair{Key: s.value(p.Parts[0]), Line: p.Line, Value: s.node(p.Parts[1], depth+1)})
			}
		}
	case e.Kind == pysource.List || e.Kind == pysource.Tuple:
		n.Is = hffeature.List
		for _, p := range e.Parts {
			n.Items = append(n.Items, s.node(p, depth+1))
		}
	case e.Kind == pysource.Call:
		return s.class(e, depth)
	case e.Kind == pysource.Identifier:
		return hffeature.FromPython(s.runner.Global(e.Name))
	case s.value(e) != "":
		n.Is, n.Text = hffeature.Scalar, s.value(e)
	}
	return n
}

// positional are the names of the arguments that a class of features gets without one.
var positional = map[string][]string{"Value": {"dtype"}, "ClassLabel": {"num_classes", "names"}, "Sequence": {"feature", "length"}, "List": {"feature", "length"}, "LargeList": {"feature"},
	"Translation": {"languages"}, "TranslationVariableLanguages": {"languages"}, "Array2D": {"shape", "dtype"}, "Array3D": {"shape", "dtype"}, "Array4D": {"shape", "dtype"}, "Array5D": {"shape", "dtype"},
	"Audio": {"sampling_rate"}, "Image": {}, "Video": {}}

func (s *script) class(e *pysource.Expr, depth int) hffeature.Node {
	full := s.module.Qualified(e.Parts[0])
	name := full[strings.LastIndex(full, ".")+1:]
	names, known := positional[name]
	if !known || !strings.HasPrefix(full, "datasets.") && !strings.HasPrefix(full, "nlp.") {
		return hffeature.Node{Line: e.Line}
	}
	var pairs []hffeature.Pair
	for i, p := range e.Parts[1:] {
		key := ""
		if p.Kind == pysource.Keyword {
			key, p = p.Name, p.Parts[0]
		} else if i < len(names) {
			key = names[i]
		}
		if v := s.node(p, depth+1); key != "" && v.Is != hffeature.Absent {
			pairs = append(pairs, hffeature.Pair{Key: key, Line: e.Line, Value: v})
		}
	}
	return hffeature.Of(name, e.Line, pairs...)
}
