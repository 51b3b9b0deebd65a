package sdist

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const meta = "Metadata-Version: 2.4\nName: A.b\nVersion: 1.0\nLicense-Expression: MIT\nRequires-Dist: c>=2\nRequires-Dist: d; extra == 'x'\n"

const isc = `Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR
ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES
WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF
OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
`

func base() []tar.Header {
	return []tar.Header{file("a_b-1.0/pyproject.toml", ""), file("a_b-1.0/LICENSE", isc), file("a_b-1.0/PKG-INFO", meta)}
}

// file is a header whose text waits in a record of its own.
func file(name, text string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text)), PAXRecords: map[string]string{"TEST.text": text}}
}

func pack(t testing.TB, list []tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, h := range list {
		text := h.PAXRecords["TEST.text"]
		h.PAXRecords = nil
		err := w.WriteHeader(&h)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if w.Close() != nil || z.Close() != nil {
		t.Fatal("the archive cannot be closed")
	}
	return b.Bytes()
}

func packZip(t testing.TB, list []tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range list {
		f, err := z.Create(h.Name)
		if err == nil {
			_, err = io.WriteString(f, h.PAXRecords["TEST.text"])
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

func run(t testing.TB, name string, data []byte) ([]sbom.Sighting, error) {
	t.Helper()
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func TestPackage(t *testing.T) {
	for name, data := range map[string][]byte{
		"d/a_b-1.0.tar.gz": pack(t, base()), "d/A.b-1.0.0.tgz": pack(t, base()), "d/a-b-1.0.zip": packZip(t, base()),
	} {
		seen, err := run(t, name, data)
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		s, archive := seen[0], seen[1]
		if s.Keys.PURL != "pkg:pypi/a-b@1.0" || s.Name != "A.b" || s.Basis != sbom.Observed || s.Package.Dependencies != "complete" {
			t.Errorf("%s: %+v", name, s)
		}
		want := []sbom.License{{ID: "MIT"}, {ID: "ISC", Concluded: true, Confidence: 1}}
		if !slices.Equal(s.Licenses, want) {
			t.Errorf("%s: %+v", name, s.Licenses)
		}
		if len(s.Links) != 1 || s.Links[0].To.Keys.PURL != "pkg:pypi/c" || s.Links[0].Note != ">=2" {
			t.Errorf("%s: %+v", name, s.Links)
		}
		if archive.Keys.Path != name || archive.File.Format != "sdist" || s.Refs[0].URL != name || s.Refs[0].Hashes[0].Value != archive.Keys.SHA256 {
			t.Errorf("%s: %+v", name, archive)
		}
	}
}

// TestNone: archives of that name that are none give nothing, and cost little.
func TestNone(t *testing.T) {
	late := make([]tar.Header, 0, 1001)
	for range 1000 {
		late = append(late, file("other-1.0/x", strings.Repeat("x", 1<<10)))
	}
	late = append(late, file("a-1.0/PKG-INFO", meta))
	for name, data := range map[string][]byte{
		"a-1.0.tar.gz":         pack(t, late),
		"repo-1.0.tar.gz":      pack(t, []tar.Header{file("repo-1.0/README", "")}),
		"lib-1.0-h1_0.tar.bz2": []byte("BZh91AY&SY"),
		"model-7b.zip":         packZip(t, []tar.Header{file("model/data.pkl", "")}),
		"weights-1.0.zip":      []byte("GGUF"),
		"x.tar.gz":             pack(t, base()),
		"b-1.0.tar.gz":         pack(t, base()),
		"a_b-2.0.tar.gz":       pack(t, base()),
	} {
		if seen, err := run(t, name, data); len(seen) != 0 || err != nil {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
		}
	}
}

// TestRequires: what is known of requirements before a build.
func TestRequires(t *testing.T) {
	for text, want := range map[string]string{
		"Metadata-Version: 2.1\nName: a\nVersion: 1\n":                             "incomplete pkg:pypi/egg",
		"Metadata-Version: 2.2\nName: a\nVersion: 1\nDynamic: Requires-Dist\n":     "incomplete pkg:pypi/egg",
		"Metadata-Version: 2.2\nName: a\nVersion: 1\nRequires-Dist: b\n":           "complete pkg:pypi/b",
		"Metadata-Version: 1.1\nName: a\nVersion: 1\nRequires-Dist: b==2\n":        "incomplete pkg:pypi/b@2",
		"Metadata-Version: 10.0\nName: a\nVersion: 1\nRequires-Dist: b\n":          "complete pkg:pypi/b",
		"Metadata-Version: x\nName: a\nVersion: 1\nRequires-Dist: b; extra=='y'\n": "incomplete",
	} {
		seen, _ := run(t, "a-1.tar.gz", pack(t, []tar.Header{file("a-1/PKG-INFO", text), file("a-1/src/a.egg-info/requires.txt", "egg\n[x]\nmore\n")}))
		if len(seen) == 0 {
			t.Errorf("%q: nothing", text)
			continue
		}
		got := seen[0].Package.Dependencies
		for _, l := range seen[0].Links {
			got += " " + l.To.Keys.PURL
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestFindings(t *testing.T) {
	link := func(name, to string, kind byte) tar.Header {
		return tar.Header{Name: name, Linkname: to, Typeflag: kind, Mode: 0o777}
	}
	for name, c := range map[string]struct {
		more tar.Header
		want string
	}{
		"nothing":         {file("a_b-1.0/x.py", ""), ""},
		"leaves":          {file("a_b-1.0/../../x", ""), sbom.RulePathEscape},
		"absolute":        {file("/etc/x", ""), sbom.RulePathEscape},
		"link inside":     {link("a_b-1.0/x", "LICENSE", tar.TypeSymlink), ""},
		"link above":      {link("a_b-1.0/d/x", "../LICENSE", tar.TypeSymlink), ""},
		"link outside":    {link("a_b-1.0/x", "../../etc", tar.TypeSymlink), sbom.RulePathEscape},
		"link absolute":   {link("a_b-1.0/x", "/etc/passwd", tar.TypeSymlink), sbom.RulePathEscape},
		"hard link":       {link("a_b-1.0/x", "a_b-1.0/LICENSE", tar.TypeLink), ""},
		"hard link out":   {link("a_b-1.0/x", "../x", tar.TypeLink), sbom.RulePathEscape},
		"device":          {tar.Header{Name: "a_b-1.0/x", Typeflag: tar.TypeChar}, sbom.RuleTrailing},
		"metadata twice":  {file("a_b-1.0/PKG-INFO", meta), sbom.RuleTrailing},
		"metadata inside": {file("a_b-1.0/x/PKG-INFO", meta), ""},
	} {
		seen, err := run(t, "a_b-1.0.tar.gz", pack(t, append(base(), c.more)))
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		got := ""
		for _, f := range seen[0].Findings {
			got += f.Rule
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	seen, _ := run(t, "a_b-1.0.tar.gz", pack(t, []tar.Header{file("a_b-1.0/PKG-INFO", "Name: c\nVersion: 1.0\n")}))
	if len(seen) != 2 || seen[0].Findings[0].Rule != sbom.RuleMismatch {
		t.Errorf("another package: %+v", seen)
	}
}

// TestHostile: bombs end at the bound, and damage is said.
func TestHostile(t *testing.T) {
	start := time.Now()
	var bomb bytes.Buffer
	z, err := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for _, h := range append(base()[1:], tar.Header{Name: "a_b-1.0/big", Typeflag: tar.TypeReg, Size: 1 << 40}) {
		text := h.PAXRecords["TEST.text"]
		h.PAXRecords = nil
		w.WriteHeader(&h)
		io.WriteString(w, text)
	}
	for range (maxUnpacked >> 20) + 8 {
		w.Write(make([]byte, 1<<20))
	}
	z.Close()
	good := pack(t, base())
	for name, data := range map[string][]byte{"bomb": bomb.Bytes(), "cut": good[:len(good)-20]} {
		if _, err := run(t, "a_b-1.0.tar.gz", data); err == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
	for i := 0; i < len(good); i += 11 {
		bad := slices.Clone(good)
		bad[i] ^= 0x55
		run(t, "a_b-1.0.tar.gz", bad)
	}
	if d := time.Since(start); d > 2*time.Minute {
		t.Errorf("took %v", d)
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a_b-1.0.tar.gz", pack(f, base()), pack(f, base()[:1]), []byte("\x1f\x8b"))
}

func FuzzZip(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a_b-1.0.zip", packZip(f, base()), packZip(f, base()[:1]))
}

// content is what Python says of sdists: name, version, how many requirements.
const content = `
import email, json, re, sys, tarfile
norm = lambda s: re.sub(r"[-_.]+", "-", s).lower()
out = {}
for name in sys.argv[1:]:
    t = tarfile.open(name)
    info = next(m for m in t if re.fullmatch(r"[^/]+/PKG-INFO", m.name))
    m = email.message_from_bytes(t.extractfile(info).read())
    req = {norm(re.match(r"[A-Za-z0-9._-]+", r).group()) for r in m.get_all("Requires-Dist") or []}
    out[name] = [norm(m["Name"]), m["Version"], len(req - {norm(m["Name"])})]
json.dump(out, sys.stdout)
`

// TestOracle compares sdists with what Python says of them. Set
// MLBOM_ORACLE_PYTHON, and MLBOM_ORACLE_SDISTS to a folder of sdists.
func TestOracle(t *testing.T) {
	python, dir := os.Getenv("MLBOM_ORACLE_PYTHON"), os.Getenv("MLBOM_ORACLE_SDISTS")
	if python == "" || dir == "" {
		t.Skip("MLBOM_ORACLE_PYTHON and MLBOM_ORACLE_SDISTS are not set: name an interpreter of Python and a folder of sdists")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.tar.gz"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sdists in %s: %v", dir, err)
	}
	out, err := exec.Command(python, append([]string{"-c", content}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]any
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(os.DirFS(dir), filepath.Base(name)))
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		s := seen[0]
		requires := map[string]bool{}
		for _, l := range s.Links {
			requires[pymeta.Normalize(l.To.Name)] = true
		}
		for _, p := range s.Properties {
			if p.Name == "mlbom:python:requires" {
				requires[pymeta.Normalize(p.Value[:strings.IndexAny(p.Value+" ", " [<>=!~;(")])] = true
			}
		}
		if got := []any{pymeta.Normalize(s.Name), s.Version, float64(len(requires))}; !slices.Equal(got, want[name]) {
			t.Errorf("%s: %v, Python says %v", name, got, want[name])
		}
	}
	t.Logf("%d sdists", len(names))
}
