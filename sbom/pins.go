package sbom

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom/pep440"
)

// pins are the versioned purls that files know, by the purl without version and
// the folder of the file.
type pins map[string]map[string][]pin

type pin struct {
	purl  string
	basis Basis
}

func canonicalPURLs(entries []*entry) []string {
	canon := map[string]string{}
	of := make([]string, len(entries))
	for i, e := range entries {
		p := e.comp.Keys.PURL
		if p == "" {
			continue
		}
		c, ok := canon[p]
		if !ok {
			c = canonical(p)
			canon[p] = c
		}
		of[i] = c
	}
	return of
}

// inEnvironment marks, as the folder of a pin, that it is installed in an
// environment in the folder.
const inEnvironment = "\x00installed"

// elsewhere marks, as the folder of a pin, that a file which lies elsewhere says
// what the project in the folder gets.
const elsewhere = "\x00elsewhere"

// pinsOf takes no hint and no hearsay for a pin.
func pinsOf(entries []*entry, purls []string) pins {
	all := pins{}
	for i, e := range entries {
		base, version := splitPURL(purls[i])
		if version == "" || e.Hint || e.at.Hearsay() {
			continue
		}
		p := pin{purls[i], e.at.Basis}
		all.add(base, home(e.at.Path), p)
		if m := sitePackages.FindStringSubmatch(e.at.Path); m != nil {
			all.add(base, path.Dir(m[1])+inEnvironment, p)
		}
		if dir, ok := e.saidElsewhere(); ok {
			all.add(base, dir+elsewhere, p)
		}
	}
	return all
}

// saidElsewhere gives the folder of a project whose need a file in another folder
// settles, as the lock of a service does for the libraries that it takes by their
// paths, and requirements/*.txt for the project above.
func (e *entry) saidElsewhere() (string, bool) {
	if e.link == nil || e.link.Rel != DependsOn {
		return "", false
	}
	folder, kind, _ := strings.Cut(e.Sighting.Keys.Path, "#")
	dir := path.Clean(folder)
	return dir, kind != "" && dir != home(e.at.Path)
}

// sitePackages finds the folder of the environment in the path of a package's
// metadata: "svc/.venv" in "svc/.venv/lib/python3.12/site-packages/...".
var sitePackages = regexp.MustCompile(`^((?:.*/)?[^/]+)/(?:lib/(?:python|pypy)[0-9.t]+|Lib)/site-packages/[^/]+(?:/[^/]+)?$`)

func (all pins) add(base, dir string, p pin) {
	if all[base] == nil {
		all[base] = map[string][]pin{}
	}
	list := all[base][dir]
	j := slices.IndexFunc(list, func(o pin) bool { return o.purl == p.purl })
	if j < 0 {
		all[base][dir] = append(list, p)
	} else if p.basis < list[j].basis {
		list[j].basis = p.basis
	}
}

// home is the folder that a file speaks of: the metadata of an installed package
// lies in a folder of its own beside those of the others.
func home(file string) string {
	dir := path.Dir(file)
	if ext := path.Ext(dir); ext == ".dist-info" || ext == ".egg-info" {
		return path.Dir(dir)
	}
	return dir
}

// nearest gives the pins that a mention without version can mean: those of the
// nearest folder that knows any, of the best basis among them; see [Merge]. What
// a folder above pins need not be meant for this one, so that it must fit. A folder
// that knows none itself knows what is installed in the environment in it.
//
// A Go module without a version is one from a folder, or one that was built where
// it lies: no version says what it is.
func (all pins) nearest(base string, e *entry) []string {
	known := all[base]
	if known == nil || strings.HasPrefix(base, "pkg:golang/") || e.Settled {
		return nil
	}
	own := home(e.at.Path)
	for dir := own; ; dir = path.Dir(dir) {
		list := resolved(known[dir])
		if there := known[dir+elsewhere]; len(list) == 0 && len(there) > 0 {
			if list = resolved(there); !locked(there) {
				list = e.fitting(list) // one of several files for several purposes need not be meant
			}
		}
		if len(list) == 0 {
			list = resolved(known[dir+inEnvironment])
		}
		if len(list) > 0 {
			if fit := e.fitting(list); len(fit) > 0 || dir != own {
				return fit
			}
			return list // the lock contradicts the manifest
		}
		if dir == "." || dir == "/" {
			return nil
		}
	}
}

func locked(list []pin) bool {
	return slices.ContainsFunc(list, func(p pin) bool { return p.basis <= Resolved })
}

// resolved leaves what a lock says, where one does.
func resolved(list []pin) []string {
	sure := locked(list)
	var purls []string
	for _, p := range list {
		if !sure || p.basis <= Resolved {
			purls = append(purls, p.purl)
		}
	}
	slices.Sort(purls)
	return purls
}

// spread lets a mention without version that means several locked versions (a
// lock can hold one for each platform) stand for each of them. It gives the
// canonical purls of all entries, too, and what was known before: what stands for
// a version of a lock above pins nothing in its own folder.
func spread(entries []*entry) ([]*entry, []string, pins) {
	of := canonicalPURLs(entries)
	known := pinsOf(entries, of)
	commits := commitsOf(entries)
	for i, e := range entries {
		if of[i] == "" && len(commits) > 0 && !e.Settled {
			commits.pin(e)
			continue
		}
		base, version := splitPURL(of[i])
		if of[i] == "" || e.Settled || len(e.Links) > 0 && e.link == nil {
			continue
		}
		var list []string
		if version != "" {
			list = known.spelt(base, version, e)
		} else if list = known.nearest(base, e); len(list) == 1 {
			continue // joined as it is
		}
		if len(list) == 0 {
			continue
		}
		for _, p := range list[1:] {
			more := *e
			more.pin(p, of[i])
			entries, of = append(entries, &more), append(of, p)
		}
		e.pin(list[0], of[i])
		of[i] = list[0]
	}
	return entries, of, known
}

// pin makes the entry one of a version of its package.
func (e *entry) pin(purl, stated string) {
	c := *e.comp
	c.Keys.PURL = purl
	e.comp, e.also = &c, append(slices.Clip(e.also), Keys{PURL: stated})
}

// spelt gives the lock's spelling of a version that a manifest names: 4.49 and
// 4.49.0 are one version of a Python package, and of one of conda. Where the lock
// has it with local labels only (2.3.0+cpu), the manifest takes each of these.
func (all pins) spelt(base, version string, e *entry) []string {
	if python := strings.HasPrefix(base, "pkg:pypi/") || strings.HasPrefix(base, "pkg:conda/"); e.at.Basis <= Resolved || len(all[base]) == 0 || !python {
		return nil
	}
	for dir := home(e.at.Path); ; dir = path.Dir(dir) {
		if list := all[base][dir]; locked(list) {
			return sameVersions(resolved(list), version)
		}
		if dir == "." || dir == "/" {
			return nil
		}
	}
}

// sameVersions gives the purls that have the version in another spelling, or
// else with a local label; none where one has it as it is.
func sameVersions(purls []string, version string) []string {
	v, err := versionOf(version)
	if err != nil {
		return nil
	}
	var same, labelled []string
	for _, p := range purls {
		_, text := splitPURL(p)
		w, err := versionOf(text)
		switch {
		case text == version:
			return nil
		case err != nil:
		case v.Compare(w) == 0:
			same = append(same, p)
		case v.Local() == "" && w.Local() != "" && v.SamePublic(w):
			labelled = append(labelled, p)
		}
	}
	if len(same) > 0 {
		return same[:1]
	}
	return labelled
}

// sameVersion tells whether two texts are one version of a Python package, of
// which one may have the local label that the other leaves open.
func sameVersion(a, b string) bool {
	v, err := versionOf(a)
	if err != nil {
		return false
	}
	w, err := versionOf(b)
	return err == nil && (v.Compare(w) == 0 || v.SamePublic(w) && (v.Local() == "" || w.Local() == ""))
}

// versionOf reads a version as it stands in a package URL.
func versionOf(text string) (pep440.Version, error) {
	plain, err := url.PathUnescape(text)
	if err != nil {
		return pep440.Version{}, err
	}
	return pep440.Parse(plain)
}

// fitting leaves the versions that the range takes which the mention states.
func (e *entry) fitting(purls []string) []string {
	var ranges []string
	if e.link != nil {
		text, _, _ := strings.Cut(e.link.Note, ";")
		ranges = []string{text}
	} else if e.comp.Package != nil {
		ranges = e.comp.Package.Requirements
	}
	var fit []string
	for _, p := range purls {
		if _, version := splitPURL(p); taken(version, ranges) {
			fit = append(fit, p)
		}
	}
	return fit
}

// taken tells whether no range refuses the version. Ranges of other grammars
// than PEP 440's refuse nothing.
func taken(version string, ranges []string) bool {
	v, err := versionOf(version)
	if err != nil {
		return true
	}
	return !slices.ContainsFunc(ranges, func(r string) bool {
		s, err := pep440.ParseSpecifiers(r)
		return err == nil && !s.Contains(v, true)
	})
}
