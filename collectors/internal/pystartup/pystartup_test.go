package pystartup

import (
	"strings"
	"testing"
)

// TestQuote: a line that hides its end behind blanks shows it.
func TestQuote(t *testing.T) {
	got := quote("import os" + strings.Repeat(" ", 5000) + "; evil()")
	if got != "import os ; evil()" {
		t.Errorf("%q", got)
	}
	if got = quote("import " + strings.Repeat("x", 5000) + "; evil()"); len(got) > maxQuote+10 || !strings.HasSuffix(got, "; evil()") {
		t.Errorf("%q", got)
	}
}
