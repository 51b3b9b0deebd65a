// Package golicense finds the licences of a Go module by the texts in its root
// folder: in a vendor folder or in the cache of the go command
// (https://go.dev/ref/mod#module-cache), unpacked or as a zip file. The zip of a
// module that lies below the root of its repository has the repository's LICENSE,
// for the go command puts it there (https://go.dev/ref/mod#zip-files).
//
// Several texts may stand beside each other. LICENSE-MIT beside LICENSE-APACHE
// gives both, for the ends of their names say what they are; LICENSE-GO or
// LICENSE.docs beside LICENSE is of a part of the module and is left out. Where there
// is no such text, a folder LICENSES counts whose files are named by SPDX ids
// (https://reuse.software/spec/).
//
// Not understood: licences of single packages or files in a module, notices in
// source files, and what is said in a README.
package golicense

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/license"
)

// Bounds on what is read of a module.
const (
	maxEntries = 10_000    // files of its root folder
	maxTexts   = 20        // licence texts
	maxNotices = 10        // lines about copyright
	maxZip     = 500 << 20 // bytes of a zip file, as the go command has it
)

// Found is what a module's root says of its licence.
type Found struct {
	Licenses  []sbom.License // concluded, with confidence; none where no text is known
	Files     []string       // names of the texts that were read, below the module's root
	Copyright string         // the notices in them, a line each
}

// Folder looks into a module's root folder. The error is that the folder or a
// text cannot be read; what was found stands beside it.
func Folder(fsys fs.FS, dir string) (Found, error) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return Found{}, err
	}
	var texts []text
	var faults []error
	for _, name := range names(fsys, dir, list) {
		data, err := read(fsys, path.Join(dir, name))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		texts = append(texts, text{name, licensetext.Classify(data), notices(data)})
	}
	return choose(texts), errors.Join(faults...)
}

// Cached looks into the go command's cache, whose root is that of
// [sbom.GoModules]. A module that is not there gives nothing and no error.
func Cached(cache fs.FS, name, version string) (Found, error) {
	type result struct {
		Found
		err error
	}
	r := sbom.Once(cache, key{name, version}, func() result {
		found, err := cached(cache, name, version)
		return result{found, err}
	})
	r.Licenses, r.Files = slices.Clone(r.Licenses), slices.Clone(r.Files)
	return r.Found, r.err
}

// key is what the licence of a module in the cache depends on.
type key module.Version

func cached(cache fs.FS, name, version string) (Found, error) {
	escaped, err := module.EscapePath(name)
	if err != nil {
		return Found{}, nil
	}
	at, err := module.EscapeVersion(version)
	if err != nil || version == "" {
		return Found{}, nil
	}
	found, err := Folder(cache, escaped+"@"+at)
	if !errors.Is(err, fs.ErrNotExist) {
		return found, err
	}
	found, err = zipped(cache, path.Join("cache/download", escaped, "@v", at+".zip"), name+"@"+version)
	if errors.Is(err, fs.ErrNotExist) {
		return Found{}, nil
	}
	return found, err
}

// zipped looks into a module's zip file.
func zipped(cache fs.FS, file, root string) (Found, error) {
	f, err := cache.Open(file)
	if err != nil {
		return Found{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Found{}, err
	}
	r, ok := f.(io.ReaderAt)
	if !ok || info.Size() > maxZip {
		return Found{}, fmt.Errorf("%s cannot be read as a zip file of a module", path.Base(file))
	}
	z, err := zip.NewReader(r, info.Size())
	if err != nil {
		return Found{}, fmt.Errorf("%s: %w", path.Base(file), err)
	}
	return Folder(z, root)
}

// names lists the licence texts of a folder by their names; where there is none,
// those of its folder LICENSES.
func names(fsys fs.FS, dir string, list []fs.DirEntry) []string {
	var all []string
	folder := ""
	for _, d := range list[:min(len(list), maxEntries)] {
		switch {
		case d.IsDir() && strings.EqualFold(d.Name(), "licenses"):
			folder = d.Name()
		case !d.IsDir() && licensetext.IsLicenseFile(d.Name()) && !foreign.MatchString(d.Name()):
			all = append(all, d.Name())
		}
	}
	if len(all) == 0 && folder != "" {
		below, _ := fs.ReadDir(fsys, path.Join(dir, folder))
		for _, f := range below[:min(len(below), maxEntries)] {
			if _, ok := license.Find(stem(f.Name())); ok && !f.IsDir() {
				all = append(all, path.Join(folder, f.Name()))
			}
		}
	}
	return all[:min(len(all), maxTexts)]
}

// foreign are collections of the licences of others, and licences of what is no code.
var foreign = pattern.Lazy(`(?i)third|3rd|vendor|notice|depend|\.csv$|[.\-_](?:docs?|documentation|logo|fonts?)$`)

// stem is a file's name without the ending of a text.
func stem(name string) string {
	for _, ending := range []string{".txt", ".md", ".markdown", ".rst"} {
		if len(name) > len(ending) && strings.EqualFold(name[len(name)-len(ending):], ending) {
			return name[:len(name)-len(ending)]
		}
	}
	return name
}

func read(fsys fs.FS, name string) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, licensetext.MaxText))
	return strings.ToValidUTF8(string(data), " "), err
}

// text is a licence file and what it was found to be.
type text struct {
	name    string
	found   []sbom.License
	notices []string
}

// notice is a line that says who holds the rights; template is one that is to be
// filled in, or that speaks of the licence's own text.
var (
	notice   = pattern.Lazy(`(?im)^[ \t#*/>-]{0,8}(copyright[ \t]+(?:\(c\)|©|[0-9]{4}|the\b)[^\n]{2,200})$`)
	template = pattern.Lazy(`(?i)[\[<{](?:yyyy|year|name)|free software foundation|creative commons|copyright the(?: project)?$|holder|owner\b`)
)

// notices finds the notices above and in a licence, and leaves out those of the
// licence's own text.
func notices(text string) (list []string) {
	for _, m := range notice.FindAllStringSubmatch(text, -1) {
		line := strings.Join(strings.Fields(m[1]), " ")
		if !template.MatchString(line) && !slices.Contains(list, line) && len(list) < maxNotices {
			list = append(list, line)
		}
	}
	return list
}

// qualified takes the word off that a name adds: "LICENSE-MIT", "APACHE-LICENSE".
var qualified = pattern.Lazy(`(?i)^(?:(?:un)?licen[cs]es?|copying|copyright)[.\-_](.+)$|^(.+)[.\-_]licen[cs]e$`)

// qualifier gives that word in lower-case letters and digits; "" for none.
func qualifier(name string) string {
	if path.Dir(name) != "." { // LICENSES/MIT.txt
		return plain(stem(path.Base(name)))
	}
	m := qualified.FindStringSubmatch(stem(name))
	if m == nil {
		return ""
	}
	return plain(m[1] + m[2])
}

func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(s))
}

// names tells whether the word that a file's name adds is one for its licence.
func (t text) names() bool {
	q := qualifier(t.name)
	if q == "" {
		return true
	}
	for _, l := range t.found {
		id := plain(l.ID + l.Expression)
		if strings.HasPrefix(id, q) || strings.HasPrefix(q, id) || q == "lesser" && strings.HasPrefix(id, "lgpl") {
			return true
		}
	}
	return false
}

// choose takes the texts that are for the whole module: those that are named
// plainly or by their licence, or else all.
func choose(texts []text) Found {
	whole := slices.DeleteFunc(slices.Clone(texts), func(t text) bool { return !t.names() })
	if !slices.ContainsFunc(whole, func(t text) bool { return len(t.found) > 0 }) && !slices.ContainsFunc(whole, func(t text) bool { return qualifier(t.name) == "" }) {
		whole = texts
	}
	var f Found
	best := map[string]int{}
	var said []string
	for _, t := range whole {
		f.Files = append(f.Files, t.name)
		for _, line := range t.notices {
			if !slices.Contains(said, line) {
				said = append(said, line)
			}
		}
		for _, l := range t.found {
			i, ok := best[l.ID+l.Expression]
			if !ok {
				best[l.ID+l.Expression] = len(f.Licenses)
				f.Licenses = append(f.Licenses, l)
			} else {
				f.Licenses[i].Confidence = max(f.Licenses[i].Confidence, l.Confidence)
			}
		}
	}
	f.Copyright = strings.Join(said[:min(len(said), maxNotices)], "\n")
	slices.SortFunc(f.Licenses, func(a, b sbom.License) int { return cmp.Compare(a.ID+a.Expression, b.ID+b.Expression) })
	return f
}
