package signature

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

const namedInMessage = 5

// comparison holds the files of a model against a signature.
type comparison struct {
	*sign.Bundle
	f      *sbom.File
	folder string    // of the model
	single bool      // the model is one file
	model  sbom.Keys // of the model; none where it is not here

	differ, missing, added, unread []string
	equal, stated                  int
	root                           string // of the files as they are; "" where not all are known
}

// find tells where the model lies: beside the signature, or in a folder of its name.
func (c *comparison) find() {
	dir := path.Dir(c.f.Path)
	name := c.Resources[0].Name
	stem := strings.TrimSuffix(path.Base(c.f.Path), path.Ext(c.f.Path))
	c.folder = dir
	c.single = len(c.names()) == 1 && !strings.Contains(name, "/") && (c.Name == name || stem == name)
	below := path.Join(dir, c.Name)
	if !c.single && !c.has(dir) && fs.ValidPath(c.Name) && c.Name != "." && c.has(below) {
		c.folder = below
	}
	switch {
	case !c.has(c.folder):
	case c.single:
		c.model = weights.OwnerOf(path.Join(c.folder, name)).Keys
	default:
		c.model = sbom.Keys{Path: sbom.DirOf(path.Join(c.folder, "x"))}
	}
}

// names lists the files that are signed.
func (c *comparison) names() []string {
	var all []string
	for _, r := range c.Resources {
		if !slices.Contains(all[max(0, len(all)-1):], r.Name) {
			all = append(all, r.Name)
		}
	}
	return all
}

// has tells whether any of the signed files lies in a folder.
func (c *comparison) has(folder string) bool {
	return slices.ContainsFunc(c.Resources, func(r sign.Resource) bool {
		_, err := fs.Stat(c.f.FS, path.Join(folder, r.Name))
		return err == nil
	})
}

func (c *comparison) compare(ctx context.Context) {
	if c.model == (sbom.Keys{}) {
		return
	}
	actual := slices.Clone(c.Resources)
	known := map[string]bool{}
	for i := 0; i < len(c.Resources) && ctx.Err() == nil; {
		n := i + 1
		for n < len(c.Resources) && c.Resources[n].Name == c.Resources[i].Name {
			n++
		}
		name := c.Resources[i].Name
		known[name] = true
		stated := c.stated
		switch sums, err := c.digests(c.Resources[i:n]); {
		case errors.Is(err, fs.ErrNotExist):
			c.missing = append(c.missing, name)
		case err != nil:
			c.unread = append(c.unread, name)
		case c.same(actual[i:n], sums):
			c.equal++
		default:
			c.differ, c.stated = append(c.differ, name), stated
		}
		i = n
	}
	if !c.single {
		c.addedFiles(known)
	}
	if len(c.missing)+len(c.unread)+len(c.added) == 0 && c.plain() {
		c.root = sign.Root(actual)
	}
}

// plain tells whether digests are those that the scan makes.
func (c *comparison) plain() bool {
	return c.Serialization.Method == "files" && c.HashType == "sha256"
}

// same puts the digests of what is there into the resources, and tells whether they
// are what was signed.
func (c *comparison) same(signed []sign.Resource, sums [][]byte) bool {
	equal := len(signed) == len(sums)
	for i := range min(len(signed), len(sums)) {
		equal = equal && bytes.Equal(signed[i].Digest, sums[i])
		signed[i].Digest = sums[i]
	}
	return equal
}

var errNotRead = errors.New("the file was not read")

// digests gives those of a file, or of its pieces. A file that is longer or shorter
// than its pieces has other ones.
func (c *comparison) digests(of []sign.Resource) ([][]byte, error) {
	file := c.f.Other(path.Join(c.folder, of[0].Name))
	if c.plain() {
		return c.whole(file)
	}
	if c.f.Settings.Hashing.None {
		return nil, errNotRead
	}
	r, size, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return sign.Pieces(context.Background(), r, size, of, c.HashType)
}

func (c *comparison) whole(file *sbom.File) ([][]byte, error) {
	p, pointer, err := lfs.Read(file)
	if err != nil {
		return nil, err
	}
	digest := p.SHA256
	if !pointer {
		d, err := file.Digest()
		if err != nil {
			return nil, err
		}
		if digest, pointer = d.SHA256(), d.Asserted; digest == "" {
			return nil, errNotRead
		}
	}
	if pointer {
		c.stated++
	}
	sum, err := hex.DecodeString(digest)
	return [][]byte{sum}, err
}

// addedFiles finds what lies in the folder and was not signed.
func (c *comparison) addedFiles(known map[string]bool) {
	self := strings.TrimPrefix(c.f.Path, c.folder+"/")
	if c.folder == "." {
		self = c.f.Path
	}
	ignore := append(slices.Clone(c.IgnorePaths), self)
	names, err := sign.Files(c.f.FS, c.folder, ignore, c.AllowSymlinks)
	links, lerr := sign.Links(c.f.FS, c.folder, ignore)
	if err != nil || lerr != nil {
		c.unread = append(c.unread, c.folder)
	}
	for _, name := range links {
		at := path.Join(c.folder, name)
		if info, err := fs.Stat(c.f.FS, at); err != nil || known[name] || c.AllowSymlinks && !info.IsDir() || c.f.LeftOut != nil && c.f.LeftOut(at) {
			continue // it leads to nothing, was signed, or is among the files
		}
		c.added = append(c.added, name)
	}
	for _, name := range names {
		at := path.Join(c.folder, name)
		if info, err := fs.Stat(c.f.FS, at); err == nil && info.Size() == 0 && c.Serialization.Method == "shards" {
			continue // a file without bytes has no pieces, and is not signed
		}
		if !known[name] && (c.f.LeftOut == nil || !c.f.LeftOut(at)) {
			c.added = append(c.added, name)
		}
	}
}

// state says in a word how the files compare.
func (c *comparison) state() string {
	switch {
	case c.model == (sbom.Keys{}):
		return "not here"
	case c.differences() != "":
		return "differ"
	case len(c.unread) > 0:
		return "not compared"
	}
	return "equal"
}

// differences says what of the files is not as it was signed; "" for nothing.
func (c *comparison) differences() string {
	var parts []string
	add := func(list []string, what string) {
		if len(list) > 0 {
			parts = append(parts, fmt.Sprintf("%s: %s", what, some(list)))
		}
	}
	add(c.differ, "changed since it was signed")
	add(c.missing, "signed and not there")
	add(c.added, "there and not signed")
	return strings.Join(parts, "; ")
}

// doubts says what could not be compared.
func (c *comparison) doubts() string {
	switch {
	case c.model == (sbom.Keys{}):
		return fmt.Sprintf("none of the %d files that it signs is beside it", len(c.names()))
	case len(c.unread) > 0:
		return "not compared with what was signed: " + some(c.unread)
	case c.stated > 0:
		return fmt.Sprintf("%d of %d files are not here, and what stands for them states the signed digest", c.stated, c.equal)
	}
	return ""
}

func some(names []string) string {
	if len(names) > namedInMessage {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:namedInMessage], ", "), len(names)-namedInMessage)
	}
	return strings.Join(names, ", ")
}
