package sbom

import (
	"strings"
	"testing"
)

func TestScope(t *testing.T) {
	for groups, want := range map[string]Scope{
		"": Required, "main": Required, "dev": Excluded, "dev main": Required, "extra:gpu": Optional, "extra:gpu dev": Optional, "group:docs": Excluded,
		"group:gpu": Optional, "env:test": Excluded, "indirect": Required, "indirect test": Excluded, "tool": Excluded, "unused indirect": Excluded, "build": Excluded,
	} {
		if got := (&Package{Groups: strings.Fields(groups)}).Scope(); got != want {
			t.Errorf("%q: %s, want %s", groups, got, want)
		}
	}
}
