package cyclonedx

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/mlbom/mlbom/sbom/cyclonedx/internal/xmlform"
)

// asXML refuses what would lose something: the encoder has sent to carriers what
// XML has no place for.
func asXML(data []byte, indent bool) ([]byte, error) {
	data, left, err := xmlform.ToXML(data, indent)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("no place in XML for: %s", strings.Join(left, ", "))
	}
	return data, err
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
