package licensetext

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestOracle holds the texts of the SPDX licence list against what is made of
// them. Set MLBOM_ORACLE_LICENSES to the folder of the npm package
// spdx-license-list 6.12.0.
func TestOracle(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_LICENSES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_LICENSES is not set: name the folder of the npm package spdx-license-list")
	}
	data, err := os.ReadFile(filepath.Join(dir, "spdx-full.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]struct {
		Text string `json:"licenseText"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	right, none := 0, 0
	var wrong []string
	for id, l := range list {
		var ids []string
		for _, l := range Classify(l.Text) {
			ids = append(ids, l.ID+l.Expression)
		}
		switch {
		case len(ids) == 0:
			none++
		case len(ids) == 1 && same(ids[0], id):
			right++
		default:
			wrong = append(wrong, id+" is said to be "+strings.Join(ids, ", "))
		}
	}
	slices.Sort(wrong)
	t.Logf("%d texts: %d right, %d unknown, %d of a near relation", len(list), right, none, len(wrong))
	for _, w := range wrong {
		if name, _, _ := strings.Cut(w, " "); !slices.Contains(relations, name) {
			t.Error(w)
		}
	}
	if right < 410 {
		t.Errorf("only %d of %d texts are known", right, len(list))
	}
}

// relations are texts that licensecheck cannot tell from one that differs by a few
// words, by the choice of an owner or by nothing.
var relations = []string{
	"ANTLR-PD-fallback", "BSD-2-Clause-Darwin", "BSD-2-Clause-FreeBSD", "BSD-2-Clause-NetBSD", "FSFULLRSD", "HPND-Netrek",
	"HPND-Pbmplus", "HPND-export-US", "HPND-export2-US", "Latex2e-translated-notice", "MPL-2.0-no-copyleft-exception",
	"OpenSSL-standalone", "StandardML-NJ", "X11-swapped", "bzip2-1.0.5", "dtoa", "metamail",
}

func same(got, want string) bool {
	plain := func(id string) string {
		for _, tail := range []string{"+", "-only", "-or-later", "-invariants", "-RFN", "-no"} {
			id = strings.TrimSuffix(id, tail)
		}
		return id
	}
	return got == want || plain(got) == plain(want)
}

// TestUsual: what the usual licences settle, all of them would settle alike.
func TestUsual(t *testing.T) {
	dir := os.Getenv("MLBOM_ORACLE_LICENSES")
	if dir == "" {
		t.Skip("MLBOM_ORACLE_LICENSES is not set: name the folder of the npm package spdx-license-list")
	}
	data, err := os.ReadFile(filepath.Join(dir, "spdx-full.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]struct {
		Text string `json:"licenseText"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for id, l := range list {
		few := usual().Scan([]byte(l.Text))
		if few.Percent < sureShare {
			continue
		}
		many := all().Scan([]byte(l.Text))
		a, _ := sort(l.Text, few)
		b, _ := sort(l.Text, many)
		if !slices.Equal(a, b) && many.Percent > few.Percent {
			t.Errorf("%s: the usual licences say %v, all say %v", id, a, b)
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		scanner(isUsual)
	}
}

func BenchmarkStartAll(b *testing.B) {
	for b.Loop() {
		scanner(func(id string) bool { return id != advertising })
	}
}
