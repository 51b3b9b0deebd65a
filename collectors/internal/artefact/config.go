package artefact

import (
	"cmp"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

const maxItems = 1000 // of a list in a configuration

// draft is a sighting of the model with what a configuration says.
type draft struct {
	sbom.Sighting
}

// Describe reads the configuration, and gives what it says of the model that is
// known by keys; ok is false where there is none that is understood.
func (s Store) Describe(m Manifest, keys sbom.Keys) (seen sbom.Sighting, ok bool, err error) {
	maker := cmp.Or(s.Made, m.Maker())
	if maker != ModelPack && maker != Docker && maker != Ollama {
		return seen, false, nil
	}
	data, at, err := s.Read(m.Config, MaxManifest)
	if err != nil {
		return seen, false, err
	}
	root, err := jsonlines.Parse(string(data))
	if err != nil || !root.Is(jsonlines.Object) {
		return seen, false, errors.Join(errors.New("the configuration "+m.Config.Digest+" is no JSON object"), err)
	}
	d := &draft{sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: keys, Model: &sbom.Model{}}, Basis: sbom.Declared,
		Where: sbom.Place{Path: at, Line: 1}, Lines: map[string]int{}}}
	switch maker {
	case ModelPack:
		d.modelPack(root)
	case Docker:
		d.docker(root)
	case Ollama:
		d.ollama(root)
	}
	return d.Sighting, true, nil
}

// set fills a field of text, and remembers its line.
func (d *draft) set(field string, into *string, v *jsonlines.Value) {
	if text := strings.TrimSpace(v.Str()); text != "" {
		*into = text
		d.Lines[field] = v.LineOf()
	}
}

func (d *draft) property(name string, v *jsonlines.Value) {
	if v == nil || v.Is(jsonlines.Null) || v.Is(jsonlines.Array) || v.Is(jsonlines.Object) || v.Text == "" {
		return
	}
	d.Properties = append(d.Properties, sbom.Property{Name: name, Value: v.Text})
}

func (d *draft) format(v *jsonlines.Value) {
	if text := strings.ToLower(strings.TrimSpace(v.Str())); text != "" {
		d.Model.Formats = []string{text}
		d.Lines["model.formats"] = v.LineOf()
	}
}

func bounded(list []string) []string { return list[:min(len(list), maxItems)] }

// modelPack reads application/vnd.cncf.model.config.v1+json.
func (d *draft) modelPack(root *jsonlines.Value) {
	about, config := root.Get("descriptor"), root.Get("config")
	d.set("name", &d.Name, about.Get("name"))
	d.set("version", &d.Version, about.Get("version"))
	d.set("description", &d.Description, about.Get("description"))
	d.set("released", &d.Released, about.Get("createdAt"))
	d.set("publisher", &d.Publisher, about.Get("vendor"))
	d.set("model.family", &d.Model.Family, about.Get("family"))
	for _, a := range bounded(about.Get("authors").Strings()) {
		d.Authors = append(d.Authors, party(a))
	}
	for _, l := range bounded(about.Get("licenses").Strings()) {
		d.Licenses = append(d.Licenses, sbom.ParseLicense(l))
	}
	for _, ref := range []struct{ key, kind string }{{"docURL", "documentation"}, {"sourceURL", "vcs"}} {
		if address := about.Get(ref.key).Str(); address != "" {
			d.Refs = append(d.Refs, sbom.Ref{Type: ref.kind, URL: address})
		}
	}
	for _, address := range bounded(about.Get("datasetsURL").Strings()) {
		if address != "" {
			d.Links = append(d.Links, sbom.Link{Rel: sbom.TrainedOn, Line: about.Get("datasetsURL").LineOf(), To: sbom.Component{Kind: sbom.KindDataset, Name: address, Keys: sbom.Keys{URL: address}}})
		}
	}
	d.property("mlbom:modelpack:title", about.Get("title"))
	d.property("mlbom:modelpack:revision", about.Get("revision"))
	d.set("model.architecture", &d.Model.Architecture, config.Get("architecture"))
	d.format(config.Get("format"))
	d.set("model.parameterSize", &d.Model.ParameterSize, config.Get("paramSize"))
	d.set("model.quantization.method", &d.Model.Quantization.Method, config.Get("quantization"))
	d.property("mlbom:modelpack:precision", config.Get("precision"))
	able := config.Get("capabilities")
	for _, t := range bounded(able.Get("inputTypes").Strings()) {
		d.Model.Inputs = append(d.Model.Inputs, sbom.Port{Format: t})
	}
	for _, t := range bounded(able.Get("outputTypes").Strings()) {
		d.Model.Outputs = append(d.Model.Outputs, sbom.Port{Format: t})
	}
	d.Languages = bounded(able.Get("languages").Strings())
	for _, key := range []string{"knowledgeCutoff", "reasoning", "toolUsage", "reward"} {
		d.property("mlbom:modelpack:"+key, able.Get(key))
	}
}

// party reads "Name <mail>" or a bare address.
func party(s string) sbom.Party {
	name, rest, ok := strings.Cut(s, "<")
	if mail, closed := strings.CutSuffix(strings.TrimSpace(rest), ">"); ok && closed && strings.Contains(mail, "@") {
		return sbom.Party{Name: strings.TrimSpace(name), Email: mail}
	}
	if s = strings.TrimSpace(s); strings.Contains(s, "@") && !strings.ContainsAny(s, " /") {
		return sbom.Party{Email: s}
	}
	return sbom.Party{Name: s}
}

// docker reads application/vnd.docker.ai.model.config.v0.1+json and v0.2.
func (d *draft) docker(root *jsonlines.Value) {
	config := root.Get("config")
	if config == nil { // ModelPack's own shape, which the program reads as well
		config = root
	}
	d.set("released", &d.Released, root.Path("descriptor", "created"))
	d.format(config.Get("format"))
	d.set("model.family", &d.Model.Family, config.Get("architecture"))
	d.set("model.parameterSize", &d.Model.ParameterSize, config.Get("parameters"))
	d.set("model.quantization.scheme", &d.Model.Quantization.Scheme, config.Get("quantization"))
	if n, ok := config.Get("context_size").Int(); ok && n > 0 {
		d.Model.ContextLength = n
		d.Lines["model.contextLength"] = config.Get("context_size").LineOf()
	}
	d.property("mlbom:docker:size", config.Get("size"))
}

// ollama reads the configuration of an Ollama model.
func (d *draft) ollama(root *jsonlines.Value) {
	d.format(root.Get("model_format"))
	d.set("model.family", &d.Model.Family, root.Get("model_family"))
	d.set("model.parameterSize", &d.Model.ParameterSize, root.Get("model_type"))
	if scheme := root.Get("file_type").Str(); scheme != "" && scheme != "unknown" {
		d.Model.Quantization.Scheme = scheme
	}
	if n, ok := root.Get("context_length").Int(); ok && n > 0 {
		d.Model.ContextLength = n
		d.Lines["model.contextLength"] = root.Get("context_length").LineOf()
	}
	for _, key := range []string{"renderer", "parser", "requires", "base_name", "remote_model"} {
		d.property("mlbom:ollama:"+strings.ReplaceAll(key, "_", "-"), root.Get(key))
	}
	for _, c := range bounded(root.Get("capabilities").Strings()) {
		d.Properties = append(d.Properties, sbom.Property{Name: "mlbom:ollama:capability", Value: c})
	}
	if host := root.Get("remote_host").Str(); host != "" {
		d.Links = append(d.Links, sbom.Link{Rel: sbom.ServedBy, Line: root.Get("remote_host").LineOf(), To: sbom.Component{Kind: sbom.KindService, Name: host, Keys: sbom.Keys{URL: host}}})
	}
}

// Parameters reads a blob of run parameters, {"temperature": 0.7, "stop": ["x"]}.
func Parameters(text string) ([]sbom.Property, error) {
	root, err := jsonlines.Parse(text)
	if err != nil {
		return nil, err
	}
	if !root.Is(jsonlines.Object) {
		return nil, errors.New("the parameters are no JSON object")
	}
	var list []sbom.Property
	for _, m := range root.Members[:min(len(root.Members), maxItems)] {
		value := m.Value.Compact()
		if m.Value.Is(jsonlines.String) {
			value = m.Value.Str()
		}
		list = append(list, sbom.Property{Name: "generation." + m.Key, Value: value})
	}
	return list, nil
}
