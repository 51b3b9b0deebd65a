package flax

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	"github.com/mlbom/mlbom/sbom"
)

// orbax knows a checkpoint by the metadata of its tree; other programs have files
// of this name too.
func orbax(f *sbom.File) ([]sbom.Sighting, error) {
	data, err := f.Bytes()
	if err != nil {
		return nil, err
	}
	var is struct {
		Tree  map[string]json.RawMessage `json:"tree_metadata"`
		OCDBT *bool                      `json:"use_ocdbt"`
		Zarr3 *bool                      `json:"use_zarr3"`
	}
	if len(data) == 0 || data[0] != '{' {
		return nil, nil
	}
	if err := json.Unmarshal(data, &is); err != nil {
		return nil, fmt.Errorf("the metadata of the checkpoint are not valid JSON: %w", err)
	}
	if is.Tree == nil {
		return nil, nil
	}
	s := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: f.Dir()},
		Model:      &sbom.Model{Formats: []string{"orbax"}, Library: "flax"},
		Properties: []sbom.Property{{Name: "orbax:arrays", Value: strconv.Itoa(len(is.Tree))}}}}
	if is.OCDBT != nil {
		s.Properties = append(s.Properties, sbom.Property{Name: "orbax:use_ocdbt", Value: strconv.FormatBool(*is.OCDBT)})
	}
	if is.Zarr3 != nil {
		s.Properties = append(s.Properties, sbom.Property{Name: "orbax:use_zarr3", Value: strconv.FormatBool(*is.Zarr3)})
	}
	for _, name := range []string{"_METADATA", "manifest.ocdbt"} {
		at := path.Join(path.Dir(f.Path), name)
		if _, err := fs.Stat(f.FS, at); err == nil {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: name, Keys: sbom.Keys{Path: at}}})
		}
	}
	return []sbom.Sighting{s}, nil
}
