package pep440

import (
	"strings"
	"testing"
	"time"
)

func TestExact(t *testing.T) {
	for text, want := range map[string]string{
		"==1.0": "1.0", " == 2.5.1+cpu ": "2.5.1+cpu", "===1.0": "1.0", "==1.0,": "1.0", "==v1.0-RC1": "v1.0-RC1",
		"==1.*": "", ">=1": "", "==1,!=2": "1", "==1,!=1": "", "==1,>=2": "", ">=1.0,==1.10": "1.10", "==1.0,==2.0": "", "==1.0,==1.0+cpu": "1.0+cpu",
		"===foo": "", "": "", "~=1.0": "", "==${V}": "", "<=1,>=1": "", "==1.0rc1,>=1.0a1": "1.0rc1",
	} {
		if got := Exact(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestPrereleases(t *testing.T) {
	for _, c := range []struct {
		specifiers, version string
		allows, with, not   bool
	}{
		{">=1.0", "1.1a1", false, true, false},
		{">=1.0a1", "1.1a1", true, true, false},
		{"!=1.0a1", "1.1a1", false, true, false},
		{"", "1.0.dev1", false, true, false},
		{">=1.0", "1.0.post1", false, true, true},
		{"==1.*", "1.0rc1", false, true, false},
		{"===1.0rc1", "1.0rc1", true, true, false},
		{"<2", "2a1", false, false, false},
		{"<2a2", "2a1", true, true, false},
	} {
		s, err := ParseSpecifiers(c.specifiers)
		if err != nil {
			t.Fatal(err)
		}
		v, err := Parse(c.version)
		if err != nil {
			t.Fatal(err)
		}
		if a, w, n := s.AllowsPrereleases(), s.Contains(v, true), s.Contains(v, false); a != c.allows || w != c.with || n != c.not {
			t.Errorf("%q in %q: allows %v, with %v, without %v", c.version, c.specifiers, a, w, n)
		}
	}
}

func TestArbitraryEquality(t *testing.T) {
	s, err := ParseSpecifiers("===2004D")
	if err != nil || !s.ContainsText("2004d", false) || s.ContainsText("2004", true) {
		t.Errorf("%+v %v", s, err)
	}
	if s, err = ParseSpecifiers("===1.0"); err != nil || s.ContainsText("1.0.0", true) {
		t.Errorf("%+v %v", s, err)
	}
	if v, _ := Parse("v1.0"); !s.Contains(v, true) || s.ContainsText("v1.0", true) {
		t.Error("the normal form counts of a Version, and the text of a text")
	}
}

func TestZero(t *testing.T) {
	var v Version
	one, _ := Parse("0.dev0")
	if !v.IsZero() || v.String() != "" || v.Compare(one) >= 0 || one.Compare(v) <= 0 || v.Compare(v) != 0 {
		t.Errorf("%q", v)
	}
	if !(Specifiers{}).Contains(one, true) {
		t.Error("no specifiers ask for nothing")
	}
}

// TestHostile: long texts end quickly, and long numbers are compared exactly.
func TestHostile(t *testing.T) {
	start := time.Now()
	nines := strings.Repeat("9", 4000)
	a, err := Parse("1." + nines)
	b, err2 := Parse("1.1" + strings.Repeat("0", 4000))
	if err != nil || err2 != nil || a.Compare(b) >= 0 || b.Compare(a) <= 0 {
		t.Errorf("%v %v", err, err2)
	}
	if s, err := ParseSpecifiers("==1.*,>" + nines[:100] + ".0"); err != nil || s.Contains(a, true) {
		t.Error(err)
	}
	for _, text := range []string{
		strings.Repeat("9", MaxLength+1), strings.Repeat("1.", MaxLength/2), "1" + strings.Repeat(".0", MaxLength/2-2) + "x",
		"1+" + strings.Repeat("a.", MaxLength/2-2), "1" + strings.Repeat("-", MaxLength-2), strings.Repeat("1!", MaxLength/2), "\xff1.0", "1.0\u017f", "1.\u0660",
	} {
		if v, err := Parse(text); err == nil {
			t.Errorf("%.30q is taken as %.30q", text, v)
		}
	}
	if _, err := ParseSpecifiers(strings.Repeat(">1,", MaxSpecifiers)); err == nil {
		t.Error("endless specifiers are taken")
	}
	if s, err := ParseSpecifiers(strings.Repeat(">1,", MaxSpecifiers/3)); err != nil || !s.Contains(a, true) || s.String() != ">1" {
		t.Error(err)
	}
	if d := time.Since(start); d > 20*time.Second {
		t.Errorf("took %v", d)
	}
}

func FuzzVersion(f *testing.F) {
	f.Add("v1!2.0-alpha.1_post-3.dev4+Ubuntu_1.01", "1.0")
	f.Add("1.0-1", "1.0.post1.dev")
	f.Fuzz(func(t *testing.T, a, b string) {
		v, err := Parse(a)
		if err != nil {
			return
		}
		again, err := Parse(v.String())
		if err != nil || again.String() != v.String() || v.Compare(again) != 0 {
			t.Fatalf("%q: %q, then %q, %v", a, v, again, err)
		}
		w, err := Parse(b)
		if err != nil {
			return
		}
		if v.Compare(w) != -w.Compare(v) {
			t.Errorf("%q and %q: %d and %d", a, b, v.Compare(w), w.Compare(v))
		}
	})
}

func FuzzSpecifiers(f *testing.F) {
	f.Add(">=1.0,!=1.2.*,<2,===x", "1.1rc1")
	f.Add("~=1.0.post1", "1.1+local")
	f.Fuzz(func(t *testing.T, text, version string) {
		s, err := ParseSpecifiers(text)
		if err != nil {
			return
		}
		again, err := ParseSpecifiers(s.String())
		if err != nil || again.String() != s.String() {
			t.Fatalf("%q: %q, then %q, %v", text, s, again, err)
		}
		v, err := Parse(version)
		if err != nil {
			return
		}
		if s.Contains(v, true) != again.Contains(v, true) || s.Contains(v, false) && !s.Contains(v, true) {
			t.Errorf("%q in %q", version, text)
		}
		// what is not equal is unequal, and both sides of an order exclude each other
		for _, pair := range [][2]string{{"==", "!="}, {"<", ">="}, {">", "<="}} {
			x, err1 := ParseSpecifiers(pair[0] + v.Public())
			y, err2 := ParseSpecifiers(pair[1] + v.Public())
			if err1 != nil || err2 != nil || x.Contains(v, true) && y.Contains(v, true) {
				t.Errorf("%q: %v %v", v, err1, err2)
			}
		}
	})
}
