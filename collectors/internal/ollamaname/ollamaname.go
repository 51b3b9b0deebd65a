// Package ollamaname knows how models are called in Ollama:
// [HOST/][NAMESPACE/]MODEL[:TAG], with registry.ollama.ai, library and latest where
// a part is left out.
//
// Source: ollama/ollama types/model/name.go.
package ollamaname

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Name is what a model is called.
type Name struct{ Host, Namespace, Model, Tag string }

const (
	host      = "registry.ollama.ai"
	namespace = "library"
	latest    = "latest"
)

var (
	hostPattern      = pattern.Lazy(`^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$`)
	namespacePattern = pattern.Lazy(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$`)
	partPattern      = pattern.Lazy(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$`)
)

// Valid tells whether each part is one that Ollama takes.
func (n Name) Valid() bool {
	return hostPattern.MatchString(n.Host) && namespacePattern.MatchString(n.Namespace) && partPattern.MatchString(n.Model) && partPattern.MatchString(n.Tag)
}

// Parse reads a name; ok is false for what can be none, such as a path.
func Parse(text string) (n Name, ok bool) {
	text, _, _ = strings.Cut(strings.TrimSpace(text), "@") // a digest says the same once more
	if _, after, found := strings.Cut(text, "://"); found {
		text = after
	}
	n = Name{host, namespace, "", latest}
	parts := strings.Split(text, "/")
	last := parts[len(parts)-1]
	if model, tag, tagged := strings.Cut(last, ":"); tagged {
		n.Model, n.Tag = model, tag
	} else {
		n.Model = last
	}
	switch len(parts) {
	case 1:
	case 2:
		n.Namespace = parts[0]
	case 3:
		n.Host, n.Namespace = parts[0], parts[1]
	default:
		return n, false
	}
	return n, n.Valid()
}

// short is the name as the program shows it, without the tag.
func (n Name) short() string {
	switch {
	case n.Host != host:
		return n.Host + "/" + n.Namespace + "/" + n.Model
	case n.Namespace != namespace:
		return n.Namespace + "/" + n.Model
	}
	return n.Model
}

// url is the page of the model on the web, with the tag.
func (n Name) url() string {
	if n.Host != host {
		return "https://" + n.Host + "/" + n.Namespace + "/" + n.Model + ":" + n.Tag
	}
	return "https://ollama.com/" + n.Namespace + "/" + n.Model + ":" + n.Tag
}

// Component is the model, known by its page.
func (n Name) Component() sbom.Component {
	return sbom.Component{Kind: sbom.KindModel, Name: n.short(), Version: n.Tag, Keys: sbom.Keys{URL: n.url()}, Refs: []sbom.Ref{{Type: "distribution", URL: n.url()}}}
}

// Repository is the repository of the Hugging Face hub that the model is pulled
// from; ok is false where it is of another registry.
func (n Name) Repository() (c sbom.Component, ok bool) {
	if n.Host != "hf.co" && n.Host != "huggingface.co" {
		return c, false
	}
	return hub.Model(n.Namespace+"/"+n.Model, "")
}
