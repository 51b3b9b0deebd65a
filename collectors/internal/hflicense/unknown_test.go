package hflicense

import "testing"

func TestUnknown(t *testing.T) {
	for id, want := range map[string]bool{"unknown": true, " None ": true, "mit": false, "": false} {
		if got := Unknown(id); got != want {
			t.Errorf("Unknown(%q) = %v", id, got)
		}
	}
}
