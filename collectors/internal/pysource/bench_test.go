package pysource

import (
	"strings"
	"testing"
)

func Benchmark(b *testing.B) {
	src := strings.Repeat("import os\nx = {'a': [1, f'{b}', \"c\" + d(e, f=1)]}\nif x:\n    for y in x.items():\n        print(y)\n", 2000)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if m := Parse(src); len(m.Problems) > 0 {
			b.Fatal(m.Problems)
		}
	}
}
