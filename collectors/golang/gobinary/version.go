package gobinary

import (
	"strings"

	"golang.org/x/mod/semver"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

var (
	goRelease = pattern.Lazy(`^go(1(?:\.\d{1,4}){1,2}(?:(?:rc|beta)\d{1,3})?)(?:$|[ +-])`)
	release   = pattern.Lazy(`^v?\d{1,9}(\.\d{1,9}){1,3}([-+.][0-9A-Za-z.+-]{1,80})?$`)
)

// releaseOf gives the release of Go in what a toolchain calls itself:
// "go1.26.1 X:nodwarf5" is 1.26.1; a development version is none.
func releaseOf(toolchain string) string {
	if m := goRelease.FindStringSubmatch(toolchain); m != nil {
		return m[1]
	}
	return ""
}

// known gives a module's version, where it is one: "(devel)" is none.
func known(version string) string {
	if semver.IsValid(version) {
		return version
	}
	return ""
}

// definition is a string variable that the linker sets: -X path.name=value.
type definition struct{ name, value string }

// definitions finds the -X flags among those of the linker.
func definitions(flags string) []definition {
	var list []definition
	words := split(flags)
	for i := 0; i < len(words); i++ {
		word := "-" + strings.TrimLeft(words[i], "-")
		value, ok := strings.CutPrefix(word, "-X=")
		if word == "-X" && i+1 < len(words) {
			i++
			value, ok = words[i], true
		}
		if !ok {
			continue
		}
		if name, text, ok := strings.Cut(value, "="); ok {
			list = append(list, definition{name, text})
		}
	}
	return list
}

// split takes flags apart as cmd/internal/quoted does: at spaces, outside quotes.
func split(flags string) []string {
	var words []string
	for flags = strings.TrimLeft(flags, " \t\n\r"); flags != ""; flags = strings.TrimLeft(flags, " \t\n\r") {
		end := strings.IndexAny(flags, " \t\n\r")
		if q := flags[0]; q == '"' || q == '\'' {
			if i := strings.IndexByte(flags[1:], q); i >= 0 {
				words, flags = append(words, flags[1:1+i]), flags[2+i:]
				continue
			}
		}
		if end < 0 {
			end = len(flags)
		}
		words, flags = append(words, flags[:end]), flags[end:]
	}
	return words
}

// versionIn finds the version that a build gives its program in a variable of
// its own: main.version before others of the main module.
func versionIn(list []definition, module string) string {
	best := ""
	for _, d := range list {
		i := strings.LastIndexByte(d.name, '.')
		pkg, name := d.name[:max(i, 0)], strings.ToLower(d.name[i+1:])
		own := pkg == "main" || pkg == module || strings.HasPrefix(pkg, module+"/")
		if !own || !release.MatchString(d.value) {
			continue
		}
		switch name {
		case "version", "gitversion", "appversion", "buildversion", "semver", "gittag", "tag":
			if pkg == "main" && name == "version" {
				return d.value
			}
			if best == "" {
				best = d.value
			}
		}
	}
	return best
}

// plainFlags gives the linker's flags with the values left out that say nothing
// of the build: programs are given keys and passwords in this way.
func plainFlags(flags string) string {
	for _, d := range definitions(flags) {
		name := strings.ToLower(d.name[strings.LastIndexByte(d.name, '.')+1:])
		if d.value != "" && !harmless.MatchString(name) {
			flags = strings.ReplaceAll(flags, d.name+"="+d.value, d.name+"=(left out)")
		}
	}
	return flags
}

var harmless = pattern.Lazy(`(version|commit|commithash|githash|gitsha|revision|^rev|^sha|date|time|timestamp|branch|tag|treestate|goos|goarch|^arch|platform|edition|channel)$`)
