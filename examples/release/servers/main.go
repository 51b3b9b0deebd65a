// Command servers is what a release is delivered to, on this machine and until it is ended: a registry that holds one
// model artefact, and a Dependency-Track of its own whose policy takes no pickle. It writes where they are to a file of
// variables for a shell.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

func main() {
	model := flag.String("model", "", "folder whose files are pushed as the artefact models/`NAME`:1.2.0")
	out := flag.String("out", "", "file for the addresses")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *model, *out); err != nil {
		fmt.Fprintln(os.Stderr, "servers:", err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, model, out string) error {
	host, err := listen(registry.New(registry.Logger(log.New(io.Discard, "", 0)), registry.WithReferrersSupport(true)))
	if err != nil {
		return err
	}
	repository := host + "/models/" + filepath.Base(model)
	pushed, err := push(ctx, repository, "1.2.0", model)
	if err != nil {
		return err
	}
	tracker, err := listen(newTracker())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "REGISTRY=%s\nIMAGE=%s:1.2.0\nIMAGE_DIGEST=%s\nTRACKER=%s\nTRACKER_KEY=%s\n", host, repository, pushed.Digest, tracker, key)
	if err := os.WriteFile(out+".part", b.Bytes(), 0o600); err != nil {
		return err
	}
	if err := os.Rename(out+".part", out); err != nil { // the script waits for the whole file
		return err
	}
	<-ctx.Done()
	return nil
}

// key is the API key of the tracker, which lives for seconds and on this machine alone.
const key = "odt_example"

// newTracker is a server with one policy: no file that runs code when it is loaded.
func newTracker() http.Handler {
	s := deptracktest.New("5.0.4", key)
	s.Policies = []deptracktest.Policy{{Name: "Nothing runs on load", State: "FAIL", Type: "OPERATIONAL", Match: func(c deptracktest.Component) bool {
		return slices.ContainsFunc(c.Properties, func(p deptracktest.Property) bool {
			return p.Group == "mlbom" && p.Name == "scan:verdict" && p.Value == "malicious"
		})
	}}}
	return s
}

// listen serves on a free port of this machine.
func listen(h http.Handler) (host string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l) //nolint:errcheck // it ends with the program
	return l.Addr().String(), nil
}

// push makes an artefact of a folder as ModelPack lays it out: a layer a file, under its path. The same folder gives the
// same digest.
func push(ctx context.Context, repository, tag, dir string) (ocispec.Descriptor, error) {
	r, err := remote.NewRepository(repository)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	r.PlainHTTP = true
	put := func(media string, data []byte) (ocispec.Descriptor, error) {
		d := ocispec.Descriptor{MediaType: media, Digest: digest.FromBytes(data), Size: int64(len(data))}
		return d, r.Push(ctx, d, bytes.NewReader(data))
	}
	config, err := put(ocispec.MediaTypeEmptyJSON, []byte("{}"))
	if err != nil {
		return config, err
	}
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: "application/vnd.cncf.model.manifest.v1+json", Config: config}
	names, err := files(dir)
	if err != nil {
		return config, err
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return config, err
		}
		layer, err := put("application/vnd.cncf.model.weight.v1.raw", data)
		if err != nil {
			return config, err
		}
		layer.Annotations = map[string]string{ocispec.AnnotationTitle: filepath.ToSlash(name)}
		manifest.Layers = append(manifest.Layers, layer)
	}
	if len(manifest.Layers) == 0 {
		return config, errors.New(dir + " has no files")
	}
	text, err := json.Marshal(manifest)
	if err != nil {
		return config, err
	}
	d, err := put(manifest.MediaType, text)
	if err != nil {
		return d, err
	}
	return d, r.Tag(ctx, d, tag)
}

func files(dir string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		names = append(names, rel)
		return err
	})
	slices.Sort(names)
	return names, err
}
