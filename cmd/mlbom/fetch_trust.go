package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/deliver/oci"
	"github.com/mlbom/mlbom/sbom/sign"
)

// maxVouched bounds the documents of one reference that are held against signatures.
const maxVouched = 100

// vouchers are the attestations that somebody who is trusted signed about the subject.
type vouchers struct {
	of     map[string]*sign.Attestation // by the digest of the document
	others []string                     // why the others do not count
}

// trusted reads the flags; ok is false where nobody is named.
func (f *fetcher) trusted() (t sbom.Trust, ok bool, err error) {
	keys, certs := f.c.StringSlice("trust-key"), f.c.StringSlice("trust-cert")
	t, err = readTrust(keys, certs)
	return t, len(keys)+len(certs) > 0, err
}

// vouchers fetches all that is signed and verifies it.
func (f *fetcher) vouchers(trust sbom.Trust) (*vouchers, error) {
	v := &vouchers{of: map[string]*sign.Attestation{}}
	n := 0
	for _, found := range f.found {
		if found.Kind != oci.Bundle || found.Way == oci.BuildxPart { // which nobody signed
			continue
		}
		if n++; n > maxVouched {
			return nil, failed("%s: more than %d signatures are attached to %s, and all would have to be looked at; say which with --digest", f.ref, maxVouched, f.subject.Digest)
		}
		data, err := f.place.Get(f.ctx, found)
		if err != nil {
			return nil, unreached(err)
		}
		a, err := sign.ParseAttestation(data)
		if err == nil {
			err = f.vouches(a, trust)
		}
		switch {
		case errors.Is(err, sign.ErrOther):
			v.others = append(v.others, fmt.Sprintf("%s is no attestation", found.Manifest))
		case err != nil:
			v.others = append(v.others, fmt.Sprintf("%s: %v", found.Manifest, err))
		default:
			v.of[found.Blob.Digest.String()] = a
		}
	}
	return v, nil
}

// vouches tells whether an attestation is signed by who is trusted, and about the
// subject.
func (f *fetcher) vouches(a *sign.Attestation, trust sbom.Trust) error {
	if err := a.Verify(trust); err != nil {
		return err
	}
	want := strings.TrimPrefix(f.subject.Digest.String(), "sha256:")
	for _, s := range a.Subjects {
		for _, d := range s.Digests {
			if d.Alg == "SHA-256" && d.Value == want {
				return nil
			}
		}
	}
	return fmt.Errorf("it is about other things than %s", f.subject.Digest)
}

// vouched tells whether an attestation holds the BOM, or is itself what came.
func (v *vouchers) vouched(got fetched) bool {
	if got.Kind == oci.Bundle {
		return v.of[got.Blob.Digest.String()] != nil
	}
	for _, a := range v.of {
		s := oci.Statement{PredicateType: a.PredicateType, Predicate: a.Predicate}
		if bom, err := s.BOM(); err == nil && (bytes.Equal(bom, got.data) || sameJSON(bom, got.data)) {
			return true
		}
	}
	return false
}

// sameJSON tells whether two texts are the same JSON, which cosign writes anew.
func sameJSON(a, b []byte) bool {
	read := func(data []byte) (v any, ok bool) {
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		err := d.Decode(&v)
		return v, err == nil && !d.More()
	}
	x, ok1 := read(a)
	y, ok2 := read(b)
	return ok1 && ok2 && reflect.DeepEqual(x, y)
}

// unvouched is the error where nothing that is wanted is vouched for.
func (f *fetcher) unvouched(v *vouchers) error {
	why := "nothing that is signed is attached to it"
	switch {
	case len(v.of) > 0:
		why = "what is signed holds another BOM"
	case len(v.others) > 0:
		why = "no signature counts:\n" + strings.Join(v.others, "\n")
	}
	return &exitError{exitProblem, fmt.Errorf("%s: no BOM that is vouched for by who is trusted: %s", f.ref, why)}
}
