package schema

import (
	_ "embed"
	"slices"
)

// declaration is made from the tables of the collector declaration/mlbom.
//
//go:embed mlbom.schema.json
var declaration []byte

// Declaration gives the JSON Schema of mlbom.yaml.
func Declaration() []byte { return slices.Clone(declaration) }
