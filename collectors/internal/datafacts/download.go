package datafacts

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var (
	hubFile = pattern.Lazy(`^hf://datasets/([^/@]+(?:/[^/@]+)?)@([^/]+)/`)
	webFile = pattern.Lazy(`^https://(?:huggingface\.co|hf\.co)/datasets/([^/]+(?:/[^/]+)?)/resolve/([^/]+)/`)
)

// Download ties a file that was fetched to the dataset: its address is the origin,
// its digest and size are stated, not read. What came out of a dataset of the hub
// tells that dataset too.
func (d *Draft) Download(f Download) {
	address := CleanURL(f.URL)
	if address == "" {
		d.local(f)
		return
	}
	d.Origin("source", address, f.Line)
	m := hubFile.FindStringSubmatch(address)
	if m == nil {
		m = webFile.FindStringSubmatch(address)
	}
	if m != nil {
		if to, ok := hub.Dataset(m[1], m[2]); ok {
			d.Link(sbom.DerivedFrom, to, "download", f.Line)
		}
	}
	to := sbom.Component{Kind: sbom.KindFile, Name: f.Name, Keys: sbom.Keys{URL: address}, Refs: []sbom.Ref{{Type: "distribution", URL: address}}}
	if to.Name == "" {
		to.Name = baseName(address)
	}
	if sum := Digest(f.SHA256); sum != "" {
		to.Keys.SHA256, to.Hashes = sum, []sbom.Hash{{Alg: "SHA-256", Value: sum}}
	}
	if f.Size > 0 || len(to.Hashes) > 0 {
		to.File = &sbom.FileFacts{Size: max(f.Size, 0), Asserted: len(to.Hashes) > 0}
	}
	d.Link(sbom.DerivedFrom, to, "download", f.Line)
}

// local is a file that is named without an address: a user puts it there, or it is in
// the repository.
func (d *Draft) local(f Download) {
	if f.URL == "" || strings.Contains(f.URL, "://") {
		return
	}
	name := f.URL
	if path.IsAbs(name) || strings.Contains(name, `\`) || strings.HasPrefix(name, "~") {
		name = baseName(strings.ReplaceAll(name, `\`, "/")) // the rest tells of somebody's machine
	}
	d.Add("dataset.files", &d.Dataset.Files, name, f.Line)
	if sum := Digest(f.SHA256); sum != "" {
		d.Link(sbom.DerivedFrom, sbom.Component{Kind: sbom.KindFile, Name: baseName(f.URL), Keys: sbom.Keys{SHA256: sum}, Hashes: []sbom.Hash{{Alg: "SHA-256", Value: sum}},
			File: &sbom.FileFacts{Size: max(f.Size, 0), Asserted: true}}, "download", f.Line)
	}
}

func baseName(address string) string {
	plain, query, _ := strings.Cut(address, "?")
	if _, rest, ok := strings.Cut(address, "://"); ok && query != "" && path.Ext(plain) == "" && len(rest) <= maxName {
		return rest // drive.google.com/uc?id=..., of which "uc" is no name
	}
	if name := path.Base(strings.TrimRight(plain, "/")); name != "." && name != "/" && len(name) <= maxName {
		return name
	}
	return address
}
