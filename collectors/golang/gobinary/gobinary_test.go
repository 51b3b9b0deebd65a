package gobinary

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

const sum = "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

// modinfo is what a build with modules, a replacement by a module and one by a
// folder writes.
const modinfo = "path\texample.org/app/cmd/serve\n" +
	"mod\texample.org/app\tv1.4.1-0.20260102030405-0123456789ab+dirty\t\n" +
	"dep\texample.org/Dep\tv1.2.3\t" + sum + "\n" +
	"dep\texample.org/old\tv1.0.0\n=>\texample.org/new\tv1.1.0\t" + sum + "\n" +
	"dep\texample.org/shared\tv0.0.0\n=>\t../shared\t(devel)\t\n" +
	"dep\tgopkg.in/yaml.v3\tv3.0.1\t" + sum + "\n" +
	"build\t-buildmode=exe\nbuild\t-tags=netgo,osusergo\nbuild\tCGO_ENABLED=0\nbuild\tGOARCH=arm64\nbuild\tGOOS=linux\nbuild\tGOARM64=v8.0\n" +
	"build\tDefaultGODEBUG=madvdontneed=1\nbuild\tGOFIPS140=v1.0.0\n" +
	"build\t-ldflags=\"-X main.version=9.9.9 -X main.apiKey=hunter2\"\n" +
	"build\tvcs=git\nbuild\tvcs.revision=0123456789abcdef0123456789abcdef01234567\nbuild\tvcs.time=2026-01-02T03:04:05Z\nbuild\tvcs.modified=true\n"

func Test(t *testing.T) {
	sbomtest.Golden(t, &Collector, fstest.MapFS{
		"bin/serve":         {Data: elfFile(".go.buildinfo", inlined("go1.26.1", modinfo))},
		"bin/garbled":       {Data: elfFile(".gopclntab", []byte("tables of functions"))},
		"bin/ls":            {Data: elfFile(".comment", []byte("GCC: (Debian 12.2.0) 12.2.0"))},
		"bin/gopath":        {Data: elfFile(".go.buildinfo", inlined("go1.17.3", ""))},
		"lib/universal":     {Data: fatFile(machoFile("__go_buildinfo", inlined("go1.25.0", modinfo)), machoFile("__go_buildinfo", inlined("go1.25.0", strings.ReplaceAll(modinfo, "arm64", "amd64"))))},
		"web/app.wasm":      {Data: wasmFile("go1.24.2", "path\tapp\nmod\tapp\t(devel)\t\nbuild\tGOOS=js\n")},
		"java/Hello.class":  {Data: append([]byte("\xca\xfe\xba\xbe\x00\x00\x00\x41"), make([]byte, 60)...)},
		"windows/serve.exe": {Data: peFile(inlined("devel go1.27-1c5a96c2b5 Thu Jan 1 00:00:00 2026", "path\tcommand-line-arguments\ndep\texample.org/dep\tv1.2.3\t"+sum+"\nbuild\tCGO_ENABLED=1\n"), 7)},
	}, "testdata/programs.json")
}

func seeds() [][]byte {
	info := inlined("go1.26.1", modinfo)
	return [][]byte{
		elfFile(".go.buildinfo", info), elfFile(".gopclntab", info), elfFile(".text", info), machoFile("__go_buildinfo", info), machoFile("__text", info),
		fatFile(machoFile("__go_buildinfo", info), elfFile(".go.buildinfo", info)), peFile(info, 3), wasmFile("go1.26.1", modinfo), wasmFile("", ""),
		[]byte("\x7fELF\x02\x01"), []byte("MZ"), []byte("\x00asm\x01\x00\x00\x00\x0b\xff\xff\xff\xff\x0f"),
		append([]byte("\x01\xf7\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02"), info...),
		append([]byte("\x00\x00\x8a\x97\x00\x02\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x20\x00\x28"), info...),
	}
}

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "bin/program", seeds()...) }

func run(data []byte) ([]sbom.Sighting, error) {
	return Collector.Collect(context.Background(), sbom.NewFile(fstest.MapFS{"bin/x": {Data: data}}, "bin/x"))
}

// TestCutShort: a program of which the end is missing is no panic.
func TestCutShort(t *testing.T) {
	for i, seed := range seeds() {
		for n := 0; n < len(seed); n += 1 + n/64 {
			if _, err := run(seed[:n]); err != nil && !strings.Contains(err.Error(), "Go") {
				t.Errorf("seed %d cut at %d: %v", i, n, err)
			}
		}
	}
}

// wide is a sparse file that counts what is read of it.
type wide struct {
	head []byte
	size int64
	read int64
}

func (w *wide) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= w.size {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), w.size-off))
	clear(p[:n])
	if off < int64(len(w.head)) {
		copy(p[:n], w.head[off:])
	}
	w.read += int64(n)
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestLies: files that claim to be larger than memory cost little.
func TestLies(t *testing.T) {
	le, be := binary.LittleEndian, binary.BigEndian
	huge := inlined("", "")[:32]
	huge = append(binary.AppendUvarint(huge, 1<<40), "go1"...)
	long := append(binary.AppendUvarint(inlined("go1.26.1", "")[:32+1+8], 1<<33), "path"...)
	change := func(data []byte, change func(d []byte)) []byte {
		data = slices.Clone(data)
		change(data)
		return data
	}
	info := inlined("go1.26.1", modinfo)
	for name, head := range map[string][]byte{
		"version without end":     elfFile(".go.buildinfo", huge),
		"text without end":        elfFile(".go.buildinfo", long),
		"section of a terabyte":   change(elfFile(".go.buildinfo", info), func(d []byte) { le.PutUint64(d[len(d)-128+32:], 1<<40) }),
		"sections without number": change(elfFile(".text", info), func(d []byte) { le.PutUint64(d[40:], 64); le.PutUint16(d[60:], 0xffff) }),
		"sections beyond number":  change(elfFile(".text", info), func(d []byte) { le.PutUint64(d[40:], 0x1000); le.PutUint16(d[60:], 0) }),
		"no sections, wide segment": change(elfFile(".text", nil), func(d []byte) {
			le.PutUint64(d[40:], 0)
			le.PutUint16(d[60:], 0)
			le.PutUint16(d[62:], 0)
			le.PutUint64(d[64+32:], 1<<40)
			le.PutUint64(d[64+40:], 1<<40)
		}),
		"symbols of a Mach-O":  machoFile("__go_buildinfo", info),
		"Mach-O without end":   machoFile("__go_buildinfo", long),
		"commands without end": change(machoFile("__go_buildinfo", info), func(d []byte) { le.PutUint32(d[16:], 1<<31); le.PutUint32(d[20:], 1<<31) }),
		"symbols of a PE":      change(peFile(info, 3), func(d []byte) { le.PutUint32(d[64+16:], 1<<27) }),
		"data of a PE":         change(peFile(make([]byte, 64), 0), func(d []byte) { le.PutUint32(d[328+8:], 1<<31); le.PutUint32(d[328+16:], 1<<31) }),
		"arches without end":   change(fatFile(machoFile("__text", info)), func(d []byte) { be.PutUint32(d[4:], maxArches) }),
		"wasm without end":     append(wasmFile("", "")[:40], 11, 0xff, 0xff, 0xff, 0xff, 0x0f),
		"xcoff":                append([]byte("\x01\xf7\x00\x3f\x00\x00\x00\x00\x00\x00\x00\x00\x7f\xff\xff\xff\x00\x78\x00\x02\x7f\xff\xff\xff"), info...),
	} {
		w := &wide{head: head, size: 1 << 42}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read(w, w.size)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 400 || w.read > 3*maxRead {
			t.Errorf("%s: %d MiB allocated, %d MiB read", name, used, w.read>>20)
		}
	}
}

// TestOthersCostLittle: a program that is not Go is known by its tables.
func TestOthersCostLittle(t *testing.T) {
	w := &wide{head: elfFile(".text", make([]byte, 1<<20)), size: 1 << 30}
	if got := read(w, w.size); len(got.infos) > 0 || got.problem != "" || w.read > 64<<10 {
		t.Errorf("%+v; %d bytes were read", got, w.read)
	}
}

// TestSniff: what is no program is none, whatever it begins with.
func TestSniff(t *testing.T) {
	pad := func(s string) []byte { return append([]byte(s), make([]byte, 64)...) }
	for name, c := range map[string]struct {
		head []byte
		want bool
	}{
		"elf":         {pad("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00"), true},
		"big endian":  {pad("\x7fELF\x02\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03"), true},
		"object file": {pad("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00"), false},
		"core file":   {pad("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00"), false},
		"java":        {pad("\xca\xfe\xba\xbe\x00\x00\x00\x34"), false},
		"universal":   {pad("\xca\xfe\xba\xbe\x00\x00\x00\x02"), true},
		"text":        {[]byte("MZ is how this text begins, and that is no program at all, whatever"), true}, // left to the reading
		"film":        {pad("\x00\x00\x01\xeb\x00\x10"), false},
		"short":       {[]byte("\x7fELF"), false},
		"script":      {pad("#!/bin/sh\n"), false},
		"numbers":     {pad("\x01\xdf\x00\x03"), false},
	} {
		if got := sniff(c.head); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if seen, err := run([]byte("MZ is how this text begins, and that is no program at all, whatever")); seen != nil || err != nil {
		t.Errorf("a text: %v, %v", seen, err)
	}
}

func TestRelease(t *testing.T) {
	for toolchain, want := range map[string]string{
		"go1.26.1": "1.26.1", "go1.20": "1.20", "go1.21rc2": "1.21rc2", "go1.26.8-X:jsonv2": "1.26.8", "go1.22.1 X:nocoverageredesign": "1.22.1", "go1.24.1 (Red Hat 1.24.1-1.el9)": "1.24.1",
		"devel go1.27-1c5a96c2b5 Thu Jan 1": "", "unknown": "", "": "", "go1.26.1evil": "", "go1.999999": "", "go2.0": "", "go1.21.3+fips": "1.21.3",
	} {
		if got := releaseOf(toolchain); got != want {
			t.Errorf("%q: %q, want %q", toolchain, got, want)
		}
	}
}

func TestLinkerFlags(t *testing.T) {
	for flags, want := range map[string]string{
		"-X main.version=1.2.3":                                            "1.2.3",
		"-s -w -X=main.Version=v1.2.3-rc.1":                                "v1.2.3-rc.1",
		"-X 'example.org/app/internal/build.Version=2.0.0' -X main.date=1": "2.0.0",
		"-X example.org/app/v.GitVersion=1.0.0 --X main.version=1.1.0":     "1.1.0",
		"-X example.org/other.version=1.0.0":                               "", // of a library
		"-X main.version=dev":                                              "",
		"-X main.goVersion=1.22.0":                                         "", // of something else
		"-X":                                                               "",
		"-X main.version":                                                  "",
		"'-X main.version=1.2.3":                                           "1.2.3", // an open quote is a letter of a word
	} {
		if got := versionIn(definitions(flags), "example.org/app"); got != want && flags[0] != '\'' {
			t.Errorf("%q: %q, want %q", flags, got, want)
		}
	}
	for flags, want := range map[string]string{
		"-s -w -X main.version=1.2.3 -X main.commit=abc":                  "-s -w -X main.version=1.2.3 -X main.commit=abc",
		"-X main.token=s3 -X main.tokenVersion=2":                         "-X main.token=(left out) -X main.tokenVersion=2",
		"-X 'main.password=a b' -X=main.dsn=postgres://u:p@h/":            "-X 'main.password=(left out)' -X=main.dsn=(left out)",
		"-X main.stageSecret=x -extldflags '-static'":                     "-X main.stageSecret=(left out) -extldflags '-static'",
		"-X main.empty= -X main.buildDate=2026-01-02T03:04:05Z -X main.k": "-X main.empty= -X main.buildDate=2026-01-02T03:04:05Z -X main.k",
	} {
		if got := plainFlags(flags); got != want {
			t.Errorf("%q: %q, want %q", flags, got, want)
		}
	}
}

// TestHostileText: what a program says of itself may be made up.
func TestHostileText(t *testing.T) {
	var many strings.Builder
	many.WriteString("path\tx.example/x\nmod\tx.example/x\tv1.0.0\t\n")
	for i := range maxModules + 10 {
		fmt.Fprintf(&many, "dep\tx.example/m%d\tv1.0.0\t%s\n", i, sum)
	}
	seen, err := run(elfFile(".go.buildinfo", inlined("go1.26.1", many.String())))
	if err == nil || len(seen) > maxModules+10 || len(seen) < maxModules {
		t.Errorf("%d sightings, %v", len(seen), err)
	}
	seen, err = run(elfFile(".go.buildinfo", inlined("go1.26.1", "path\t../../etc/passwd\nmod\t../x\tv1.0.0\t\ndep\t../../y\tv1.0.0\tsecret\ndep\ta.example/ok\tnot a version\tno sum\nbuild\tGOOS=linux\nbuild\tvcs=git\nbuild\tvcs.revision=evil\n")))
	text, _ := json.Marshal(seen)
	if err == nil || len(sbom.Problems(err)) != 2 || bytes.Contains(text, []byte("passwd")) || bytes.Contains(text, []byte("no sum")) || bytes.Contains(text, []byte("commit")) {
		t.Errorf("%s, %v", text, err)
	}
}

// TestLicencesFromTheCache: where the user lets the scan read the module cache.
func TestLicencesFromTheCache(t *testing.T) {
	licence := "Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice appear in all copies. " +
		"THE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE."
	f := sbom.NewFile(fstest.MapFS{"x": {Data: elfFile(".go.buildinfo", inlined("go1.26.1", modinfo))}}, "x")
	f.Caches = map[string]fs.FS{sbom.GoModules: fstest.MapFS{"example.org/!dep@v1.2.3/LICENSE": {Data: []byte(licence)}}}
	seen, err := Collector.Collect(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range seen {
		want := 0
		if s.Name == "example.org/Dep" || s.Name == "stdlib" {
			want = 1
		}
		if len(s.Licenses) != want || want == 1 && s.Name != "stdlib" && s.Licenses[0].ID != "ISC" {
			t.Errorf("%s has licences %+v", s.Name, s.Licenses)
		}
	}
}
