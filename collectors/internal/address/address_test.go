package address

import (
	"slices"
	"testing"
)

func TestOutside(t *testing.T) {
	for text, want := range map[string][]string{
		"see https://huggingface.co/a/b, https://arxiv.org/abs/1.2.": nil,
		"http://www.w3.org/2001/XMLSchema":                           nil,
		"https://evil.top/a?token=1#x":                               {"https://evil.top/a"},
		"http://user:secret@evil.top/":                               {"http://evil.top/"},
		"http://8.8.8.8/x and http://127.0.0.1:8080/":                {"http://8.8.8.8/x"},
		"http://169.254.169.254/latest/meta-data/":                   {"http://169.254.169.254/latest/meta-data/"},
		"https://huggingface.co.evil.top/a":                          {"https://huggingface.co.evil.top/a"},
		"https://nothuggingface.co":                                  {"https://nothuggingface.co"},
		"http://cs.stanford.edu/x http://server/x":                   nil,
		"no address: a://, http://":                                  nil,
	} {
		if got := Outside(text); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func Fuzz(f *testing.F) {
	f.Add("https://evil.top/a?b")
	f.Fuzz(func(t *testing.T, text string) { Outside(text) })
}
