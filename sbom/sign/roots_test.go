package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
)

func TestRoots(t *testing.T) {
	tree := fstest.MapFS{}
	put := func(name, text string) { tree[name] = &fstest.MapFile{Data: []byte(text)} }
	put("m/b.json", "b")
	put("m/a/x", "x")
	put("m/a.json", "a") // after a/x: model_signing 1.1.1 compares part by part
	put("m/model.sig", "left out")
	put("m/.git/config", "left out")
	put("m/.gitignore", "left out")
	put("m/a/.git/config", "c")
	put("m/out.json", "excluded")
	h := sha256.New()
	for _, text := range []string{"c", "x", "a", "b"} {
		sum := sha256.Sum256([]byte(text))
		h.Write(sum[:])
	}
	want := hex.EncodeToString(h.Sum(nil))
	roots := func(s sbom.Settings, models ...sbom.Sighting) map[string]string {
		r := sbom.Report{Sightings: models}
		Roots(func(name string) *sbom.File {
			f := sbom.NewFile(tree, name)
			f.Settings, f.LeftOut = s, func(name string) bool { return name == "m/out.json" }
			return f
		}, &r)
		got := map[string]string{}
		for _, s := range r.Sightings[len(models):] {
			got[s.Keys.Path] = s.Component.Model.Fingerprints.Signing
		}
		return got
	}
	model := func(path string) sbom.Sighting {
		return sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: sbom.Keys{Path: path}}}
	}
	got := roots(sbom.Settings{}, model("m/"), model("m/"), model("n/"), model("m/x.gguf"))
	if len(got) != 1 || got["m/"] != want {
		t.Errorf("%v, want %s", got, want)
	}
	signed := model("m/")
	signed.Component.Model = &sbom.Model{Fingerprints: sbom.Fingerprints{Signing: "known"}}
	mentioned := model("m/")
	mentioned.Mentioned = true
	for name, got := range map[string]map[string]string{
		"signed": roots(sbom.Settings{}, model("m/"), signed), "mentioned": roots(sbom.Settings{}, mentioned),
		"no digests": roots(sbom.Settings{Hashing: sbom.Hashing{None: true}}, model("m/")),
	} {
		if len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}
