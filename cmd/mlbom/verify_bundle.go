package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

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
	if errors.Is(err, sign.ErrOther) {
		return "", no("no signature of a BOM: neither a Sigstore bundle nor a DSSE envelope with an attestation; mlbom sign BOM makes one")
	}
	if err != nil {
		return "", no("no signature of a BOM: %v", err)
	}
	if err := a.VerifyAt(trust, time.Now()); err != nil {
		return "", no("%v", err)
	}
	if _, err := a.Holds(bom); err != nil && !bytes.Equal(bytes.TrimSpace(a.Predicate), bytes.TrimSpace(bom)) {
		if errors.Is(err, sign.ErrAnotherDocument) {
			return "", no("it signs another document than %s", of)
		}
		return "", no("%s: %v", of, err)
	}
	if len(a.Chain) > 0 {
		return "verified by certificate", nil
	}
	return "verified by key", nil
}
