package wheel

import (
	"archive/zip"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/collectors/internal/pyrecord"
	"github.com/mlbom/mlbom/sbom"
)

// boms ties the package to the BOMs that it brings along, by their digests.
func (w *reader) boms(s *sbom.Sighting) {
	n := 0
	for _, f := range w.zip.File {
		if !strings.HasPrefix(f.Name, w.folder+"/sboms/") || strings.HasSuffix(f.Name, "/") || f.UncompressedSize64 > maxBOM {
			continue
		}
		if n++; n > maxBOMs {
			w.problem("the package brings more than %d BOMs; the rest is not named", maxBOMs)
			return
		}
		digest := sha256.New()
		if !w.copy(digest, f, maxBOM) {
			continue
		}
		sum := hex.EncodeToString(digest.Sum(nil))
		to := sbom.Component{Kind: sbom.KindFile, Name: path.Base(f.Name), Keys: sbom.Keys{SHA256: sum}}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: to, Note: "PEP 770"})
	}
}

func (w *reader) copy(to io.Writer, f *zip.File, limit int64) bool {
	r, err := f.Open()
	if err == nil {
		defer r.Close()
		_, err = io.Copy(to, io.LimitReader(r, limit))
	}
	if err != nil {
		w.problem("%.100q cannot be unpacked: %v", f.Name, err)
	}
	return err == nil
}

// record holds RECORD against the members, both ways.
func (w *reader) record(s *sbom.Sighting) {
	text := w.content(w.folder+"/RECORD", maxText)
	if text == "" {
		w.find("record", sbom.RuleDigest, "the wheel has no RECORD, so nothing vouches for its files")
		return
	}
	list, problems := pyrecord.Parse(text)
	for _, p := range problems {
		if q, ok := p.(*sbom.Problem); ok {
			w.problem("RECORD: %s", q.Error())
		}
	}
	byName := make(map[string]pyrecord.Entry, len(list))
	for _, e := range list {
		byName[e.Name] = e
	}
	present := make(map[string]bool, len(w.zip.File))
	var check []*zip.File
	for _, f := range w.zip.File {
		present[f.Name] = true
		if strings.HasSuffix(f.Name, "/") || w.signed(f.Name) {
			continue
		}
		e, ok := byName[f.Name]
		switch {
		case !ok:
			w.find("unlisted", sbom.RuleDigest, "%.100q is in the wheel and not in its RECORD", f.Name)
		case e.Digest == "":
			w.find("undigested", sbom.RuleDigest, "%.100q has no digest in RECORD", f.Name)
		default:
			check = append(check, f)
		}
	}
	for _, e := range list {
		if !present[e.Name] && !w.signed(e.Name) {
			w.find("absent", sbom.RuleDigest, "%.100q is in RECORD and not in the wheel", e.Name)
		}
	}
	w.verify(s, check, byName)
}

// signed tells of the files that hold the digests of others.
func (w *reader) signed(name string) bool {
	rest, ok := strings.CutPrefix(name, w.folder+"/RECORD")
	return ok && (rest == "" || rest == ".jws" || rest == ".p7s")
}

// verify checks digests, of what matters most first, until enough was unpacked.
func (w *reader) verify(s *sbom.Sighting, files []*zip.File, byName map[string]pyrecord.Entry) {
	slices.SortStableFunc(files, func(a, b *zip.File) int { return cmp.Compare(w.weight(a.Name), w.weight(b.Name)) })
	left := int64(maxUnpacked)
	checked := 0
	for _, f := range files {
		if w.ctx.Err() != nil {
			return
		}
		if f.UncompressedSize64 > uint64(left) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			w.problem("%.100q cannot be unpacked: %v", f.Name, err)
			continue
		}
		same, n, err := byName[f.Name].Matches(r, left+1)
		r.Close()
		left -= n
		checked++
		switch {
		case err != nil:
			w.problem("%.100q cannot be unpacked: %v", f.Name, err)
		case !same:
			w.find("other", sbom.RuleDigest, "%.100q is not the file that RECORD stands for", f.Name)
		}
	}
	if checked < len(files) {
		pymeta.Note(s, "record-checked", strconv.Itoa(checked)+" of "+strconv.Itoa(len(files))+" files")
	}
}

// weight puts what runs at startup or import and the metadata first.
func (w *reader) weight(name string) int {
	switch {
	case strings.HasSuffix(name, ".pth"), strings.HasPrefix(name, w.folder+"/"):
		return 0
	case strings.HasSuffix(name, ".py"):
		return 1
	}
	return 2
}
