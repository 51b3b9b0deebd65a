package sbom

import (
	"regexp"
	"strings"

	packageurl "github.com/package-url/packageurl-go"

	"github.com/mlbom/mlbom/sbom/purl"
)

// PyPI gives the purl of a Python package; an empty version makes a purl that
// names no version. An unusable name gives "".
func PyPI(name, version string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if !pypiName.MatchString(name) {
		return ""
	}
	return build("pypi", "", strings.ReplaceAll(name, "_", "-"), strings.TrimSpace(version), nil)
}

var pypiName = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$`)

// GoModule gives the purl of a Go module. The specification lower-cases the
// path; the component's Name keeps the module's own spelling. It demands a
// namespace, which a module that is a domain alone ("go4.org") has not: other tools
// name it without one, and so does this. A path that is no address gives "".
func GoModule(path, version string) string {
	path = strings.Trim(path, "/")
	i := strings.LastIndex(path, "/")
	if i < 0 && !strings.Contains(path, ".") {
		return ""
	}
	namespace, name := path[:max(i, 0)], path[i+1:]
	return build("golang", strings.ToLower(namespace), strings.ToLower(name), version, nil)
}

// GoStdlib gives the purl of Go's standard library, by which vulnerability
// databases know it; the version is that of Go without "go": "1.26.1".
func GoStdlib(version string) string { return build("golang", "", "stdlib", version, nil) }

// Conda gives the purl of a conda package. Channel, build and platform are no
// part of it: manifests name packages without them (see Package.Source, Ref).
func Conda(name, version string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if !condaName.MatchString(name) {
		return ""
	}
	return build("conda", "", name, strings.TrimSpace(version), nil)
}

var condaName = regexp.MustCompile(`^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$`)

var (
	commitID = regexp.MustCompile(`^(?:[0-9a-f]{40}|[0-9a-f]{64})$`)
	hubPart  = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?$`)
)

// IsCommit tells whether s is the id of a commit of git or Mercurial, whole and in
// lower case: it means the same for ever.
func IsCommit(s string) bool { return commitID.MatchString(s) }

// HuggingFaceModel gives the purl of a model repository "org/name". The
// specification demands the namespace and takes a commit hash alone as version:
// a branch or tag leaves the purl without one. An id that is none gives "".
func HuggingFaceModel(id, revision string) string {
	namespace, name, ok := strings.Cut(id, "/")
	if !ok || !hubPart.MatchString(namespace) || !ValidHubName(name) {
		return ""
	}
	revision = strings.ToLower(revision)
	if !IsCommit(revision) {
		revision = ""
	}
	return build("huggingface", namespace, name, revision, nil)
}

// HuggingFaceModelAt is [HuggingFaceModel] for a repository of any hub, by its
// address: one that is not the specification's default stands in the purl.
func HuggingFaceModelAt(hub, id, revision string) string {
	p := HuggingFaceModel(id, revision)
	if hub = strings.TrimRight(hub, "/"); p == "" || hub == "" || hub == "https://huggingface.co" {
		return p
	}
	namespace, name, _ := strings.Cut(id, "/")
	_, version := splitPURL(p)
	return build("huggingface", namespace, name, version, packageurl.Qualifiers{{Key: "repository_url", Value: hub}})
}

// OCI gives the purl of an artefact in a registry: its repository
// ("ghcr.io/org/model") and the digest of its manifest ("sha256:..."). The
// specification takes the last part of the repository as the name, in lower case.
func OCI(repository, digest string) string {
	name := strings.ToLower(repository[strings.LastIndex(repository, "/")+1:])
	if name == "" || !ociDigest.MatchString(digest) {
		return ""
	}
	var at packageurl.Qualifiers
	if strings.Contains(repository, "/") {
		at = packageurl.Qualifiers{{Key: "repository_url", Value: strings.ToLower(repository)}}
	}
	return build("oci", "", name, digest, at)
}

var ociDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// ValidHubName tells whether s can be a repository name on the hub.
func ValidHubName(s string) bool {
	return hubPart.MatchString(s) && !strings.Contains(s, "--") && !strings.Contains(s, "..")
}

// build gives a purl that the specification takes, or "".
func build(kind, namespace, name, version string, qualifiers packageurl.Qualifiers) string {
	canonical, err := purl.Canonical(packageurl.NewPackageURL(kind, namespace, name, version, qualifiers, "").ToString())
	if err != nil {
		return ""
	}
	return canonical
}

// NormalizePURL gives the canonical spelling of a purl, or an error that says
// what the specification forbids in it.
func NormalizePURL(s string) (string, error) { return purl.Canonical(s) }

// splitPURL gives the purl without its version, and the version.
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

// Project is the path key of the one project of an ecosystem ("python", "go")
// in the folder of the given file: "svc/#python".
func Project(file, ecosystem string) string { return DirOf(file) + "#" + ecosystem }
