// Package hub makes components of the names by which cards and configurations
// point at models and datasets on the Hugging Face hub.
package hub

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const site = "https://huggingface.co/"

var (
	hubURL = pattern.Lazy(`^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([^/?#\s]+(?:/[^/?#\s]+)?)(?:/(?:tree|blob|resolve)/([^/?#\s]+))?(?:[/?#].*)?$`)
	drive  = pattern.Lazy(`^[A-Za-z]:[\\/]`)
)

// Model gives the component that a reference names: a hub id "org/name" or
// "name", or a hub URL. Revision may be "". A local path, a URL of elsewhere or
// prose keeps its text as the name and gets no key; ok then is false.
func Model(ref, revision string) (c sbom.Component, ok bool) {
	c = sbom.Component{Kind: sbom.KindModel, Name: strings.TrimSpace(ref)}
	id, rev, isDataset := parse(c.Name)
	if id == "" || isDataset {
		return c, false
	}
	if rev != "" && revision == "" {
		revision = rev
	}
	c.Name, c.Version = id, revision
	if p := sbom.HuggingFaceModel(id, revision); p != "" {
		c.Keys.PURL = p
	} else if c.Keys.URL = site + id; revision != "" {
		c.Keys.URL += "/tree/" + revision
	}
	c.Refs = []sbom.Ref{{Type: "distribution", URL: site + id}}
	return c, true
}

// Dataset is Model for datasets. They have no purl: the hub URL is the key, in
// lower case, for the hub does not tell cases apart. An id of the time when datasets
// had no namespace gives the id that it redirects to; what was stated stays as a
// reference.
func Dataset(ref, revision string) (c sbom.Component, ok bool) {
	c = sbom.Component{Kind: sbom.KindDataset, Name: strings.TrimSpace(ref)}
	id, rev, isDataset := parse(c.Name)
	if id == "" || (strings.Contains(ref, "://") && !isDataset) {
		return c, false
	}
	if rev != "" && revision == "" {
		revision = rev
	}
	c.Name, c.Version = Renamed(id), revision
	if c.Keys.URL = site + "datasets/" + strings.ToLower(c.Name); revision != "" {
		c.Keys.URL += "/tree/" + revision
	}
	c.Refs = []sbom.Ref{{Type: "distribution", URL: site + "datasets/" + c.Name}}
	if c.Name != id {
		c.Refs = append(c.Refs, sbom.Ref{Type: "distribution", URL: site + "datasets/" + id, Comment: "former id"})
	}
	return c, true
}

// placeholders are written where people have no answer.
var placeholders = map[string]bool{"n/a": true, "na": true, "none": true, "null": true, "various": true, "custom": true,
	"private": true, "unknown": true, "other": true, "local": true, "todo": true, "tbd": true, "-": true}

// IsPlaceholder tells whether a name says nothing.
func IsPlaceholder(s string) bool { return placeholders[strings.ToLower(strings.TrimSpace(s))] }

func parse(s string) (id, revision string, dataset bool) {
	if m := hubURL.FindStringSubmatch(s); m != nil {
		return validID(m[2]), m[3], m[1] != ""
	}
	return validID(s), "", false
}

func validID(s string) string {
	if s == "" || strings.HasPrefix(s, ".") || strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") || drive.MatchString(s) || IsPlaceholder(s) {
		return ""
	}
	namespace, name, two := strings.Cut(s, "/")
	if !two {
		name = namespace
	} else if !sbom.ValidHubName(namespace) {
		return ""
	}
	if !sbom.ValidHubName(name) {
		return ""
	}
	return s
}
