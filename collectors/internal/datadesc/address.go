package datadesc

import (
	"net/url"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// CleanURL gives a web address without what is secret in it: user, password and
// a query that signs; "" for anything else.
func CleanURL(address string) string {
	address = strings.TrimSpace(address)
	if len(address) > 2*MaxWord || strings.ContainsAny(address, " \t\n\"<>\\") {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp", "s3", "gs", "hf", "git":
	default:
		return ""
	}
	if u.User != nil {
		u.User = nil
		address = u.String()
	}
	for key := range u.Query() {
		if Secret(key) {
			u.RawQuery = ""
			return u.String()
		}
	}
	return address
}

// Secret tells whether a value is one that nobody is to see, by the name that it has.
func Secret(key string) bool {
	key = strings.ToLower(key)
	for _, word := range []string{"token", "signature", "credential", "secret", "password", "apikey", "api_key", "x-amz-", "x-goog-", "auth", "access-key", "access_key"} {
		if strings.Contains(key, word) {
			return true
		}
	}
	return key == "sig" || key == "key"
}

// RefType is the type of the reference that an address makes.
func RefType(address string) string {
	host := strings.ToLower(address)
	_, host, _ = strings.Cut(host, "://")
	path := ""
	host, path, _ = strings.Cut(host, "/")
	switch strings.TrimPrefix(host, "www.") {
	case "github.com", "gitlab.com", "bitbucket.org":
		return "vcs"
	case "doi.org", "dx.doi.org", "arxiv.org":
		return "documentation"
	}
	if strings.HasSuffix(path, ".pdf") {
		return "documentation"
	}
	return "website"
}

var doi = pattern.Lazy(`^(?i:doi:|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)$`)

// DOI gives the address of a DOI that stands bare, with its scheme or as an
// address; "" for anything else.
func DOI(text string) string {
	m := doi.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil || len(m[1]) > MaxWord {
		return ""
	}
	return CleanURL("https://doi.org/" + m[1])
}
