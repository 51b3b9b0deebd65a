package content

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

var update = flag.Bool("update", false, "write the expectations anew")

// samples are the archives that the tests of package archive use.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("../archive/testdata/tampered.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]string
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for name, packed := range all {
		z, err := zlib.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(packed)))
		if err != nil {
			t.Fatal(err)
		}
		if out[name], err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func examine(data []byte, l sbom.Limits) Report {
	return Bytes(context.Background(), bytes.NewReader(data), int64(len(data)), l)
}

// describe writes a report in lines.
func describe(name string, r Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s/%s %v\n", name, r.Kind, r.Scan.Verdict, r.Scan.Coverage, r.Inside)
	for _, f := range r.Findings {
		if strings.HasPrefix(f.Rule, "un") { // the words are those of package pickle
			f.Message = ""
		}
		fmt.Fprintf(&b, "\t%s: %s\n", f.Rule, f.Message)
	}
	return b.String()
}

// TestTampered holds what is said of each sample against tampered.txt: in all of
// them the pickle calls os.system, and where its bytes are there it is found.
func TestTampered(t *testing.T) {
	var b strings.Builder
	all := samples(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.WriteString(describe(name, examine(all[name], sbom.Limits{})))
	}
	if *update {
		if err := os.WriteFile("testdata/tampered.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/tampered.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

const harm = "cos\nsystem\n(S'id'\ntR."

func zipped(t testing.TB, members ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(members); i += 2 {
		w, err := z.Create(members[i])
		if err == nil {
			_, err = w.Write([]byte(members[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
