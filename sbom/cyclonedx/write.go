package cyclonedx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom/cyclonedx/internal/xmlform"
	"github.com/mlbom/mlbom/schema"
)

// encodeBOM writes the document. XML is made of the JSON, by the official XML
// schema: what the library writes as XML differs from it in many places.
func encodeBOM(w io.Writer, bom *cdx.BOM, records []placed, o Options) error {
	if !o.XML && len(records) == 0 {
		return cdx.NewBOMEncoder(w, cdx.BOMFileFormatJSON).SetPretty(!o.Compact).SetEscapeHTML(false).Encode(bom)
	}
	var b bytes.Buffer
	if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetEscapeHTML(false).Encode(bom); err != nil {
		return err
	}
	data, err := inject(b.Bytes(), records)
	if err != nil {
		return err
	}
	switch {
	case o.XML:
		data, err = asXML(data, !o.Compact)
	case o.Compact:
		data = append(data, '\n')
	default:
		b.Reset()
		err = json.Indent(&b, data, "", "  ")
		data = append(b.Bytes(), '\n')
	}
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// asXML refuses what would lose something: the encoder has sent to carriers what
// XML has no place for.
func asXML(data []byte, indent bool) ([]byte, error) {
	data, left, err := xmlform.ToXML(data, indent)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("no place in XML for: %s", strings.Join(left, ", "))
	}
	return data, err
}

// survivesXML tells whether XML has a place for a record, and it comes back the same.
func (e *encoder) survivesXML(p placed) bool {
	document := wrapped(p).(map[string]any)
	document["bomFormat"], document["specVersion"] = "CycloneDX", e.version.String()
	text, left, err := xmlform.ToXML([]byte(jsonText(document)), false)
	if err != nil || len(left) > 0 || !schema.ValidXML(e.version.String(), text) {
		return false
	}
	back, left, err := xmlform.ToJSON(text)
	if err != nil || len(left) > 0 {
		return false
	}
	top, _ := plainJSON(back).(map[string]any)
	values := valuesAt(top, p.part)
	return len(values) == 1 && reflect.DeepEqual(values[0], p.value)
}

// speakable takes out of a part of the document what no XML can hold, before the
// carriers are made: they then see what the reader will see.
func (e *encoder) speakable(part any) {
	if e.xml {
		speak(reflect.ValueOf(part).Elem())
	}
}

func speak(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if s := xmlform.Speakable(v.String()); s != v.String() {
			v.SetString(s)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			speak(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			speak(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				speak(v.Field(i))
			}
		}
	}
}
