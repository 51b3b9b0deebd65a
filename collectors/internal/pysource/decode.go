package pysource

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var cookie = pattern.Lazy(`^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)`)

// windows1252 holds what bytes 0x80 to 0x9f mean there.
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

// Decode makes UTF-8 with plain newlines of the bytes of a source file, after
// PEP 263: a byte order mark, else the encoding that the first two lines name.
func Decode(data []byte) (string, error) {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"} {
		if bytes.HasPrefix(data, []byte(mark)) {
			return sbom.DecodeText(data)
		}
	}
	encoding := encodingOf(data)
	switch encoding {
	case "latin-1", "iso-8859-1", "latin1", "l1", "iso8859-1", "cp819":
		return single(data, nil)
	case "cp1252", "windows-1252", "1252":
		return single(data, []rune(windows1252))
	case "", "utf-8", "utf8", "utf-8-sig", "utf-8-unix", "ascii", "us-ascii":
		if !utf8.Valid(data) {
			return "", errors.New("the source is no UTF-8, and names no other encoding")
		}
		return sbom.DecodeText(data)
	}
	if ascii(data) {
		return sbom.DecodeText(data)
	}
	return "", fmt.Errorf("the source is in the encoding %.40q, which is not read", encoding)
}

func ascii(data []byte) bool {
	return !bytes.ContainsFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })
}

func encodingOf(data []byte) string {
	for i, line := range bytes.SplitN(data, []byte("\n"), 3) {
		if m := cookie.FindSubmatch(line); m != nil && i < 2 {
			return strings.ReplaceAll(strings.ToLower(string(m[1])), "_", "-")
		}
		if t := bytes.TrimSpace(line); len(t) > 0 && t[0] != '#' {
			break
		}
	}
	return ""
}

func single(data []byte, high []rune) (string, error) {
	var b strings.Builder
	for _, c := range data {
		if r := rune(c); high != nil && c >= 0x80 && c < 0xa0 {
			b.WriteRune(high[c-0x80])
		} else {
			b.WriteRune(r)
		}
	}
	return sbom.DecodeText([]byte(b.String()))
}

const maxFile = 4 << 20 // bytes of a file that a source names

// ReadFile gives the text of a file of the tree; not of links out of it, of
// folders, or of what is too large.
func ReadFile(tree fs.FS, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", errors.New("the file is outside of the tree")
	}
	h, err := tree.Open(name)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "", errors.New("the file cannot be read: permission denied")
	case err != nil:
		return "", errors.New("the file is not in the tree")
	}
	defer func() { _ = h.Close() }()
	if info, err := h.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", errors.New("it is no file")
	}
	data, err := io.ReadAll(io.LimitReader(h, maxFile+1))
	if err != nil {
		return "", err
	}
	if len(data) > maxFile {
		return "", fmt.Errorf("the file is larger than %d MiB", maxFile>>20)
	}
	return Decode(data)
}
