package oci

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const attachers = 20

func wanted() (names []string) {
	for n := range attachers {
		names = append(names, fmt.Sprintf("bom%d.cdx.json", n))
	}
	slices.Sort(names)
	return names
}

// TestConcurrent: what many attach at once, each as a program of its own, is all
// there, over a network that is slow by chance.
func TestConcurrent(t *testing.T) {
	for _, api := range []bool{true, false} {
		o := start(t, api, func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.Sleep(rand.N(20 * time.Millisecond))
				h.ServeHTTP(w, r)
			})
		})
		began := time.Now()
		together(t, func(n int) error { _, err := o.attach(bom(n)); return err })
		t.Logf("API %v: %d attached at once in %v", api, attachers, time.Since(began).Round(time.Millisecond))
		if got := o.names(); !slices.Equal(got, wanted()) {
			t.Errorf("API %v: %d of %d are there: %v", api, len(got), attachers, got)
		}
	}
}

func together(t *testing.T, do func(n int) error) {
	t.Helper()
	var all sync.WaitGroup
	for n := range attachers {
		all.Go(func() {
			if err := do(n); err != nil {
				t.Errorf("%d: %v", n, err)
			}
		})
	}
	all.Wait()
}

// makeLayout makes a layout that holds one model.
func makeLayout(t *testing.T) (folder string, subject ocispec.Descriptor) {
	t.Helper()
	folder = t.TempDir()
	put := func(data []byte) ocispec.Descriptor {
		d := ocispec.Descriptor{MediaType: "application/octet-stream", Digest: digest.FromBytes(data), Size: int64(len(data))}
		name := filepath.Join(folder, filepath.FromSlash(blobName(d.Digest)))
		if err := firstOf(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o644)); err != nil {
			t.Fatal(err)
		}
		return d
	}
	put([]byte("{}"))
	text, _ := json.Marshal(ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: "application/x.model",
		Config: ocispec.DescriptorEmptyJSON, Layers: []ocispec.Descriptor{put([]byte("weights"))}})
	subject = put(text)
	subject.MediaType = ocispec.MediaTypeImageManifest
	tagged := subject
	tagged.Annotations = map[string]string{ocispec.AnnotationRefName: "v1"}
	index, _ := json.Marshal(ocispec.Index{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{tagged}})
	if err := firstOf(os.WriteFile(filepath.Join(folder, "index.json"), index, 0o644), os.WriteFile(filepath.Join(folder, "oci-layout"), []byte(`{"imageLayoutVersion":"1.0.0"}`), 0o644)); err != nil {
		t.Fatal(err)
	}
	return folder, subject
}

func openFolder(t *testing.T, folder string) *Place {
	t.Helper()
	ref, err := ParseRef(layoutScheme + folder + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Open(ref, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestConcurrentLayout(t *testing.T) {
	folder, subject := makeLayout(t)
	together(t, func(n int) error {
		_, err := openFolder(t, folder).Attach(context.Background(), subject, []Document{bom(n)}, false)
		return err
	})
	p := openFolder(t, folder)
	if got := namesIn(t, p); !slices.Equal(got, wanted()) {
		t.Errorf("%d of %d are there: %v", len(got), attachers, got)
	}
	before, _ := os.ReadFile(filepath.Join(folder, "index.json"))
	r, err := p.Attach(context.Background(), subject, []Document{bom(3)}, false)
	after, _ := os.ReadFile(filepath.Join(folder, "index.json"))
	if err != nil || r.Attached[0].Changed || string(before) != string(after) {
		t.Errorf("attached again: %+v, %v", r, err)
	}
	entries, _ := os.ReadDir(folder)
	if len(entries) != 3 {
		t.Errorf("left in the folder: %v", entries)
	}
	// the one thing in it needs no name
	bare, _ := ParseRef(layoutScheme + folder)
	if p, err = Open(bare, Options{}); err != nil {
		t.Fatal(err)
	}
	if d, err := p.Subject(context.Background(), ""); err != nil || d.Digest != subject.Digest {
		t.Errorf("%s, %v", d.Digest, err)
	}
}
