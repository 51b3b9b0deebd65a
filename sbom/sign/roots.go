package sign

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// maxOther bounds the bytes of a model's folder that no collector reads in whole:
// cards, configurations, pictures. A folder with more has no root digest, for it is
// most likely more than a model.
const maxOther = 256 << 20

// maxFolders bounds the folders of one tree that have root digests.
const maxFolders = 10_000

var errLarge = errors.New("the folder holds too many bytes that nothing else reads")

// Roots adds the root digest, by the method files with SHA-256, of every model of a
// report that has a folder of its own: what a signature of it would sign. Left out are
// what the specification leaves out, signatures (*.sig) at the top, and what the user
// leaves out. A folder has none where it has more than [MaxFiles] files or over 256 MiB
// that nobody else reads, where a file is a pointer or cannot be read, and where no
// digests are made. Datasets have theirs too; see dataRoots. file gives a file of the tree.
func Roots(file func(name string) *sbom.File, report *sbom.Report) {
	if file(".").Settings.Hashing.None {
		return
	}
	read := readFiles(report)
	dataRoots(file, report, read)
	var folders []string
	done := map[string]bool{}
	for i := range report.Sightings {
		s := &report.Sightings[i]
		p := s.Keys.Path
		switch {
		case s.Kind != sbom.KindModel || !strings.HasSuffix(p, "/") || s.Where.Hearsay():
		case s.Component.Model != nil && s.Component.Model.Fingerprints.Signing != "":
			done[p] = true
		case !s.Mentioned && !s.Hint:
			folders = append(folders, p)
		}
	}
	slices.Sort(folders)
	folders = slices.Compact(folders)
	for _, dir := range folders[:min(len(folders), maxFolders)] {
		if done[dir] {
			continue
		}
		root, err := rootOf(file, path.Clean(dir), read, modelBounds)
		if err != nil || root == "" {
			continue
		}
		report.Sightings = append(report.Sightings, sbom.Sighting{
			Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: dir}, Model: &sbom.Model{Fingerprints: sbom.Fingerprints{Signing: root}}},
			Hint:      true, Where: sbom.Place{Path: path.Clean(dir), By: "model/signature"},
		})
	}
}

// bounds are those of one folder.
type bounds struct {
	files int
	other int64 // bytes that nobody else reads
}

var modelBounds = bounds{MaxFiles, maxOther}

// states are what the scan knows of files by their path: true for those that it has read
// in whole, false for pointers, which stand for bytes that are not here.
type states map[string]bool

func readFiles(report *sbom.Report) states {
	read := states{}
	for i := range report.Sightings {
		s := &report.Sightings[i]
		if s.Kind == sbom.KindFile && len(s.Hashes) > 0 && !s.Where.Hearsay() {
			read[s.Keys.Path] = s.File == nil || !s.File.Asserted
		}
	}
	return read
}

// rootOf gives the root digest of a folder.
func rootOf(file func(name string) *sbom.File, dir string, read states, most bounds) (string, error) {
	f := file(dir)
	names, err := filesUpTo(most.files, f.FS, dir, nil, true)
	if err != nil {
		return "", err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return f.LeftOut != nil && f.LeftOut(path.Join(dir, name)) || !strings.Contains(name, "/") && strings.HasSuffix(name, ".sig")
	})
	return rootOver(file, dir, names, read, most)
}

var errPointer = errors.New("a file is a pointer to bytes that are not here")

// byParts is the order of the reference implementation, which compares paths part by
// part: "a/x" stands before "a-b", whose bytes are less.
func byParts(a, b string) int {
	return strings.Compare(strings.ReplaceAll(a, "/", "\x00"), strings.ReplaceAll(b, "/", "\x00"))
}

// rootOver gives the root digest over files of a folder, in the order of their paths.
func rootOver(file func(name string) *sbom.File, dir string, names []string, read states, most bounds) (string, error) {
	var resources []Resource
	other := int64(0)
	for _, name := range slices.SortedFunc(slices.Values(names), byParts) {
		at := path.Join(dir, name)
		whole, known := read[at]
		if known && !whole {
			return "", errPointer
		}
		if !known {
			info, err := fs.Stat(file(at).FS, at)
			if err != nil {
				return "", err
			}
			if other += info.Size(); other > most.other {
				return "", errLarge
			}
		}
		d, err := file(at).Digest()
		if err == nil && (d.Asserted || d.SHA256() == "") {
			err = errPointer
		}
		if err != nil {
			return "", err
		}
		sum, err := hex.DecodeString(d.SHA256())
		if err != nil {
			return "", err
		}
		resources = append(resources, Resource{Name: name, Digest: sum})
	}
	if len(resources) == 0 {
		return "", nil
	}
	return Root(resources), nil
}
