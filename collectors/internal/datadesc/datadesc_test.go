package datadesc

import "testing"

func TestBytesOf(t *testing.T) {
	for text, want := range map[string]int64{
		"10585 B": 10585, "1 MB": 1000000, "3.1 TiB": 3408486046105, "36.809 KB": 36809, "12": 12, "1,234 bytes": 1234, "0 B": 0,
		"9223372036854775807 B": 1<<63 - 1, "": -1, " B": -1, "-1 B": -1, "1e9 B": -1, "9223372036854775808 B": -1, "99999999 EB": -1,
		"1 XB": -1, "1,23 B": -1, "5 files": -1,
	} {
		n, ok := BytesOf(text)
		if !ok {
			n = -1
		}
		if n != want {
			t.Errorf("%q = %d, want %d", text, n, want)
		}
	}
}

func TestLicense(t *testing.T) {
	for _, c := range []struct {
		text, address, id, name string
	}{
		{"https://creativecommons.org/licenses/by/4.0/", "", "CC-BY-4.0", ""},
		{"http://creativecommons.org/licenses/by-nc-sa/3.0/deed.en", "", "CC-BY-NC-SA-3.0", ""},
		{"https://creativecommons.org/licenses/by/3.0/us/", "", "CC-BY-3.0-US", ""},
		{"https://creativecommons.org/publicdomain/zero/1.0/", "", "CC0-1.0", ""},
		{"https://spdx.org/licenses/Apache-2.0.html", "", "Apache-2.0", ""},
		{"https://www.apache.org/licenses/LICENSE-2.0.txt", "", "Apache-2.0", ""},
		{"https://opensource.org/license/mit/", "", "MIT", ""},
		{"https://choosealicense.com/licenses/odc-by/", "", "ODC-By-1.0", ""},
		{"https://opendatacommons.org/licenses/odbl/1-0/", "", "ODbL-1.0", ""},
		{"https://cdla.dev/permissive-2-0/", "", "CDLA-Permissive-2.0", ""},
		{"Creative Commons", "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0", ""},
		{"cc0-1.0", "", "CC0-1.0", ""},
		{"https://example.org/terms", "", "", "https://example.org/terms"},
		{"House terms", "https://example.org/terms", "", "House terms"},
		{"unknown", "", "", ""},
		{"https://choosealicense.com/licenses/undefined/", "", "", ""},
	} {
		l, ok := License(c.text, c.address)
		if l.ID != c.id || l.Name != c.name || ok != (c.id != "" || c.name != "") {
			t.Errorf("%s %s = %+v, %v", c.text, c.address, l, ok)
		}
	}
}

func TestCleanURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?download=1":  "https://a.example/x?download=1",
		"https://u:p@a.example/x":         "https://a.example/x",
		"https://a.example/x?Signature=1": "https://a.example/x",
		"javascript:alert(1)":             "",
		"file:///etc/passwd":              "",
		"x/y":                             "",
	} {
		if got := CleanURL(in); got != want {
			t.Errorf("%s = %q, want %q", in, got, want)
		}
	}
}
