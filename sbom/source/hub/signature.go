package hub

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// signatureWord says what sort of signature it is.
func signatureWord(armour string) string {
	switch {
	case armour == "":
		return "none"
	case strings.Contains(armour, "BEGIN PGP "):
		return "pgp"
	case strings.Contains(armour, "BEGIN SSH "):
		return "ssh"
	case strings.Contains(armour, "BEGIN SIGNED MESSAGE"), strings.Contains(armour, "BEGIN CMS"):
		return "x509"
	}
	return "unknown"
}

// keyOf names the key of a signature: "pgp:FINGERPRINT" or its last 16 digits,
// "ssh:SHA256:...", or the sort alone where it is not understood.
func keyOf(armour string) string {
	word := signatureWord(armour)
	data := dearmoured(armour)
	switch word {
	case "pgp":
		if key := pgpIssuer(data); key != "" {
			return "pgp:" + key
		}
	case "ssh":
		if key := sshKey(data); key != "" {
			return "ssh:" + key
		}
	}
	return word
}

// dearmoured gives the bytes between the lines of armour (RFC 9580, section 6).
func dearmoured(armour string) []byte {
	var b strings.Builder
	for line := range strings.SplitSeq(armour, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "-----") || strings.HasPrefix(line, "=") || strings.Contains(line, ": ") {
			continue
		}
		b.WriteString(line)
	}
	data, err := base64.StdEncoding.DecodeString(b.String())
	if err != nil {
		return nil
	}
	return data
}

// pgpIssuer gives the fingerprint in a signature packet of version 4, or the key id
// (RFC 9580, section 5.2.3; subpackets 33 and 16).
func pgpIssuer(data []byte) string {
	body := pgpBody(data)
	if len(body) < 6 || body[0] != 4 {
		return ""
	}
	rest, id := body[4:], ""
	for range 2 { // hashed subpackets, and others
		if len(rest) < 2 {
			return id
		}
		n := int(binary.BigEndian.Uint16(rest))
		if n > len(rest)-2 {
			return id
		}
		area := rest[2 : 2+n]
		rest = rest[2+n:]
		for len(area) > 0 {
			kind, content, next := pgpSubpacket(area)
			if next == nil {
				break
			}
			switch {
			case kind == 33 && len(content) > 1:
				return strings.ToUpper(hex.EncodeToString(content[1:]))
			case kind == 16 && len(content) == 8:
				id = strings.ToUpper(hex.EncodeToString(content))
			}
			area = next
		}
	}
	return id
}

// pgpBody is the content of the first packet, where it is a signature (tag 2).
func pgpBody(data []byte) []byte {
	if len(data) < 3 || data[0]&0x80 == 0 {
		return nil
	}
	tag, head, n := int(data[0]>>2&15), 2, int(data[1])
	if data[0]&0x40 != 0 { // the new format of packets
		tag = int(data[0] & 0x3f)
		if n >= 192 && n < 224 {
			head, n = 3, (n-192)<<8+int(data[2])+192
		} else if n >= 224 {
			return nil
		}
	} else if data[0]&3 == 1 {
		head, n = 3, int(binary.BigEndian.Uint16(data[1:]))
	} else if data[0]&3 > 1 {
		return nil
	}
	if tag != 2 || n > len(data)-head {
		return nil
	}
	return data[head : head+n]
}

// pgpSubpacket takes one off; next is nil where it is broken.
func pgpSubpacket(area []byte) (kind int, content, next []byte) {
	head, n := 1, int(area[0])
	switch {
	case n >= 192 && n < 255:
		if len(area) < 2 {
			return 0, nil, nil
		}
		head, n = 2, (n-192)<<8+int(area[1])+192
	case n == 255:
		return 0, nil, nil
	}
	if n < 1 || n > len(area)-head {
		return 0, nil, nil
	}
	content = area[head : head+n]
	return int(content[0] & 0x7f), content[1:], area[head+n:]
}

// sshKey gives the fingerprint of the public key in a signature of OpenSSH
// (PROTOCOL.sshsig): "SHA256:..." as ssh-keygen -l writes it.
func sshKey(data []byte) string {
	rest, ok := strings.CutPrefix(string(data), "SSHSIG")
	if !ok || len(rest) < 8 {
		return ""
	}
	n := int64(binary.BigEndian.Uint32([]byte(rest[4:8])))
	if n > int64(len(rest)-8) {
		return ""
	}
	sum := sha256.Sum256([]byte(rest[8 : 8+n]))
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}
