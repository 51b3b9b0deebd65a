package datadesc

import "strings"

// EmptyDigest is the SHA-256 of no bytes.
const EmptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Algorithms are those by which descriptions state digests, as they are spelt there
// and in CycloneDX, with the size of a digest in bytes.
var algorithms = [...]struct {
	key, name string
	size      int
}{{"md5", "MD5", 16}, {"sha1", "SHA-1", 20}, {"sha256", "SHA-256", 32}, {"sha384", "SHA-384", 48}, {"sha512", "SHA-512", 64}}

// Digest gives a digest in lower-case hexadecimal where it has the length of its
// algorithm and is not one digit over and over. The algorithm is spelt "sha256",
// "SHA-256", "sha_256"; name is CycloneDX's, "" for one that is not known.
func Digest(algorithm, text string) (name, value string, ok bool) {
	algorithm = strings.NewReplacer("-", "", "_", "", ":", "").Replace(strings.ToLower(algorithm))
	for _, a := range algorithms {
		if a.key != algorithm {
			continue
		}
		text = strings.ToLower(strings.TrimSpace(text))
		if len(text) != 2*a.size || strings.Trim(text, "0123456789abcdef") != "" || strings.Count(text, text[:1]) == len(text) {
			return a.name, "", false
		}
		return a.name, text, true
	}
	return "", "", false
}
