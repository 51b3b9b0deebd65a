package croissant

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/sbom"
)

// dataset makes the sighting of the dataset.
func (d *document) dataset() *draft {
	s := d.draft(sbom.KindDataset, d.node)
	s.Keys.Path = d.place()
	s.Describe()
	s.extras()
	s.responsible()
	s.geographical()
	s.records()
	return s
}

const (
	maxSiblings = 1000
	headSize    = 64 << 10 // bytes of a sibling that tell whether it is Croissant too
)

// place is the folder that the file describes. Where several Croissant files
// stand in one, only croissant.json and metadata.json mean the folder; a page
// never does.
func (d *document) place() string {
	own := path.Base(d.file.Path)
	if own == "croissant.json" || own == "metadata.json" {
		return d.file.Dir()
	}
	if d.page {
		return d.file.Dir() + "#" + own
	}
	entries, _ := fs.ReadDir(d.file.FS, path.Dir(d.file.Path))
	for _, e := range entries[:min(len(entries), maxSiblings)] {
		if name := path.Join(path.Dir(d.file.Path), e.Name()); e.Name() != own && !e.IsDir() && matches(e.Name()) && d.alsoCroissant(name) {
			return d.file.Dir() + "#" + own
		}
	}
	return d.file.Dir()
}

func matches(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, ".jsonld") || strings.HasSuffix(name, ".json")
}

func (d *document) alsoCroissant(name string) bool {
	f, err := d.file.FS.Open(name)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	head, _ := io.ReadAll(io.LimitReader(f, headSize))
	return bytes.Contains(head, []byte("mlcommons.org/croissant"))
}

// extras reads what remains of the dataset's own properties.
func (s *draft) extras() {
	d := s.Section()
	s.Take("dataset.citation", &d.Citation, maxSentence, "citeas")
	s.Take("dataset.citation", &d.Citation, maxSentence, "citation")
	if text, line := s.Doc.Text(s.Node, "islivedataset"); strings.EqualFold(text, "true") {
		d.Live = true
		s.Mark("dataset.live", line)
	}
	if text, line := s.Doc.Text(s.Node, "size"); text != "" {
		if n, ok := datadesc.BytesOf(text); ok && strings.ContainsAny(text, "bB") {
			d.Size = n
			s.Mark("dataset.size", line)
		} else {
			s.Property("size", text, line)
		}
	}
	for _, p := range []struct{ key, name string }{
		{"conformsto", "conforms-to"}, {"alternatename", "alternate-name"}, {"isaccessibleforfree", "accessible-for-free"},
		{"sdlicense", "metadata-license"}, {"sdversion", "metadata-version"}, {"sdpublisher", "metadata-publisher"},
		{"funder", "funder"}, {"funding", "funding"}, {"sponsor", "sponsor"}, {"contributor", "contributor"}, {"copyrightholder", "copyright-holder"},
		{"spatialcoverage", "spatial-coverage"}, {"measurementtechnique", "measurement-technique"}, {"variablemeasured", "variable-measured"},
		{"includedindatacatalog", "catalog"}, {"ispartof", "part-of"}, {"haspart", "has-part"},
	} {
		s.Keep(p.name, p.key)
	}
}

// geographical carries what the geographical extension states of the whole dataset.
func (s *draft) geographical() {
	for _, p := range []struct{ key, name string }{
		{"coordinatereferencesystem", "coordinate-reference-system"}, {"spatialresolution", "spatial-resolution"}, {"temporalresolution", "temporal-resolution"},
		{"spatialindex", "spatial-index"}, {"bandconfiguration", "band-configuration"}, {"spectralbandmetadata", "spectral-band"},
		{"recordendpoint", "record-endpoint"}, {"spatialbias", "spatial-bias"}, {"samplingstrategy", "sampling-strategy"}, {"timeseriesindex", "time-series-index"},
		{"multiwavelengthconfiguration", "multi-wavelength-configuration"}, {"solarinstrumentcharacteristics", "solar-instrument"},
	} {
		s.Keep(p.name, p.key)
	}
}
