package oci

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
