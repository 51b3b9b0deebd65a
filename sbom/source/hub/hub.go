// Package hub shows a repository of a Hugging Face hub, at one commit, as a tree
// ([Open]), with what the hub says of it: who owns it, how old and how much used it
// is, whether it is gated, what the hub's scanners found, how long its history
// is and what has changed since the commit.
//
// A branch or a tag is resolved to its commit first, and all is read at that. The
// digests of large files are those of Git LFS, as the hub states them; other files
// are held against their blob id, which the commit's own id stands for.
//
// Source: the hub's OpenAPI document (https://huggingface.co/.well-known/openapi.json)
// and huggingface_hub 2.4 (hf_api.py, file_download.py, utils/_http.py).
//
// Not understood: buckets, and the storage of Xet (files come by the addresses
// that every client can use). The hub's interface does not say who signed a commit,
// so signatures are read from the repository itself: see history.go.
package hub

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

// Site is the hub that is asked where the user names no other.
const Site = "https://huggingface.co"

// Kind is a kind of repository, in the hub's plural.
type Kind string

// The kinds of repository.
const (
	Models   Kind = "models"
	Datasets Kind = "datasets"
	Spaces   Kind = "spaces"
)

// word is what the kind is called in a sentence.
func (k Kind) word() string { return strings.TrimSuffix(string(k), "s") }

// Name names a repository and a revision of it.
type Name struct {
	Kind     Kind
	ID       string // "org/model", or "gpt2" of old ones
	Revision string // branch, tag or commit; "" is the main branch
}

const scheme = "hf://"

// IsName tells whether the text is meant for [Parse].
func IsName(text string) bool { return strings.HasPrefix(text, scheme) }

var revisionPattern = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._/+-]{0,254})$`)

// Parse reads "hf://org/model", "hf://datasets/org/name" and "hf://spaces/org/name",
// each with "@REVISION" or without.
func Parse(text string) (Name, error) {
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		return Name{}, fmt.Errorf("%q does not begin with %s", source.Printable(text), scheme)
	}
	n := Name{Kind: Models}
	id, revision, pinned := strings.Cut(strings.TrimSuffix(rest, "/"), "@")
	if first, after, ok := strings.Cut(id, "/"); ok {
		switch Kind(first) {
		case Models, Datasets, Spaces:
			n.Kind, id = Kind(first), after
		}
	}
	parts := strings.Split(id, "/")
	for _, p := range parts {
		if !sbom.ValidHubName(p) {
			parts = nil
			break
		}
	}
	if len(parts) == 0 || len(parts) > 2 || len(parts) == 1 && n.Kind == Spaces {
		return Name{}, fmt.Errorf("%q names no repository; say hf://ORG/MODEL, hf://datasets/ORG/NAME or hf://spaces/ORG/NAME, each with @REVISION or without", source.Printable(text))
	}
	if pinned && (!revisionPattern.MatchString(revision) || strings.Contains(revision, "..")) {
		return Name{}, fmt.Errorf("%q: %q is no branch, tag or commit", source.Printable(text), source.Printable(revision))
	}
	n.ID, n.Revision = id, revision
	return n, nil
}

// String is what [Parse] reads.
func (n Name) String() string {
	text := scheme
	if n.Kind != Models {
		text += string(n.Kind) + "/"
	}
	if text += n.ID; n.Revision != "" {
		text += "@" + n.Revision
	}
	return text
}

// folder is the repository's place on the site: "datasets/org/name".
func (n Name) folder() string {
	if n.Kind == Models {
		return n.ID
	}
	return string(n.Kind) + "/" + n.ID
}

// Options say which hub is asked, and as whom.
type Options struct {
	Endpoint string // address of the hub; "" is [Site]
	Token    string // "" asks without
	Client   *source.Client
}

func (o Options) endpoint() (*url.URL, error) {
	text := strings.TrimRight(o.Endpoint, "/")
	if text == "" {
		text = Site
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%q is no address of a hub; set HF_ENDPOINT to one such as %s", source.Printable(o.Endpoint), Site)
	}
	return u, nil
}
