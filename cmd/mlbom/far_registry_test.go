package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	fake "github.com/google/go-containerregistry/pkg/registry"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/cyclonedx"
)

// ociHost is a registry in this process, and what pushes to it.
type ociHost struct {
	t    *testing.T
	host string
	ask  *int // requests
}

func startRegistry(t *testing.T) ociHost {
	t.Helper()
	asked := 0
	h := fake.New(fake.Logger(log.New(io.Discard, "", 0)))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked++; h.ServeHTTP(w, r) }))
	t.Cleanup(s.Close)
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	return ociHost{t, strings.TrimPrefix(s.URL, "http://"), &asked}
}

func (o ociHost) put(address, kind string, data []byte, method string) *http.Response {
	o.t.Helper()
	req, err := http.NewRequest(method, address, bytes.NewReader(data))
	if err != nil {
		o.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode/100 != 2 {
		o.t.Fatalf("%s %s: %s", method, address, res.Status)
	}
	return res
}

func (o ociHost) layer(repo, kind string, data []byte, file string) map[string]any {
	sum := sha256.Sum256(data)
	d := map[string]any{"mediaType": kind, "digest": "sha256:" + hex.EncodeToString(sum[:]), "size": len(data)}
	if file != "" {
		d["annotations"] = map[string]string{"org.cncf.model.filepath": file}
	}
	base, _ := url.Parse("http://" + o.host + "/v2/" + repo + "/blobs/uploads/")
	to, _ := base.Parse(o.put(base.String(), "", nil, http.MethodPost).Header.Get("Location"))
	q := to.Query()
	q.Set("digest", d["digest"].(string))
	to.RawQuery = q.Encode()
	o.put(to.String(), "application/octet-stream", data, http.MethodPut)
	return d
}

func (o ociHost) push(repo, tag string, config map[string]any, layers ...map[string]any) {
	data, _ := json.Marshal(map[string]any{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers})
	o.put("http://"+o.host+"/v2/"+repo+"/manifests/"+tag, "application/vnd.oci.image.manifest.v1+json", data, http.MethodPut)
}

// TestFarArtefacts: models of the makers of artefacts, read from a registry.
func TestFarArtefacts(t *testing.T) {
	o := startRegistry(t)
	gguf, err := os.ReadFile("../../examples/go-service/models/tiny-Q8_0.gguf")
	if err != nil {
		t.Fatal(err)
	}
	large := append(bytes.Clone(gguf), make([]byte, 20<<20)...) // of which the header alone is wanted
	const cncf, ai, ollama = "application/vnd.cncf.model.", "application/vnd.docker.ai.", "application/vnd.ollama.image."
	o.push("acme/pack", "v1", o.layer("acme/pack", cncf+"config.v1+json", []byte(`{"descriptor":{"name":"packed","version":"3","licenses":["MIT"]},"config":{"format":"gguf"}}`), ""),
		o.layer("acme/pack", cncf+"weight.v1.raw", large, "model.gguf"), o.layer("acme/pack", cncf+"doc.v1.raw", []byte("---\nlicense: mit\nbase_model: acme/base\n---\n# Card\n"), "README.md"))
	o.push("ai/llama", "1B", o.layer("ai/llama", ai+"model.config.v0.1+json", []byte(`{"config":{"format":"gguf","architecture":"llama","parameters":"1 B","quantization":"Q8_0"}}`), ""),
		o.layer("ai/llama", ai+"gguf.v3", large, ""), o.layer("ai/llama", ai+"license", []byte("MIT\n"), ""))
	o.push("library/tiny", "latest", o.layer("library/tiny", "application/vnd.docker.container.image.v1+json", []byte(`{"model_format":"gguf","model_family":"llama","model_type":"1B","file_type":"Q8_0"}`), ""),
		o.layer("library/tiny", ollama+"model", large, ""), o.layer("library/tiny", ollama+"license", []byte("MIT\n"), ""), o.layer("library/tiny", ollama+"system", []byte("Be kind.\n"), ""))
	for ref, name := range map[string]string{"acme/pack:v1": "Tiny Answers", "ai/llama:1B": "Tiny Answers", "library/tiny": "Tiny Answers"} {
		code, out, errs := mlbom("generate", "oci://"+o.host+"/"+ref)
		if code != exitOK {
			t.Errorf("%s: exit %d: %s", ref, code, errs)
			continue
		}
		report, err := cyclonedx.Decode([]byte(out), "bom.json")
		if err != nil {
			t.Fatal(err)
		}
		g := sbom.Merge(report)
		root := g.Node(g.Root)
		if root == nil || root.Kind != sbom.KindModel || root.Name != name || !strings.HasPrefix(root.Keys.PURL, "pkg:oci/") || !contradicted(g, root) || root.Model.Parameters == 0 || len(g.Problems) > 0 {
			t.Errorf("%s: %+v, problems %v\n%s", ref, root, g.Problems, errs)
		}
		hashed := 0
		for _, n := range g.Nodes {
			if n.Kind == sbom.KindFile && n.Model != nil && n.Model.Parameters > 0 && len(n.Hashes) == 1 && n.File.Asserted {
				hashed++
			}
		}
		if hashed != 1 || strings.Contains(errs, "MB in") {
			t.Errorf("%s: %d files of weights\n%s", ref, hashed, errs)
		}
		if testing.Verbose() {
			fmt.Println(errs)
		}
	}
	for ref, want := range map[string]string{"acme/none:v1": "there is no v1 in", "acme/pack:v2": "there is no v2 in"} {
		if code, out, errs := mlbom("generate", "oci://"+o.host+"/"+ref); code != exitUsage || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", ref, code, errs)
		}
	}
}

// TestFarTar: of layers that are tars the files are there, and nothing is missing; a
// layer does not take the place of another one's blob.
func TestFarTar(t *testing.T) {
	o := startRegistry(t)
	gguf, err := os.ReadFile("../../examples/go-service/models/tiny-Q8_0.gguf")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: "model.gguf", Mode: 0o644, Size: int64(len(gguf))}), second(w.Write(gguf)), w.Close()); err != nil {
		t.Fatal(err)
	}
	const cncf = "application/vnd.cncf.model."
	config := o.layer("acme/tar", cncf+"config.v1+json", []byte(`{"descriptor":{"name":"packed"}}`), "")
	packed := o.layer("acme/tar", cncf+"weight.v1.tar", b.Bytes(), "model")
	o.push("acme/tar", "v1", config, packed)
	code, out, errs := mlbom("generate", "oci://"+o.host+"/acme/tar:v1")
	if code != exitOK || strings.Contains(errs, "not there") || strings.Contains(errs, "could not be read") || !strings.Contains(out, "mlbom:oci:digest") || !strings.Contains(out, "model.gguf") {
		t.Errorf("exit %d: %s", code, errs)
	}
	other := strings.TrimPrefix(packed["digest"].(string), "sha256:")
	o.push("acme/tar", "v2", config, o.layer("acme/tar", cncf+"doc.v1.raw", []byte("x"), "blobs/sha256/"+other))
	if code, _, errs := mlbom("generate", "oci://"+o.host+"/acme/tar:v2"); code != exitOK || !strings.Contains(errs, "which is the place of another") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func second[T any](_ T, err error) error { return err }

// contradicted: the header of the weights says Apache-2.0, and the layer MIT.
func contradicted(g *sbom.Graph, n *sbom.Node) bool {
	return len(n.Licenses) == 1 && n.Licenses[0].ID == "Apache-2.0" && slices.ContainsFunc(g.Conflicts, func(c sbom.Conflict) bool {
		return c.Node == n.ID && c.Field == "licenses" && strings.Contains(c.Dropped.Value, `"MIT"`)
	})
}
