package datafacts

import "testing"

func TestBaseName(t *testing.T) {
	for address, want := range map[string]string{
		"https://x.example/a/train.zip?download=1":            "train.zip",
		"https://drive.google.com/uc?id=1OXl&export=download": "drive.google.com/uc?id=1OXl&export=download",
		"https://x.example/a/train":                           "train",
		"data/train.csv":                                      "train.csv",
	} {
		if got := baseName(address); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
