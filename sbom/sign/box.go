package sign

import (
	"crypto/rand"
	"encoding/json"
	"errors"

	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/scrypt"
)

// The two names that cosign gave its encrypted keys.
const (
	sigstoreKey = "ENCRYPTED SIGSTORE PRIVATE KEY"
	cosignKey   = "ENCRYPTED COSIGN PRIVATE KEY"
)

// box is the JSON in a key of cosign: a secret box under a key that scrypt makes of the
// password, in the form of go-securesystemslib/encrypted.
type box struct {
	KDF struct {
		Name   string `json:"name"`
		Params struct {
			N int `json:"N"`
			R int `json:"r"`
			P int `json:"p"`
		} `json:"params"`
		Salt []byte `json:"salt"`
	} `json:"kdf"`
	Cipher struct {
		Name  string `json:"name"`
		Nonce []byte `json:"nonce"`
	} `json:"cipher"`
	Ciphertext []byte `json:"ciphertext"`
}

// What scrypt may take for a key that somebody hands us: cosign's own is N 65536, r 8,
// which is 64 MiB, and the strongest that its library makes 128 MiB.
const (
	maxScryptN      = 1 << 20
	maxScryptMemory = 256 << 20 // 128 * N * r bytes
	maxScryptP      = 4
	scryptN         = 1 << 16
)

func openBox(data, password []byte) ([]byte, error) {
	var b box
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, errors.New("the encrypted key is damaged: its JSON cannot be read")
	}
	p := b.KDF.Params
	switch {
	case b.KDF.Name != "scrypt" || b.Cipher.Name != "nacl/secretbox":
		return nil, errors.New("the key is encrypted by other means than scrypt and nacl/secretbox")
	case p.N < 2 || p.N > maxScryptN || p.N&(p.N-1) != 0 || p.R < 1 || p.R > maxScryptMemory/128/p.N || p.P < 1 || p.P > maxScryptP:
		return nil, errors.New("the encrypted key asks for more work or memory than keys do; it is not opened")
	case len(b.Cipher.Nonce) != 24 || len(b.KDF.Salt) == 0:
		return nil, errors.New("the encrypted key is damaged: its salt or nonce is missing")
	case password == nil:
		return nil, ErrNoPassword
	}
	derived, err := scrypt.Key(password, b.KDF.Salt, p.N, p.R, p.P, 32)
	if err != nil {
		return nil, errors.New("the encrypted key is damaged: scrypt does not take its parameters")
	}
	plain, ok := secretbox.Open(nil, b.Ciphertext, (*[24]byte)(b.Cipher.Nonce), (*[32]byte)(derived))
	if !ok {
		return nil, ErrPassword
	}
	return plain, nil
}

func sealBox(plain, password []byte) ([]byte, error) {
	var b box
	b.KDF.Name, b.Cipher.Name = "scrypt", "nacl/secretbox"
	b.KDF.Params.N, b.KDF.Params.R, b.KDF.Params.P = scryptN, 8, 1
	b.KDF.Salt, b.Cipher.Nonce = make([]byte, 32), make([]byte, 24)
	for _, random := range [][]byte{b.KDF.Salt, b.Cipher.Nonce} {
		if _, err := rand.Read(random); err != nil {
			return nil, err
		}
	}
	derived, err := scrypt.Key(password, b.KDF.Salt, scryptN, 8, 1, 32)
	if err != nil {
		return nil, err
	}
	b.Ciphertext = secretbox.Seal(nil, plain, (*[24]byte)(b.Cipher.Nonce), (*[32]byte)(derived))
	return json.Marshal(b)
}
