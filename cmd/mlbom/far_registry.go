package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/registry"
)

func reachRegistry(ctx context.Context, text string, client *source.Client) (*far, error) {
	name, err := registry.Parse(text)
	if err != nil {
		return nil, err
	}
	credentials, err := registryCredentials()
	if err != nil {
		return nil, err
	}
	a, err := registry.Open(ctx, name, registry.Options{Credentials: credentials, Client: client})
	if err != nil {
		return nil, err
	}
	c := a.Fact.Component
	return &far{tree: a.Tree, facts: []sbom.Sighting{a.Fact}, problems: a.Problems, by: a.Fact.Where.By, client: client, fallback: true,
		subject: sbom.Component{Kind: c.Kind, Keys: c.Keys}}, nil
}

// registryCredentials reads the file that docker login or podman login wrote, the
// first that is there.
func registryCredentials() (registry.Credentials, error) {
	var names []string
	if dir := os.Getenv("DOCKER_CONFIG"); dir != "" {
		names = append(names, filepath.Join(dir, "config.json"))
	} else if home, err := os.UserHomeDir(); err == nil {
		names = append(names, filepath.Join(home, ".docker", "config.json"))
	}
	if name := os.Getenv("REGISTRY_AUTH_FILE"); name != "" {
		names = append([]string{name}, names...)
	} else if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		names = append(names, filepath.Join(dir, "containers", "auth.json"))
	}
	for _, name := range names {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return registry.Credentials{}, fmt.Errorf("credentials cannot be read from %s: %w", name, rootCause(err))
		}
		defer f.Close()
		text, err := io.ReadAll(io.LimitReader(f, maxCredentials))
		if err != nil {
			return registry.Credentials{}, fmt.Errorf("credentials cannot be read from %s: %w", name, rootCause(err))
		}
		c, err := registry.ReadCredentials(text)
		if err != nil {
			return c, fmt.Errorf("credentials in %s: %w", name, err)
		}
		return c, nil
	}
	return registry.Credentials{}, nil
}

const maxCredentials = 1 << 20 // bytes
