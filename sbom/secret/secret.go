// Package secret knows credentials by their looks: tokens and keys whose issuers give
// them a beginning of their own, and passwords in addresses
// (https://docs.github.com/en/code-security/secret-scanning, RFC 3986 section 3.2.1).
//
// Not understood: secrets that look like any other word, and those that are encoded.
package secret

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Redacted stands where a secret was.
const Redacted = "..."

// issuer is a beginning and what follows it.
type issuer struct{ begin, rest, what string }

// issuers in the order in which they are tried: the longer beginning first.
var issuers = []issuer{
	{"hf_", `[A-Za-z0-9]{16,}`, "a token of Hugging Face"},
	{"github_pat_", `[A-Za-z0-9_]{20,}`, "a token of GitHub"},
	{"ghp_", `[A-Za-z0-9]{20,}`, "a token of GitHub"},
	{"gho_", `[A-Za-z0-9]{20,}`, "a token of GitHub"},
	{"ghu_", `[A-Za-z0-9]{20,}`, "a token of GitHub"},
	{"ghs_", `[A-Za-z0-9]{20,}`, "a token of GitHub"},
	{"ghr_", `[A-Za-z0-9]{20,}`, "a token of GitHub"},
	{"sk-ant-", `[A-Za-z0-9_-]{20,}`, "a key of Anthropic"},
	{"sk-", `[A-Za-z0-9_-]{20,}`, "a key of OpenAI"},
	{"AKIA", `[A-Z0-9]{16}`, "a key of AWS"},
	{"ASIA", `[A-Z0-9]{16}`, "a key of AWS"},
	{"glpat-", `[A-Za-z0-9_-]{16,}`, "a token of GitLab"},
	{"xoxa-", `[A-Za-z0-9-]{10,}`, "a token of Slack"},
	{"xoxb-", `[A-Za-z0-9-]{10,}`, "a token of Slack"},
	{"xoxp-", `[A-Za-z0-9-]{10,}`, "a token of Slack"},
	{"xoxr-", `[A-Za-z0-9-]{10,}`, "a token of Slack"},
	{"xoxs-", `[A-Za-z0-9-]{10,}`, "a token of Slack"},
	{"AIza", `[A-Za-z0-9_-]{30,}`, "a key of Google"},
}

const shortest = 15 // of all tokens, in bytes

var issued = sync.OnceValue(func() *regexp.Regexp {
	var all []string
	for _, i := range issuers {
		all = append(all, i.begin+i.rest)
	}
	return regexp.MustCompile(`\b(?:` + strings.Join(all, "|") + `)`)
})

// password is a name and a password before the host of an address.
var password = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)([^\s/?#'"<>@:]*):([^\s/?#'"<>@]*)@`)
})

// Hide takes the credentials out of a text, and says of each kind what it looks like.
// What stands for one in an example ("hf_xxxxxxxx", "user:password@") stays: it is no
// secret, and a reader wants to see it.
func Hide(text string) (clean string, kinds []string) {
	if !May(text) {
		return text, nil
	}
	note := func(what string) string {
		if !slices.Contains(kinds, what) {
			kinds = append(kinds, what)
		}
		return Redacted
	}
	clean = issued().ReplaceAllStringFunc(text, func(hit string) string {
		for _, i := range issuers {
			if rest, ok := strings.CutPrefix(hit, i.begin); ok {
				if random(rest, i.what) {
					return note(i.what)
				}
				break
			}
		}
		return hit
	})
	clean = password().ReplaceAllStringFunc(clean, func(hit string) string {
		m := password().FindStringSubmatch(hit)
		if standIn(m[3]) {
			return hit
		}
		note("a password in an address")
		return m[1]
	})
	return clean, kinds
}

// Mask takes out all that has the shape of a token, in examples too.
func Mask(text string) string {
	if !begins(text) {
		return text
	}
	return issued().ReplaceAllString(text, Redacted)
}

// May tells quickly whether a text can hold a secret: most do not.
func May(text string) bool {
	if at := strings.Index(text, "://"); at >= 0 && strings.IndexByte(text[at:], '@') > 0 {
		return true
	}
	return begins(text)
}

func begins(text string) bool {
	if len(text) < shortest {
		return false
	}
	line, dash := strings.IndexByte(text, '_') >= 0, strings.IndexByte(text, '-') >= 0
	for _, i := range issuers {
		last := i.begin[len(i.begin)-1]
		if (line || last != '_') && (dash || last != '-') && strings.Contains(text, i.begin) {
			return true
		}
	}
	return false
}

// random tells letters that a machine drew from words and stand-ins: there are small
// and capital ones or digits among them, no letter fills the text, and no "EXAMPLE".
func random(s, what string) bool {
	lower, upper, digit := false, false, false
	count := [128]int{}
	for _, r := range s {
		lower, upper, digit = lower || r >= 'a' && r <= 'z', upper || r >= 'A' && r <= 'Z', digit || r >= '0' && r <= '9'
		if count[r&127]++; count[r&127] > len(s)/3 {
			return false
		}
	}
	if u := strings.ToUpper(s); strings.Contains(u, "EXAMPLE") || strings.Contains(u, "YOUR") || strings.Contains(u, "1234567890") || strings.Contains(u, "ABCDEF") || strings.Contains(u, "XXXX") {
		return false
	}
	switch {
	case strings.HasSuffix(what, "AWS"):
		return digit && upper
	case strings.HasSuffix(what, "Slack"), strings.HasSuffix(what, "GitHub"):
		return digit && (lower || upper)
	case strings.HasSuffix(what, "Hugging Face"):
		return lower && upper
	}
	return lower && upper && digit
}

// standIn knows what documentation writes in the place of a password.
func standIn(s string) bool {
	switch strings.ToLower(strings.Trim(s, "*_-[](){}$%")) {
	case "", "pass", "password", "passwd", "pwd", "pw", "token", "secret", "api_key", "apikey", "key", "changeme", "yourpassword", "your_password", "your-password", "mypassword",
		"xxx", "xxxx", "xxxxx", "xxxxxx", "xxxxxxxx", "port", "p", "x-oauth-basic", Redacted:
		return true
	}
	return strings.ContainsAny(s, "${}<>[]%*") && !strings.Contains(s, "%40") || strings.HasPrefix(strings.ToLower(s), "your") || strings.Contains(strings.ToUpper(s), "TOKEN")
}
