package sbom

import (
	"cmp"
	"crypto"
	"crypto/x509"
	"hash"
)

// Settings are what the user asks of all collectors; the zero value is the default.
type Settings struct {
	Hashing Hashing
	Limits  Limits
	Trust   Trust
	// Profile: files of data are read in whole to count rows, nulls, distinct values
	// and labels; else a bounded sample and what headers and footers say must do.
	Profile bool
}

// Trust says whose signatures count.
type Trust struct {
	Keys  []crypto.PublicKey
	Roots []*x509.Certificate
}

// Hashing says which digests are made of a file's bytes.
type Hashing struct {
	None      bool        // no file is read for its digest
	Also      []Algorithm // beside SHA-256
	NoContent bool        // no digests of single tensors, so no [Fingerprints].Content
}

// Algorithm makes a digest; the name is spelt as in CycloneDX: "SHA-512".
type Algorithm struct {
	Name string
	New  func() hash.Hash
}

// Limits bound what is read of one file. A value of 0 is the default.
type Limits struct {
	Header   int64 // bytes of a header that is held in memory
	Unpacked int64 // bytes that all members of one archive, at any depth, unpack to
	Depth    int   // archives in archives
	Members  int   // members of one archive, at any depth
	Opcodes  int64 // opcodes of all pickles in one file
}

// The defaults of [Limits].
const (
	MaxHeader   = 256 << 20
	MaxUnpacked = 64 << 30
	MaxNesting  = 8
	MaxMembers  = 1_000_000
	MaxOpcodes  = 100_000_000
)

// WithDefaults fills what is 0.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Header:   cmp.Or(l.Header, MaxHeader),
		Unpacked: cmp.Or(l.Unpacked, MaxUnpacked),
		Depth:    cmp.Or(l.Depth, MaxNesting),
		Members:  cmp.Or(l.Members, MaxMembers),
		Opcodes:  cmp.Or(l.Opcodes, MaxOpcodes),
	}
}
