package cyclonedx

import (
	"reflect"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestSparseListsComeBack: of each item of a model's and a dataset's lists one field
// alone is known, and none is. XML 1.5 asks for more than JSON does.
func TestSparseListsComeBack(t *testing.T) {
	for _, name := range []string{"Inputs", "Outputs", "Metrics"} {
		t.Run(name, func(t *testing.T) {
			var m sbom.Model
			list := reflect.ValueOf(&m).Elem().FieldByName(name)
			of := list.Type().Elem()
			for i := range of.NumField() {
				if of.Field(i).Type.Kind() != reflect.String {
					continue
				}
				item := reflect.New(of).Elem()
				item.Field(i).SetString("[-1,5]")
				list.Set(reflect.Append(list, item))
			}
			list.Set(reflect.Append(list, reflect.New(of).Elem()))
			c := sbom.Component{Kind: sbom.KindModel, Name: "m", Keys: sbom.Keys{Path: "m.onnx"}, Model: &m}
			roundTrip(t, sbom.Merge(sbom.Report{Sightings: []sbom.Sighting{{Component: c, Basis: sbom.Observed, Where: sbom.Place{Path: "m.onnx", By: "test/x"}}}}))
		})
	}
}
