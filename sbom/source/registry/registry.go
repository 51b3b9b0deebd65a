// Package registry shows an artefact of an OCI registry as a tree ([Open]): a model
// of ModelPack, KitOps, Docker Model Runner or Ollama, what ORAS pushed, or an
// image. The tree is an OCI image layout (oci-layout, index.json, and manifest and
// configuration below blobs/sha256), as a tool that copies the artefact to a folder
// writes it, so that collectors of stores read it. A layer whose annotations name
// a file stands under that name; layers of tar stand as the files in them; other
// layers are blobs. All digests are those of the manifest, which is held against
// its own.
//
// Of a tar that is not packed only the headers are fetched. A packed one has to be
// fetched from its start, so only [MaxUnpack] bytes of it are, and only small files
// in it can be read.
//
// Source: the OCI distribution, image and image layout specifications 1.1;
// github.com/modelpack/model-spec docs/annotations.md; for signing in
// https://distribution.github.io/distribution/spec/auth/token/.
//
// Not understood: credential helpers, which are programs and are never run;
// layers that lie elsewhere ("urls"); digests other than SHA-256.
package registry

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/sbom/source"
)

// Name names an artefact.
type Name struct {
	Host       string // with the port, as the user writes it: "docker.io"
	Repository string
	Tag        string // "" where only a digest is given
	Digest     string // "sha256:..."; "" where only a tag is given
}

const scheme = "oci://"

// IsName tells whether the text is meant for [Parse].
func IsName(text string) bool { return strings.HasPrefix(text, scheme) }

// The grammar of the distribution specification.
var (
	hostPattern       = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$`)
	repositoryPattern = regexp.MustCompile(`^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$`)
	tagPattern        = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)
	digestPattern     = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
)

const maxRepository = 255 // bytes

// Parse reads "oci://HOST/REPOSITORY", with ":TAG", "@DIGEST", both or neither,
// which is the tag "latest".
func Parse(text string) (Name, error) {
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		return Name{}, fmt.Errorf("%q does not begin with %s", source.Printable(text), scheme)
	}
	host, rest, ok := strings.Cut(rest, "/")
	rest, digest, pinned := strings.Cut(rest, "@")
	repository, tag, tagged := strings.Cut(rest, ":")
	if !ok || !hostPattern.MatchString(host) || !repositoryPattern.MatchString(repository) || len(repository) > maxRepository {
		return Name{}, fmt.Errorf("%q names no artefact; say oci://HOST/REPOSITORY:TAG or oci://HOST/REPOSITORY@sha256:DIGEST, in lower case", source.Printable(text))
	}
	if pinned && !digestPattern.MatchString(digest) {
		return Name{}, fmt.Errorf("%q: want sha256: and 64 hexadecimal digits behind @", source.Printable(text))
	}
	if tagged && !tagPattern.MatchString(tag) {
		return Name{}, fmt.Errorf("%q: %q is no tag", source.Printable(text), source.Printable(tag))
	}
	if !tagged && !pinned {
		tag = "latest"
	}
	if host == dockerHub && !strings.Contains(repository, "/") {
		repository = "library/" + repository
	}
	return Name{host, repository, tag, digest}, nil
}

const dockerHub = "docker.io"

// String is what [Parse] reads.
func (n Name) String() string {
	text := scheme + n.Place()
	if n.Tag != "" {
		text += ":" + n.Tag
	}
	if n.Digest != "" {
		text += "@" + n.Digest
	}
	return text
}

// Place is the repository with its host.
func (n Name) Place() string { return n.Host + "/" + n.Repository }

// Server is the host that answers.
func (n Name) Server() string {
	if n.Host == dockerHub {
		return "registry-1.docker.io"
	}
	return n.Host
}

// Reference is what a manifest is asked for by: the digest, where there is one.
func (n Name) Reference() string {
	if n.Digest != "" {
		return n.Digest
	}
	return n.Tag
}
