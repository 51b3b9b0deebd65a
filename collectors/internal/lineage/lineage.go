// Package lineage reads what files of pipelines have in common: addresses of data
// and paths that may lead out of the tree, commands that may hold a secret, and
// values that are nested and become names with dots.
package lineage

import (
	"net/url"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/secret"
)

// schemes are those of addresses that name data for others too.
var schemes = map[string]bool{"http": true, "https": true, "ftp": true, "ftps": true, "sftp": true, "ssh": true, "git": true, "s3": true, "s3a": true, "s3n": true, "gs": true, "gcs": true,
	"az": true, "azure": true, "abfs": true, "abfss": true, "wasb": true, "wasbs": true, "adl": true, "hdfs": true, "webhdfs": true, "oss": true, "oci": true, "dbfs": true,
	"hf": true, "lakefs": true, "gdrive": true, "minio": true, "r2": true, "bigquery": true, "bq": true, "docker": true, "webdav": true, "webdavs": true,
	"redshift": true, "snowflake": true, "delta": true, "kaggle": true, "wandb-artifact": true}

const maxURL = 2000 // bytes

// containers are schemes whose addresses begin with "CONTAINER@ACCOUNT", which is no
// credential.
var containers = map[string]bool{"abfs": true, "abfss": true, "wasb": true, "wasbs": true}

// URL gives an address without credentials, query and fragment, which may be secret;
// "" for what is no address of a service.
func URL(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxURL || !strings.Contains(s, "://") || strings.ContainsAny(s, " \t\n{}<>`") {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || !schemes[strings.ToLower(u.Scheme)] || u.Host == "" {
		return ""
	}
	if !containers[u.Scheme] {
		u.User = nil
	} else if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = "", false, "", ""
	return u.String()
}

var shortGit = pattern.Lazy(`^(?:[\w.-]+@)?([\w.-]+\.[A-Za-z]{2,}):([^\s:]+)$`)

// Repository gives the address of a Git repository without credentials and without
// ".git"; that of "git@host:owner/name" is written as one of the web. "" for a path.
func Repository(s string) string {
	s = strings.TrimSpace(s)
	if m := shortGit.FindStringSubmatch(s); m != nil {
		s = "https://" + m[1] + "/" + m[2]
	}
	s = strings.TrimPrefix(s, "git+")
	if rest, ok := strings.CutPrefix(s, "ssh://"); ok {
		s = "https://" + rest[strings.Index(rest, "@")+1:]
	}
	return strings.TrimSuffix(strings.TrimSuffix(URL(s), "/"), ".git")
}

// Inside gives the path in the tree to which a path in a file of folder dir leads;
// "" where it leads out, or is none. A slash at the end stays.
func Inside(dir, name string) string {
	if name == "" || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "~") || strings.Contains(name, "://") || strings.ContainsAny(name, "\x00\n") || drive.MatchString(name) {
		return ""
	}
	at := path.Join(dir, name)
	if at == ".." || strings.HasPrefix(at, "../") || at == "." {
		return ""
	}
	if strings.HasSuffix(name, "/") {
		at += "/"
	}
	return at
}

var drive = pattern.Lazy(`^[A-Za-z]:`)

// Name is what is shown of a path that leads out of the tree: its last part alone,
// for the rest tells of somebody's machine.
func Name(p string) string {
	base := path.Base(strings.ReplaceAll(strings.TrimRight(p, "/\\"), "\\", "/"))
	if base == "." || base == "/" || base == ".." {
		return ""
	}
	return base
}

const redacted = secret.Redacted

var (
	// secretFlag takes the value of an option, or of a variable, that holds a secret.
	secretFlag = pattern.Lazy(`(?i)((?:^|[\s;&|'"-])-{0,2}[\w.-]*(?:passwords?|passwd|secrets?|token|api[_-]?keys?|access[_-]?keys?|private[_-]?keys?|credentials?)["']?(?:\s*[=:]\s*|\s+))("[^"]*"|'[^']*'|\$\{[^}]*\}|[^\s"';&|]+)`)
	// userInURL takes credentials in an address.
	userInURL = pattern.Lazy(`([A-Za-z][A-Za-z0-9+.-]*://)[^\s/?#'"]*@`)
	// secretQuery takes what in the query of an address looks like a secret.
	secretQuery = pattern.Lazy(`(?i)([?&][^=&\s'"]*(?:token|key|secret|sig|signature|password|credential|auth)[^=&\s'"]*=)[^&\s'"#]+`)
	// secretName knows the name of a value that is one.
	secretName = pattern.Lazy(`(?i)(?:^|[._-])(?:password|passwd|pwd|secret|token|auth[_-]?token|hf[_-]?token|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret[_-]?(?:access[_-]?)?key|private[_-]?key|credentials?|connection[_-]?string|sas)$`)
	mailed     = pattern.Lazy(`[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}`)
)

// Command gives a command without the secrets that its options and addresses hold,
// as far as their names tell; a variable of the shell is none.
func Command(s string) string {
	s = userInURL.ReplaceAllString(s, "$1")
	s = secretQuery.ReplaceAllString(s, "${1}"+redacted)
	s = secret.Mask(s)
	return secretFlag.ReplaceAllStringFunc(s, func(hit string) string {
		m := secretFlag.FindStringSubmatch(hit)
		if strings.HasPrefix(m[2], "$") || strings.HasPrefix(m[2], "-") || !strings.ContainsAny(m[1], "=:") && !strings.Contains(m[1], "--") {
			return hit
		}
		return m[1] + redacted
	})
}

// Image gives the name of a container's image without the credentials that people put
// before its registry: "user:word@registry.example/image". A digest stays.
func Image(s string) string {
	s = Command(s)
	scheme, rest := "", s
	if at := strings.Index(s, "://"); at >= 0 {
		scheme, rest = s[:at+3], s[at+3:]
	}
	registry, name, below := strings.Cut(rest, "/")
	if user, host, ok := strings.Cut(registry, "@"); ok && below && strings.Contains(user, ":") {
		return scheme + host + "/" + name
	}
	return s
}

// Secret tells whether a value of that name is not to be shown.
func Secret(name string) bool { return secretName.MatchString(name) }

// homes are folders of people.
var homes = pattern.Lazy(`(^|[^\w./-]|file://)(?:/home|/Users|[A-Za-z]:[/\\]Users)[/\\][^/\\\s"']+`)

// Shown is a text without secrets, addresses of people and names of their folders, as
// far as these can be told.
func Shown(s string) string { return homes.ReplaceAllString(NoMail(Command(s)), "${1}"+redacted) }

// NoMail takes addresses of people out of a text.
func NoMail(s string) string { return mailed.ReplaceAllString(s, redacted) }

// Clip cuts a text at a whole character.
func Clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + redacted
}

// Property makes a property where there is a value.
func Property(list []sbom.Property, name, value string) []sbom.Property {
	if value == "" {
		return list
	}
	return append(list, sbom.Property{Name: name, Value: value})
}
