package croissant

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jsonld"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
)

func isText(v *jsonld.Value) bool   { return v.Is(jsonlines.String) }
func isObject(v *jsonld.Value) bool { return v.Is(jsonlines.Object) }

func members(v *jsonld.Value) []jsonlines.Member {
	if v == nil {
		return nil
	}
	return v.Members
}

// str is the text of a string; "" of anything else.
func str(v *jsonld.Value) string { return strings.TrimSpace(v.Str()) }
