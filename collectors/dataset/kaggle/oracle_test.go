package kaggle

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// beyond are refusals that are no Problem here: the length of an id, which datasets of
// today do not keep to, and forms of what only a server reads.
var beyond = regexp.MustCompile(`slug must be between|does not match format|Key description not found`)

// TestOracle compares with Kaggle's own program: what it would send is what we say, and
// what it refuses is a Problem here. Set MLBOM_ORACLE_FILES to the folder that
// testdata/oracle.py filled.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_FILES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_FILES is not set: run testdata/oracle.py with a Python that has kaggle, and name its folder")
	}
	text, err := os.ReadFile(filepath.Join(dir, "kaggle.json"))
	if err != nil {
		t.Skip("no kaggle.json: that Python has no kaggle")
	}
	var cases []struct {
		Name, Text, Refused string
		Said                map[string][]string
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) == 0 {
		t.Fatal(len(cases), err)
	}
	accepted := 0
	for _, c := range cases {
		r := read(t, c.Name, c.Text)
		got, _ := json.Marshal(r.Sightings)
		if c.Refused != "" {
			if len(r.Sightings) > 0 && len(r.Problems) == 0 && !beyond.MatchString(c.Refused) {
				t.Errorf("%s: refused (%s), and read without a problem", c.Text, c.Refused)
			}
			continue
		}
		accepted++
		if len(r.Sightings) == 0 {
			t.Errorf("%s: nothing is read", c.Text)
			continue
		}
		for _, p := range r.Problems {
			if !strings.Contains(p.Reason, "Kaggle asks for") { // an empty value, which the program sends and the server refuses
				t.Errorf("%s: %s", c.Text, p.Reason)
			}
		}
		for field, values := range c.Said {
			for _, v := range values {
				if field != "license_name" && !carried(string(got), v) {
					t.Errorf("%s: %s %q is not carried", c.Text, field, v)
				}
			}
		}
		if want := c.Said["license_name"]; len(want) == 1 && len(r.Sightings[0].Component.Licenses) != 1 {
			t.Errorf("%s: licence %q", c.Text, want)
		}
	}
	if accepted < 20 {
		t.Errorf("only %d of %d are accepted", accepted, len(cases))
	}
	t.Logf("%d files, %d accepted", len(cases), accepted)
}

// carried tells whether the sightings say a value, as a text or as part of an address.
func carried(got, value string) bool {
	text, _ := json.Marshal(value)
	if strings.Contains(got, string(text[1:len(text)-1])) {
		return true
	}
	words := strings.FieldsFunc(value, func(r rune) bool { return r == '/' })
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(got, w) })
}
