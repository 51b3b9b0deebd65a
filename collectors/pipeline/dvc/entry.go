package dvc

import (
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// entry is one dependency or output.
type entry struct {
	def     string // as it stands there
	at      string // in the tree; "" where it is not
	url     string
	dataset string // of a dependency "ds://NAME"
	line    int
	part    string // "deps", "outs", "metrics", "plots"

	md5, etag, checksum, hash string
	version                   string
	size, nfiles              int64
	sized                     bool
	remote                    string
	cloud                     []sbom.Property
	files                     []*entry // of a folder, where each is listed

	noCache, noPush, persist bool
	desc, typ                string
	labels                   []string
	meta                     *value
	repo, db, fixed          *value
}

func inside(dir, name string) string {
	return strings.TrimSuffix(lineage.Inside(dir, name), "/")
}

// below gives the path of a file in a folder; "" where it leads out of it.
func below(folder, name string) string {
	if at := inside(folder, name); strings.HasPrefix(at, folder+"/") {
		return at
	}
	return ""
}

// locate tells where a path of DVC leads: into the tree, to an address, or away.
func locate(def, wdir string) *entry {
	e := &entry{def: def}
	if name, ok := strings.CutPrefix(def, "ds://"); ok {
		e.dataset, _, _ = strings.Cut(name, "/")
		return e
	}
	if e.url = lineage.URL(def); e.url == "" {
		e.at = inside(wdir, def)
	}
	return e
}

// dependency reads a text of dvc.yaml, or a dictionary of *.dvc or dvc.lock.
func dependency(v *value, wdir string) *entry { return detailed(v, wdir, "deps") }

// detailed reads a dictionary with a path and what was recorded of it.
func detailed(v *value, wdir, part string) *entry {
	if v.is(text) {
		e := locate(v.str, wdir)
		e.line, e.part = v.line, part
		return e
	}
	if !v.is(dict) || v.get("path").string() == "" && v.get("db") == nil {
		return nil
	}
	e := locate(v.get("path").string(), wdir)
	e.line, e.part = v.line, part
	e.recorded(v)
	e.annotated(v)
	e.repo, e.db, e.fixed = v.get("repo"), v.get("db"), v.get("dataset")
	for _, f := range itemsOf(v.get("files")) {
		name := f.get("relpath").string()
		if !f.is(dict) || name == "" || len(e.files) >= maxListed {
			continue
		}
		one := &entry{def: name, line: f.line, part: part}
		if e.at != "" {
			one.at = below(e.at, name)
		}
		one.recorded(f)
		one.hash = e.hash
		e.files = append(e.files, one)
	}
	return e
}

// recorded reads digests and sizes.
func (e *entry) recorded(v *value) {
	if cloud := v.get("cloud"); cloud.is(dict) {
		for i, m := range cloud.members {
			for _, key := range []string{"etag", "version_id"} {
				if s := m.v.get(key).shown(); s != "" {
					e.cloud = append(e.cloud, sbom.Property{Name: "mlbom:dvc:" + key, Value: clip(s, maxText)})
				}
			}
			if i == 0 {
				e.numbers(m.v)
			}
		}
	}
	e.md5, e.etag, e.checksum = strings.ToLower(v.get("md5").shown()), v.get("etag").shown(), v.get("checksum").shown()
	e.hash, e.version, e.remote = v.get("hash").string(), v.get("version_id").shown(), v.get("remote").string()
	e.numbers(v)
}

func (e *entry) numbers(v *value) {
	if n, err := strconv.ParseInt(v.get("size").shown(), 10, 64); err == nil && n >= 0 {
		e.size, e.sized = n, true
	}
	if n, err := strconv.ParseInt(v.get("nfiles").shown(), 10, 64); err == nil && n >= 0 {
		e.nfiles = n
	}
}

func (e *entry) annotated(v *value) {
	e.desc, e.typ, e.labels, e.meta = v.get("desc").string(), v.get("type").string(), texts(v.get("labels")), v.get("meta")
	no := func(key string) bool { return v.get(key).is(boolean) && v.get(key).str == "False" }
	e.noCache, e.noPush, e.persist = no("cache"), no("push"), truth(v.get("persist"))
	if r := v.get("remote").string(); r != "" {
		e.remote = r
	}
}

// outputs reads an entry of dvc.yaml: a path, or paths with what is said of each.
func outputs(v *value, wdir, part string) []*entry {
	if v.is(text) {
		return []*entry{detailed(v, wdir, part)}
	}
	if !v.is(dict) {
		return nil
	}
	if at := v.get("path"); at != nil && !at.is(dict) && !at.is(null) { // *.dvc and dvc.lock
		return []*entry{detailed(v, wdir, part)}
	}
	var all []*entry
	for _, m := range v.members {
		e := locate(m.key, wdir)
		e.line, e.part = v.line, part
		if m.v.is(dict) && part != "plots" || m.v.is(dict) && m.v.get("cache") != nil {
			e.annotated(m.v)
		} else if m.v.is(dict) {
			e.desc, e.typ, e.labels = m.v.get("desc").string(), m.v.get("type").string(), texts(m.v.get("labels"))
		}
		all = append(all, e)
	}
	return all
}

var md5Text = pattern.Lazy(`^[0-9a-f]{32}$`)

// folder tells whether the digest is that of a listing.
func (e *entry) folder() bool {
	return strings.HasSuffix(e.md5, ".dir") || e.nfiles > 0 || len(e.files) > 0 || strings.HasSuffix(e.def, "/")
}

// digest gives the MD5 of the file's bytes: the one that DVC records from version 3
// on, for a file in the repository. The older one is of the text with the line ends of
// Unix.
func (e *entry) digest() string {
	if e.hash != "md5" || e.folder() || !md5Text.MatchString(e.md5) || e.at == "" {
		return ""
	}
	return e.md5
}

// name is what the thing is called.
func (e *entry) name() string {
	switch {
	case e.at != "":
		return lineage.Name(e.at)
	case e.dataset != "":
		return e.dataset
	case e.url != "":
		return lineage.Name(e.url)
	}
	return lineage.Name(e.def)
}
