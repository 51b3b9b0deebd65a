package conda

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
)

// defaultAlias is where a channel that is named without a host lies, unless the
// user's own configuration says otherwise (conda's channel_alias).
const defaultAlias = "https://conda.anaconda.org/"

// subdirs are the platforms of conda channels (conda's KNOWN_SUBDIRS and those
// that rattler knows beside them).
var subdirs = map[string]bool{"noarch": true, "emscripten-32": true, "emscripten-wasm32": true, "wasi-wasm32": true, "freebsd-64": true,
	"linux-32": true, "linux-64": true, "linux-aarch64": true, "linux-armv6l": true, "linux-armv7l": true, "linux-loongarch64": true,
	"linux-ppc64": true, "linux-ppc64le": true, "linux-riscv32": true, "linux-riscv64": true, "linux-s390x": true,
	"osx-64": true, "osx-arm64": true, "win-32": true, "win-64": true, "win-arm64": true, "zos-z": true}

var token = pattern.Lazy(`/t/[^/]+`)

// Clean gives an address without credentials: neither a user nor the token that
// Anaconda's servers take in the path ("/t/TOKEN/").
func Clean(at string) string {
	if at = pylock.Clean(at); !strings.Contains(at, "://") {
		return at
	}
	return token.ReplaceAllString(at, "")
}

// Redact takes credentials and tokens out of the addresses in any text, for messages.
func Redact(text string) string {
	return token.ReplaceAllString(pylock.Redact(text), "/t/...")
}

// ChannelURL gives the address of a channel, without credentials and without a
// slash at the end. The channel "defaults" is a list of addresses that each
// user configures, and has none; neither has a pattern, nor "local".
func ChannelURL(channel string) string {
	channel, _ = splitSubdir(strings.TrimSpace(channel))
	switch {
	case channel == "" || channel == "defaults" || channel == "nodefaults" || channel == "local" || strings.ContainsAny(channel, "*{$ \\"):
		return ""
	case strings.Contains(channel, "://"):
		return strings.TrimRight(Clean(channel), "/")
	case strings.HasPrefix(channel, ".") || strings.HasPrefix(channel, "/") || strings.HasPrefix(channel, "~"):
		return ""
	case strings.Contains(strings.SplitN(channel, "/", 2)[0], "."): // a host
		return "https://" + strings.TrimRight(channel, "/")
	}
	return defaultAlias + strings.Trim(channel, "/")
}

// splitSubdir parts "conda-forge/linux-64".
func splitSubdir(channel string) (name, subdir string) {
	channel = strings.TrimRight(channel, "/")
	if i := strings.LastIndexByte(channel, '/'); i >= 0 && subdirs[channel[i+1:]] {
		return channel[:i], channel[i+1:]
	}
	return channel, ""
}

// Archive is what the name and the place of a conda package file say.
type Archive struct {
	Name, Version, Build string
	Subdir               string
	Channel              string // address, without credentials
}

// IsArchive tells whether the name is that of a conda package file.
func IsArchive(name string) bool {
	return strings.HasSuffix(name, ".conda") || strings.HasSuffix(name, ".tar.bz2")
}

// ParseArchive reads an address or a path that ends in "name-version-build.conda"
// or ".tar.bz2". The platform and the channel are the folders above.
func ParseArchive(at string) (Archive, bool) {
	at, _, _ = strings.Cut(at, "#")
	dir, file := path.Split(at)
	if strings.Contains(file, "%") {
		file = unescape(file)
	}
	base, ok := strings.CutSuffix(file, ".conda")
	if !ok {
		base, ok = strings.CutSuffix(file, ".tar.bz2")
	}
	a, whole := SplitName(base)
	if !ok || !whole {
		return Archive{}, false
	}
	dir = strings.TrimSuffix(dir, "/")
	if i := strings.LastIndexByte(dir, '/'); i >= 0 && subdirs[dir[i+1:]] {
		a.Subdir = dir[i+1:]
		if strings.Contains(dir[:i], "://") {
			a.Channel = ChannelURL(dir[:i])
		}
	}
	return a, true
}

func unescape(s string) string {
	return strings.NewReplacer("%21", "!", "%2B", "+", "%2b", "+").Replace(s)
}

// SplitName parts "name-version-build".
func SplitName(base string) (Archive, bool) {
	j := strings.LastIndexByte(base, '-')
	if j < 0 {
		return Archive{}, false
	}
	i := strings.LastIndexByte(base[:j], '-')
	if i <= 0 || i+1 == j {
		return Archive{}, false
	}
	return Archive{Name: base[:i], Version: base[i+1 : j], Build: base[j+1:]}, true
}
