package card

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/sbom"
)

const unsaidCard = `# Bird songs

A corpus of songs of birds in the north.

See the [site](https://birds.example/) of the project for the recordings.

## Table of contents
- [Recording stations](#recording-stations)
- [Field notes](#field-notes)

## Dataset Description
- **Homepage:** https://birds.example/
- **Size of the download:** 76.16 MB

## Recording stations
| Station | Hours |
|---------|-------|
| Abisko | 120 |

` + "```python\nload()\n```" + `

## Field notes
[More Information Needed]

## Weather
A corpus of songs of birds in the north.

### Field notes
Taken by hand in two languages.
`

func unsaidOf(kind Kind, text string) *Draft {
	c := &Card{Kind: kind, Path: "./", Body: markdown.Parse(text, 1)}
	d := c.NewDraft(sbom.KindDataset, 1)
	d.Description = "A corpus of songs of birds in the north."
	d.Ref("website", "https://birds.example/", 13)
	d.Unsaid(c, c.NewDraft(sbom.KindDataset, 1))
	return d
}

// TestUnsaid: what no field carries is kept under its heading, and nothing twice.
func TestUnsaid(t *testing.T) {
	d := unsaidOf(Dataset, unsaidCard)
	var got strings.Builder
	for i, p := range d.Properties {
		fmt.Fprintf(&got, "%d %s=%q\n", d.marks["properties"][i], p.Name, p.Value)
	}
	want := `5 mlbom:card:section:Bird songs="See the [site](https://birds.example/) of the project for the recordings."
13 mlbom:card:section:Dataset Description="- **Size of the download:** 76.16 MB"
16 mlbom:card:section:Recording stations="| Station | Hours |\n| Abisko | 120 |"
31 mlbom:card:section:Field notes="Taken by hand in two languages."
`
	if got.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
	}
}

// TestUnsaidTwice: two sections of one heading are told apart by what is above them.
func TestUnsaidTwice(t *testing.T) {
	d := unsaidOf(Model, "## One\n### Same\nFirst of the two.\n## Two\n### Same\nSecond of the two.\n")
	if len(d.Properties) != 2 || d.Properties[0].Name != "mlbom:card:section:Same" || d.Properties[1].Name != "mlbom:card:section:Two/Same" {
		t.Errorf("%q", d.Properties)
	}
}

// TestUnsaidBound: a card keeps no more than its bound, and tells what it left out.
func TestUnsaidBound(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "## Chapter %d%s\n%s\n", i, strings.Repeat(" very", 100), strings.Repeat(fmt.Sprint("word", i, " "), 2000))
	}
	d := unsaidOf(Dataset, b.String())
	total, last := 0, d.Properties[len(d.Properties)-1]
	for _, p := range d.Properties {
		if total += len(p.Value); len(p.Name) > 2*maxHeading+40 {
			t.Errorf("a name of %d bytes", len(p.Name))
		}
	}
	if total > maxUnsaid+2*maxText || len(d.Properties) < 10 {
		t.Errorf("%d bytes in %d properties", total, len(d.Properties))
	}
	if last.Name != "mlbom:card:sections-left-out" || !strings.HasPrefix(last.Value, "24 of ") || !strings.HasSuffix(last.Value, "; and 14 more") || !strings.Contains(last.Value, "Chapter 16 very") {
		t.Errorf("%q", last)
	}
}
