package sbom

// Kind says what a component is. The spelling is CycloneDX's, plus "service" and "process".
type Kind string

// The kinds of component.
const (
	KindApplication Kind = "application"
	KindFramework   Kind = "framework"
	KindLibrary     Kind = "library"
	KindContainer   Kind = "container"
	KindPlatform    Kind = "platform"
	KindOS          Kind = "operating-system"
	KindDevice      Kind = "device"
	KindDriver      Kind = "device-driver"
	KindFirmware    Kind = "firmware"
	KindCrypto      Kind = "cryptographic-asset"
	KindFile        Kind = "file"
	KindModel       Kind = "machine-learning-model"
	KindDataset     Kind = "data"
	KindService     Kind = "service"
	KindProcess     Kind = "process" // a pipeline, a stage of one, a run: see [Process]
)

// Keys are promises: "by this name you will know it again". A key is given only
// where the source says "this is X"; a base model, a name in a list or a bare
// string is a [Link], not a key.
type Keys struct {
	// PURL is a canonical package URL, best made by [PURL] and its sisters.
	PURL string `json:"purl,omitempty"`
	// SHA256 is the lower-case hex digest of the content, for files.
	SHA256 string `json:"sha256,omitempty"`
	// URL names a thing that has no purl, such as a dataset on a hub.
	URL string `json:"url,omitempty"`
	// Path is where the thing lies below the scan root, with slashes. A folder
	// ends in "/" and the root is "./"; a folder that holds several things of
	// one kind tells them apart with a fragment: "svc/#python" is the Python
	// project of folder svc ([Project]).
	Path string `json:"path,omitempty"`
}

// Component is one thing that a system is made of. Zero values mean that the
// source does not say.
type Component struct {
	Kind         Kind       `json:"kind"`
	Keys         Keys       `json:"keys,omitzero"`
	Name         string     `json:"name,omitempty"`
	Group        string     `json:"group,omitempty"`
	Version      string     `json:"version,omitempty"`
	Description  string     `json:"description,omitempty"`
	Copyright    string     `json:"copyright,omitempty"`
	CPE          string     `json:"cpe,omitempty"`
	Released     string     `json:"released,omitempty"` // RFC 3339 date or time, as stated
	Supplier     Party      `json:"supplier,omitzero"`
	Manufacturer Party      `json:"manufacturer,omitzero"`
	Publisher    string     `json:"publisher,omitempty"`
	Authors      []Party    `json:"authors,omitempty"`
	Licenses     []License  `json:"licenses,omitempty"`
	Hashes       []Hash     `json:"hashes,omitempty"`
	Refs         []Ref      `json:"refs,omitempty"`
	Tags         []string   `json:"tags,omitempty"`
	Languages    []string   `json:"languages,omitempty"` // human languages, as stated (ISO 639 or BCP 47)
	Properties   []Property `json:"properties,omitempty"`
	Package      *Package   `json:"package,omitempty"`
	Model        *Model     `json:"model,omitempty"`
	Dataset      *Dataset   `json:"dataset,omitempty"`
	Service      *Service   `json:"service,omitempty"`
	Process      *Process   `json:"process,omitempty"`
	File         *FileFacts `json:"file,omitempty"`
}

// Party is a person or an organisation.
type Party struct {
	Name   string `json:"name,omitempty"`
	Email  string `json:"email,omitempty"`
	Phone  string `json:"phone,omitempty"`
	URL    string `json:"url,omitempty"`
	Person bool   `json:"person,omitempty"` // false: an organisation, or not known
}

// License is one licence as a source states it. Exactly one of ID, Expression
// and Name is set; see [ParseLicense].
type License struct {
	ID         string `json:"id,omitempty"`         // SPDX licence id, in SPDX's spelling
	Expression string `json:"expression,omitempty"` // SPDX licence expression
	Name       string `json:"name,omitempty"`       // a licence that SPDX has no id for
	URL        string `json:"url,omitempty"`
	Text       string `json:"text,omitempty"`
	Concluded  bool   `json:"concluded,omitempty"` // found by analysis; else declared by the source
	// Confidence of the analysis, above 0 and up to 1; 0 where none is stated.
	Confidence float64 `json:"confidence,omitempty"`
}

// Hash is a digest of the component's content. Alg is spelt as in CycloneDX
// ("SHA-256"); Value is lower-case hex.
type Hash struct {
	Alg   string `json:"alg"`
	Value string `json:"value"`
}

// Ref is an external reference. Type is CycloneDX's ("vcs", "website",
// "distribution", "documentation", "model-card", ...).
type Ref struct {
	Type    string `json:"type"`
	URL     string `json:"url"`
	Comment string `json:"comment,omitempty"`
	Hashes  []Hash `json:"hashes,omitempty"`
}

// Property is a named value that the vocabulary has no field for.
type Property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// NoWeights is the property of a model of which the tree has a configuration and
// nothing else: an experiment, or a checkpoint that lies elsewhere.
const NoWeights = "mlbom:weights"

// Declarations is the collector of mlbom.yaml, and DeclaredBy the property that names
// the person who states something there.
const (
	Declarations = "declaration/mlbom"
	DeclaredBy   = "mlbom:declared:by"
)

// Package holds what only a software package has.
type Package struct {
	// Groups say on what the package is needed for: "main", "dev", "test",
	// "build", "tool", "indirect", "extra:NAME".
	Groups []string `json:"groups,omitempty"`
	// Requirements are the declared ranges, as written: ">=2.0,<3".
	Requirements []string `json:"requirements,omitempty"`
	Markers      []string `json:"markers,omitempty"` // environment markers, as written
	Extras       []string `json:"extras,omitempty"`  // extras asked for
	Source       Source   `json:"source,omitzero"`
	// Integrity holds sums that are not digests of one file, such as go.sum's "h1:".
	Integrity      []string `json:"integrity,omitempty"`
	Editable       bool     `json:"editable,omitempty"`
	Yanked         bool     `json:"yanked,omitempty"`
	RequiresPython string   `json:"requiresPython,omitempty"`
	GoVersion      string   `json:"goVersion,omitempty"`
	// Dependencies says how much is known of what the package needs itself:
	// "complete", "incomplete" or "unknown"; "" where the source has no opinion.
	Dependencies string `json:"dependencies,omitempty"`
}

// Source says where a package is taken from.
type Source struct {
	Type   string `json:"type,omitempty"` // registry, git, url, path
	URL    string `json:"url,omitempty"`  // without credentials
	Ref    string `json:"ref,omitempty"`  // branch or tag asked for
	Commit string `json:"commit,omitempty"`
}

// FileFacts holds what only a file has.
type FileFacts struct {
	Size      int64  `json:"size,omitempty"`   // bytes
	Format    string `json:"format,omitempty"` // "safetensors", "gguf", "pickle", ...
	MediaType string `json:"mediaType,omitempty"`
	// Asserted: the digest is stated by a pointer or an index, the bytes were not read.
	Asserted bool `json:"asserted,omitempty"`
	// Scan says whether loading the file runs code, for formats that can.
	Scan Scan `json:"scan,omitzero"`
	// Table is what is in a file of data.
	Table Table `json:"table,omitzero"`
	// Prints are those of the tensors in the file; the first who has some counts.
	Prints []Print `json:"-"`
	// Rows are those of a table of which all rows were read; see [Overlaps].
	Rows RowPrints `json:"-"`
}

// Scan is what an examination of a file for code gives. Verdict and coverage are
// two things: nothing that was examined in part is ever clean.
type Scan struct {
	Verdict  Verdict  `json:"verdict,omitempty"`
	Coverage Coverage `json:"coverage,omitempty"`
	Reason   string   `json:"reason,omitempty"` // why the coverage is not complete
	// WeightsOnly tells whether PyTorch's weights_only loader takes the pickle: "yes" or "no".
	WeightsOnly string `json:"weightsOnly,omitempty"`
	Uses        []Use  `json:"uses,omitempty"` // of all code outside of the file, the first of each
}

// Verdict is what was found.
type Verdict string

// The verdicts.
const (
	Malicious     Verdict = "malicious"  // it calls or imports what reaches out of the file
	SuspiciousUse Verdict = "suspicious" // it uses what is not known to be harmless, or hides
	Clean         Verdict = "clean"      // only with Complete
	Undecided     Verdict = "undecided"  // nothing was found, and not all was examined
)

// Coverage is how much of a file was examined.
type Coverage string

// The coverages.
const (
	Complete    Coverage = "complete"
	Partial     Coverage = "partial"     // the rest is broken, or could not be followed
	Unsupported Coverage = "unsupported" // a format or a method that is not understood
	Encrypted   Coverage = "encrypted"
	OverLimit   Coverage = "limit" // a bound of [Limits] was reached
)

// Use is one use of a name outside of the file.
type Use struct {
	Name   string `json:"name"`            // "os.system", in the spelling of Python 3
	How    string `json:"how"`             // "called", "constructed", "referenced"
	Known  string `json:"known"`           // "harmless", "unknown", "unsafe"
	Args   string `json:"args,omitempty"`  // of a call, as far as they are constant: "('id',)"
	In     string `json:"in,omitempty"`    // member of an archive: "archive/data.pkl"
	Offset int64  `json:"offset"`          // in bytes, of the opcode in the file or the member
	Times  int    `json:"times,omitempty"` // above 1
}

// Service is something called over a network.
type Service struct {
	Provider      Party    `json:"provider,omitzero"`
	Endpoints     []string `json:"endpoints,omitempty"`
	Authenticated string   `json:"authenticated,omitempty"` // "yes", "no" or unknown
	Data          []string `json:"data,omitempty"`          // classification of what is sent
}
