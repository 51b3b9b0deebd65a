package webdataset

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafile"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// kinds are the endings that say what a file of a sample is: its modality, or "text",
// "class", "data".
var kinds = map[string]string{
	"jpg": "image", "jpeg": "image", "png": "image", "ppm": "image", "pgm": "image", "pbm": "image", "pnm": "image", "webp": "image", "gif": "image", "tif": "image", "tiff": "image", "bmp": "image",
	"wav": "audio", "flac": "audio", "mp3": "audio", "ogg": "audio", "opus": "audio", "m4a": "audio", "sox": "audio",
	"mp4": "video", "avi": "video", "mov": "video", "webm": "video", "mkv": "video", "mjpeg": "video", "ogv": "video",
	"txt": "text", "text": "text", "transcript": "text", "caption": "text", "json": "text", "jsn": "text", "html": "text",
	"cls": "class", "cls2": "class", "class": "class", "count": "class", "index": "class", "inx": "class", "id": "class",
	"npy": "data", "npz": "data", "pth": "data", "pyd": "data", "pickle": "data", "ten": "data", "tb": "data", "mp": "data", "msg": "data", "cbor": "data", "bin": "data",
}

// kindOf goes by the last part of an ending: "left.jpg" is an image.
func kindOf(end string) string { return kinds[end[strings.LastIndex(end, ".")+1:]] }

var shardName = pattern.Lazy(`(?:^|[-_./])\d{3,8}\.(?:tar|tgz)`)

const (
	mostOf  = 80 // percent of samples that have the same endings
	minimum = 2  // samples, where nothing else says that there are some
)

// samples tells whether the files of the archive form samples.
func (w *shard) samples(name string, o datafile.Owner) bool {
	if w.a == nil || w.rows == 0 || w.other > w.rows {
		return false
	}
	var common string
	var n int64
	for _, set := range slices.Sorted(maps.Keys(w.sets)) {
		if w.sets[set] > n {
			common, n = set, w.sets[set]
		}
	}
	if n < w.rows*mostOf/100 {
		return false
	}
	known := 0
	ends := strings.Split(common, ",")
	for _, end := range ends {
		if kindOf(end) != "" {
			known++
		}
	}
	expected := o.IsData() || shardName.MatchString(path.Base(name))
	switch {
	case known == 0:
		return false
	case len(ends) > 1:
		return w.rows >= minimum || expected
	}
	return expected
}

func (w *shard) modalities() []string {
	found := map[string]bool{}
	for end := range w.columns {
		switch kind := kindOf(end); kind {
		case "image", "audio", "video":
			found[kind] = true
		case "text":
			if !strings.HasSuffix(end, "json") && !strings.HasSuffix(end, "jsn") {
				found[kind] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func (w *shard) table() sbom.Table {
	t := sbom.Table{Compression: w.packed}
	whole := w.a.Coverage == sbom.Complete && !w.short
	if whole {
		t.Rows = &w.rows
	} else {
		t.Sample = fmt.Sprintf("first %d samples", w.rows)
	}
	for _, end := range slices.Sorted(maps.Keys(w.columns)) {
		c := sbom.Column{Name: end, Type: "binary", Nullable: w.columns[end] < w.rows}
		switch kindOf(end) {
		case "text":
			c.Type = "string"
		case "class":
			c.Type = "int64"
		}
		if whole {
			nulls := w.rows - w.columns[end]
			c.Nulls = &nulls
		}
		if end == "cls" && whole && w.profile {
			w.labels(&c)
		}
		t.Columns = append(t.Columns, c)
	}
	return t
}

// labels gives the distribution, and the type that all labels have.
func (w *shard) labels(c *sbom.Column) {
	if w.over || w.lost > 0 {
		return
	}
	for _, label := range slices.SortedFunc(maps.Keys(w.classes), compareLabels) {
		if _, err := strconv.ParseInt(label, 10, 64); err != nil {
			c.Type = "string"
		}
		c.Labels = append(c.Labels, sbom.LabelCount{Label: label, Rows: w.classes[label]})
	}
	n := int64(len(w.classes))
	c.Distinct = &n
}

// compareLabels orders numbers by their value.
func compareLabels(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	return strings.Compare(a, b)
}
