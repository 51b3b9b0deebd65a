package golicense

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/internal/licensetext"
)

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction, including without
limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the
Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:
The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
`

const isc = `Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is
hereby granted, provided that the above copyright notice and this permission notice appear in all copies. THE SOFTWARE
IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED
WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR
CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF
CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS
SOFTWARE.
`

// folder gives a module "m" of files; values are texts.
func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{"m/x.go": {Data: []byte("package m")}}
	for name, text := range files {
		fsys["m/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func said(f Found) string {
	var ids []string
	for _, l := range f.Licenses {
		ids = append(ids, l.ID+l.Expression)
	}
	return strings.Join(ids, " ") + " of " + strings.Join(f.Files, " ")
}

// TestWhichTextCounts: licences of parts are not those of the module.
func TestWhichTextCounts(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"one":                 {map[string]string{"LICENSE": mit, "README.md": isc, "sub/LICENSE": isc}, "MIT of LICENSE"},
		"two by name":         {map[string]string{"LICENSE-MIT": mit, "LICENSE.ISC.txt": isc}, "ISC MIT of LICENSE-MIT LICENSE.ISC.txt"},
		"two plain":           {map[string]string{"COPYING": mit, "LICENSE": isc}, "ISC MIT of COPYING LICENSE"},
		"a part":              {map[string]string{"LICENSE": mit, "LICENSE-GO": isc}, "MIT of LICENSE"},
		"parts alone":         {map[string]string{"LICENSE.code": mit, "LICENSE.docs": isc}, "MIT of LICENSE.code"},
		"others":              {map[string]string{"LICENSE": mit, "THIRD_PARTY_LICENSES": isc, "LICENSE-3rdparty.csv": isc, "LICENSES-vendor": isc}, "MIT of LICENSE"},
		"name before":         {map[string]string{"ISC-LICENSE": isc, "MIT-LICENSE.txt": mit}, "ISC MIT of ISC-LICENSE MIT-LICENSE.txt"},
		"same twice":          {map[string]string{"LICENSE": mit, "COPYING": mit}, "MIT of COPYING LICENSE"},
		"reuse":               {map[string]string{"LICENSES/MIT.txt": mit, "LICENSES/vendor/a/LICENSE": isc, "LICENSES/a.txt": isc}, "MIT of LICENSES/MIT.txt"},
		"reuse beside a text": {map[string]string{"LICENSE": mit, "LICENSES/ISC.txt": isc}, "MIT of LICENSE"},
		"unknown text":        {map[string]string{"LICENSE": "All rights reserved by me."}, " of LICENSE"},
		"unknown and part":    {map[string]string{"LICENSE": "All rights reserved by me.", "LICENSE-GO": isc}, " of LICENSE"},
		"none":                {nil, " of "},
	} {
		f, err := Folder(folder(c.files), "m")
		if got := said(f); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
		for _, l := range f.Licenses {
			if !l.Concluded || l.Confidence <= 0.7 || l.Confidence > 1 {
				t.Errorf("%s: %+v", name, l)
			}
		}
	}
}

func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
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

func TestCache(t *testing.T) {
	cache := fstest.MapFS{
		"a.example/!up@v1.0.0/LICENSE":               {Data: []byte(mit)},
		"cache/download/a.example/!up/@v/v1.1.0.zip": {Data: archive(t, map[string]string{"a.example/Up@v1.1.0/LICENSE": isc, "a.example/Up@v1.1.0/sub/LICENSE": mit})},
		"cache/download/a.example/!up/@v/v1.2.0.zip": {Data: []byte("no zip")},
		"cache/download/a.example/!up/@v/v1.3.0.zip": {Data: archive(t, map[string]string{"other@v1/LICENSE": isc})},
	}
	for version, want := range map[string]string{"v1.0.0": "MIT of LICENSE", "v1.1.0": "ISC of LICENSE", "v1.3.0": " of ", "v1.4.0": " of ", "": " of ", "../x": " of "} {
		if f, err := Cached(cache, "a.example/Up", version); err != nil || said(f) != want {
			t.Errorf("%q: %q, %v; want %q", version, said(f), err, want)
		}
	}
	if f, err := Cached(cache, "a.example/Up", "v1.2.0"); err == nil || said(f) != " of " {
		t.Errorf("a broken zip file: %q, %v", said(f), err)
	}
	if f, err := Cached(cache, "../../etc", "v1.0.0"); err != nil || len(f.Files) > 0 {
		t.Errorf("a path outside: %v, %v", f, err)
	}
}

func TestBounds(t *testing.T) {
	many := map[string]string{"LICENSE": mit + strings.Repeat(" x", licensetext.MaxText)}
	for i := range 3 * maxTexts {
		many["LICENSE-MIT."+strings.Repeat("x", i+1)] = mit
	}
	f, err := Folder(folder(many), "m")
	if err != nil || len(f.Files) > maxTexts {
		t.Errorf("%d texts, %v", len(f.Files), err)
	}
	if _, err := Folder(folder(nil), "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

// TestOwnModules: what this project is built from, as it lies in the module cache.
func TestOwnModules(t *testing.T) {
	dir := os.Getenv("GOMODCACHE")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Skip("no module cache: GOMODCACHE is not set")
		}
		dir = home + "/go/pkg/mod"
	}
	sums, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"golang.org/x/mod": "BSD-3-Clause", "golang.org/x/tools": "BSD-3-Clause", "go.yaml.in/yaml/v3": "Apache-2.0 MIT", "github.com/CycloneDX/cyclonedx-go": "Apache-2.0",
		"github.com/pelletier/go-toml/v2": "MIT", "github.com/package-url/packageurl-go": "MIT", "github.com/rogpeppe/go-internal": "BSD-3-Clause", "github.com/santhosh-tekuri/jsonschema/v6": "Apache-2.0"}
	checked := 0
	for line := range strings.Lines(string(sums)) {
		w := strings.Fields(line)
		if len(w) < 2 || want[w[0]] == "" {
			continue
		}
		f, err := Cached(os.DirFS(dir), w[0], w[1])
		if err != nil {
			t.Error(err)
		}
		if len(f.Files) == 0 {
			continue
		}
		checked++
		ids, _, _ := strings.Cut(said(f), " of ")
		if ids != want[w[0]] || !slices.Contains(f.Files, "LICENSE") {
			t.Errorf("%s: %s, want %s", w[0], said(f), want[w[0]])
		}
	}
	if checked == 0 {
		t.Skip("the module cache has none of this project's modules: run go mod download")
	}
}

// TestNotices: who holds the rights, and not who wrote the licence.
func TestNotices(t *testing.T) {
	for text, want := range map[string]string{
		"MIT License\n\nCopyright (c) 2014  Jane  Doe\n> Copyright © 2015 Others.\n\n" + mit:                              "Copyright (c) 2014 Jane Doe\nCopyright © 2015 Others.",
		"  Copyright 2019 The Authors. All rights reserved.\n" + isc + "Copyright 2019 The Authors. All rights reserved.": "Copyright 2019 The Authors. All rights reserved.",
		"   Copyright [yyyy] [name of copyright owner]\n" + isc:                                                           "",
		"Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>\n" + mit:                                    "",
		"Copyright {yyyy} {name}\nThe above copyright notice and\ncopyright holders of this\n" + mit:                      "",
	} {
		f, err := Folder(folder(map[string]string{"LICENSE": text}), "m")
		if err != nil || f.Copyright != want {
			t.Errorf("%.60q: %q, %v; want %q", text, f.Copyright, err, want)
		}
	}
	many := strings.Repeat("Copyright (c) 2014 A\n", 3)
	for i := range 3 * maxNotices {
		many += "Copyright (c) 2014 " + strings.Repeat("x", i+2) + "\n"
	}
	if f, _ := Folder(folder(map[string]string{"LICENSE": many}), "m"); strings.Count(f.Copyright, "\n") != maxNotices-1 {
		t.Errorf("%d notices", strings.Count(f.Copyright, "\n")+1)
	}
}
