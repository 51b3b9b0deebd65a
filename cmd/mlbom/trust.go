package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"

	"github.com/mlbom/mlbom/sbom"
)

// maxTrust bounds a file of keys or certificates, in bytes.
const maxTrust = 4 << 20

// readTrust reads the keys and the certificates that the user trusts.
func readTrust(keys, certificates []string) (sbom.Trust, error) {
	var t sbom.Trust
	for _, name := range keys {
		n := len(t.Keys)
		err := eachPEM(name, "PUBLIC KEY", func(der []byte) error {
			k, err := x509.ParsePKIXPublicKey(der)
			t.Keys = append(t.Keys, crypto.PublicKey(k))
			return err
		})
		if err != nil || len(t.Keys) == n {
			return t, usage("--trust-key %s: %v", name, orNone(err, "it has no PUBLIC KEY in PEM; openssl pkey -pubout writes one"))
		}
	}
	for _, name := range certificates {
		n := len(t.Roots)
		err := eachPEM(name, "CERTIFICATE", func(der []byte) error {
			c, err := x509.ParseCertificate(der)
			t.Roots = append(t.Roots, c)
			return err
		})
		if err != nil || len(t.Roots) == n {
			return t, usage("--trust-cert %s: %v", name, orNone(err, "it has no CERTIFICATE in PEM"))
		}
	}
	return t, nil
}

func orNone(err error, none string) error {
	if err != nil {
		return rootCause(err)
	}
	return fmt.Errorf("%s", none)
}

// eachPEM gives each block of a kind in a file.
func eachPEM(name, kind string, each func(der []byte) error) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if info.Size() > maxTrust {
		return fmt.Errorf("it is larger than %s", sizeText(maxTrust))
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for {
		var block *pem.Block
		if block, data = pem.Decode(bytes.TrimSpace(data)); block == nil {
			return nil
		}
		if block.Type != kind {
			continue
		}
		if err := each(block.Bytes); err != nil {
			return err
		}
	}
}
