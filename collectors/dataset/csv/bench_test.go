package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/csvtext"
	"github.com/mlbom/mlbom/sbom"
)

// sample is a table of the usual columns, of about so many bytes.
func sample(size int) string {
	var b strings.Builder
	b.WriteString("id,label,price,when,text,city,score,flag\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "%d,%s,%.2f,2024-%02d-%02d %02d:%02d:%02d,\"A review, number %d, of some words that people write\",%s,%d,%v\n", i, []string{"alpha", "beta", "gamma"}[i%3],
			float64(i%100_000)/7, i%12+1, i%28+1, i%24, i%60, i*7%60, i, []string{"Paris", "Rome", ""}[i%5%3], i%11-5, i%2 == 0)
	}
	return b.String()
}

func BenchmarkProfile(b *testing.B) {
	data := sample(32 << 20)
	f := sbom.NewFile(fstest.MapFS{"data/x.csv": {Data: []byte(data)}}, "data/x.csv")
	f.Settings = sbom.Settings{Profile: true, Hashing: sbom.Hashing{None: true}}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := collect(b.Context(), f); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkScanner(b *testing.B) {
	data := sample(32 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s := csvtext.NewScanner(strings.NewReader(data), csvtext.Dialect{Delimiter: ',', Quote: '"'})
		for s.Scan() {
		}
	}
}

// BenchmarkEncodingCSV is what Go's own package takes to find the fields alone.
func BenchmarkEncodingCSV(b *testing.B) {
	data := sample(32 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r := csv.NewReader(strings.NewReader(data))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}
