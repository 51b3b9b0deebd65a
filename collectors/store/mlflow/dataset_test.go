package mlflow

import (
	"reflect"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

func TestFeatures(t *testing.T) {
	for text, want := range map[string][]sbom.Feature{
		`{"mlflow_colspec": [{"type": "double", "name": "x", "required": true}, {"type": "string", "name": "y", "required": false}]}`:                     {{Name: "x", Type: "double"}, {Name: "y", Type: "string?"}},
		`{"mlflow_tensorspec": {"features": "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", \"shape\": [-1, 2]}}]", "targets": null}}`: {{Name: "array", Type: "float64 [-1,2]"}},
		`null`: nil,
	} {
		v, err := jsonlines.Parse(text)
		if got := features(v); err != nil || !reflect.DeepEqual(append([]sbom.Feature(nil), got...), want) {
			t.Errorf("%s: %+v (%v), want %+v", text, got, err, want)
		}
	}
}

func TestLast(t *testing.T) {
	for text, want := range map[string]sbom.Metric{
		"1 0.5 2\n2 0.25 1\n":      {Type: "m", Value: "0.5", Args: "step 2, the last of 2 values"},
		"1 0.5\n3 0.75\n2 0.25\n":  {Type: "m", Value: "0.75", Args: "step 0, the last of 3 values"},
		"1 0.5 0 points abc\n":     {Type: "m", Value: "0.5", Dataset: "points"},
		"1 0.5 0 run\n":            {Type: "m", Value: "0.5"},
		"1 0.5 0 run points abc\n": {Type: "m", Value: "0.5", Dataset: "points"},
		"1 nan 0\n1 nan 0\nx\n1 y": {Type: "m", Value: "nan"},
	} {
		if got, ok := last("m", text); !ok || got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
