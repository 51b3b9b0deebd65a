package mlcalls

import "testing"

// TestShownPaths: of a path of somebody's machine nothing is shown that says whose it is.
func TestShownPaths(t *testing.T) {
	for in, want := range map[string]string{
		"/home/ann/x.csv":    ".../x.csv",
		"/home/ann":          ".../",
		"/Users/ann/a/b/c":   ".../b/c",
		`C:\Users\ann\x.csv`: ".../x.csv",
		"/data/sets/x":       ".../sets/x",
		"./data/x":           "data/x",
		"~/x":                ".../~/x",
	} {
		if got := shown(in); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
