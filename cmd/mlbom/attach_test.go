package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sign"
)

// signer is a key made of one byte, and the file of its public half.
func signer(t *testing.T, seed byte) (*sign.Signer, string) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(slices.Repeat([]byte{seed}, ed25519.SeedSize))
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sign.ReadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), fmt.Sprintf("key%d.pub", seed))
	return s, inFile(t, name, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
}

func inFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// bundleOf signs a statement about a digest.
func bundleOf(t *testing.T, s *sign.Signer, predicate []byte, digest string) []byte {
	t.Helper()
	data, err := sign.Attest(s, "https://cyclonedx.org/bom", predicate, []sign.Subject{{Name: "model", Digests: []sbom.Hash{{Alg: "SHA-256", Value: strings.TrimPrefix(digest, "sha256:")}}}})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// attached attaches files, and gives the digest of what they are attached to.
func attached(t *testing.T, ref string, files ...string) string {
	t.Helper()
	code, out, errs := mlbom(append([]string{"attach", "--format", "json", ref}, files...)...)
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var r attachReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r.Subject.Digest.String()
}

// TestVouched: of what is attached, only that is taken for which who is trusted
// vouches: not a newer BOM that somebody pushed, and not what is signed about another
// thing, with another key, or of another BOM.
func TestVouched(t *testing.T) {
	for _, api := range []bool{true, false} {
		o := slowRegistry(t, api)
		ref := func(repo string) string {
			o.push(repo, "v1", o.layer(repo, "application/x", []byte("{}"), ""))
			return o.host + "/" + repo + ":v1"
		}
		dir := t.TempDir()
		ours, trusted := signer(t, 1)
		theirs, _ := signer(t, 2)
		bom := smallBOM(t, filepath.Join(dir, "bom.cdx.json"), 1)
		other := smallBOM(t, filepath.Join(dir, "other.cdx.json"), 2)
		text, _ := os.ReadFile(bom)
		otherText, _ := os.ReadFile(other)
		digest := attached(t, ref("digest/of"), bom)
		var again any
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		anew, _ := json.Marshal(again) // as cosign does
		bundle := func(s *sign.Signer, predicate []byte, digest string) string {
			return inFile(t, filepath.Join(dir, textDigest(string(bundleOf(t, s, predicate, digest)))[:8]+".sigstore.json"), bundleOf(t, s, predicate, digest))
		}
		elsewhere := "sha256:" + strings.Repeat("ab", 32)
		for name, c := range map[string]struct {
			files []string
			code  int
			says  string
		}{
			"signed":                {[]string{bom, bundle(ours, text, digest)}, exitOK, "signed by who is trusted"},
			"signed, written anew":  {[]string{bom, bundle(ours, anew, digest)}, exitOK, "signed by who is trusted"},
			"beside one unsigned":   {[]string{bom, other, bundle(ours, text, digest)}, exitOK, "signed by who is trusted"},
			"in the bundle alone":   {[]string{bundle(ours, text, digest)}, exitOK, "from the attestation in the referrer"},
			"unsigned":              {[]string{bom}, exitProblem, "nothing that is signed is attached"},
			"by another key":        {[]string{bom, bundle(theirs, text, digest)}, exitProblem, "none of the keys that are trusted"},
			"about another thing":   {[]string{bom, bundle(ours, text, elsewhere)}, exitProblem, "it is about other things than " + digest},
			"of another BOM":        {[]string{bom, bundle(ours, otherText, digest)}, exitProblem, "what is signed holds another BOM"},
			"a signature of no BOM": {[]string{bom, bundle(ours, []byte(`{"x":1}`), digest)}, exitProblem, "what is signed holds another BOM"},
		} {
			where := ref("a/" + strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, ",", ""), " ", "-")))
			attached(t, where, c.files...)
			file := filepath.Join(t.TempDir(), "out.json")
			code, said, errs := mlbom("fetch", "--trust-key", trusted, "-o", file, where)
			out, _ := os.ReadFile(file)
			if code != c.code || (code == exitOK) != sameJSON(out, text) || !strings.Contains(said+errs, c.says) {
				t.Errorf("API %v, %s: exit %d, %d bytes: %s%s", api, name, code, len(out), said, errs)
			}
		}
	}
}

// TestOlderWays: what cosign tagged, and what buildx put into the index.
func TestOlderWays(t *testing.T) {
	o := slowRegistry(t, false)
	dir := t.TempDir()
	ours, trusted := signer(t, 1)
	bom := smallBOM(t, filepath.Join(dir, "bom.cdx.json"), 1)
	text, _ := os.ReadFile(bom)
	o.push("a/b", "v1", o.layer("a/b", "application/x", []byte("{}"), ""))
	digest := attached(t, "--dry-run", o.host+"/a/b:v1", bom)
	var bundle struct {
		Envelope json.RawMessage `json:"dsseEnvelope"`
	}
	if err := json.Unmarshal(bundleOf(t, ours, text, digest), &bundle); err != nil {
		t.Fatal(err)
	}
	envelope := o.layer("a/b", "application/vnd.dsse.envelope.v1+json", bundle.Envelope, "")
	envelope["annotations"] = map[string]string{"predicateType": "https://cyclonedx.org/bom"}
	o.push("a/b", strings.Replace(digest, ":", "-", 1)+".att", o.layer("a/b", "application/vnd.oci.image.config.v1+json", []byte(`{}`), ""), envelope)
	if code, out, errs := mlbom("fetch", "--trust-key", trusted, o.host+"/a/b:v1"); code != exitOK || out != string(text) || !strings.Contains(errs, "tag of cosign") {
		t.Errorf("exit %d, %d bytes: %s", code, len(out), errs)
	}

	// an index as buildx makes it, for two platforms
	statement := fmt.Appendf(nil, `{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://cyclonedx.org/bom","subject":[{"name":"x","digest":{"sha256":%q}}],"predicate":%s}`, strings.TrimPrefix(digest, "sha256:"), text)
	part := o.layer("a/b", "application/vnd.in-toto+json", statement, "")
	part["annotations"] = map[string]string{"in-toto.io/predicate-type": "https://cyclonedx.org/bom"}
	o.push("a/b", "part", o.layer("a/b", "application/vnd.oci.image.config.v1+json", []byte(`{}`), ""), part)
	partDigest, partSize := o.digest("a/b", "part")
	size := func() int { _, n := o.digest("a/b", "v1"); return n }()
	index := fmt.Sprintf(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":%q,"size":%d,"platform":{"os":"linux","architecture":"amd64"}},{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":%q,"size":%d,"platform":{"os":"unknown","architecture":"unknown"},"annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":%[1]q}}]}`, digest, size, partDigest, partSize)
	o.put("http://"+o.host+"/v2/a/b/manifests/all", "application/vnd.oci.image.index.v1+json", []byte(index), "PUT")
	if code, out, errs := mlbom("fetch", o.host+"/a/b:all"); code != exitOK || out != string(text) || !strings.Contains(errs, "manifest of buildx") {
		t.Errorf("exit %d, %d bytes: %s", code, len(out), errs)
	}
	if code, _, errs := mlbom("fetch", "--trust-key", trusted, o.host+"/a/b:all"); code != exitProblem || !strings.Contains(errs, "nothing that is signed") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if code, out, errs := mlbom("fetch", "--platform", "linux/amd64", "--trust-key", trusted, o.host+"/a/b:all"); code != exitOK || out != string(text) {
		t.Errorf("exit %d: %s", code, errs)
	}
	if code, _, errs := mlbom("fetch", "--platform", "linux/arm64", o.host+"/a/b:all"); code != exitFailed || !strings.Contains(errs, `it has ["linux/amd64"]`) {
		t.Errorf("exit %d: %s", code, errs)
	}
	if got := attached(t, o.host+"/a/b:all", bom); got != "sha256:"+textDigest(index) {
		t.Errorf("attached to %s and not to the index", got)
	}
}

// digest asks for the digest and the size of a manifest.
func (o ociHost) digest(repo, tag string) (string, int) {
	res := o.put("http://"+o.host+"/v2/"+repo+"/manifests/"+tag, "", nil, "HEAD")
	return res.Header.Get("Docker-Content-Digest"), int(res.ContentLength)
}

// TestBroken: a document whose bytes are not those of its digest, and one that is not
// what its manifest says, are refused, and nothing is written.
func TestBroken(t *testing.T) {
	folder := testLayout(t)
	ref := "oci-layout:" + folder
	bom := smallBOM(t, filepath.Join(t.TempDir(), "bom.cdx.json"), 1)
	attached(t, ref, bom)
	text, _ := os.ReadFile(bom)
	blob := filepath.Join(folder, "blobs", "sha256", textDigest(string(text)))
	out := filepath.Join(t.TempDir(), "out.json")
	for _, data := range [][]byte{append([]byte(" "), text[1:]...), text[:len(text)-1], {}} {
		inFile(t, blob, data)
		if code, _, errs := mlbom("fetch", "-o", out, ref); code != exitFailed || !strings.Contains(errs, "do not use them") {
			t.Errorf("%d bytes: exit %d: %s", len(data), code, errs)
		}
	}
	if err := os.Remove(blob); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := mlbom("fetch", "-o", out, ref); code != exitFailed || !strings.Contains(errs, "no such file") {
		t.Errorf("exit %d: %s", code, errs)
	}
	attached(t, ref, bom) // makes it whole again
	if code, _, errs := mlbom("fetch", "-o", out, ref); code != exitOK {
		t.Errorf("exit %d: %s", code, errs)
	}
	for name, text := range map[string]string{"x.json": `{"bomFormat":"CycloneDX","specVersion":"1.6","version":"one"}`, "y.json": `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}`,
		"z.json": `{"payloadType":"application/vnd.in-toto+json","payload":"` + base64.StdEncoding.EncodeToString([]byte("{}")) + `","signatures":[]}`} {
		name = inFile(t, filepath.Join(t.TempDir(), name), []byte(text))
		if code, _, errs := mlbom("attach", ref, name); code != exitUsage {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
	}
}
