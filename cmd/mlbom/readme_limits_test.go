package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// limitsPart is what the packages that read models, datasets and stores say of
// themselves that they do not understand.
func limitsPart(t *testing.T) string {
	var files []string
	for _, of := range []string{"model/*", "store/*", "dataset/*", "internal/archive", "internal/content", "internal/hdf5", "internal/pickle", "internal/pycode"} {
		found, err := filepath.Glob("../../collectors/" + of + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	var lines []string
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		_, text, ok := strings.Cut(f.Doc.Text(), "Not understood: ")
		if !ok {
			continue
		}
		text, _, _ = strings.Cut(text, "\n\n")
		text = strings.NewReplacer("[", "", "]", "", "*", `\*`, "|", `\|`, "_", `\_`).Replace(strings.Join(strings.Fields(text), " "))
		folder, _ := strings.CutPrefix(filepath.ToSlash(filepath.Dir(name)), "../../collectors/")
		lines = append(lines, fmt.Sprintf("| `%s` | %s |\n", strings.TrimPrefix(folder, "internal/"), text))
	}
	if len(lines) < 40 {
		t.Errorf("%d packages say what they do not understand", len(lines))
	}
	slices.Sort(lines)
	return "| reader | what it does not understand |\n|---|---|\n" + strings.Join(lines, "")
}
