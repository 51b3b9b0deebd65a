package hub

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"testing"
)

// FuzzPack: whatever a host sends as a history, it is a history or an error.
func FuzzPack(f *testing.F) {
	head := append([]byte("PACK\x00\x00\x00\x02"), 0, 0, 0, 1)
	f.Add(append(head, 0x95, 0x0a, 0x78, 0x9c, 1, 0, 0))
	f.Add([]byte("0010packfile\n0005\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		sum := sha1.Sum(data)
		readPack(append(data[:len(data):len(data)], sum[:]...))
		sideband(data)
		canFilter(data)
		applyDelta([]byte("base"), data)
		readCommit(data)
		keyOf(string(data))
		pgpIssuer(data)
		sshKey(data)
	})
}

func TestKeyOf(t *testing.T) {
	// made by GnuPG with a key for this test
	pgp := `-----BEGIN PGP SIGNATURE-----

iHUEABYIAB0WIQQrchC42UBSyW3wsk/v9JfRpuRcwQUCawfCywAKCRDv9JfRpuRc
wRMLAQDdKkxWbABh/mia0/HxRdVPlQp5nW8/P5i2UoWg7E5VUAD/TD706Ede042A
zFT5AWI0IStgay6oNoxDD6rKxHUPOAQ=
=dRNP
-----END PGP SIGNATURE-----`
	for armour, want := range map[string]string{pgp: "pgp:2B7210B8D94052C96DF0B24FEFF497D1A6E45CC1", "": "none", "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----": "pgp", "-----BEGIN SSH SIGNATURE-----\nAAAA\n": "ssh", "x": "unknown"} {
		if got := keyOf(armour); got != want {
			t.Errorf("%q: %q", armour, got)
		}
	}
	blob := append([]byte("SSHSIG\x00\x00\x00\x01"), binary.BigEndian.AppendUint32(nil, 3)...)
	sum := sha256.Sum256([]byte("key"))
	if got := sshKey(append(blob, "key"...)); got != "SHA256:"+base64.RawStdEncoding.EncodeToString(sum[:]) {
		t.Errorf("%q", got)
	}
}
