// Command oracle is a registry with the referrers API, made of CUE Labs' server, which
// has nothing in common with the registry of go-containerregistry: "oracle ADDRESS".
package main

import (
	"log"
	"net/http"
	"os"

	"cuelabs.dev/go/oci/ociregistry/ocimem"
	"cuelabs.dev/go/oci/ociregistry/ociserver"
)

func main() {
	log.Fatal(http.ListenAndServe(os.Args[1], ociserver.New(ocimem.New(), nil)))
}
