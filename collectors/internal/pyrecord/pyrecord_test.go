package pyrecord

import (
	"strings"
	"testing"
)

// TestParse: entries in the order of the file, each broken part told with its line.
func TestParse(t *testing.T) {
	const empty = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
	list, problems := Parse("a.py,sha256=" + empty + ",0\n\"b,\"\"c.py\",sha256=" + empty + "=,\n" +
		"d.py,sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855,0\ne\\f.py,,\n" +
		"g.py,md5=x,\nh.py,sha256=short,\ni.py,sha256=" + empty + ",-1\nj\n,,\n\"k\n")
	var got []string
	for _, e := range list {
		got = append(got, e.Name)
	}
	if names := strings.Join(got, " "); names != `a.py b,"c.py d.py e/f.py g.py h.py i.py` {
		t.Errorf("%q", names)
	}
	for i, e := range list {
		if has := e.Digest != ""; has != (i < 3 || i == 6) {
			t.Errorf("%s: digest %q", e.Name, e.Digest)
		}
	}
	if same, n, err := list[2].Matches(strings.NewReader(""), 10); !same || n != 0 || err != nil {
		t.Errorf("the digest of nothing: %v %d %v", same, n, err)
	}
	if same, _, _ := list[0].Matches(strings.NewReader("x"), 10); same {
		t.Error("another file is taken for the recorded one")
	}
	lines := []string{"line 5", "line 6", "line 7", "line 8", "line 9", "line 10"}
	if len(problems) != len(lines) {
		t.Fatalf("%v", problems)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.Error(), lines[i]) {
			t.Errorf("%v, want %s", p, lines[i])
		}
	}
}
