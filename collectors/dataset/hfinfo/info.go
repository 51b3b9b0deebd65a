package hfinfo

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/collectors/internal/hffeature"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// info reads the DatasetInfo of one configuration.
func (r *reader) info(v *jsonlines.Value, config string) {
	if r.single && config == "default" {
		config = ""
	}
	d := r.Dataset
	name := v.Get("dataset_name")
	if name.Str() == "" {
		if name = v.Get("builder_name"); packaged[name.Str()] {
			name = nil
		}
	}
	r.Set("name", &r.Name, name.Str(), name.LineOf())
	r.text(v, "description", config, "description", &r.Description)
	r.text(v, "citation", config, "dataset.citation", &d.Citation)
	r.version(v.Get("version"), config)
	if l := v.Get("license"); l.Str() != "" {
		r.License(l.Str(), l.Line)
	}
	if h := v.Get("homepage"); datafacts.CleanURL(h.Str()) != "" {
		r.Ref("website", h.Str(), h.Line)
	} else if h.Str() != "" {
		r.Property(key(config, "homepage"), h.Str(), h.Line)
	}
	r.Features(hffeature.FromJSON(v.Get("features")), config)
	r.splits(v.Get("splits"), config)
	r.downloads(v.Get("download_checksums"))
	r.sizes(v, config)
	r.rest(v, config)
}

// packaged are the builders that read files of a format: their name is no dataset's.
var packaged = map[string]bool{"parquet": true, "json": true, "csv": true, "text": true, "arrow": true, "pandas": true, "imagefolder": true, "audiofolder": true,
	"videofolder": true, "webdataset": true, "generator": true, "sql": true, "xml": true, "spark": true, "cache": true, "hdf5": true, "pdffolder": true, "lance": true}

func key(config, name string) string {
	if config == "" {
		return name
	}
	return config + ":" + name
}

// text fills a field, or keeps what the configuration says where the field holds
// something else.
func (r *reader) text(v *jsonlines.Value, name, config, field string, at *string) {
	s := v.Get(name)
	before := *at
	r.Set(field, at, s.Str(), s.LineOf())
	if text := strings.TrimSpace(s.Str()); before != "" && text != before {
		r.Property(key(config, name), text, s.Line)
	}
}

// version reads {"version_str": "1.0.0", ...}, or the text alone. The library writes
// 0.0.0 where nobody gave one.
func (r *reader) version(v *jsonlines.Value, config string) {
	s := v
	if v.Is(jsonlines.Object) {
		s = v.Get("version_str")
	}
	if s.Str() == "" || s.Str() == "0.0.0" {
		return
	}
	if r.Version != "" && r.Version != s.Str() {
		r.Property(key(config, "version"), s.Str(), s.Line)
	}
	r.Set("version", &r.Version, s.Str(), s.Line)
	if text := v.Get("description"); text.Str() != "" {
		r.Property(key(config, "version.description"), text.Str(), text.Line)
	}
}

// splits reads the mapping of infos, and the list of newer files.
func (r *reader) splits(v *jsonlines.Value, config string) {
	read := func(name string, s *jsonlines.Value, line int) {
		if n := s.Get("name").Str(); name == "" {
			name = n
		}
		r.Split(sbom.Split{Config: config, Name: name, Rows: datafacts.Number(s.Get("num_examples")), Bytes: datafacts.Number(s.Get("num_bytes"))}, line)
		if lengths := s.Get("shard_lengths"); lengths != nil && len(lengths.Items) > 1 {
			r.Keep(key(config, "shard_lengths:"+name), lengths)
		}
	}
	if v == nil {
		return
	}
	for _, m := range v.Members {
		read(m.Key, m.Value, m.Line)
	}
	for _, s := range v.Items {
		read("", s, s.Line)
	}
}

// downloads reads {URL: {"num_bytes": 1, "checksum": SHA-256 or null}}.
func (r *reader) downloads(v *jsonlines.Value) {
	if v == nil {
		return
	}
	for _, m := range v.Members {
		f := datafacts.Download{URL: m.Key, Size: datafacts.Number(m.Value.Get("num_bytes")), SHA256: m.Value.Get("checksum").Str(), Line: m.Line}
		r.Download(f)
		if f.SHA256 != "" && datafacts.Digest(f.SHA256) == "" {
			r.Property("checksum", m.Key+" "+f.SHA256, m.Value.Get("checksum").Line)
		}
	}
}

// sizes reads the sizes in bytes. Those of several configurations are not added up:
// they overlap.
func (r *reader) sizes(v *jsonlines.Value, config string) {
	for _, s := range []struct {
		name, field string
		at          *int64
	}{{"dataset_size", "dataset.size", &r.Dataset.Size}, {"download_size", "dataset.downloadSize", &r.Dataset.DownloadSize}} {
		n := v.Get(s.name)
		if count := datafacts.Number(n); count > 0 && r.single {
			r.Number(s.field, s.at, count, n.Line)
		} else if count > 0 {
			r.Keep(key(config, s.name), n)
		}
	}
	all := datafacts.Number(v.Get("size_in_bytes"))
	if sum := max(datafacts.Number(v.Get("dataset_size")), 0) + max(datafacts.Number(v.Get("download_size")), 0); all > 0 && all != sum {
		r.Keep(key(config, "size_in_bytes"), v.Get("size_in_bytes"))
	}
}

var fields = map[string]bool{"dataset_name": true, "description": true, "citation": true, "version": true, "license": true, "homepage": true,
	"features": true, "splits": true, "download_checksums": true, "dataset_size": true, "download_size": true, "size_in_bytes": true, "config_name": true}

// rest keeps the keys that have no field.
func (r *reader) rest(v *jsonlines.Value, config string) {
	for _, m := range v.Members {
		if m.Key == "builder_name" && m.Value.Str() == r.Name || fields[m.Key] || datafacts.Number(m.Value) == 0 {
			continue
		}
		if m.Key == "task_templates" {
			for _, t := range m.Value.Items {
				r.Add("dataset.tasks", &r.Dataset.Tasks, t.Get("task").Str(), t.Line)
			}
		}
		r.Keep(key(config, m.Key), m.Value)
	}
	if c := v.Get("config_name"); r.single && c.Str() != "" && c.Str() != "default" && len(r.Dataset.Features)+len(r.Dataset.Splits) == 0 {
		r.Keep("config_name", c)
	}
}
