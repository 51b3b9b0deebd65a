package condalock

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/conda"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/sbom"
)

// maxHead bounds the comments before the first package, in lines.
const maxHead = 200

// The marks of the sorts of list.
const (
	explicitMark = "@EXPLICIT"
	exportMark   = "$ conda create --name <env> --file <this file>"
	listMark     = "# packages in environment at "
)

// head gives the comments at the beginning, and "@EXPLICIT" where it is next.
func head(text string) string {
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if n++; n > maxHead || line != "" && line[0] != '#' && !strings.EqualFold(line, explicitMark) {
			break
		}
		if strings.EqualFold(line, explicitMark) {
			return explicitMark
		}
		for _, mark := range []string{exportMark, listMark} {
			if strings.Contains(line, mark) {
				b.WriteString(mark)
			}
		}
	}
	return b.String()
}

// explicit reads a list of addresses, one a line, with digests after "#".
func explicit(f *sbom.File, text string) ([]sbom.Sighting, error) {
	e := newList(f)
	e.lines(text, e.archive)
	return e.finish("conda explicit")
}

// export reads a list of "name=version=build", of which conda writes "pypi_0" as
// the build of what pip installed.
func export(f *sbom.File, text string) ([]sbom.Sighting, error) {
	e := newList(f)
	e.lines(text, e.installed)
	return e.finish("conda export")
}

// table reads what "conda list" prints: name, version, build and, where it is not
// that of defaults, the channel; "pypi" is the channel of what pip installed.
func table(f *sbom.File, text string) ([]sbom.Sighting, error) {
	e := newList(f)
	e.lines(text, func(line string, n int) {
		w := strings.Fields(line)
		switch {
		case len(w) < 2 || len(w) > 4:
			e.Problem(n, "%.200q is no line of name, version, build and channel", conda.Redact(line))
		case len(w) == 2 && strings.HasPrefix(w[1], "<pip>"), len(w) >= 3 && (w[2] == "<pip>" || w[2] == "pypi_0" || w[len(w)-1] == "pypi"):
			e.add(e.PyPI(w[0], w[1], pylock.Origin{}, pylock.Artefact{Line: n}))
		default:
			w = append(w, "", "")
			e.add(e.Conda(conda.File{Archive: conda.Archive{Name: w[0], Version: w[1], Build: w[2], Channel: conda.ChannelURL(w[3])}, Line: n}))
		}
	})
	return e.finish("conda list")
}

func newList(f *sbom.File) *list {
	e := &list{Lock: conda.NewLock(f), group: group(f.Path), known: "unknown"}
	if _, err := fs.Stat(f.FS, path.Join(path.Dir(f.Path), "conda-lock.yml")); err == nil {
		e.known = "" // the list was rendered from that lock, which says more
	}
	e.Project.Where.Line = 1
	return e
}

func (e *list) finish(format string) ([]sbom.Sighting, error) {
	e.Property(1, "format", format)
	e.Finish(0)
	if e.known != "" { // else the lock beside it knows what is asked for
		e.Infer()
	}
	return e.Sightings(), errors.Join(e.Problems()...)
}

type list struct {
	*conda.Lock
	group string
	known string // how much is known of what packages need
}

// group tells from the name what the list is for.
func group(name string) string {
	base := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch word {
		case "dev", "develop", "development", "test", "docs", "doc", "build":
			return conda.Group(word)
		}
	}
	return "main"
}

// lines reads the comments that state something, and has every other line read.
func (e *list) lines(text string, read func(line string, n int)) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			e.comment(line, n)
		} else if line != "" && !strings.EqualFold(line, explicitMark) {
			read(line, n)
		}
	}
}

func (e *list) comment(line string, n int) {
	if at, ok := strings.CutPrefix(line, "# platform:"); ok {
		e.Property(n, "platform", strings.TrimSpace(at))
	} else if sum, ok := strings.CutPrefix(line, "# input_hash:"); ok {
		e.Property(n, "content-hash", strings.TrimSpace(sum))
	} else if text, ok := strings.CutPrefix(line, "# pip "); ok {
		e.pip(text, n)
	}
}

// installed reads "name=version=build".
func (e *list) installed(line string, n int) {
	parts := strings.Split(line, "=")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		e.Problem(n, "%.200q is not of the form name=version=build", conda.Redact(line))
		return
	}
	if parts[2] == "pypi_0" || parts[2] == "<pip>" {
		e.add(e.PyPI(parts[0], parts[1], pylock.Origin{}, pylock.Artefact{Line: n}))
		return
	}
	e.add(e.Conda(conda.File{Archive: conda.Archive{Name: parts[0], Version: parts[1], Build: parts[2]}, Line: n}))
}

// add notes what is the same for every package of a list.
func (e *list) add(p *pylock.Package) {
	if p != nil {
		e.For(p, "", e.group)
		p.Package.Dependencies = e.known
	}
}

func (e *list) archive(line string, n int) {
	at, sum, _ := strings.Cut(line, "#")
	a, ok := conda.ParseArchive(at)
	if !ok {
		e.Problem(n, "%.200q is no address of a conda package", conda.Redact(at))
		return
	}
	f := conda.File{Archive: a, URL: at, Line: n}
	if d := conda.Digest(sum); d != "" {
		f.Digests = []string{d}
	} else if sum != "" {
		e.Problem(n, "the digest of %s is neither MD5 nor SHA-256", a.Name)
	}
	e.add(e.Conda(f))
}

// pip reads a package of pip, which conda-lock writes as a comment:
// "name @ URL#sha256=HEX" or "name === version --hash=sha256:HEX".
func (e *list) pip(text string, n int) {
	text, hash, _ := strings.Cut(text, " --hash=")
	q, err := pep508.Parse(text)
	if err != nil {
		e.Problem(n, "%.200q is no package of pip: %v", conda.Redact(text), err)
		return
	}
	a := pylock.Artefact{Line: n}
	if hash != "" {
		a.Digests = []string{strings.TrimSpace(hash)}
	}
	o := pylock.Origin{}
	version := pep508.Exact(q.Specifier)
	if at, sum, ok := strings.Cut(q.URL, "#"); q.URL != "" {
		if o, a.URL = conda.PyPIOrigin(q.URL, "", false); o.Sort == pylock.Index || o.Sort == pylock.Direct {
			a.URL = at
			if version = fileVersion(at); version == "" && o.Sort == pylock.Index {
				o.Sort, o.At = pylock.Direct, at
			}
		}
		if value, isHash := strings.CutPrefix(sum, "sha256="); ok && isHash {
			a.Digests = append(a.Digests, "sha256:"+value)
		}
	}
	a.Sort, a.Name = conda.FileSort(a.URL), q.Name
	e.add(e.PyPI(q.Name, version, o, a))
}

// fileVersion reads the version out of the name of a file of PyPI.
func fileVersion(at string) string {
	base := path.Base(at)
	if whl, ok := strings.CutSuffix(base, ".whl"); ok {
		if parts := strings.Split(whl, "-"); len(parts) >= 5 && pep508.IsVersion(parts[1]) {
			return parts[1]
		}
		return ""
	}
	for _, ext := range []string{".tar.gz", ".zip", ".tar.bz2"} {
		if stem, ok := strings.CutSuffix(base, ext); ok {
			if i := strings.LastIndexByte(stem, '-'); i > 0 && pep508.IsVersion(stem[i+1:]) {
				return stem[i+1:]
			}
		}
	}
	return ""
}
