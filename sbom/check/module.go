package check

import (
	"regexp"
	"slices"
	"strings"
)

var major = regexp.MustCompile(`/v[0-9]+$`)

// hosts are where Go modules come from, for names that are almost one of them.
var hosts = []string{"github.com", "gitlab.com", "bitbucket.org", "golang.org", "gopkg.in", "google.golang.org", "go.uber.org", "k8s.io", "sigs.k8s.io", "gorm.io", "go.etcd.io", "cloud.google.com", "go.opentelemetry.io", "gonum.org"}

// decorations are what an imitated owner's name gets in front or behind.
var decorations = []string{"-go", "go-", "-golang", "golang-", "-io", "-inc", "-org", "-dev", "-team", "-hq", "-lib", "-labs", "inc", "hq"}

// nearModule finds the Go module that a path imitates: the same name of another
// owner whose name is almost the same, or a host that is almost one. Forks, whose
// owner has a name of their own, are none.
func (w *wellKnown) nearModule(path string) (like, how string) {
	path = major.ReplaceAllString(path, "")
	if w.all[path] {
		return "", ""
	}
	host, rest, _ := strings.Cut(path, "/")
	if !slices.Contains(hosts, host) {
		for _, h := range hosts {
			if how := slip(plain(host), plain(h)); how != "" && len(h) >= 8 {
				return h + "/" + rest, "in the host, " + how
			}
		}
	}
	parts := strings.Split(path, "/")
	if len(parts) < 3 {
		return "", ""
	}
	owner, name := parts[1], strings.Join(parts[2:], "/")
	for _, target := range w.byFirst[parts[len(parts)-1]] {
		t := strings.Split(target, "/")
		if len(t) != len(parts) || t[0] != host || strings.Join(t[2:], "/") != name || t[1] == owner {
			continue
		}
		if how := ownerSlip(owner, t[1]); how != "" && !w.owns(host, owner) {
			return target, "in the owner's name, " + how
		}
	}
	return "", ""
}

// owns tells whether an owner has well-known modules: then its name is its own.
func (w *wellKnown) owns(host, owner string) bool {
	for name := range w.all {
		if strings.HasPrefix(name, host+"/"+owner+"/") {
			return true
		}
	}
	return false
}

func ownerSlip(owner, target string) string {
	if plain(owner) == plain(target) {
		return "separators differ"
	}
	if shape(owner) == shape(target) {
		return "characters look alike"
	}
	if digits(owner) != digits(target) {
		return ""
	}
	if how := slip(plain(owner), plain(target)); how != "" {
		return how
	}
	if len(owner) >= minOwner && len(target) >= minOwner && distance(owner, target) == 2 {
		return "two letters differ"
	}
	for _, d := range decorations {
		if strings.HasSuffix(d, "-") && owner == d+target || !strings.HasSuffix(d, "-") && owner == target+d {
			return `"` + d + `" is added`
		}
	}
	return ""
}

const minOwner = 7 // bytes of an owner's name with two slips
