package purl

// Whether a type has a namespace.
const (
	optional = iota
	required
	prohibited
)

// namespaces holds every registered type. The check of golang is a remark only:
// its definition predates modules, as it says of itself, and modules of one
// element and the standard library have none.
var namespaces = map[string]int{
	"alpm": required, "apk": required, "bitbucket": required, "composer": required, "deb": required, "git": required,
	"github": required, "golang": required, "huggingface": required, "maven": required, "qpkg": required, "rpm": required,
	"swift": required, "vscode-extension": required,

	"bazel": prohibited, "bitnami": prohibited, "cargo": prohibited, "chrome-extension": prohibited, "cocoapods": prohibited,
	"conda": prohibited, "cran": prohibited, "gem": prohibited, "hackage": prohibited, "julia": prohibited, "mlflow": prohibited,
	"nuget": prohibited, "oci": prohibited, "opam": prohibited, "otp": prohibited, "pub": prohibited, "pypi": prohibited,
	"vcpkg": prohibited,

	"brew": optional, "conan": optional, "cpan": optional, "docker": optional, "generic": optional, "hex": optional,
	"luarocks": optional, "npm": optional, "swid": optional, "yocto": optional,
}

// qualifiers are those that a type cannot be without.
var qualifiers = map[string]string{"julia": "uuid", "swid": "tag_id"}
