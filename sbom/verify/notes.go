package verify

import (
	"fmt"
	"strings"
)

// something sees to it that a tree of which nothing was checked is not the same.
func (c *comparison) something() {
	empty := c.none == Empty && len(c.seen.Files)+len(c.seen.Links)+len(c.seen.LeftOut) == 0
	if c.result.Counts[Same] > 0 || len(c.result.Entries) > 0 || empty {
		return
	}
	c.add(Entry{Status: NotCovered, Of: OfTree, Path: ".", Notes: []string{"the BOM lists no file and states no digest of anything that could lie here: nothing was checked; is it the right folder, and the right BOM?"}})
}

const someNames = 5

// some names the first of a list.
func some(names []string) string {
	text := strings.Join(names[:min(someNames, len(names))], ", ")
	if len(names) > someNames {
		text += fmt.Sprintf(" and %d more", len(names)-someNames)
	}
	return text
}

func (c *comparison) notes() {
	note := func(n int, one, many string) {
		if n == 1 {
			c.result.Notes = append(c.result.Notes, "1 "+one)
		} else if n > 1 {
			c.result.Notes = append(c.result.Notes, fmt.Sprintf("%d %s", n, many))
		}
	}
	if c.part != "" {
		c.result.Notes = append(c.result.Notes, "the list of files is that of "+c.part+", which is a part of the BOM; what the BOM says of other trees was not checked")
	}
	note(c.spared, "file was compared by its size alone", "files were compared by their size alone")
	note(c.stands, "file is a pointer to the bytes that the BOM lists", "files are pointers to the bytes that the BOM lists")
	note(c.hollow, "file is a pointer, as when the BOM was made: its bytes are not here", "files are pointers, as when the BOM was made: their bytes are not here")
	note(c.filled, "file was a pointer when the BOM was made, and is the bytes that it named", "files were pointers when the BOM was made, and are the bytes that they named")
	note(c.others, "file or link is not in the BOM, and was not asked for (--listed)", "files or links are not in the BOM, and were not asked for (--listed)")
	if left := c.seen.LeftOut; len(left) > 0 {
		c.result.Notes = append(c.result.Notes, "left out by the BOM, and not looked at: "+some(left))
	}
	if folders := c.seen.Control; len(folders) > 0 {
		c.result.Notes = append(c.result.Notes, "version control, which no BOM covers, was not looked at: "+some(folders))
	}
}
