package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	fake "github.com/google/go-containerregistry/pkg/registry"
)

// self runs mlbom in a process of its own: the test binary under that name.
func self(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name)
	cmd.Args = append([]string{"mlbom"}, args...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000", "DOCKER_CONFIG="+t.TempDir())
	return cmd
}

var kills = flag.Int("kills", 8, "how often TestKilled... kills each command")

// killed runs it and kills it after a time by chance, a good part of which it takes to
// start; it tells whether it had ended.
func killed(t *testing.T, whole time.Duration, args ...string) (ended bool) {
	t.Helper()
	cmd := self(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(whole/4+rand.N(whole), func() { cmd.Process.Kill() })
	defer kill.Stop()
	return cmd.Wait() == nil
}

// smallBOM writes a BOM that is valid and like no other.
func smallBOM(t *testing.T, name string, n int) string {
	t.Helper()
	text := fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":"1.6","version":%d,"metadata":{"timestamp":"2026-01-31T12:00:00Z"},"components":[{"type":"library","name":"x","description":%q}]}`, n, strings.Repeat("x", 300_000))
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// slowRegistry takes a while for each request, so that it can be met in each.
func slowRegistry(t *testing.T, api bool) ociHost {
	t.Helper()
	h := fake.New(fake.Logger(log.New(io.Discard, "", 0)), fake.WithReferrersSupport(api))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(8 * time.Millisecond))
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	return ociHost{t, strings.TrimPrefix(s.URL, "http://"), new(int)}
}

// listed are the titles of what is attached.
func listed(t *testing.T, ref string) (titles []string, text string) {
	t.Helper()
	code, out, errs := mlbom("fetch", "--list", "--format", "json", ref)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var r fetchReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Found {
		titles = append(titles, f.Title)
	}
	slices.Sort(titles)
	return titles, out
}

// TestKilledAttach: whenever an attach is killed, what is attached is what was before,
// or is that and the new one, and each of them can be fetched; the same again ends in
// the one state that an attach without trouble ends in.
func TestKilledAttach(t *testing.T) {
	if testing.Short() {
		t.Skip("processes of their own, which -short (and with it -race) leaves out")
	}
	dir := t.TempDir()
	one, two := smallBOM(t, filepath.Join(dir, "one.cdx.json"), 1), smallBOM(t, filepath.Join(dir, "two.cdx.json"), 2)
	for place, make := range map[string]func() string{
		"with the API": func() string {
			o := slowRegistry(t, true)
			o.push("a/b", "v1", o.layer("a/b", "application/x", []byte("{}"), ""))
			return o.host + "/a/b:v1"
		},
		"without": func() string {
			o := slowRegistry(t, false)
			o.push("a/b", "v1", o.layer("a/b", "application/x", []byte("{}"), ""))
			return o.host + "/a/b:v1"
		},
		"layout": func() string { return "oci-layout:" + testLayout(t) },
	} {
		unharmed := make()
		attachOne(t, unharmed, one)
		began := time.Now()
		if out, err := self(t, "attach", unharmed, two).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		whole := time.Since(began)
		_, want := listed(t, unharmed)
		olds, news := 0, 0
		for range *kills {
			ref := make()
			attachOne(t, ref, one)
			ended := killed(t, whole, "attach", ref, two)
			switch titles, _ := listed(t, ref); {
			case slices.Equal(titles, []string{"one.cdx.json"}) && !ended:
				olds++
			case slices.Equal(titles, []string{"one.cdx.json", "two.cdx.json"}):
				news++
			default:
				t.Fatalf("%s: ended %v, and there are %v", place, ended, titles)
			}
			if code, _, errs := mlbom("fetch", "-o", t.TempDir()+"/", ref); code != exitOK {
				t.Fatalf("%s: exit %d: %s", place, code, errs)
			}
			attachOne(t, ref, two)
			if _, got := listed(t, ref); strings.ReplaceAll(got, ref, "") != strings.ReplaceAll(want, unharmed, "") {
				t.Errorf("%s: again:\n%s\nwant\n%s", place, got, want)
			}
			if folder, ok := strings.CutPrefix(ref, "oci-layout:"); ok {
				if got, want := filesIn(t, folder), filesIn(t, strings.TrimPrefix(unharmed, "oci-layout:")); got != want {
					t.Errorf("the folder has\n%s\nand should have\n%s", got, want)
				}
			}
		}
		t.Logf("%s: %d killed within %v: %d times the old state, %d times the new one", place, *kills, whole.Round(time.Millisecond), olds, news)
	}
}

func attachOne(t *testing.T, ref, name string) {
	t.Helper()
	if code, _, errs := mlbom("attach", ref, name); code != exitOK {
		t.Fatalf("attach %s %s: exit %d: %s", ref, name, code, errs)
	}
}

// testLayout makes a layout with one thing in it.
func testLayout(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	const text = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[]}`
	sum := textDigest(text)
	for name, content := range map[string]string{
		"oci-layout":          `{"imageLayoutVersion":"1.0.0"}`,
		"index.json":          fmt.Sprintf(`{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%d,"annotations":{"org.opencontainers.image.ref.name":"v1"}}]}`, sum, len(text)),
		"blobs/sha256/" + sum: text,
		"blobs/sha256/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a": "{}",
	} {
		name = filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// filesIn are the files of a folder with their digests.
func filesIn(t *testing.T, folder string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		fmt.Fprintln(&b, strings.TrimPrefix(name, folder), textDigest(string(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestKilledFetch: the file that fetch writes is the old one or the new one.
func TestKilledFetch(t *testing.T) {
	if testing.Short() {
		t.Skip("processes of their own, which -short (and with it -race) leaves out")
	}
	dir := t.TempDir()
	bom, out := smallBOM(t, filepath.Join(dir, "one.cdx.json"), 1), filepath.Join(dir, "out", "bom.json")
	ref := "oci-layout:" + testLayout(t)
	if code, _, errs := mlbom("attach", ref, bom); code != exitOK {
		t.Fatal(errs)
	}
	if err := os.Mkdir(filepath.Dir(out), 0o755); err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(bom)
	began := time.Now()
	if err := self(t, "fetch", ref, "-o", out).Run(); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(began)
	olds := 0
	for range *kills {
		if err := os.WriteFile(out, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		ended := killed(t, whole, "fetch", ref, "-o", out)
		got, _ := os.ReadFile(out)
		switch {
		case string(got) == "old" && !ended:
			olds++
		case !bytes.Equal(got, want):
			t.Fatalf("the file has %d bytes: half", len(got))
		}
	}
	t.Logf("%d of %d left the old file", olds, *kills)
}

func textDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
