package wheel

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/pymeta"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// member is one file of an archive.
type member struct{ name, text string }

const meta = "Metadata-Version: 2.4\nName: a.b\nVersion: 1.0\nLicense-Expression: MIT\nRequires-Dist: c>=2\nRequires-Dist: d; extra == 'x'\nRequires-Dist: a-b[y]; extra == 'x'\n"

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

func base() []member {
	return []member{
		{"a_b/__init__.py", "x = 1\n"},
		{"a_b-1.0.dist-info/METADATA", meta},
		{"a_b-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: hand 1\nTag: py3-none-any\n"},
		{"a_b-1.0.dist-info/licenses/vendor/LICENSE", isc},
		{"a_b-1.0.dist-info/sboms/vendor.cdx.json", `{"bomFormat":"CycloneDX"}`},
	}
}

// recorded adds RECORD, as a builder of wheels does.
func recorded(list []member) []member {
	var b strings.Builder
	for _, m := range list {
		sum := sha256.Sum256([]byte(m.text))
		fmt.Fprintf(&b, "%s,sha256=%s,%d\n", m.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(m.text))
	}
	b.WriteString("a_b-1.0.dist-info/RECORD,,\n")
	return append(slices.Clone(list), member{"a_b-1.0.dist-info/RECORD", b.String()})
}

// pack stores without compression, so that the digest is the same for ever.
func pack(t testing.TB, list []member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range list {
		f, err := z.CreateRaw(header(m))
		if err == nil {
			_, err = f.Write([]byte(m.text))
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

func header(m member) *zip.FileHeader {
	name, link := strings.CutPrefix(m.name, "link:")
	h := &zip.FileHeader{Name: name, Method: zip.Store, UncompressedSize64: uint64(len(m.text)), CompressedSize64: uint64(len(m.text)), CRC32: checksum(m.text)}
	h.SetMode(0o644)
	if link {
		h.SetMode(os.ModeSymlink | 0o777)
	}
	return h
}

func run(t testing.TB, name string, data []byte) ([]sbom.Sighting, error) {
	t.Helper()
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{name: {Data: data}}, name))
}

func TestGolden(t *testing.T) {
	tree := fstest.MapFS{
		"dist/a_b-1.0-py3-none-any.whl": {Data: pack(t, recorded(base()))},
		"dist/old-2-py3.9.egg":          {Data: pack(t, []member{{"EGG-INFO/PKG-INFO", "Metadata-Version: 1.0\nName: old\nVersion: 2\nLicense: GPLv3+\n"}, {"EGG-INFO/requires.txt", "six\n[x]\ne\n"}})},
		"lfs/a_b-1.0-py3-none-any.whl":  {Data: []byte("version https://git-lfs.github.com/spec/v1\noid sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\nsize 12\n")},
	}
	sbomtest.Golden(t, &Collector, tree, "testdata/wheels.json")
}

// TestFindings: each way in which a wheel can lie is one finding of its own rule.
func TestFindings(t *testing.T) {
	change := func(f func(list []member) []member) []member { return f(recorded(base())) }
	set := func(name, text string) []member {
		return change(func(list []member) []member {
			for i := range list {
				if list[i].name == name {
					list[i].text = text
				}
			}
			return list
		})
	}
	add := func(m ...member) []member { return append(recorded(base()), m...) }
	for name, c := range map[string]struct {
		list []member
		want []string
	}{
		"as it should be": {recorded(base()), nil},
		"changed code":    {set("a_b/__init__.py", "import evil\n"), []string{sbom.RuleDigest}},
		"added code":      {add(member{"evil.py", ""}), []string{sbom.RuleDigest}},
		"lost code":       {recorded(base())[1:], []string{sbom.RuleDigest}},
		"no RECORD":       {base(), []string{sbom.RuleDigest}},
		"no digests":      {set("a_b-1.0.dist-info/RECORD", "a_b/__init__.py,,\na_b-1.0.dist-info/METADATA,,\na_b-1.0.dist-info/WHEEL,,\na_b-1.0.dist-info/licenses/vendor/LICENSE,,\na_b-1.0.dist-info/sboms/vendor.cdx.json,,\n"), slices.Repeat([]string{sbom.RuleDigest}, 5)},
		"leaves":          {recorded(append(base(), member{"../evil.py", ""})), []string{sbom.RulePathEscape}},
		"absolute":        {recorded(append(base(), member{"/etc/evil", ""})), []string{sbom.RulePathEscape}},
		"a link":          {append(recorded(append(base(), member{"x", "/etc"})[:5]), member{"link:x", "/etc"}), []string{sbom.RuleDigest, sbom.RulePathEscape}},
		"twice":           {add(member{"a_b/__init__.py", "x = 1\n"}), []string{sbom.RuleTrailing}},
		"two packages":    {recorded(append(base(), member{"evil-1.dist-info/METADATA", "Name: evil\n"})), []string{sbom.RuleTrailing}},
		"startup":         {recorded(append(base(), member{"x.pth", "import evil\n"})), []string{sbom.RuleStartupCode}},
		"startup in data": {recorded(append(base(), member{"a_b-1.0.data/purelib/x.pth", "import evil\n"})), []string{sbom.RuleStartupCode}},
		"known startup":   {recorded(append(base(), member{"x.pth", "import _virtualenv\n"})), nil},
		"deep path file":  {recorded(append(base(), member{"a_b/x.pth", "import evil\n"})), nil},
	} {
		seen, err := run(t, "a_b-1.0-py3-none-any.whl", pack(t, c.list))
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		var got []string
		for _, f := range seen[0].Findings {
			got = append(got, f.Rule)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v: %+v", name, got, c.want, seen[0].Findings)
		}
	}
}

func TestNames(t *testing.T) {
	data := pack(t, recorded(base()))
	for name, want := range map[string]string{
		"a_b-1.0-py3-none-any.whl":     "",
		"A.B-1.0.0-1-py3-none-any.whl": "",
		"a_b-1.1-py3-none-any.whl":     sbom.RuleMismatch,
		"c-1.0-py3-none-any.whl":       sbom.RuleMismatch,
	} {
		seen, _ := run(t, name, data)
		got := ""
		for _, f := range seen[0].Findings {
			got += f.Rule
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := run(t, "download.whl", data); err == nil {
		t.Error("a name that is none of a wheel is taken in silence")
	}
}

// TestHostile: archives that are damaged or large give a problem and no panic.
func TestHostile(t *testing.T) {
	good := pack(t, recorded(base()))
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"a_b-1.0.dist-info/METADATA", "a_b-1.0.dist-info/RECORD", "x.py"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(meta + "\n"))
		for range 20 {
			f.Write(make([]byte, 1<<20))
		}
	}
	z.Close()
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("no archive"), "cut": good[:len(good)-30], "no metadata": pack(t, base()[:1]), "bomb": bomb.Bytes(),
	} {
		if _, err := run(t, "a_b-1.0-py3-none-any.whl", data); err == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
	for i := 0; i < len(good); i += 7 {
		bad := slices.Clone(good)
		bad[i] ^= 0x55
		run(t, "a_b-1.0-py3-none-any.whl", bad)
	}
}

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "a_b-1.0-py3-none-any.whl", pack(f, recorded(base())), pack(f, base()[:2]))
}

// content is what Python says of wheels: name, version, requirements and whether
// each file has the digest that RECORD gives.
const content = `
import base64, csv, email, hashlib, io, json, re, sys, zipfile
norm = lambda s: re.sub(r"[-_.]+", "-", s).lower()
out = {}
for name in sys.argv[1:]:
    z = zipfile.ZipFile(name)
    info = next(n[:-9] for n in z.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
    m = email.message_from_bytes(z.read(info + "/METADATA"))
    bad = 0
    for path, digest, _ in csv.reader(io.StringIO(z.read(info + "/RECORD").decode())):
        if digest:
            got = base64.urlsafe_b64encode(hashlib.sha256(z.read(path)).digest()).rstrip(b"=").decode()
            bad += digest != "sha256=" + got
    req = {norm(re.match(r"[A-Za-z0-9._-]+", r).group()) for r in m.get_all("Requires-Dist") or []}
    out[name] = [norm(m["Name"]), m["Version"], len(req - {norm(m["Name"])}), bad]
json.dump(out, sys.stdout)
`

// TestOracle compares wheels with what Python says of them. Set
// MLBOM_ORACLE_PYTHON, and MLBOM_ORACLE_WHEELS to a folder of wheels.
func TestOracle(t *testing.T) {
	python, dir := os.Getenv("MLBOM_ORACLE_PYTHON"), os.Getenv("MLBOM_ORACLE_WHEELS")
	if python == "" || dir == "" {
		t.Skip("MLBOM_ORACLE_PYTHON and MLBOM_ORACLE_WHEELS are not set: name an interpreter of Python and a folder of wheels")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no wheels in %s: %v", dir, err)
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
		tree := os.DirFS(dir)
		seen, err := Collector.Collect(context.Background(), sbom.NewFile(tree, filepath.Base(name)))
		if err != nil || len(seen) != 2 {
			t.Errorf("%s: %d sightings, %v", name, len(seen), err)
			continue
		}
		s := seen[0]
		requires := map[string]bool{}
		for _, l := range s.Links {
			if l.Rel == sbom.DependsOn {
				requires[pymeta.Normalize(l.To.Name)] = true
			}
		}
		for _, p := range s.Properties {
			if p.Name == "mlbom:python:requires" {
				n := strings.IndexAny(p.Value+" ", " [<>=!~;(")
				requires[pymeta.Normalize(p.Value[:n])] = true
			}
		}
		digests := 0
		for _, f := range s.Findings {
			if f.Rule == sbom.RuleDigest {
				digests++
			}
		}
		got := []any{pymeta.Normalize(s.Name), s.Version, float64(len(requires)), float64(digests)}
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s: %v, Python says %v", name, got, want[name])
		}
	}
	t.Logf("%d wheels", len(names))
}
