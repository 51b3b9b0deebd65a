package oci

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	fake "github.com/google/go-containerregistry/pkg/registry"
	"github.com/opencontainers/go-digest"
	specs "github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom/source"
)

// host is a registry in this process.
type host struct {
	t       *testing.T
	name    string
	subject ocispec.Descriptor
	hasty   bool          // nobody else writes, so that there is nothing to wait for
	stalls  time.Duration // how long to wait for an answer; 0 is long
}

const repository1 = "acme/tiny"

// start starts a registry, with or without the referrers API, that holds one model
// under the tag v1; wrap may stand before it.
func start(t *testing.T, api bool, wrap func(http.Handler) http.Handler) *host {
	t.Helper()
	var h http.Handler = fake.New(fake.Logger(log.New(io.Discard, "", 0)), fake.WithReferrersSupport(api))
	inner := httptest.NewServer(h)
	t.Cleanup(inner.Close)
	o := &host{t: t, name: strings.TrimPrefix(inner.URL, "http://")}
	o.subject = o.model()
	if wrap != nil {
		outer := httptest.NewServer(wrap(h))
		t.Cleanup(outer.Close)
		o.name = strings.TrimPrefix(outer.URL, "http://")
	}
	return o
}

// model pushes a model under the tag v1.
func (o *host) model() ocispec.Descriptor {
	o.t.Helper()
	p := o.open("")
	ctx := context.Background()
	weights := []byte("weights")
	layer := ocispec.Descriptor{MediaType: "application/vnd.cncf.model.weight.v1.raw", Digest: digest.FromBytes(weights), Size: int64(len(weights))}
	text, _ := json.Marshal(ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: "application/vnd.cncf.model.manifest.v1+json",
		Config: ocispec.DescriptorEmptyJSON, Layers: []ocispec.Descriptor{layer}})
	d := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest.FromBytes(text), Size: int64(len(text))}
	if err := firstOf(p.putBlob(ctx, layer, weights), p.putBlob(ctx, ocispec.DescriptorEmptyJSON, []byte("{}")), p.putManifest(ctx, d, text),
		p.store.(*repository).remote.Tag(ctx, d, "v1")); err != nil {
		o.t.Fatal(err)
	}
	return d
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// quick is a client that waits for nothing.
func quick(stalls time.Duration) *source.Client {
	return source.NewClient(source.Options{UserAgent: "test", Idle: stalls, Wait: func(context.Context, time.Duration) error { return nil },
		Transport: &http.Transport{DisableKeepAlives: true, DialContext: (&net.Dialer{Timeout: 20 * time.Second}).DialContext, ResponseHeaderTimeout: stalls}})
}

// open opens the repository as a program of its own does.
func (o *host) open(digest string) *Place {
	o.t.Helper()
	ref, err := ParseRef(o.name + "/" + repository1 + ":v1" + at(digest))
	if err != nil {
		o.t.Fatal(err)
	}
	options := Options{Client: quick(cmp.Or(o.stalls, 20*time.Second))}
	if o.hasty {
		options.Pause = func(context.Context, time.Duration) error { return nil }
	}
	p, err := Open(ref, options)
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func bom(n int) Document {
	return Document{Name: fmt.Sprintf("dir/bom%d.cdx.json", n), Kind: CycloneDX, MediaType: "application/vnd.cyclonedx+json", Created: time.Unix(1700000000, 0),
		Data: fmt.Appendf(nil, `{"bomFormat":"CycloneDX","specVersion":"1.6","version":%d}`, n)}
}

// attach attaches with a new client.
func (o *host) attach(documents ...Document) (*Result, error) {
	p := o.open("")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	subject, err := p.Subject(ctx, "")
	if err != nil {
		return nil, err
	}
	return p.Attach(ctx, subject, documents, false)
}

// names gives the titles of all documents that are found and whose bytes come.
func (o *host) names() []string {
	o.t.Helper()
	return namesIn(o.t, o.open(""))
}

func namesIn(t *testing.T, p *Place) []string {
	t.Helper()
	ctx := context.Background()
	subject, err := p.Subject(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := p.Find(ctx, subject)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		data, err := p.Get(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(data, []byte("{")) {
			t.Fatalf("%s has %q", f.Title, data)
		}
		names = append(names, f.Title)
	}
	slices.Sort(names)
	return names
}

func TestAttach(t *testing.T) {
	for _, api := range []bool{true, false} {
		o := start(t, api, nil)
		for round := range 2 {
			r, err := o.attach(bom(1), bom(2))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := r.Attached[0].Manifest.Digest.String(), "sha256:561824535f96764b3dee8ae7b84d7d70315502118b240d16c8d30d1c0992c4cc"; got != want {
				t.Errorf("API %v: the manifest is %s, want %s", api, got, want)
			}
			if r.Attached[0].Changed != (round == 0) || r.Attached[1].Changed != (round == 0) {
				t.Errorf("API %v, round %d: changed %v, %v", api, round, r.Attached[0].Changed, r.Attached[1].Changed)
			}
			if want := map[bool]Discovery{true: ByAPI, false: ByTag}[api]; r.Discovery != want {
				t.Errorf("API %v: found by %s", api, r.Discovery)
			}
		}
		if got := o.names(); !slices.Equal(got, []string{"bom1.cdx.json", "bom2.cdx.json"}) {
			t.Errorf("API %v: %v", api, got)
		}
	}
}

// TestDry writes nothing.
func TestDry(t *testing.T) {
	o := start(t, false, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			h.ServeHTTP(w, r)
		})
	})
	p := o.open("")
	r, err := p.Attach(context.Background(), o.subject, []Document{bom(1)}, true)
	if err != nil || !r.Attached[0].Changed {
		t.Error(r, err)
	}
}
