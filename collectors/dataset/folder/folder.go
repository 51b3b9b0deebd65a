// Package folder knows datasets that are folders of pictures, sound, film or text, as
// ImageFolder and AudioFolder of the datasets library, torchvision and Keras read them:
//
//   - SPLIT/CLASS/FILE or CLASS/FILE, with two classes or more;
//   - SPLIT/FILE, with two splits or more;
//   - any files beside a metadata.csv, metadata.jsonl or metadata.parquet with a column
//     file_name;
//   - any files below a folder that says that it is a dataset (see datafile).
//
// One dataset is seen, and no file of it: how many files and bytes there are, in all, by
// split and by class, and which formats. Without a split, a metadata file or a mark, the
// classes must lie in a folder that says data, or hold 100 files; the pictures of a web
// site are no dataset. The digests of the files are in the root digest of the folder, if
// it is small enough to have one.
//
// Not understood: annotations beside the files (boxes, masks), transcripts, sizes of
// pictures; classes of text files, which are too much like anything else.
package folder

import (
	"context"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/sbom"
)

// Collector knows folders of media.
var Collector = sbom.Collector{
	Name: "dataset/folder",
	Doc: "Folders of pictures, sound or film (ImageFolder, AudioFolder)\n\n" +
		"One dataset for the folder: files, bytes and formats, by split and by class.",
	Match: []string{"*.jpg", "*.jpeg", "*.png", "*.bmp", "*.webp", "*.tif", "*.tiff", "*.gif", "*.ppm", "*.pgm", "*.wav", "*.flac", "*.mp3", "*.ogg", "*.opus",
		"*.m4a", "*.mp4", "*.avi", "*.mov", "*.mkv", "*.webm"},
	Collect: collect,
}

// modality is what a file is by its ending.
var modality = map[string]string{"jpg": "image", "jpeg": "image", "png": "image", "bmp": "image", "webp": "image", "tif": "image", "tiff": "image", "gif": "image",
	"ppm": "image", "pgm": "image", "wav": "audio", "flac": "audio", "mp3": "audio", "ogg": "audio", "opus": "audio", "m4a": "audio",
	"mp4": "video", "avi": "video", "mov": "video", "mkv": "video", "webm": "video"}

func ending(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// collect gives the dataset with the first of its files, and nothing with the others.
func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	dir := path.Dir(f.Path)
	d := sbom.Once(f.FS, rootOf(dir), func() *dataset { return find(f, dir) })
	if d == nil || d.first != f.Path {
		return nil, nil
	}
	return d.sightings(), nil
}

// rootOf is the key of the dataset that the files of a folder are of.
type rootOf string // path of the folder

// find looks for the dataset that the files of a folder are of: where a folder says so,
// from there on; else with the folder as one of files beside their metadata, of a class
// or of a split.
func find(f *sbom.File, dir string) *dataset {
	o := datafile.OwnerOf(f)
	if o.Fixture {
		return nil
	}
	if o.Marked {
		d := *survey(f, path.Clean(o.Keys.Path))
		if d.marked = true; d.isMarked() {
			return &d
		}
		return nil
	}
	over := path.Dir(dir)
	split := datafile.SplitOf(path.Base(dir)+"/x", "./") != ""
	var candidates []string
	if dir != "." && over != "." && datafile.SplitOf(path.Base(over)+"/x", "./") != "" {
		candidates = append(candidates, path.Dir(over)) // ROOT/SPLIT/CLASS, which is all of it
	}
	if dir != "." && (over != "." || split || hasMetadata(f, over)) {
		candidates = append(candidates, over)
	}
	if dir != "." || hasMetadata(f, dir) {
		candidates = append(candidates, dir)
	}
	for _, at := range candidates {
		if d := survey(f, at); d.isDataset() {
			return d
		}
	}
	return nil
}

// hasMetadata tells whether a folder has a metadata file.
func hasMetadata(f *sbom.File, dir string) bool {
	for _, name := range []string{"metadata.csv", "metadata.jsonl", "metadata.parquet"} {
		if name = path.Join(dir, name); isMetadata(f.FS, name) {
			return true
		}
	}
	return false
}

// web are names of folders whose pictures are shown to readers.
var web = map[string]bool{"img": true, "imgs": true, "images": true, "image": true, "assets": true, "asset": true, "static": true, "public": true, "www": true, "site": true,
	"icons": true, "icon": true, "logos": true, "logo": true, "media": true, "screenshots": true, "figures": true, "figs": true, "docs": true, "doc": true,
	"res": true, "resources": true, "theme": true, "themes": true, "gallery": true, "sprites": true, "textures": true, "uploads": true, "flags": true, "emoji": true,
	"drawable": true, "mipmap": true, "favicon": true, "favicons": true, "samples": true, "demo": true, "demos": true, "examples": true, "example": true, "output": true,
	"outputs": true, "results": true, "plots": true}

// shown tells whether a path leads through such a folder.
func shown(dir string) bool {
	for part := range strings.SplitSeq(strings.ToLower(dir), "/") {
		if web[part] || strings.HasSuffix(part, ".xcassets") {
			return true
		}
	}
	return false
}
