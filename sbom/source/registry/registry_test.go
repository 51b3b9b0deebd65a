package registry_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	fake "github.com/google/go-containerregistry/pkg/registry"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

func newClient() *source.Client {
	return source.NewClient(source.Options{Wait: func(context.Context, time.Duration) error { return nil }})
}

// memory is a registry in this process, by the library of Google's tools.
func memory(t *testing.T, wrap func(http.Handler) http.Handler) string {
	t.Helper()
	h := fake.New(fake.Logger(log.New(io.Discard, "", 0)))
	if wrap != nil {
		h = wrap(h)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// pusher sends artefacts to a registry, as the specification says.
type pusher struct {
	t          *testing.T
	host, repo string
	auth       string
}

func (p pusher) do(method, address, kind string, body []byte) *http.Response {
	p.t.Helper()
	req, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if p.auth != "" {
		req.Header.Set("Authorization", p.auth)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode/100 != 2 {
		p.t.Fatalf("%s %s: %s", method, address, res.Status)
	}
	return res
}

func (p pusher) blob(kind string, data []byte, annotations ...string) ocispec.Descriptor {
	p.t.Helper()
	d := ocispec.Descriptor{MediaType: kind, Digest: digest.FromBytes(data), Size: int64(len(data))}
	for i := 0; i+1 < len(annotations); i += 2 {
		d.Annotations = map[string]string{annotations[i]: annotations[i+1]}
	}
	base, _ := url.Parse("http://" + p.host + "/v2/" + p.repo + "/blobs/uploads/")
	res := p.do(http.MethodPost, base.String(), "", nil)
	to, err := base.Parse(res.Header.Get("Location"))
	if err != nil {
		p.t.Fatal(err)
	}
	q := to.Query()
	q.Set("digest", d.Digest.String())
	to.RawQuery = q.Encode()
	p.do(http.MethodPut, to.String(), "application/octet-stream", data)
	return d
}

func (p pusher) manifest(reference string, m any, kind string) ocispec.Descriptor {
	p.t.Helper()
	data, err := json.Marshal(m)
	if err != nil {
		p.t.Fatal(err)
	}
	sum := digest.FromBytes(data)
	if reference == "" {
		reference = sum.String()
	}
	p.do(http.MethodPut, "http://"+p.host+"/v2/"+p.repo+"/manifests/"+reference, kind, data)
	return ocispec.Descriptor{MediaType: kind, Digest: sum, Size: int64(len(data))}
}

func manifest(config ocispec.Descriptor, layers ...ocispec.Descriptor) ocispec.Manifest {
	m := ocispec.Manifest{MediaType: ocispec.MediaTypeImageManifest, Config: config, Layers: layers}
	m.SchemaVersion = 2
	return m
}

const cncf = "application/vnd.cncf.model."

func archive(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		if err := w.WriteHeader(&tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1])), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, files[i+1])
	}
	w.Close()
	return b.Bytes()
}

func packed(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

func zpacked(data []byte) []byte {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return w.EncodeAll(data, nil)
}

func open(t *testing.T, c *source.Client, text string, o registry.Options) (*registry.Artefact, error) {
	t.Helper()
	n, err := registry.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	o.Client = c
	return registry.Open(t.Context(), n, o)
}

func names(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var all []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(name, "blobs/") {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestParse(t *testing.T) {
	sum := "sha256:" + strings.Repeat("a", 64)
	for text, want := range map[string]registry.Name{
		"oci://ghcr.io/org/model":                   {Host: "ghcr.io", Repository: "org/model", Tag: "latest"},
		"oci://localhost:5000/m:v1":                 {Host: "localhost:5000", Repository: "m", Tag: "v1"},
		"oci://docker.io/ubuntu:24.04":              {Host: "docker.io", Repository: "library/ubuntu", Tag: "24.04"},
		"oci://ghcr.io/org/model@" + sum:            {Host: "ghcr.io", Repository: "org/model", Digest: sum},
		"oci://ghcr.io/org/model:v1@" + sum:         {Host: "ghcr.io", Repository: "org/model", Tag: "v1", Digest: sum},
		"oci://[::1]:5000/m":                        {Host: "[::1]:5000", Repository: "m", Tag: "latest"},
		"oci://ghcr.io":                             {},
		"oci://ghcr.io/Org/Model":                   {},
		"oci://ghcr.io/org/../x":                    {},
		"oci://ghcr.io/org/model@sha256:abc":        {},
		"oci://ghcr.io/org/model:":                  {},
		"oci://user:pw@ghcr.io/org/model":           {},
		"oci://ghcr.io/org/model?x":                 {},
		"ghcr.io/org/model":                         {},
		"oci://ghcr.io/" + strings.Repeat("a", 300): {},
	} {
		got, err := registry.Parse(text)
		if got != want || (err != nil) != (want == registry.Name{}) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// push makes an artefact of each sort of layer.
func push(p pusher) ocispec.Descriptor {
	weights := strings.Repeat("weights!", 10_000)
	return p.manifest("v1", manifest(p.blob(cncf+"config.v1+json", []byte(`{"descriptor":{"name":"tiny"}}`)),
		p.blob(cncf+"weight.v1.raw", []byte(weights), "org.cncf.model.filepath", "model.gguf"),
		p.blob(cncf+"doc.v1.raw", []byte("# Card\n"), ocispec.AnnotationTitle, "./docs/README.md"),
		p.blob(cncf+"weight.config.v1.tar", archive(p.t, "conf/config.json", `{"model_type":"llama"}`, "big.bin", weights, "../out", "x", "/etc/passwd", "x")),
		p.blob(cncf+"code.v1.tar+gzip", packed(archive(p.t, "run.py", "print()\n", "large", strings.Repeat("x", 5<<20)))),
		p.blob(cncf+"dataset.v1.tar+zstd", zpacked(archive(p.t, "data.csv", "a,b\n"))),
		p.blob(cncf+"dataset.v1.tar+gzip", []byte("no gzip")),
		p.blob(cncf+"dataset.v1.tar+lzip", []byte("lzip"), "x", "y"),
		p.blob("application/octet-stream", []byte("nameless")),
		p.blob("text/plain", []byte("out"), ocispec.AnnotationTitle, "../../out")), ocispec.MediaTypeImageManifest)
}

// check reads the artefact of push.
func check(t *testing.T, host string, o registry.Options, pushed ocispec.Descriptor) {
	t.Helper()
	c := newClient()
	a, err := open(t, c, "oci://"+host+"/acme/tiny:v1", o)
	if err != nil {
		t.Fatal(err)
	}
	if bytes, _ := c.Fetched(); bytes > 600_000 {
		t.Errorf("%d bytes are fetched before anything is read", bytes)
	}
	if got, want := names(t, a.Tree), []string{"big.bin", "conf/config.json", "data.csv", "docs/README.md", "index.json", "model.gguf", "oci-layout", "run.py"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if err := fstest.TestFS(a.Tree, "conf/config.json"); err != nil {
		t.Error(err)
	}
	var problems []string
	for _, p := range a.Problems {
		problems = append(problems, p.Reason)
	}
	for _, want := range []string{`"../out", which leaves the folder`, `"/etc/passwd", which leaves`, `"large" has 5242880 bytes inside a packed layer`, "packed with lzip, which is not read", "is not packed with gzip as it says", `"../../out", which leaves`} {
		if !strings.Contains(strings.Join(problems, "\n"), want) {
			t.Errorf("no problem %q in %q", want, problems)
		}
	}
	if len(problems) != 6 {
		t.Errorf("%q", problems)
	}
	f := sbom.NewFile(a.Tree, "model.gguf")
	d, err := f.Digest()
	data, rerr := fs.ReadFile(a.Tree, "model.gguf")
	if sum := sha256.Sum256(data); err != nil || rerr != nil || !d.Asserted || d.SHA256() != hex.EncodeToString(sum[:]) {
		t.Errorf("%+v, %v, %v", d, err, rerr)
	}
	if fact := a.Fact; fact.Kind != sbom.KindModel || fact.Version != "v1" || !strings.HasPrefix(fact.Keys.PURL, "pkg:oci/tiny@sha256:"+pushed.Digest.Encoded()+"?repository_url=") {
		t.Errorf("%+v", fact.Component)
	}
	var index ocispec.Index
	text, _ := fs.ReadFile(a.Tree, "index.json")
	if err := json.Unmarshal(text, &index); err != nil || len(index.Manifests) != 1 || index.Manifests[0].Digest != pushed.Digest {
		t.Errorf("%s, %v", text, err)
	}
	if again, err := open(t, c, "oci://"+host+"/acme/tiny@"+pushed.Digest.String(), o); err != nil || again.Fact.Version != pushed.Digest.String() {
		t.Errorf("%v", err)
	}
	if _, err := open(t, c, "oci://"+host+"/acme/tiny:v2", o); err == nil || !strings.Contains(err.Error(), "there is no v2 in "+host+"/acme/tiny") {
		t.Errorf("%v", err)
	}
}

func TestArtefact(t *testing.T) {
	host := memory(t, nil)
	check(t, host, registry.Options{}, push(pusher{t: t, host: host, repo: "acme/tiny"}))
}

// TestRealRegistry runs the registry of the CNCF's distribution project.
func TestRealRegistry(t *testing.T) {
	program := os.Getenv("MLBOM_ORACLE_REGISTRY")
	if program == "" {
		t.Skip("MLBOM_ORACLE_REGISTRY names no program: go install github.com/distribution/distribution/v3/cmd/registry@v3.0.0")
	}
	dir := t.TempDir()
	host := "127.0.0.1:" + freePort(t)
	config := fmt.Sprintf("version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: %q}}\nhttp: {addr: %q, secret: x}\n", dir, host)
	if err := os.WriteFile(filepath.Join(dir, "config.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "serve", filepath.Join(dir, "config.yml"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for range 100 {
		if res, err := http.Get("http://" + host + "/v2/"); err == nil {
			res.Body.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	check(t, host, registry.Options{}, push(pusher{t: t, host: host, repo: "acme/tiny"}))
}

func freePort(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()
	u, _ := url.Parse(s.URL)
	return u.Port()
}

// signed asks for a token, as registries do; "ann" has "secret".
func signed(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			user, password, _ := r.BasicAuth()
			if user != "ann" || password != "secret" || r.URL.Query().Get("scope") != "repository:acme/tiny:pull" || r.URL.Query().Get("service") != "reg" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			io.WriteString(w, `{"token":"T"}`)
			return
		}
		if a := r.Header.Get("Authorization"); a != "Bearer T" && a != "Push" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://`+r.Host+`/token",service="reg",scope="repository:acme/tiny:pull"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		h.ServeHTTP(w, r)
	})
}

func TestSigningIn(t *testing.T) {
	host := memory(t, signed)
	pushed := push(pusher{t, host, "acme/tiny", "Push"})
	for name, c := range map[string]struct{ config, want string }{
		"none":   {`{}`, "sign in with docker login " + host},
		"wrong":  {fmt.Sprintf(`{"auths":{%q:{"username":"ann","password":"wrong"}}}`, host), ""},
		"helper": {`{"credsStore":"desktop"}`, "docker-credential-desktop, which is not run"},
		"other":  {`{"auths":{"example.com":{"auth":"YW5uOnNlY3JldA=="}}}`, "sign in with docker login"},
	} {
		credentials, err := registry.ReadCredentials([]byte(c.config))
		if err != nil {
			t.Fatal(err)
		}
		_, err = open(t, newClient(), "oci://"+host+"/acme/tiny:v1", registry.Options{Credentials: credentials})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	auth := base64.StdEncoding.EncodeToString([]byte("ann:secret"))
	credentials, err := registry.ReadCredentials(fmt.Appendf(nil, `{"auths":{"http://%s/v1/":{"auth":%q}},"credsStore":"desktop"}`, host, auth))
	if err != nil {
		t.Fatal(err)
	}
	check(t, host, registry.Options{Credentials: credentials}, pushed)
}

func TestCredentials(t *testing.T) {
	for _, text := range []string{"", "[]", `{"auths":{"x":{"auth":"!"}}}`, `{"auths":{"x":{"auth":"YQ=="}}}`} {
		if _, err := registry.ReadCredentials([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

// TestBadRegistries: what is not what its digest says is not used.
func TestBadRegistries(t *testing.T) {
	lie := ""
	host := memory(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if lie != "" && r.Method == http.MethodGet && strings.Contains(r.URL.Path, lie) {
				io.WriteString(w, `{"schemaVersion":2,"x":"lies"}`)
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	p := pusher{t: t, host: host, repo: "acme/tiny"}
	pushed := push(p)
	lie = "/manifests/"
	if _, err := open(t, newClient(), "oci://"+host+"/acme/tiny@"+pushed.Digest.String(), registry.Options{}); err == nil || !strings.Contains(err.Error(), "do not use it") {
		t.Errorf("%v", err)
	}
	if _, err := open(t, newClient(), "oci://"+host+"/acme/tiny:v1", registry.Options{}); err == nil || !strings.Contains(err.Error(), "has no layers") {
		t.Errorf("%v", err)
	}
	config := []byte(`{"descriptor":{"name":"tiny"}}`)
	lie = digest.FromBytes(config).String()
	a, err := open(t, newClient(), "oci://"+host+"/acme/tiny:v1", registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	name := "blobs/sha256/" + digest.FromBytes(config).Encoded()
	if _, err := fs.ReadFile(a.Tree, name); err == nil || len(a.Tree.Findings("x")) != 1 {
		t.Errorf("%v, %v", err, a.Tree.Findings("x"))
	}
	lie = ""
	p.manifest("bad", manifest(p.blob("x", []byte("{}")), ocispec.Descriptor{MediaType: "y", Digest: "md5:abc", Size: 1}, ocispec.Descriptor{MediaType: "y", Digest: "../..", Size: 1}), ocispec.MediaTypeImageManifest)
	if a, err := open(t, newClient(), "oci://"+host+"/acme/tiny:bad", registry.Options{}); err != nil || len(a.Problems) != 2 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestIndex(t *testing.T) {
	host := memory(t, nil)
	p := pusher{t: t, host: host, repo: "acme/multi"}
	image := func(arch string) ocispec.Descriptor {
		d := p.manifest("", manifest(p.blob(ocispec.MediaTypeImageConfig, []byte(`{"architecture":"`+arch+`"}`)), p.blob(ocispec.MediaTypeImageLayerGzip, packed(archive(t, arch, "x")))), ocispec.MediaTypeImageManifest)
		d.Platform = &ocispec.Platform{OS: "linux", Architecture: arch}
		return d
	}
	attested := image("unknown")
	attested.Annotations = map[string]string{"vnd.docker.reference.type": "attestation-manifest"}
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{image("amd64"), image("arm64"), attested}}
	index.SchemaVersion = 2
	p.manifest("v1", index, ocispec.MediaTypeImageIndex)
	a, err := open(t, newClient(), "oci://"+host+"/acme/multi:v1", registry.Options{})
	if err != nil || len(a.Problems) > 0 || a.Fact.Kind != sbom.KindContainer {
		t.Fatalf("%+v, %v", a, err)
	}
	blobs, err := fs.ReadDir(a.Tree, "blobs/sha256")
	if err != nil || len(blobs) != 7 { // the index, and of two images manifest, configuration and layer
		t.Errorf("%d blobs, %v", len(blobs), err)
	}
}
