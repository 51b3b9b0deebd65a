package sign

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// What is not signed in a bundle is read to the letter, so that no bit of it can be
// another: a name once and spelt as it is (Go's own reader takes any case), no name that
// Sigstore does not have, base64 in its one form.

// members gives the members of an object by their names. Those that are null are absent.
func members(data []byte, what string, known ...string) (map[string]json.RawMessage, error) {
	all, _, err := memberEnds(data, what, known...)
	return all, err
}

// memberEnds gives the members, and where the value of each ends.
func memberEnds(data []byte, what string, known ...string) (all map[string]json.RawMessage, ends map[string]int, err error) {
	if !utf8.Valid(data) {
		return nil, nil, fmt.Errorf("%s is damaged: it is not UTF-8", what)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, fmt.Errorf("%s is damaged: it is no JSON object", what)
	}
	all, ends = map[string]json.RawMessage{}, map[string]int{}
	for d.More() {
		t, err := d.Token()
		name, ok := t.(string)
		if err != nil || !ok {
			return nil, nil, fmt.Errorf("%s is damaged at byte %d", what, d.InputOffset())
		}
		if !slices.Contains(known, name) {
			return nil, nil, fmt.Errorf("%s has a member %.60q, which is not known", what, name)
		}
		if ends[name] > 0 {
			return nil, nil, fmt.Errorf("%s has %q twice", what, name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, nil, fmt.Errorf("%s is damaged in %q: %w", what, name, err)
		}
		ends[name] = int(d.InputOffset())
		if string(value) != "null" {
			all[name] = value
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("%s is damaged: it does not end", what)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, nil, fmt.Errorf("%s is damaged: something follows its end", what)
	}
	return all, ends, nil
}

// text reads a member that is a string; "" where it is absent.
func text(value json.RawMessage, what string) (string, error) {
	if value == nil {
		return "", nil
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil || value[0] != '"' {
		return "", fmt.Errorf("%s is no text", what)
	}
	return s, nil
}

// binary reads a member that is base64.
func binary(value json.RawMessage, what string) ([]byte, error) {
	s, err := text(value, what)
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || base64.StdEncoding.EncodedLen(len(data)) != len(s) { // it skips line ends
		return nil, fmt.Errorf("%s is no base64 in its one form", what)
	}
	return data, nil
}

// list reads a member that is an array of at most so many.
func list(value json.RawMessage, most int, what string) ([]json.RawMessage, error) {
	if value == nil {
		return nil, nil
	}
	var all []json.RawMessage
	if err := json.Unmarshal(value, &all); err != nil {
		return nil, fmt.Errorf("%s is no list", what)
	}
	if len(all) > most {
		return nil, fmt.Errorf("%s has %d entries, and more than %d are not read", what, len(all), most)
	}
	return all, nil
}
