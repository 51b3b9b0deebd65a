package content

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// BenchmarkOrdinary examines a zip of 2000 texts, in which nothing is of models.
func BenchmarkOrdinary(b *testing.B) {
	var members []string
	for i := range 2000 {
		members = append(members, fmt.Sprintf("src/file%d.txt", i), string(bytes.Repeat([]byte(fmt.Sprintf("line %d of a text\n", i)), 200)))
	}
	data := zipped(b, members...)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if r := examine(data, sbom.Limits{}); r.Scan.Verdict != sbom.Clean {
			b.Fatal(r)
		}
	}
}
