package bomfile

import (
	"archive/zip"
	"bytes"
	"context"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

// TestWheel: the BOMs that a wheel brings along are read as hearsay of files that
// are known by their digests; other JSON in it is not.
func TestWheel(t *testing.T) {
	const doc = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"libz","version":"1","purl":"pkg:generic/libz@1"}]}`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a-1.dist-info/sboms/vendor.cdx.json", "a/bom.json", "a-1.dist-info/sboms/broken.cdx.json", "a-1.dist-info/sboms/other.json"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		text := doc
		switch name {
		case "a-1.dist-info/sboms/broken.cdx.json":
			text = "{\"bomFormat\":\"CycloneDX\",\n!"
		case "a-1.dist-info/sboms/other.json":
			text = "{}"
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	seen, err := Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"d/a-1-py3-none-any.whl": {Data: b.Bytes()}}, "d/a-1-py3-none-any.whl"))
	libraries, files := 0, 0
	for _, s := range seen {
		switch s.Kind {
		case sbom.KindLibrary:
			libraries++
			if s.Basis != sbom.Declared || s.Keys.PURL != "pkg:generic/libz@1" {
				t.Errorf("%+v", s)
			}
		case sbom.KindFile:
			files++
			if s.Keys.Path != "" || s.Keys.SHA256 == "" {
				t.Errorf("%+v", s.Keys)
			}
		}
	}
	if libraries != 1 || files != 2 {
		t.Errorf("%d libraries, %d files", libraries, files)
	}
	if p := sbom.Problems(err); len(p) != 1 || p[0].Line != 0 {
		t.Errorf("%+v", p)
	}
	seen, err = Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"a-1-py3-none-any.whl": {Data: []byte("no archive")}}, "a-1-py3-none-any.whl"))
	if seen != nil || err != nil { // the collector of wheels says so
		t.Errorf("%v %v", seen, err)
	}
}

// TestPackageOf: which file of a package is meant makes no other package.
func TestPackageOf(t *testing.T) {
	for purl, want := range map[string]string{
		"pkg:pypi/a@1?file_name=a-1-py3-none-any.whl":                         "pkg:pypi/a@1",
		"pkg:pypi/a@1?file_name=a.whl&repository_url=https:%2F%2Fexample.org": "pkg:pypi/a@1?repository_url=https:%2F%2Fexample.org",
		"pkg:pypi/a@1?file_name=a.whl#sub":                                    "pkg:pypi/a@1?file_name=a.whl#sub",
		"pkg:pypi/a@1":                                                        "pkg:pypi/a@1",
		"pkg:generic/a@1?file_name=a":                                         "pkg:generic/a@1?file_name=a",
		"":                                                                    "",
	} {
		if got := packageOf(purl); got != want {
			t.Errorf("%s gives %s", purl, got)
		}
	}
}
