package sign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ErrAnotherDocument says that an attestation is of other content.
var ErrAnotherDocument = errors.New("the attestation is of another document")

// ErrOtherBytes says that a document has the content that was attested in other bytes,
// though whoever attested it kept them: somebody wrote the file anew.
var ErrOtherBytes = errors.New("the attestation is of this content in other bytes: the file was written anew since; fetch it as it was released, or sign it again")

// Holds tells whether the predicate is a document: exact says byte for byte, else it is
// the same JSON written by another encoder, as cosign and GitHub write predicates. A
// document that is no JSON, such as tag-value, is a text in the predicate.
func (a *Attestation) Holds(document []byte) (exact bool, err error) {
	if bytes.Equal(a.Predicate, document) {
		return true, nil
	}
	var text string
	if json.Unmarshal(a.Predicate, &text) == nil {
		if text == string(document) {
			return true, nil
		}
		return false, ErrAnotherDocument
	}
	same, err := sameJSON(a.Predicate, document)
	switch {
	case err != nil:
		return false, err
	case !same:
		return false, ErrAnotherDocument
	case a.Verbatim:
		return false, ErrOtherBytes
	}
	return false, nil
}

func sameJSON(a, b []byte) (bool, error) {
	x, err := readJSON(a)
	if err != nil {
		return false, fmt.Errorf("the attested document cannot be compared: %w", err)
	}
	y, err := readJSON(b)
	if err != nil {
		return false, fmt.Errorf("%w (which is no JSON that can be compared: %w)", ErrAnotherDocument, err)
	}
	return equal(x, y), nil
}

const maxNesting = 1000

// readJSON reads a document in which no object has a name twice: of such a one nobody
// knows what it says.
func readJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := readValue(d, 0)
	if err == nil && d.More() {
		err = errors.New("something follows its end")
	}
	return v, err
}

func readValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil || depth > maxNesting {
		return nil, errors.Join(err, errors.New("it is damaged or too deep"))
	}
	switch t {
	case json.Delim('{'):
		return readObject(d, depth)
	case json.Delim('['):
		var all []any
		for d.More() {
			v, err := readValue(d, depth+1)
			if err != nil {
				return nil, err
			}
			all = append(all, v)
		}
		_, err = d.Token()
		return all, err
	}
	return t, nil
}

func readObject(d *json.Decoder, depth int) (any, error) {
	all := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := t.(string)
		if _, twice := all[name]; twice {
			return nil, fmt.Errorf("it has %.60q twice in an object", name)
		}
		if all[name], err = readValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return all, err
}

func equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && maps.EqualFunc(x, y, equal)
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, equal)
	case json.Number:
		y, ok := b.(json.Number)
		return ok && equalNumbers(string(x), string(y))
	}
	return a == b
}

// equalNumbers compares whole numbers by their digits, and others as encoders do, which
// write 1.50 as 1.5 and 1e5 as 100000.
func equalNumbers(a, b string) bool {
	if a == b {
		return true
	}
	if !strings.ContainsAny(a, ".eE") && !strings.ContainsAny(b, ".eE") {
		return false
	}
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && x == y
}
