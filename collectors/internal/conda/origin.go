package conda

import (
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// PyPIHost is where PyPI keeps its files, and PyPIIndex the index that leads there.
const (
	PyPIHost  = "https://files.pythonhosted.org/"
	PyPIIndex = "https://pypi.org/simple"
)

var packageFile = pattern.Lazy(`(?i)\.(whl|zip|tgz|tbz|egg|tar|tar\.(gz|bz2|xz|z))$`)

// PyPIOrigin tells where a package of PyPI comes from, by its location in a
// lock: an address of an index' file, "direct+URL", "git+URL", or a path.
// index is the package index where it is known.
func PyPIOrigin(at, index string, editable bool) (o pylock.Origin, file string) {
	o.Editable = editable
	switch {
	case strings.HasPrefix(at, "git+"):
		return gitOrigin(strings.TrimPrefix(at, "git+")), ""
	case strings.HasPrefix(at, "direct+"):
		at = strings.TrimPrefix(at, "direct+")
		o.Sort, o.At = pylock.Direct, at
		return o, at
	case strings.HasPrefix(at, "file:"):
		at = strings.TrimPrefix(at, "file://")
	case strings.Contains(at, "://"):
		o.Sort, o.At = pylock.Index, strings.TrimRight(index, "/")
		if index == "" && strings.HasPrefix(at, PyPIHost) {
			o.At = PyPIIndex
		}
		return o, at
	}
	o.At, o.Sort = at, pylock.Folder
	if packageFile.MatchString(at) {
		o.Sort = pylock.File
	}
	return o, ""
}

// gitOrigin reads "https://host/repo@rev" and uv's "https://host/repo?tag=v1#commit".
func gitOrigin(at string) pylock.Origin {
	o := pylock.Origin{Sort: pylock.Git, At: at}
	u, err := url.Parse(at)
	if err != nil {
		return o
	}
	q := u.Query()
	for _, k := range []string{"rev", "tag", "branch"} {
		if o.Ref == "" {
			o.Ref = q.Get(k)
		}
	}
	o.Subfolder = q.Get("subdirectory")
	if sub, ok := strings.CutPrefix(u.Fragment, "subdirectory="); ok {
		o.Subfolder = sub
	} else {
		o.Commit = u.Fragment
	}
	if i := strings.LastIndexByte(u.Path, '@'); i > strings.LastIndexByte(u.Path, '/') {
		if rev := u.Path[i+1:]; sbom.IsCommit(rev) {
			o.Commit = rev
		} else {
			o.Ref = rev
		}
		u.Path = u.Path[:i]
	}
	u.RawQuery, u.Fragment, u.RawFragment, u.RawPath = "", "", "", ""
	o.At = u.String()
	return o
}

// FileSort names the sort of a file of PyPI.
func FileSort(at string) string {
	at, _, _ = strings.Cut(at, "#")
	switch {
	case strings.HasSuffix(at, ".whl"):
		return "wheel"
	case packageFile.MatchString(path.Base(at)):
		return "sdist"
	}
	return ""
}
