package signature

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/collectors/model/safetensors"
	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/sbom/scan"
	"github.com/mlbom/mlbom/sbom/sign"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// signed is the model that testdata/make.py signed, with one of its signatures.
func signed(t testing.TB, signature string) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{"m/model.sig": {Data: read(t, signature)}, "m/.git/config": {Data: []byte("x")}}
	err := fs.WalkDir(os.DirFS("testdata/model"), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			tree["m/"+name] = &fstest.MapFile{Data: read(t, "model/"+name)}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func trusted(t testing.TB, keys, roots []string) sbom.Trust {
	t.Helper()
	var trust sbom.Trust
	for _, name := range keys {
		block, _ := pem.Decode(read(t, name))
		k, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		trust.Keys = append(trust.Keys, crypto.PublicKey(k))
	}
	for _, name := range roots {
		block, _ := pem.Decode(read(t, name))
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		trust.Roots = append(trust.Roots, c)
	}
	return trust
}

func run(t testing.TB, tree fs.FS, s sbom.Settings) sbom.Report {
	t.Helper()
	r, err := scan.Run(context.Background(), tree, []*sbom.Collector{&Collector, &safetensors.Collector}, scan.Options{Settings: s, After: sign.Roots})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func findings(r sbom.Report) []string {
	var all []string
	for _, s := range r.Sightings {
		for _, f := range s.Findings {
			all = append(all, f.Rule+": "+f.Message)
		}
	}
	return all
}

func property(r sbom.Report, name string) string {
	for _, s := range r.Sightings {
		for _, p := range s.Properties {
			if p.Name == name {
				return p.Value
			}
		}
	}
	return ""
}

// TestSignatures: what the reference implementation signed is found equal, and who
// signed is verified where the user trusts them.
func TestSignatures(t *testing.T) {
	for _, c := range []struct {
		signature   string
		keys, roots []string
		signer      string
		doubt       string
	}{
		{"p256.sig", []string{"p256.pub"}, nil, "verified by key", ""},
		{"p384.sig", []string{"p256.pub", "p384.pub"}, nil, "verified by key", ""},
		{"p521.sig", []string{"p521.pub"}, nil, "verified by key", ""},
		{"shards.sig", []string{"p256.pub"}, nil, "verified by key", ""},
		{"blake3.sig", []string{"p256.pub"}, nil, "verified by key", ""},
		{"blake2b.sig", []string{"p256.pub"}, nil, "verified by key", ""},
		{"certificate.sig", nil, []string{"root.pem"}, "verified by certificate", ""},
		{"p256.sig", nil, nil, "not verified", "--trust-key"},
		{"p256.sig", []string{"p384.pub"}, nil, "not verified", "none of the keys"},
		{"certificate.sig", []string{"p256.pub"}, nil, "not verified", "--trust-cert"},
		{"sigstore.sig", []string{"p256.pub"}, []string{"root.pem"}, "not verified", "signer@example.com (by https://example.com)"},
	} {
		r := run(t, signed(t, c.signature), sbom.Settings{Trust: trusted(t, c.keys, c.roots)})
		got := findings(r)
		if property(r, "oms:files") != "equal" || property(r, "oms:signer") != c.signer || len(r.Problems) > 0 {
			t.Errorf("%s %v: files %q, signer %q, %v, %v", c.signature, c.keys, property(r, "oms:files"), property(r, "oms:signer"), got, r.Problems)
		}
		if c.doubt == "" && len(got) > 0 || c.doubt != "" && (len(got) != 1 || !strings.HasPrefix(got[0], sbom.RuleUnverified) || !strings.Contains(got[0], c.doubt)) {
			t.Errorf("%s %v: %v", c.signature, c.keys, got)
		}
	}
}

// TestChanges: whatever happens to a signed model is reported.
func TestChanges(t *testing.T) {
	put := func(name, text string) func(fstest.MapFS) {
		return func(tree fstest.MapFS) { tree[name] = &fstest.MapFile{Data: []byte(text)} }
	}
	drop := func(name string) func(fstest.MapFS) { return func(tree fstest.MapFS) { delete(tree, name) } }
	oid := "version https://git-lfs.github.com/spec/v1\noid sha256:3648180a2779341d682e90e6ca60c3008b3425f71295537b71d90bf7efea15f3\nsize 160\n"
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		says   []string
	}{
		"nothing":         {func(fstest.MapFS) {}, nil},
		"changed":         {put("m/config.json", "{ }\n"), []string{"changed since it was signed: config.json"}},
		"missing":         {drop("m/unet/weights.bin"), []string{"signed and not there: unet/weights.bin"}},
		"added":           {put("m/unet/evil.py", "x"), []string{"there and not signed: unet/evil.py"}},
		"ignored":         {put("m/notes.txt", "other"), nil},
		"git":             {put("m/.git/HEAD", "other"), nil},
		"git below":       {put("m/unet/.git/HEAD", "other"), []string{"not signed: unet/.git/HEAD"}},
		"swapped":         {put("m/empty", "x"), []string{": empty"}},
		"left by pointer": {put("m/unet/weights.bin", oid), []string{"1 of 5 files are not here"}},
		"wrong pointer":   {put("m/unet/weights.bin", strings.Replace(oid, ":3", ":4", 1)), []string{"changed since it was signed: unet/weights.bin"}},
	} {
		for _, signature := range []string{"p256.sig", "shards.sig", "blake3.sig"} {
			if strings.Contains(name, "pointer") && signature != "p256.sig" {
				continue
			}
			tree := signed(t, signature)
			c.change(tree)
			r := run(t, tree, sbom.Settings{Trust: trusted(t, []string{"p256.pub"}, nil)})
			got := findings(r)
			ok := len(got) == len(c.says)
			for _, s := range c.says {
				ok = ok && slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, s) })
			}
			if !ok {
				t.Errorf("%s, %s: %v, want %v", name, signature, got, c.says)
			}
		}
	}
}

func TestForged(t *testing.T) {
	trust := trusted(t, []string{"p256.pub"}, []string{"root.pem"})
	for _, signature := range []string{"p256.sig", "certificate.sig", "sigstore.sig"} {
		tree := signed(t, signature)
		sig := tree["m/model.sig"]
		i := bytes.Index(sig.Data, []byte(`"sig":`)) + 30
		sig.Data = slices.Clone(sig.Data)
		sig.Data[i] = 'A' + (sig.Data[i]+1)%20
		got := findings(run(t, tree, sbom.Settings{Trust: trust}))
		if len(got) != 1 || !strings.HasPrefix(got[0], sbom.RuleSignature) {
			t.Errorf("%s: %v", signature, got)
		}
	}
}

// TestPlaces: a signature beside the folder, beside one file, and without a model.
func TestPlaces(t *testing.T) {
	beside := fstest.MapFS{}
	for name, f := range signed(t, "p256.sig") {
		beside[strings.Replace(name, "m/", "x/model/", 1)] = f
	}
	beside["x/any.sig"] = beside["x/model/model.sig"]
	delete(beside, "x/model/model.sig")
	for name, c := range map[string]struct {
		tree  fstest.MapFS
		files string
		says  string
	}{
		"beside":  {beside, "equal", ""},
		"alone":   {fstest.MapFS{"a/model.sig": {Data: read(t, "p256.sig")}}, "not here", "none of the 5 files"},
		"renamed": {fstest.MapFS{"a/weird": {Data: read(t, "p256.sig")}}, "not here", "none of the 5 files"},
		"pgp":     {fstest.MapFS{"a/x.sig": {Data: []byte("\x89\x01\x33PGP signature")}}, "", ""},
		"text":    {fstest.MapFS{"a/x.sig": {Data: []byte("untrusted comment: minisign")}}, "", ""},
	} {
		r := run(t, c.tree, sbom.Settings{Trust: trusted(t, []string{"p256.pub"}, nil)})
		got := strings.Join(findings(r), "; ")
		if property(r, "oms:files") != c.files || (c.says == "") != (got == "") || !strings.Contains(got, c.says) || len(r.Problems) > 0 {
			t.Errorf("%s: %q, %s, %v", name, property(r, "oms:files"), got, r.Problems)
		}
	}
	none := run(t, signed(t, "p256.sig"), sbom.Settings{Hashing: sbom.Hashing{None: true}, Trust: trusted(t, []string{"p256.pub"}, nil)})
	if got := findings(none); property(none, "oms:files") != "not compared" || len(got) != 1 {
		t.Errorf("without digests: %q, %v", property(none, "oms:files"), got)
	}
}

// TestOfficial reads the test vectors of the specification: set MLBOM_OFFICIAL to the
// folder that has test-vectors of ossf/model-signing-spec.
func TestOfficial(t *testing.T) {
	dir := filepath.Join(os.Getenv("MLBOM_OFFICIAL"), "model-signing-spec", "test-vectors", "v1.0")
	list, _ := filepath.Glob(filepath.Join(dir, "*", "*.bundle.json"))
	if len(list) == 0 {
		t.Skip("MLBOM_OFFICIAL names no folder with model-signing-spec/test-vectors")
	}
	for _, name := range list {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := sign.Parse(data)
		if valid := filepath.Base(filepath.Dir(name)) == "valid"; valid != (err == nil) {
			t.Errorf("%s: %v, %v", name, b, err)
		}
	}
}

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) { sbomtest.Fuzz(f, &Collector, "m/model.sig") }
