package dvc

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// tracked reads a *.dvc file: data that DVC keeps, or, in old ones, a stage.
func tracked(f *sbom.File) ([]sbom.Sighting, error) {
	st, err := readData(f.FS, f.Path)
	if st == nil {
		return nil, err
	}
	w := newWriter(f)
	if len(st.cmd) > 0 {
		w.stage(st, nil)
		w.activity(st)
	}
	problems := st.faults
	for _, o := range st.outs {
		s := w.recorded(o, "")
		if len(st.cmd) == 0 {
			for _, d := range st.deps {
				link, props, ok := origin(d)
				if s.Properties = append(s.Properties, props...); ok {
					s.Links = append(s.Links, link)
				}
			}
			s.Description = clip(firstText(o.desc, st.desc), maxText)
			s.Properties = append(s.Properties, st.properties()...)
		}
		w.add(s)
		w.described(o)
		problems = append(problems, w.listing(o)...)
	}
	return w.seen, errors.Join(append([]error{err}, problems...)...)
}

// locked reads dvc.lock: the digests of what each stage took and gave.
func locked(f *sbom.File) ([]sbom.Sighting, error) {
	l, err := readLock(f.FS, f.Path)
	w := newWriter(f)
	dir := path.Dir(f.Path)
	file := path.Join(dir, "dvc.yaml")
	p, _ := readProject(f.FS, file, w.ix.config.flags)
	problems := []error{err}
	for _, m := range l.order {
		st, known := &stage{name: m.key, file: file, wdir: dir}, false
		if p != nil {
			for _, of := range p.stages {
				if of.name == m.key {
					st, known = of, true
				}
			}
		}
		was := readStage(file, m.key, st.wdir, m.v)
		was.line = m.v.line
		if was.params = nil; !known {
			w.forgotten(was, m.v, p != nil)
		}
		problems = append(problems, w.lockedFiles(was)...)
	}
	for _, d := range l.datasets {
		w.dataset(d, sbom.Resolved)
	}
	return w.seen, errors.Join(problems...)
}

// forgotten is a stage that only the lock knows: dvc.yaml is not here, or has it no more.
func (w *writer) forgotten(st *stage, v *value, stale bool) {
	s := sbom.Sighting{Component: st.component(), Basis: sbom.Resolved, Where: sbom.Place{Line: st.line}}
	s.Process.Commands = commands(st.cmd)
	if all := v.get("params"); all.is(dict) {
		for _, m := range all.members {
			st.params = append(st.params, paramSet{def: m.key, at: inside(st.wdir, m.key), line: m.v.line})
		}
		s.Process.Parameters, _ = st.parameters(w.f.FS, all)
	}
	if stale {
		s.Properties = []sbom.Property{{Name: "mlbom:dvc:changed", Value: "the stage is not in dvc.yaml"}}
	}
	w.links(&s, st)
	w.add(s)
	w.activity(st)
}

var sourceCode = pattern.Lazy(`(?i)\.(?:py|pyx|r|jl|sh|bash|sql|ipynb|go|js|ts|c|cc|cpp|h|java|scala|rs|ya?ml|toml|cfg|ini|md|lock)$`)

// lockedFiles tells of the files of one stage. Code that changed since makes the stage
// out of date; data that did is other data.
func (w *writer) lockedFiles(st *stage) (problems []error) {
	var changed []string
	for _, e := range append(append([]*entry{}, st.deps...), st.outs...) {
		if e.dataset != "" || e.at == "" {
			continue
		}
		if sourceCode.MatchString(e.at) && e.digest() != "" {
			if w.differs(e) != "" {
				changed = append(changed, e.at)
				continue
			}
		}
		if id := e.at + " " + e.md5; !w.done[id] {
			w.done[id] = true
			w.add(w.recorded(e, st.name))
			problems = append(problems, w.listing(e)...)
		}
	}
	if len(changed) > 0 {
		s := sbom.Sighting{Component: process(st.id(), ""), Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Line: st.line}}
		s.Process.Tool = ""
		for _, c := range changed {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:changed", Value: clip(c, maxText)})
		}
		w.add(s)
	}
	return problems
}

const folderType = "inode/directory"

// recorded tells what was recorded of a file or folder, and holds it against the bytes.
func (w *writer) recorded(e *entry, stage string) sbom.Sighting {
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindFile, Name: clip(e.name(), maxText)}, Basis: sbom.Resolved, Where: sbom.Place{Line: e.line}}
	switch {
	case e.at != "":
		s.Component = w.path(e.at)
	case e.url != "":
		s.Keys.URL = e.url
	}
	s.File = &sbom.FileFacts{Size: e.size}
	if e.folder() {
		s.File.MediaType = folderType
	}
	s.Refs = w.ix.config.stored(e)
	s.Properties = e.properties()
	if len(s.Refs) == 0 { // no configuration says where it lies
		s.Properties = lineage.Property(s.Properties, "mlbom:dvc:remote", clip(e.remote, maxText))
	}
	if d := e.digest(); d != "" {
		if why := w.differs(e); why != "" {
			s.File.Size = 0
			of := "dvc"
			if stage != "" {
				of = "stage " + clip(stage, maxShown)
			}
			s.Findings = []sbom.Finding{{Rule: sbom.RuleDigest, Message: fmt.Sprintf("%s is not the file that %s recorded: %s", clip(e.at, maxText), of, why), Where: sbom.Place{Line: e.line}}}
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:dvc:md5", Value: d})
		} else {
			s.Hashes = []sbom.Hash{{Alg: "MD5", Value: d}}
			s.File.Asserted = !isFile(w.f.FS, e.at)
		}
	}
	return s
}

// properties are digests that are of something else than the bytes, and numbers.
func (e *entry) properties() (all []sbom.Property) {
	switch {
	case e.md5 == "" || e.md5 == "none" || e.digest() != "":
	case e.folder():
		all = append(all, sbom.Property{Name: "mlbom:dvc:listing", Value: clip(e.md5, maxText)})
	case e.hash == "":
		all = append(all, sbom.Property{Name: "mlbom:dvc:md5-dos2unix", Value: clip(e.md5, maxText)})
	default:
		all = append(all, sbom.Property{Name: "mlbom:dvc:" + clip(e.hash, maxShown), Value: clip(e.md5, maxText)})
	}
	if e.nfiles > 0 {
		all = append(all, sbom.Property{Name: "mlbom:dvc:nfiles", Value: strconv.FormatInt(e.nfiles, 10)})
	}
	if len(e.cloud) == 0 {
		all = lineage.Property(all, "mlbom:dvc:etag", clip(strings.Trim(e.etag, `"`), maxText))
		all = lineage.Property(all, "mlbom:dvc:version_id", clip(e.version, maxText))
	}
	all = lineage.Property(all, "mlbom:dvc:checksum", clip(e.checksum, maxText))
	return append(all, e.cloud...)
}

// differs holds the bytes in the tree against what was recorded.
func (w *writer) differs(e *entry) string {
	size := int64(-1)
	if e.sized {
		size = e.size
	}
	return lineage.Differs(w.f, e.at, size, e.digest())
}

// listing tells of the files of a folder: those that the entry lists, or those of the
// listing in the cache, which is known by its own MD5.
func (w *writer) listing(e *entry) (problems []error) {
	files := e.files
	if digest, ok := strings.CutSuffix(e.md5, ".dir"); ok && len(files) == 0 && md5Text.MatchString(digest) && e.at != "" {
		files, problems = w.cached(e, digest)
	}
	if len(files) == 0 || e.at == "" {
		return problems
	}
	over := sbom.Sighting{Component: w.path(e.at), Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Line: e.line}}
	for _, f := range files {
		if f.at == "" {
			over.Findings = append(over.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Message: "the listing names a file outside of its folder", Where: sbom.Place{Line: e.line}})
			continue
		}
		f.line = e.line
		s := w.recorded(f, "")
		over.Links = append(over.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: s.Name, Keys: s.Keys}, Line: e.line})
		w.add(s)
	}
	w.add(over)
	return problems
}

// cached reads the listing of a folder in the cache of DVC 3, or of an older one.
func (w *writer) cached(e *entry, digest string) (files []*entry, problems []error) {
	root := rootOf(w.f.FS, w.f.Path)
	at := path.Join(root, ".dvc/cache/files/md5", digest[:2], digest[2:]+".dir")
	if e.hash == "" {
		at = path.Join(root, ".dvc/cache", digest[:2], digest[2:]+".dir")
	}
	if !isFile(w.f.FS, at) {
		return nil, nil
	}
	data, err := sbom.NewFile(w.f.FS, at).Bytes()
	if err != nil {
		return nil, []error{problemAt(e.line, "the listing of the folder in the cache: %v", err)}
	}
	if sum := md5.Sum(data); hex.EncodeToString(sum[:]) != digest {
		w.add(sbom.Sighting{Component: w.path(e.at), Basis: sbom.Resolved, Hint: true, Where: sbom.Place{Line: e.line},
			Findings: []sbom.Finding{{Rule: sbom.RuleDigest, Message: "the listing of " + clip(e.at, maxText) + " in DVC's cache is not the one that was recorded", Where: sbom.Place{Line: e.line}}}})
		return nil, nil
	}
	v, err := jsonlines.Parse(string(data))
	if err != nil {
		return nil, []error{problemAt(e.line, "the listing of the folder in the cache is no JSON: %v", err)}
	}
	for _, item := range v.Items {
		if len(files) >= maxListed {
			problems = append(problems, problemAt(e.line, "the folder has more than %d files; the rest is not told", maxListed))
			break
		}
		one := &entry{def: item.Get("relpath").Str(), md5: item.Get("md5").Str(), hash: e.hash, part: e.part}
		one.at = below(e.at, one.def)
		files = append(files, one)
	}
	return files, problems
}
