package gograph

import (
	"encoding/json"
	"io"
	"io/fs"
	"time"

	"golang.org/x/mod/module"

	"github.com/mlbom/mlbom/sbom"
)

// maxInfo bounds an .info file, in bytes.
const maxInfo = 64 << 10

// Info is what the module cache notes of a version: when it was made, and where the
// go command or its proxy found it (https://go.dev/ref/mod#goproxy-protocol). No sum
// covers it.
type Info struct {
	Time   string // RFC 3339
	VCS    string // git, hg, ...
	URL    string
	Commit string
	Ref    string
}

// ReadInfo reads the note on a version; it is empty where there is none.
func ReadInfo(cache fs.FS, m module.Version) Info {
	if cache == nil {
		return Info{}
	}
	return sbom.Once(cache, infoOf(m), func() Info { return readInfo(cache, m) })
}

// infoOf is the version that a note is about.
type infoOf module.Version

func readInfo(cache fs.FS, m module.Version) Info {
	name, err := cached(m, ".info")
	if err != nil {
		return Info{}
	}
	f, err := cache.Open(name)
	if err != nil {
		return Info{}
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxInfo))
	var note struct {
		Version, Time string
		Origin        struct{ VCS, URL, Hash, Ref string }
	}
	if err != nil || json.Unmarshal(data, &note) != nil || note.Version != m.Version {
		return Info{}
	}
	info := Info{VCS: note.Origin.VCS, URL: note.Origin.URL, Ref: note.Origin.Ref}
	if _, err := time.Parse(time.RFC3339, note.Time); err == nil {
		info.Time = note.Time
	}
	if sbom.IsCommit(note.Origin.Hash) {
		info.Commit = note.Origin.Hash
	}
	return info
}

// cached names a file of a version in the module cache.
func cached(m module.Version, ending string) (string, error) {
	name, err := module.EscapePath(m.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(m.Version)
	return "cache/download/" + name + "/@v/" + version + ending, err
}
