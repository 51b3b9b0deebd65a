package datadesc

import (
	"io/fs"
	"math/big"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var quantity = pattern.Lazy(`^(\d{1,19}(?:,\d{3}){0,6}(?:\.\d{1,18})?)\s*([A-Za-z]*)$`)

// BytesOf reads "10585 B", "1 MB", "3.1 TiB" or a bare number as bytes.
func BytesOf(text string) (int64, bool) {
	m := quantity.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	factor, ok := unit(strings.ToLower(m[2]))
	n, good := new(big.Rat).SetString(strings.ReplaceAll(m[1], ",", ""))
	if !ok || !good {
		return 0, false
	}
	n.Mul(n, new(big.Rat).SetInt64(factor))
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	return whole.Int64(), whole.IsInt64()
}

// Exact tells whether a size is stated in bytes and not in rounded multiples.
func Exact(text string) bool {
	m := quantity.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || strings.Contains(m[1], ".") {
		return false
	}
	factor, ok := unit(strings.ToLower(m[2]))
	return ok && factor == 1
}

func unit(name string) (int64, bool) {
	switch name {
	case "", "b", "byte", "bytes":
		return 1, true
	}
	base := int64(1000)
	if len(name) == 3 && name[1:] == "ib" {
		base = 1024
	} else if len(name) != 2 || name[1] != 'b' {
		return 0, false
	}
	power := strings.IndexByte("kmgtpe", name[0]) + 1
	factor := int64(1)
	for range power {
		factor *= base
	}
	return factor, power > 0
}

var scheme = pattern.Lazy(`^[A-Za-z][A-Za-z0-9+.-]*:`)

// Escapes tells whether a path or pattern leaves the folder that it is relative
// to, as it stands or with its percent signs decoded.
func Escapes(name string) bool {
	if strings.HasPrefix(strings.ToLower(name), "file:") {
		return true
	}
	decoded, err := url.PathUnescape(name)
	if err != nil {
		decoded = name
	}
	for _, n := range []string{name, decoded} {
		n = strings.ReplaceAll(n, `\`, "/")
		if strings.HasPrefix(n, "/") || len(n) > 2 && n[1] == ':' && n[2] == '/' {
			return true
		}
		if scheme.MatchString(n) {
			continue
		}
		depth := 0
		for _, element := range strings.Split(n, "/") {
			switch element {
			case "", ".":
			case "..":
				if depth--; depth < 0 {
					return true
				}
			default:
				depth++
			}
		}
	}
	return false
}

// Local gives a relative path in its plain spelling; ok is false for an
// address, for the folder itself and for what is no path.
func Local(name string) (string, bool) {
	if len(name) > 2*MaxWord || scheme.MatchString(name) || strings.ContainsAny(name, "\x00\n\r\t\\*") {
		return "", false
	}
	name = path.Clean(name)
	return name, name != "." && fs.ValidPath(name)
}

func formatSize(n int64) string { return strconv.FormatInt(n, 10) + " bytes" }

// Size fills a file's size from a text: "10585 B", "1 MB". What is no plain count of
// bytes is rounded, so it is kept as stated too.
func (s *Draft) Size(text string, line int) {
	n, ok := BytesOf(text)
	if ok && n > 0 {
		s.File.Size, s.sized = n, Exact(text)
		s.Mark("file.size", line)
	}
	if strings.ContainsAny(text, "123456789") && (!ok || !Exact(text)) {
		s.Property("content-size", text, line)
	}
}
