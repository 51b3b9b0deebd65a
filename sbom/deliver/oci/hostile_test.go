package oci

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

func FuzzParseRef(f *testing.F) {
	sum := "sha256:" + strings.Repeat("0a", 32)
	for _, s := range []string{"ghcr.io/a/b:1", "oci://docker.io/x@" + sum, "localhost:5000/a/b:c@" + sum, "oci-layout:dir:v1", "oci-layout:C:\\dir", "oci-layout:a@b@" + sum, "oci-layout://x:y/z", "alpine:3", "", "oci-layout:", "http://x/y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRef(text)
		if err != nil {
			return
		}
		again, err := ParseRef(r.String())
		if err != nil || again != r {
			t.Errorf("%q is %+v, written %q, which is %+v, %v", text, r, r, again, err)
		}
	})
}

func FuzzReadStatement(f *testing.F) {
	for _, s := range []string{`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":{"payload":"e30=","payloadType":"application/vnd.in-toto+json"}}`,
		`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{}}`, `{"payloadType":"application/vnd.in-toto+json","payload":"eyJwcmVkaWNhdGVUeXBlIjoiaHR0cHM6Ly9jeWNsb25lZHgub3JnL2JvbSJ9"}`,
		`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://spdx.dev/Document","predicate":"SPDXVersion: SPDX-2.3","subject":[{"digest":{"sha256":"00"}}]}`, `{"predicate":{"Data":"x"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, ok := ReadStatement(data)
		if ok != (s != nil) {
			t.Fatal(s, ok)
		}
		if ok {
			_, _ = s.BOM()
			s.About("sha256:00")
		}
	})
}

func FuzzReadIndex(f *testing.F) {
	for _, s := range []string{`{"schemaVersion":2,"manifests":[{"digest":"sha256:00","x":1}],"y":{}}`, `{"manifests":null}`, `{}`, `[]`, `{"manifests":[1]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		x, err := readIndex(data)
		if err != nil {
			return
		}
		n := len(x.read)
		if err := x.with([]ocispec.Descriptor{{Digest: "sha256:new", Size: 1}}); err != nil {
			t.Fatal(err)
		}
		_, text, err := x.encode()
		if err != nil {
			t.Fatal(err)
		}
		y, err := readIndex(text)
		if err != nil || len(y.read) < n || !contains(y.read, "sha256:new") {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

// TestKeepsWhatOthersWrote: the index keeps entries, and members that we do not know.
func TestKeepsWhatOthersWrote(t *testing.T) {
	x, err := readIndex([]byte(`{"schemaVersion":2,"annotations":{"a":"b"},"manifests":[{"digest":"sha256:x","later":[1,2]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := x.with([]ocispec.Descriptor{{MediaType: "m", Digest: "sha256:y", Size: 3}, {Digest: "sha256:x"}}); err != nil {
		t.Fatal(err)
	}
	const want = `{"annotations":{"a":"b"},"manifests":[{"digest":"sha256:x","later":[1,2]},{"mediaType":"m","digest":"sha256:y","size":3}],"mediaType":"application/vnd.oci.image.index.v1+json","schemaVersion":2}`
	if _, text, err := x.encode(); err != nil || string(text) != want {
		t.Errorf("%s, %v", text, err)
	}
}

// TestEndless: a registry whose pages of referrers have no end, one that says that a
// document is larger than it is, and one whose manifest is, are given up.
func TestEndless(t *testing.T) {
	descriptor := func(n int) string {
		return fmt.Sprintf(`{"mediaType":%q,"digest":"sha256:%064x","size":1}`, ocispec.MediaTypeImageManifest, n)
	}
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, n int)
		want   string
	}{
		"pages": {func(w http.ResponseWriter, n int) {
			w.Header().Set("Link", fmt.Sprintf(`</v2/acme/tiny/referrers/sha256:00?n=%d>; rel="next"`, n))
			fmt.Fprintf(w, `{"schemaVersion":2,"manifests":[%s,%s]}`, descriptor(2*n), descriptor(2*n+1))
		}, "more than 10000 referrers"},
		"empty pages": {func(w http.ResponseWriter, n int) {
			w.Header().Set("Link", fmt.Sprintf(`</v2/acme/tiny/referrers/sha256:00?n=%d>; rel="next"`, n))
			fmt.Fprint(w, `{"schemaVersion":2,"manifests":[]}`)
		}, "more than 20000 requests"},
		"one page": {func(w http.ResponseWriter, n int) {
			fmt.Fprint(w, `{"schemaVersion":2,"manifests":[`+strings.Repeat(" ", MaxManifest)+`]}`)
		}, "decode"},
	} {
		n := 0
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
			n++
			c.answer(w, n)
		}))
		o := &host{t: t, name: strings.TrimPrefix(s.URL, "http://"), hasty: true}
		_, err := o.open("").referrers(context.Background(), "sha256:"+"00")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
	o := start(t, true, nil)
	_, err := o.open("").Get(context.Background(), Found{Blob: ocispec.Descriptor{Digest: o.subject.Digest, Size: MaxBlob + 1}})
	if err == nil || !strings.Contains(err.Error(), "are not fetched") {
		t.Error(err)
	}
}

// TestLayoutLies: a layout whose links lead out of it, and whose digests lie.
func TestLayoutLies(t *testing.T) {
	folder, subject := makeLayout(t)
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	blob := filepath.Join(folder, filepath.FromSlash(blobName(subject.Digest)))
	if err := firstOf(os.Remove(blob), os.Symlink(outside, blob)); err != nil {
		t.Skip(err)
	}
	var f *Fault
	if _, err := openFolder(t, folder).Subject(context.Background(), ""); !errors.As(err, &f) || !strings.Contains(err.Error(), "escapes") {
		t.Error(err)
	}
	if err := firstOf(os.Remove(blob), os.WriteFile(blob, []byte(`{"schemaVersion":2,"layers":[]}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(t, folder).Subject(context.Background(), ""); err == nil || !strings.Contains(err.Error(), "do not use them") {
		t.Error(err)
	}
}

// TestLayoutPipes: where a file of a layout is a pipe, nobody waits for who writes to it.
func TestLayoutPipes(t *testing.T) {
	for _, name := range []string{"index.json", "oci-layout", "blob"} {
		folder, subject := makeLayout(t)
		if name == "blob" {
			name = filepath.FromSlash(blobName(subject.Digest))
		}
		if err := firstOf(os.Remove(filepath.Join(folder, name)), exec.Command("mkfifo", filepath.Join(folder, name)).Run()); err != nil {
			t.Skip(err)
		}
		done := make(chan error, 1)
		go func() {
			p, err := Open(Ref{Folder: folder}, Options{})
			if err == nil {
				_, err = p.Subject(context.Background(), "")
			}
			done <- err
		}()
		select {
		case err := <-done:
			if err == nil {
				t.Errorf("%s: a pipe is read", name)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: it waits", name)
		}
	}
}

// TestBrokenReferrers: what somebody else attached and nobody can read keeps nobody
// from what is good; very many documents in one manifest are refused.
func TestBrokenReferrers(t *testing.T) {
	const manifestOf = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[%s],"subject":{"mediaType":"m","digest":%q,"size":1}}`
	subject := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromString("s"), Size: 1}
	layer := `{"mediaType":"application/vnd.cyclonedx+json","digest":"sha256:00","size":1}`
	good := fmt.Sprintf(manifestOf, layer, subject.Digest)
	for name, c := range map[string]struct {
		text   string
		listed digest.Digest // "" is that of the text
		want   string
	}{
		"no JSON":       {text: `{"layers":`},
		"another thing": {text: `{"mediaType":"text/x\u001b"}`},
		"SHA-512":       {text: "{}", listed: digest.SHA512.FromString("x")},
		"a tag":         {text: "{}", listed: "latest"},
		"many":          {text: fmt.Sprintf(manifestOf, strings.Repeat(layer+",", maxFound)+layer, subject.Digest), want: "more than 10000 documents"},
	} {
		texts := map[string]string{digest.FromString(good).String(): good}
		if c.listed == "" {
			c.listed = digest.FromString(c.text)
		}
		texts[c.listed.String()] = c.text
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.URL.Path, "/referrers/") {
				w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
				list := []ocispec.Descriptor{{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromString(good), Size: int64(len(good))}, {MediaType: ocispec.MediaTypeImageManifest, Digest: c.listed, Size: int64(len(c.text))}}
				_ = json.NewEncoder(w).Encode(ocispec.Index{Manifests: list})
				return
			}
			text, ok := texts[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]]
			if !ok {
				w.WriteHeader(http.StatusNotFound)
				return
			}
			w.Header().Set("Content-Type", ocispec.MediaTypeImageManifest)
			w.Header().Set("Content-Length", fmt.Sprint(len(text)))
			_, _ = io.WriteString(w, text)
		}))
		o := &host{t: t, name: strings.TrimPrefix(s.URL, "http://"), hasty: true}
		found, others, err := o.open("").Find(context.Background(), subject)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %d, %v", name, len(found), err)
			}
		} else if err != nil || len(found) != 1 || others != 1 {
			t.Errorf("%s: %d found, %d others, %v", name, len(found), others, err)
		}
		s.Close()
	}
}
