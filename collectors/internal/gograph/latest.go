package gograph

import (
	"io"
	"io/fs"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/sbom"
)

// maxListed bounds the files of one module in the cache that are looked at.
const maxListed = 20_000

// Latest gives the highest version of a module whose go.mod the cache holds, and
// that go.mod: there the author withdraws versions and says that the module is
// deprecated. As for the go command a release is later than any prerelease.
func Latest(cache fs.FS, sums Sums, path string) (version string, s *Summary) {
	if cache == nil {
		return "", nil
	}
	l := sbom.Once(cache, latestOf(path), func() latest { return readLatest(cache, path) })
	if l.summary == nil || !sums.acceptSum(module.Version{Path: path, Version: l.version}, l.sum) {
		return "", nil
	}
	return l.version, l.summary
}

// latestOf is the module whose latest version is looked for.
type latestOf string

type latest struct {
	version string
	sum     string // of its go.mod
	summary *Summary
}

func readLatest(cache fs.FS, path string) (l latest) {
	for _, v := range listed(cache, path) {
		if l.version == "" || later(v, l.version) {
			l.version = v
		}
	}
	if l.version == "" {
		return l
	}
	data, err := ReadMod(cache, module.Version{Path: path, Version: l.version})
	if err != nil {
		return latest{}
	}
	file, err := modfile.ParseLax("go.mod", data, nil)
	if err != nil || file.Module == nil || file.Module.Mod.Path != path {
		return latest{}
	}
	l.sum, l.summary = ModSum(data), summarise(file)
	return l
}

func later(a, b string) bool {
	if ra, rb := semver.Prerelease(a) == "", semver.Prerelease(b) == ""; ra != rb {
		return ra
	}
	return semver.Compare(a, b) > 0
}

// listed gives the versions of a module whose go.mod the cache has.
func listed(cache fs.FS, path string) []string {
	name, err := module.EscapePath(path)
	if err != nil {
		return nil
	}
	f, err := cache.Open("cache/download/" + name + "/@v")
	if err != nil {
		return nil
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, err := dir.ReadDir(maxListed)
	if err != nil && err != io.EOF {
		return nil
	}
	var versions []string
	for _, e := range entries {
		escaped, ok := strings.CutSuffix(e.Name(), ".mod")
		if v, err := module.UnescapeVersion(escaped); ok && err == nil && module.CanonicalVersion(v) == v {
			versions = append(versions, v)
		}
	}
	return versions
}

// Withdrawn tells whether a go.mod retracts a version, and why.
func (s *Summary) Withdrawn(version string) (rationale string, ok bool) {
	for _, r := range s.Retract {
		if semver.Compare(r.Low, version) <= 0 && semver.Compare(version, r.High) <= 0 {
			return r.Rationale, true
		}
	}
	return "", false
}
