package mlbom

import (
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// ref is something that an entry refers to.
type ref struct {
	to   sbom.Component
	role string
	line int
}

// refs reads one reference or several; what leads nowhere is a problem.
func (d *document) refs(v *yamllines.Value, kind sbom.Kind) (list []ref) {
	if v == nil {
		return nil
	}
	for _, i := range items(v) {
		s, role := i.Text(), ""
		if i.IsMap() {
			s, role = i.Get("ref").Text(), i.Get("role").Text()
			if !slices.Contains(roles, role) {
				role = "" // the checker said so
			}
		}
		if s == "" {
			continue
		}
		to, problem := d.resolve(s, kind)
		if problem != "" {
			d.problem(i.Line(), "%s", problem)
			continue
		}
		list = append(list, ref{to, role, i.Line()})
		d.data(to, i.Line())
	}
	return list
}

// resolve finds what a reference means: an entry of this file, a name on the hub, a
// package URL, a URL or a path. Kind is what it is where nothing says it; "" leaves it
// to the path.
func (d *document) resolve(s string, kind sbom.Kind) (c sbom.Component, problem string) {
	s = clip(s, maxText)
	if c, ok := d.named[s]; ok {
		return c, ""
	}
	if c, ok := d.named[path.Clean(s)]; ok && !strings.Contains(s, "://") {
		return c, ""
	}
	of := kind
	if of == "" {
		of = sbom.KindDataset
	}
	switch {
	case strings.HasPrefix(s, "hub:"):
		id, revision, _ := strings.Cut(strings.TrimPrefix(s, "hub:"), "@")
		return onHub(id, revision, of)
	case strings.HasPrefix(s, "pkg:"):
		return byPURL(s, kind)
	case strings.Contains(s, "://"):
		return byURL(s, of)
	}
	return d.below(s, kind)
}

func onHub(id, revision string, kind sbom.Kind) (sbom.Component, string) {
	find := hub.Model
	if kind == sbom.KindDataset {
		find = hub.Dataset
	}
	c, ok := find(id, revision)
	if !ok || strings.Contains(id, "://") {
		return c, "hub:" + clip(id, maxWords) + " is no name on the hub; say ORG/NAME"
	}
	return c, ""
}

func byPURL(s string, kind sbom.Kind) (sbom.Component, string) {
	p, err := sbom.NormalizePURL(s)
	if err != nil {
		return sbom.Component{}, err.Error()
	}
	if kind == "" || kind == sbom.KindDataset && strings.HasPrefix(p, "pkg:huggingface/") {
		kind = sbom.KindModel
	}
	bare, _, _ := strings.Cut(p, "?")
	name, version, _ := strings.Cut(bare[strings.IndexByte(bare, '/')+1:], "@")
	if name, err = url.PathUnescape(name); err != nil {
		name = ""
	}
	return sbom.Component{Kind: kind, Name: name, Version: version, Keys: sbom.Keys{PURL: p}}, ""
}

var secret = pattern.Lazy(`(?i)(token|key|secret|sig|signature|password|credential|auth)`)

// byURL takes out credentials and what in the query looks like one.
func byURL(s string, kind sbom.Kind) (sbom.Component, string) {
	if kind == sbom.KindModel || kind == sbom.KindDataset {
		for _, find := range []func(string, string) (sbom.Component, bool){hub.Dataset, hub.Model} {
			if c, ok := find(s, ""); ok {
				return c, ""
			}
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || u.Host == "" {
		return sbom.Component{}, clip(s, maxWords) + " is no URL"
	}
	u.User, u.Fragment = nil, ""
	q := u.Query()
	for key := range q {
		if secret.MatchString(key) {
			q.Del(key)
		}
	}
	u.RawQuery = q.Encode()
	c := sbom.Component{Kind: kind, Keys: sbom.Keys{URL: u.String()}}
	if c.Name = path.Base(u.Path); c.Name == "." || c.Name == "/" {
		c.Name = u.Host
	}
	return c, ""
}

// below takes a path below the file's folder. A folder ends in a slash; what is not
// there is taken as it is written.
func (d *document) below(s string, kind sbom.Kind) (sbom.Component, string) {
	at, problem := d.inside(s)
	if problem != "" {
		return sbom.Component{}, problem
	}
	info, err := fs.Stat(d.f.FS, at)
	folder := err == nil && info.IsDir() || err != nil && strings.HasSuffix(s, "/")
	if kind == "" {
		kind = sbom.KindFile
		if folder {
			kind = sbom.KindDataset
		}
	}
	c := sbom.Component{Kind: kind, Keys: sbom.Keys{Path: at}}
	switch {
	case kind == sbom.KindFile && !folder:
		c.Name = path.Base(at)
		d.observe(at)
	case kind == sbom.KindFile:
		c.Kind, c.Keys.Path = sbom.KindDataset, at+"/"
	case folder:
		c.Keys.Path = strings.TrimPrefix(at+"/", "./")
		if at == "." {
			c.Keys.Path = "./"
		}
	case kind == sbom.KindModel && err == nil:
		c.Keys = weights.OwnerOf(at).Keys // the model of weights that lie in a folder of their own is that folder
	}
	return c, ""
}

// inside gives the path from the root of the tree.
func (d *document) inside(s string) (at, problem string) {
	at = path.Join(path.Dir(d.f.Path), strings.ReplaceAll(s, `\`, "/"))
	if strings.HasPrefix(s, "/") || strings.HasPrefix(s, "~") || !fs.ValidPath(at) {
		return "", clip(s, maxWords) + " leaves the tree; say a path below the folder of this file"
	}
	return at, ""
}

// observe gives the bytes of a file that something refers to, which no other collector
// may read.
func (d *document) observe(at string) {
	if found, folder := d.there(at); !found || folder || d.observed[at] {
		return
	}
	d.observed[at] = true
	sum, err := d.f.Other(at).Digest()
	if err != nil {
		return // whoever reads it says so
	}
	d.seen = append(d.seen, sbom.Sighting{Basis: sbom.Observed, Where: sbom.Place{Path: at}, Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at),
		Keys: sbom.Keys{SHA256: sum.SHA256(), Path: at}, Hashes: sum.Hashes, File: &sbom.FileFacts{Size: sum.Size, Asserted: sum.Asserted}}})
}

// data makes a dataset of a folder or file that something refers to and that is there.
func (d *document) data(c sbom.Component, line int) {
	at := c.Keys.Path
	found, folder := d.there(at)
	if !found || c.Kind != sbom.KindDataset || at == "" || d.datasets[at] {
		return
	}
	d.datasets[at] = true
	s := sbom.Sighting{Component: sbom.Component{Kind: c.Kind, Keys: c.Keys}, Basis: sbom.Declared, Where: sbom.Place{Line: line}}
	if !folder {
		d.observe(at)
		s.Links = []sbom.Link{{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}, Line: line}}
	}
	d.seen = append(d.seen, s)
}

// there tells whether the path is in the tree.
func (d *document) there(at string) (found, folder bool) {
	info, err := fs.Stat(d.f.FS, strings.TrimSuffix(at, "/"))
	return err == nil, err == nil && info.IsDir()
}

// identity says which thing an entry means; tell whether problems are told.
func (d *document) identity(v *yamllines.Value, kind sbom.Kind, tell bool) (c sbom.Component, ok bool) {
	var problem string
	at := v
	switch {
	case v.Get("path").Text() != "":
		at = v.Get("path")
		c, problem = d.below(at.Text(), kind)
		if found, _ := d.there(strings.TrimSuffix(c.Keys.Path, "/")); problem == "" && tell && !found && boolean(v.Get("elsewhere").Text()) != "yes" {
			d.problem(at.Line(), "%s is not in the tree, so nothing ties this to bytes; correct the path, or say elsewhere: yes", clip(at.Text(), maxWords))
		}
	case v.Get("hub").Text() != "":
		at = v.Get("hub")
		c, problem = onHub(at.Text(), v.Get("revision").Text(), kind)
	case v.Get("purl").Text() != "":
		at = v.Get("purl")
		c, problem = byPURL(at.Text(), kind)
	case v.Get("url").Text() != "":
		at = v.Get("url")
		c, problem = byURL(at.Text(), kind)
	case v.Get("name").Text() != "" && kind == sbom.KindService:
		c = sbom.Component{Kind: kind, Keys: sbom.Keys{Path: d.f.Path + "#services/" + clip(v.Get("name").Text(), maxWords)}}
	default:
		problem = "the entry does not say what it speaks of; say path, hub, purl or url"
	}
	if problem != "" {
		if tell {
			d.problem(at.Line(), "%s", problem)
		}
		return c, false
	}
	c.Kind = kind
	return c, true
}
