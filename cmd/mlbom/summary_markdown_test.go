package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a tree says is text on the page: a name is no markup and calls nobody.
func TestPageIsPlain(t *testing.T) {
	for text, want := range map[string]string{
		"a|b":                     "a&#124;b",
		"<img src=x>":             "&#60;img src=x&#62;",
		"@everyone":               "@\u200beveryone",
		"[x](https://evil.test)":  "&#91;x&#93;(https&#58;//evil.test)",
		"www.evil.test":           "www&#46;evil.test",
		"`rm`\n## no heading":     "&#96;rm&#96; &#35;&#35; no heading",
		"bge-m3 1.0: 12 weights":  "bge-m3 1.0: 12 weights",
		strings.Repeat("x", 1000): strings.Repeat("x", pageCell-1) + "…",
	} {
		if got := pageText(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The page of an example: the gate says no, and the page is there all the same.
func TestPageOfExample(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "page.md")
	var out, diagnostics bytes.Buffer
	args := []string{"mlbom", "generate", shownTree, "-o", "cyclonedx-json=" + dir + "/bom.cdx.json", "--go-mod-cache", "none", "--quiet", "--summary", page, "--fail-on", "medium"}
	if code := run(context.Background(), args, &out, &diagnostics); code != exitProblem {
		t.Fatalf("exit %d: %s", code, &diagnostics)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## support-summarizer 1.2.0\n",
		"\n### 8 findings\n\n| severity | rule | where | what |\n",
		"| medium | unpinned-revision | README.md:10 | HuggingFaceTB/smoltalk is named without a commit, so what it is can change |\n",
		"\n- **support-summarizer**: in ./, text-generation, llama,",
		"cyclonedx-json 1.6, ",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
}
