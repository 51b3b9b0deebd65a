module github.com/mlbom/mlbom

go 1.26.0

require (
	github.com/package-url/packageurl-go v0.1.7
	golang.org/x/tools v0.52.0
)
