package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

func readBundle(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, sign.MaxBundle+1))
	if err == nil && len(data) > sign.MaxBundle {
		err = fmt.Errorf("larger than %s", sizeText(sign.MaxBundle))
	}
	return data, err
}

// checkBundle tells who signed a BOM. A signature that is wrong, of something else or
// of somebody else is the check's no.
func checkBundle(bundle, bom []byte, trust sbom.Trust, name, of string) (string, error) {
	no := func(format string, args ...any) error {
		return &exitError{exitProblem, fmt.Errorf("%s: "+format, append([]any{name}, args...)...)}
	}
	a, err := sign.ParseAttestation(bundle)
	if err != nil {
		return "", no("no signature of a BOM: %v", err)
	}
	if err := a.Verify(trust); err != nil {
		return "", no("%v", err)
	}
	if !samePredicate(a, bom) {
		return "", no("it signs another document than %s", of)
	}
	how := "key"
	if len(trust.Keys) == 0 {
		how = "certificate"
	}
	return "verified by " + how, nil
}

// samePredicate tells whether an attestation is over these bytes. Who made it may have
// written the JSON anew, with the same content.
func samePredicate(a *sign.Attestation, bom []byte) bool {
	if bytes.Equal(bytes.TrimSpace(a.Predicate), bytes.TrimSpace(bom)) {
		return true
	}
	var text string // of a document in tag-value, as sign and cosign put it there
	if json.Unmarshal(a.Predicate, &text) == nil {
		return text == string(bom)
	}
	if a.Verbatim {
		return false
	}
	one, two := valueOf(a.Predicate), valueOf(bom)
	return one != nil && reflect.DeepEqual(one, two) && !repeats(json.NewDecoder(bytes.NewReader(bom)))
}

// repeats tells whether an object has a name twice, of which readers take this or that.
func repeats(d *json.Decoder) bool {
	names := []map[string]bool{} // of the objects around; nil for a list
	isName := false
	for {
		t, err := d.Token()
		if err != nil {
			return false
		}
		switch t {
		case json.Delim('{'):
			names, isName = append(names, map[string]bool{}), true
			continue
		case json.Delim('['):
			names = append(names, nil)
			isName = false
			continue
		case json.Delim('}'), json.Delim(']'):
			names = names[:len(names)-1]
		default:
			if word, ok := t.(string); ok && isName {
				if names[len(names)-1][word] {
					return true
				}
				names[len(names)-1][word], isName = true, false
				continue
			}
		}
		isName = len(names) > 0 && names[len(names)-1] != nil
	}
}

// valueOf keeps numbers as they are written.
func valueOf(data []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}
