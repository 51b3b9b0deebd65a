package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/mlbom/mlbom/sbom/source"
)

// MaxManifest bounds manifests and configurations, in bytes; the specification lets
// registries refuse larger manifests.
const MaxManifest = 4 << 20

// Options say how a registry is asked.
type Options struct {
	Credentials Credentials
	Client      *source.Client
}

// client asks one registry for one repository.
type client struct {
	Name
	http   *auth.Client
	base   string // "https://ghcr.io/v2/org/model"
	helper string // program that has the credentials and is not run
}

func newClient(n Name, o Options) *client {
	c := &client{Name: n}
	kind := "https"
	if o.Client.PlainHTTP(n.Server()) {
		kind = "http"
	}
	c.base = kind + "://" + n.Server() + "/v2/" + n.Repository
	one, helper := o.Credentials.find(n.Host)
	c.helper = helper
	c.http = &auth.Client{Client: o.Client.HTTP, Cache: auth.NewCache(), ClientID: "mlbom",
		Credential: func(_ context.Context, host string) (auth.Credential, error) {
			if hostOf(host) != hostOf(n.Server()) {
				return auth.EmptyCredential, nil
			}
			return auth.Credential{Username: one.User, Password: one.Password, RefreshToken: one.Identity, AccessToken: one.Token}, nil
		}}
	return c
}

// Do signs in where the registry asks for it, and sends the request.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	ctx := auth.WithScopesForHost(req.Context(), c.Server(), auth.ScopeRepository(c.Repository, auth.ActionPull))
	res, err := c.http.Do(req.WithContext(ctx))
	var answer *errcode.ErrorResponse // of where tokens are given
	if errors.Is(err, auth.ErrBasicCredentialNotFound) || errors.As(err, &answer) && answer.StatusCode/100 == 4 {
		return nil, c.refused()
	}
	return res, err
}

func (c *client) refused() error {
	what := "sign in with docker login " + c.Host
	if c.helper != "" {
		what = fmt.Sprintf("the credentials are with the program docker-credential-%s, which is not run; write them to config.json, or name a file that has them in DOCKER_CONFIG", source.Printable(c.helper))
	}
	return fmt.Errorf("%s may not be read: it is not there, or is private; %s", c.Place(), what)
}

var manifestTypes = strings.Join([]string{ocispec.MediaTypeImageManifest, ocispec.MediaTypeImageIndex,
	"application/vnd.docker.distribution.manifest.v2+json", "application/vnd.docker.distribution.manifest.list.v2+json"}, ", ")

// manifest gives a manifest or an index, with the digest that it was held against,
// or has.
func (c *client) manifest(ctx context.Context, reference string) (data []byte, kind, digest string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+"/manifests/"+reference, nil)
	if err != nil {
		return nil, "", "", err
	}
	req.Header.Set("Accept", manifestTypes)
	res, err := c.Do(req)
	if err != nil {
		return nil, "", "", source.Reason(err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, "", "", c.refused()
	case http.StatusNotFound:
		return nil, "", "", fmt.Errorf("there is no %s in %s", reference, c.Place())
	default:
		return nil, "", "", source.StatusError(res)
	}
	if data, err = io.ReadAll(io.LimitReader(res.Body, MaxManifest+1)); err != nil {
		return nil, "", "", source.Reason(err)
	}
	if len(data) > MaxManifest {
		return nil, "", "", fmt.Errorf("the manifest is larger than %d MiB", MaxManifest>>20)
	}
	digest = digestOf(data)
	for _, stated := range []string{reference, res.Header.Get("Docker-Content-Digest")} {
		if digestPattern.MatchString(stated) && stated != digest {
			return nil, "", "", fmt.Errorf("the registry sends a manifest with the digest %s for %s; do not use it", digest, stated)
		}
	}
	kind, _, _ = strings.Cut(res.Header.Get("Content-Type"), ";")
	return data, strings.TrimSpace(kind), digest, nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// fetch gives what reads a blob by range.
func (c *client) fetch(digest string) func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	address := c.base + "/blobs/" + digest
	return func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		return source.Range(ctx, c, address, nil, off, n)
	}
}
