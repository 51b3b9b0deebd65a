package sbom_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOfficialPURLs: of every type that we emit, each purl of the official suite
// comes out in its canonical spelling, and what the suite refuses is refused.
func TestOfficialPURLs(t *testing.T) {
	dir := os.Getenv("MLBOM_OFFICIAL")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared", "official")
	}
	ran := 0
	for _, kind := range []string{"pypi", "golang", "huggingface", "generic", "github", "oci", "docker", "mlflow", "conda", "npm"} {
		data, err := os.ReadFile(filepath.Join(dir, "purl", "tests", "types", kind+"-test.json"))
		if err != nil {
			t.Skip("the official suite of purl is not beside this repository (MLBOM_OFFICIAL)")
		}
		var suite struct {
			Tests []struct {
				Description string          `json:"description"`
				Type        string          `json:"test_type"`
				Input       json.RawMessage `json:"input"`
				Want        json.RawMessage `json:"expected_output"`
				Fails       bool            `json:"expected_failure"`
			} `json:"tests"`
		}
		if err := json.Unmarshal(data, &suite); err != nil {
			t.Fatal(err)
		}
		for _, c := range suite.Tests {
			var in, want string
			if c.Type == "build" || json.Unmarshal(c.Input, &in) != nil {
				continue // of parts: our constructors take other ones
			}
			_ = json.Unmarshal(c.Want, &want)
			got, err := sbom.NormalizePURL(in)
			ran++
			switch {
			case c.Fails && err == nil:
				t.Errorf("%s: %s: %q is refused by the suite, here it is %q", kind, c.Description, in, got)
			case !c.Fails && err != nil:
				t.Errorf("%s: %s: %v", kind, c.Description, err)
			case !c.Fails && want != "" && got != want:
				t.Errorf("%s: %s: %q becomes %q, want %q", kind, c.Description, in, got, want)
			}
		}
	}
	if ran < 50 {
		t.Errorf("%d cases ran", ran)
	}
}
