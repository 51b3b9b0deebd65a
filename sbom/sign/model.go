package sign

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// SignModel makes the signature of a model by the specification: by the method
// certificate where there is a chain, the signer's first, else by the method key. The
// files are put in the order of the reference implementation, as root digests in BOMs
// have it, and the same input makes the same bytes.
func SignModel(s *Signer, m Statement, chain []*x509.Certificate) ([]byte, error) {
	if _, ok := s.key.(*ecdsa.PrivateKey); !ok {
		return nil, errors.New("signatures of models are made with ECDSA keys (P-256, P-384, P-521), by the specification, and this is another; mlbom sign --new-key NAME makes one")
	}
	payload, err := modelPayload(m)
	if err != nil {
		return nil, err
	}
	if len(chain) == 0 {
		hint, err := hintOf(s.Public())
		if err != nil {
			return nil, err
		}
		return s.seal(payload, `{"publicKey":{"hint":`+quote(hint)+`},"tlogEntries":[]}`)
	}
	if err := s.owns(chain); err != nil {
		return nil, err
	}
	var all []string
	for _, c := range chain {
		all = append(all, `{"rawBytes":"`+base64.StdEncoding.EncodeToString(c.Raw)+`"}`)
	}
	return s.seal(payload, `{"x509CertificateChain":{"certificates":[`+strings.Join(all, ",")+`]},"tlogEntries":[]}`)
}

// owns tells whether a chain is of this key, may sign, and hangs together: nobody could
// verify another.
func (s *Signer) owns(chain []*x509.Certificate) error {
	leaf := chain[0]
	key, ok := leaf.PublicKey.(*ecdsa.PublicKey)
	switch {
	case !ok || !key.Equal(s.Public()):
		return errors.New("the first certificate is not of the key that signs; it has to be the signer's own, and those that vouch for it follow")
	case !maySign(leaf):
		return errors.New("the certificate may not be used to sign: it has neither the key usage digitalSignature nor the extended key usage codeSigning")
	case len(chain) > maxChain:
		return fmt.Errorf("the chain has %d certificates, and %d are read", len(chain), maxChain)
	}
	for i, c := range chain[1:] {
		if err := chain[i].CheckSignatureFrom(c); err != nil {
			return fmt.Errorf("certificate %d of the chain did not sign the one before it; they stand from the signer's up: %w", i+2, err)
		}
	}
	return nil
}

func modelPayload(m Statement) ([]byte, error) {
	if len(m.Resources) == 0 {
		return nil, errors.New("the model has no files: nothing to sign")
	}
	slices.SortFunc(m.Resources, func(a, b Resource) int { return byParts(a.Name, b.Name) })
	var b bytes.Buffer
	b.WriteString(`{"_type":` + quote(statementType) + `,"subject":[{"name":` + quote(m.Name) + `,"digest":{"sha256":"` + Root(m.Resources) + `"}}],"predicateType":` + quote(predicateType) + `,"predicate":{"serialization":{"method":"files","hash_type":"sha256","allow_symlinks":`)
	fmt.Fprintf(&b, `%t,"ignore_paths":[`, m.AllowSymlinks)
	for i, p := range m.IgnorePaths {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quote(p))
	}
	b.WriteString(`]},"resources":[`)
	for i, r := range m.Resources {
		if !utf8.ValidString(r.Name) || strings.ContainsAny(r.Name, "\\\x00") {
			return nil, fmt.Errorf("%q cannot stand in a signature of a model: rename it, or leave it out with --ignore", r.Name)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"name":` + quote(r.Name) + `,"digest":"` + hex.EncodeToString(r.Digest) + `","algorithm":"sha256"}`)
	}
	b.WriteString(`]}}`)
	return b.Bytes(), nil
}

// LinkError is a link in a model's folder that its signature does not take.
type LinkError struct{ Name, Why string }

func (e *LinkError) Error() string { return fmt.Sprintf("%s is a link %s", e.Name, e.Why) }

// ModelFiles lists the files of a folder that a signature will cover, and what it leaves
// out, which its ignore_paths will say. A link is an error, where links are not allowed,
// and one to a folder always.
func ModelFiles(tree fs.FS, folder string, ignore []string, links bool) (names, left []string, err error) {
	for _, p := range ignore {
		if !fs.ValidPath(p) || p == "." || strings.ContainsAny(p, `*?[\`) {
			return nil, nil, fmt.Errorf("%q is no path below the model's folder; it is one file or folder, without * and ?", p)
		}
	}
	left = slices.Sorted(slices.Values(append(ignored(), ignore...)))
	left = slices.Compact(left)
	found, err := Links(tree, folder, ignore)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range found {
		info, err := fs.Stat(tree, path.Join(folder, l))
		switch {
		case !links:
			return nil, nil, &LinkError{l, "and a signature covers none as it is; put the file there, allow links with --allow-symlinks, or leave it out with --ignore"}
		case err != nil:
			return nil, nil, &LinkError{l, "to nothing; remove it, or leave it out with --ignore"}
		case !info.Mode().IsRegular():
			return nil, nil, &LinkError{l, "to a folder, which no signature covers; put the files there, or leave it out with --ignore"}
		}
	}
	names, err = Files(tree, folder, ignore, links)
	if err == nil && len(names) == 0 {
		err = errors.New("the folder has no files: nothing to sign")
	}
	return names, left, err
}
