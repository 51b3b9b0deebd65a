// Package hflicense reads the licence ids of the Hugging Face hub
// (https://huggingface.co/docs/hub/repositories-licenses). They are in lower
// case, some name a family of licences, and many have no SPDX id.
package hflicense

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/mlbom/mlbom/sbom"
)

// One id a line: the hub's id, the SPDX id or "-", where its text stands or "-".
//
//go:embed ids.txt
var table string

type entry struct{ spdx, url string }

var entries = sync.OnceValue(func() map[string]entry {
	all := map[string]entry{}
	for line := range strings.Lines(table) {
		if f := strings.Fields(line); len(f) == 3 {
			all[f[0]] = entry{strings.TrimPrefix(f[1], "-"), strings.TrimPrefix(f[2], "-")}
		}
	}
	return all
})

// Known tells whether s is one of the hub's licence ids.
func Known(s string) bool {
	_, ok := entries()[strings.ToLower(strings.TrimSpace(s))]
	return ok
}

// Unknown tells whether s is an id that says that there is none, or that nobody
// knows it.
func Unknown(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "unknown", "none", "no-license", "nolicense":
		return true
	}
	return false
}

// Parse gives the licence that a card states by the hub's id, with the card's
// license_name and license_link, which may be "". An id that says nothing gives
// false. A link that is no URL is not used.
func Parse(id, name, link string) (sbom.License, bool) {
	id, name, link = strings.TrimSpace(id), strings.Join(strings.Fields(name), " "), absolute(link)
	key := strings.ToLower(id)
	switch key {
	case "other":
		if name == "" {
			name = key
		}
		return sbom.License{Name: name, URL: link}, true
	case "", "unknown", "none", "null", "~", "n/a", "na", "tbd", "todo", "-", "no-license", "nolicense":
		if name == "" {
			return sbom.License{}, false
		}
		return sbom.License{Name: name, URL: link}, true
	}
	e, known := entries()[key]
	if !known {
		l := sbom.ParseLicense(id)
		l.URL = link
		return l, true
	}
	if spdx, ok := sbom.SPDXID(e.spdx); ok {
		return sbom.License{ID: spdx, URL: link}, true
	}
	if name == "" {
		name = key
	}
	if link == "" {
		link = e.url
	}
	return sbom.License{Name: name, URL: link}, true
}

func absolute(link string) string {
	link = strings.TrimSpace(link)
	if strings.ContainsAny(link, " \t\n\"<>") || !strings.HasPrefix(link, "https://") && !strings.HasPrefix(link, "http://") {
		return ""
	}
	return link
}
