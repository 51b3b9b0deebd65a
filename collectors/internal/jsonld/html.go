package jsonld

import (
	"iter"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// MaxPage bounds a page of HTML, in bytes, and maxScripts the documents in it.
const (
	MaxPage    = 4 << 20
	maxScripts = 100
)

var script = pattern.Lazy(`(?is)<script\b[^>]*\btype\s*=\s*["']?application/ld\+json[^>]*>(.*?)</script`)

// Embedded gives the JSON-LD documents in a page of HTML, each with so many empty
// lines before it that its lines are those of the page.
func Embedded(page string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(page) > MaxPage || !strings.Contains(page, "ld+json") {
			return
		}
		for _, m := range script.FindAllStringSubmatchIndex(page, maxScripts) {
			if !yield(strings.Repeat("\n", strings.Count(page[:m[2]], "\n")) + page[m[2]:m[3]]) {
				return
			}
		}
	}
}
