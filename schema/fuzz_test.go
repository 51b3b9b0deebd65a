package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seed adds the committed documents.
func seed(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.[jx]*[nl]")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		if data, err := os.ReadFile(path); err == nil {
			f.Add(data)
		}
	}
	f.Add(bom(`,"components":[{"type":"library","name":"a","bom-ref":"a","bom-ref":"a"}]`))
	f.Add([]byte("{\"a\":\"\\ud83d\\ude00\xff\"}"))
}

func FuzzValidate(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, version := range []string{"1.2", "1.7"} {
			readable(t, Validate(FormatJSON, version, data))
		}
		readable(t, ValidateXML("1.6", data))
	})
}

func FuzzDetect(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		format, version, err := Detect(data)
		if (err == nil) != (format != "" && versionText.MatchString(version)) {
			t.Errorf("%q %q %v", format, version, err)
		}
		readable(t, err)
	})
}

func FuzzCheckReferences(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) { readable(t, CheckReferences(data)) })
}

// readable holds that an error stays bounded, on its lines, and cannot steer a terminal.
func readable(t *testing.T, err error) {
	if err == nil {
		return
	}
	text := err.Error()
	if strings.Count(text, "\n") > MaxIssues || len(text) > (MaxIssues+1)*2000 || strings.ContainsAny(text, "\x00\x1b\r\u0085") {
		t.Errorf("not readable: %.300q", text)
	}
}

// large is a valid document with n components and as many dependencies.
func large(n int) []byte {
	var c, d strings.Builder
	for i := range n {
		fmt.Fprintf(&c, `,{"type":"library","bom-ref":"pkg:pypi/p%[1]d@1.0","name":"p%[1]d","version":"1.0","purl":"pkg:pypi/p%[1]d@1.0","licenses":[{"license":{"id":"MIT"}}],"properties":[{"name":"k","value":"v%[1]d"}]}`, i)
		fmt.Fprintf(&d, `,{"ref":"pkg:pypi/p%d@1.0","dependsOn":["pkg:pypi/p%d@1.0"]}`, i, (i+1)%n)
	}
	return bom(`,"components":[` + c.String()[1:] + `],"dependencies":[` + d.String()[1:] + `]`)
}

func BenchmarkValidate(b *testing.B) {
	for _, n := range []int{10, 1000, 20000} {
		data := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if err := Validate(FormatJSON, "1.6", data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCheckReferences(b *testing.B) {
	data := large(20000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := CheckReferences(data); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCompile is what the first Validate of a version pays.
func BenchmarkCompile(b *testing.B) {
	for version := range compiled {
		b.Run(version, func(b *testing.B) {
			for b.Loop() {
				if _, err := compile(version); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func FuzzYAML(f *testing.F) {
	f.Add([]byte("spdxVersion: SPDX-2.3\npackages:\n- {a: 1.0, b: ~, c: !!binary eA==}\n"))
	f.Add([]byte("a: &a [*a]\n? [x]\n: y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := JSONOfYAML(data)
		if err != nil {
			return
		}
		if _, err := parse(text); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}

func FuzzTagValue(f *testing.F) {
	f.Add([]byte("SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\nPackageDescription: <text>a\nb</text>\nExternalRef: a b c\nFileName: f\nSnippetSPDXID: s\nSnippetLineRange: 1:2\n"))
	f.Add([]byte("ExternalRefComment: x\nPackageChecksum: y\nSPDXREF: z\nAnnotator: a\nFilesAnalyzed: x\nCreator: <text>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _, err := JSONOfTagValue(data)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(text); err != nil && len(data) < 1000 {
			t.Fatalf("%v\n%s", err, text)
		}
		_ = Validate(FormatSPDXTag, "2.3", data)
	})
}
