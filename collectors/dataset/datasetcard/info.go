package datasetcard

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/frontmatter"
	"github.com/mlbom/mlbom/collectors/internal/hffeature"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what one card can list.
const (
	maxConfigs  = 1000
	maxSplits   = 5000
	maxFeatures = 5000
	maxFiles    = 5000
	maxWord     = 500 // bytes of one name, type or path
)

// info reads dataset_info: one configuration or a list of them. The sizes of
// several are not added up: configurations overlap.
func info(c *card.Card, d *card.Draft) {
	list := c.Front.Get("dataset_info").List()
	for _, v := range list[:min(len(list), maxConfigs)] {
		config := short(v.Get("config_name"))
		if len(list) == 1 && config == "default" {
			config = "" // the library's name for what has none
		}
		features(d, v.Get("features"), config)
		splits(d, v.Get("splits"), config)
		if len(list) == 1 {
			s := dataset(d)
			size(d, "dataset.size", &s.Size, v.Get("dataset_size"))
			size(d, "dataset.downloadSize", &s.DownloadSize, v.Get("download_size"))
		}
		others(d, v, len(list) == 1, c.Front.Line("dataset_info"))
	}
}

// others keeps the rest of one configuration as a property: the sizes of one
// among several, and what has no field.
func others(d *card.Draft, v frontmatter.Value, single bool, line int) {
	var more []string
	for _, p := range v.Pairs() {
		switch p.Key {
		case "config_name", "features", "splits":
		case "dataset_size", "download_size":
			if !single || count(p.Value) < 0 {
				more = append(more, p.Key)
			}
		default:
			more = append(more, p.Key)
		}
	}
	named := v.Get("features").Line() > 0 || v.Get("splits").Line() > 0
	if len(more) > 0 || !named && short(v.Get("config_name")) != "" {
		d.KeepValue("dataset_info", v.Without("features", "splits"), line)
	}
}

func short(v frontmatter.Value) string {
	if s := v.Text(); len(s) <= maxWord {
		return s
	}
	return ""
}

// count reads a number that is no less than 0; -1 where there is none. Cards that
// were made of averages have fractions of bytes.
func count(v frontmatter.Value) int64 {
	text := strings.ReplaceAll(v.Text(), "_", "")
	if whole, part, ok := strings.Cut(text, "."); ok && strings.Trim(part, "0123456789") == "" {
		text = whole
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

func size(d *card.Draft, field string, at *int64, v frontmatter.Value) {
	if n := count(v); n > 0 {
		*at = n
		d.Mark(field, v.Line())
	}
}

// features reads the list form of cards and the mapping form of JSON files.
func features(d *card.Draft, v frontmatter.Value, config string) {
	for _, f := range hffeature.Features(hffeature.FromFront(v), config) {
		if list := &dataset(d).Features; len(*list) < maxFeatures {
			*list = append(*list, f.Feature)
			d.Mark("dataset.features", f.Line)
		}
	}
}

func splits(d *card.Draft, v frontmatter.Value, config string) {
	for _, p := range v.List() {
		name := short(p.Get("name"))
		if list := &dataset(d).Splits; name != "" && len(*list) < maxSplits {
			*list = append(*list, sbom.Split{Config: config, Name: name, Rows: max(count(p.Get("num_examples")), 0), Bytes: max(count(p.Get("num_bytes")), 0)})
			d.Mark("dataset.splits", p.Line())
		}
	}
}

// configs reads the files of each configuration; old cards list names alone.
func configs(c *card.Card, d *card.Draft) {
	known, line := len(dataset(d).Splits) > 0, c.Front.Line("configs")
	list := c.Front.Get("configs").List()
	for _, v := range list[:min(len(list), maxConfigs)] {
		if !v.IsMap() {
			d.KeepValue("configs", v, line)
			continue
		}
		config := short(v.Get("config_name"))
		if len(list) == 1 && config == "default" {
			config = ""
		}
		r := files{d, config, strings.Trim(short(v.Get("data_dir")), "/"), known}
		r.read(v.Get("data_files"))
		if v.Get("data_files").Line() == 0 && r.dir != "" {
			r.add(v.Get("data_dir"), r.dir+"/", true)
		}
		if more := v.Without("data_files"); len(more.Pairs()) > 1 || !r.named() {
			d.KeepValue("configs", more, line)
		}
	}
}

// named tells whether a split names the configuration.
func (r files) named() bool {
	return slices.ContainsFunc(dataset(r.Draft).Splits, func(s sbom.Split) bool { return s.Config == r.config })
}

// files reads the data_files of one configuration.
type files struct {
	*card.Draft
	config, dir string
	known       bool // the splits are known from dataset_info
}

func (r files) read(v frontmatter.Value) {
	if v.IsMap() && v.Get("path").Line() == 0 {
		for _, p := range v.Pairs() {
			r.split(p.Key, p.Line)
			r.paths(p.Value)
		}
		return
	}
	for _, e := range v.List() {
		if !e.IsMap() {
			r.paths(e)
			continue
		}
		r.split(short(e.Get("split")), e.Line())
		r.paths(e.Get("path"))
	}
}

func (r files) split(name string, line int) {
	if list := &dataset(r.Draft).Splits; !r.known && name != "" && len(name) <= maxWord && len(*list) < maxSplits {
		*list = append(*list, sbom.Split{Config: r.config, Name: name})
		r.Mark("dataset.splits", line)
	}
}

func (r files) paths(v frontmatter.Value) {
	for _, e := range v.List() {
		r.add(e, short(e), false)
	}
}

func (r files) add(at frontmatter.Value, name string, whole bool) {
	if name == "" || len(dataset(r.Draft).Files) >= maxFiles {
		return
	}
	if r.dir != "" && !whole && !strings.Contains(name, "://") {
		name = r.dir + "/" + name
	}
	r.Add("dataset.files", &dataset(r.Draft).Files, name, at.Line())
}
