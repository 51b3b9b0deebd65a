package main

import (
	"crypto/sha512"
	"fmt"
	"hash"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"
	"github.com/zeebo/blake3"

	"github.com/mlbom/mlbom/sbom"
)

const (
	hashNone   = "none"
	hashSHA256 = "sha256"
)

// digests are the words of --hash beside these two.
func digests() map[string]sbom.Algorithm {
	return map[string]sbom.Algorithm{
		"sha384": {Name: "SHA-384", New: sha512.New384},
		"sha512": {Name: "SHA-512", New: sha512.New},
		"blake3": {Name: "BLAKE3", New: func() hash.Hash { return blake3.New() }},
	}
}

// settingsFlags are what is asked of all collectors.
func settingsFlags() []cli.Flag {
	limit := func(name, help string, most int64) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: help + " (default " + sizeText(most) + ")", EnvVars: env(name)}
	}
	count := func(name, help string, most int64) cli.Flag {
		return &cli.StringFlag{Name: name, Usage: fmt.Sprintf("%s (default %d)", help, most), EnvVars: env(name)}
	}
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "hash", Usage: "make the digest `ALGORITHM` of files too: sha256 (always made), sha384, sha512, blake3; or none: no file is read but for its header", EnvVars: env("hash")},
		&cli.StringSliceFlag{Name: "trust-key", Usage: "trust signatures of models by the public key in `FILE` (PEM)", EnvVars: env("trust-key")},
		&cli.StringSliceFlag{Name: "trust-cert", Usage: "trust signatures of models by certificates that lead to those in `FILE` (PEM)", EnvVars: env("trust-cert")},
		&cli.BoolFlag{Name: "no-content-id", Usage: "make no digests of single tensors, so that models have no content id", EnvVars: env("no-content-id")},
		&cli.BoolFlag{Name: "profile-data", Usage: "read files of data in whole, to count rows, nulls, distinct values and labels; else the first MiB of each, headers and footers must do", EnvVars: env("profile-data")},
		limit("max-header", "hold at most `SIZE` of a file's header in memory", sbom.MaxHeader),
		limit("max-unpacked", "unpack at most `SIZE` of one archive, with those inside it", sbom.MaxUnpacked),
		count("max-depth", "go `N` archives in archives deep", sbom.MaxNesting),
		count("max-members", "read `N` members of one archive, with those inside it", sbom.MaxMembers),
		count("max-opcodes", "follow `N` opcodes of the pickles in one file", sbom.MaxOpcodes),
	}
}

// newSettings reads these flags.
func newSettings(c *cli.Context) (sbom.Settings, error) {
	s := sbom.Settings{Hashing: sbom.Hashing{NoContent: c.Bool("no-content-id")}, Profile: c.Bool("profile-data")}
	known := digests()
	words := strings.Split(strings.Join(c.StringSlice("hash"), ","), ",")
	for _, w := range words {
		w = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(w), "-", ""))
		a, ok := known[w]
		switch {
		case w == hashNone:
			s.Hashing.None = true
		case w == hashSHA256 || w == "":
		case !ok:
			return s, usage("--hash %q: say sha256, sha384, sha512, blake3 or none", w)
		case !slices.ContainsFunc(s.Hashing.Also, func(b sbom.Algorithm) bool { return a.Name == b.Name }):
			s.Hashing.Also = append(s.Hashing.Also, a)
		}
	}
	if s.Hashing.None && len(words) > 1 {
		return s, usage("--hash none goes with no other")
	}
	slices.SortFunc(s.Hashing.Also, func(a, b sbom.Algorithm) int { return strings.Compare(b.Name, a.Name) })
	var depth, members int64
	for _, l := range []struct {
		name  string
		into  *int64
		most  int64
		parse func(string) (int64, error)
		wants string
	}{
		{"max-header", &s.Limits.Header, math.MaxInt32, parseSize, "a size up to 2GiB, such as 512MiB"},
		{"max-unpacked", &s.Limits.Unpacked, math.MaxInt64, parseSize, "a size such as 64GiB"},
		{"max-depth", &depth, 1000, parseCount, "a number from 1 to 1000"},
		{"max-members", &members, math.MaxInt32, parseCount, "a number from 1 on, such as 1000000"},
		{"max-opcodes", &s.Limits.Opcodes, math.MaxInt64, parseCount, "a number from 1 on, such as 100000000"},
	} {
		text := c.String(l.name)
		if text == "" {
			continue
		}
		n, err := l.parse(text)
		if err != nil || n > l.most {
			return s, usage("--%s %q: want %s", l.name, text, l.wants)
		}
		*l.into = n
	}
	s.Limits.Depth, s.Limits.Members = int(depth), int(members)
	trust, err := readTrust(c.StringSlice("trust-key"), c.StringSlice("trust-cert"))
	s.Trust = trust
	return s, err
}

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && n < 1 {
		err = strconv.ErrRange
	}
	return n, err
}

var sizePattern = regexp.MustCompile(`^([0-9]{1,19})\s*(?i:([kmgt])(i?)b|b)?$`)

// parseSize reads bytes: "4096", "512MiB" (binary), "10 GB" (decimal).
func parseSize(text string) (int64, error) {
	m := sizePattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, fmt.Errorf("%q is no size", text)
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is no size above 0", text)
	}
	if m[2] == "" {
		return n, nil
	}
	base := int64(1000)
	if m[3] != "" {
		base = 1024
	}
	for range strings.Index("kmgt", strings.ToLower(m[2])) + 1 {
		if n > math.MaxInt64/base {
			return 0, fmt.Errorf("%q is too large", text)
		}
		n *= base
	}
	return n, nil
}

// sizeText writes a size that is a whole number of binary units.
func sizeText(n int64) string {
	units := []string{"", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for n >= 1024 && n%1024 == 0 && i < len(units)-1 {
		n, i = n/1024, i+1
	}
	return strconv.FormatInt(n, 10) + units[i]
}
