package oci

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"
)

// helperTime is how long a credential helper may take, which may ask a person.
const helperTime = 2 * time.Minute

// Login is what a user says to sign in with.
type Login struct {
	User, Password string
	// Files are those that docker login and podman login write, in the order in which
	// they are asked; those that are not there are passed over. A credential helper
	// that one names is run.
	Files []string
}

// Credential signs in to one host, and to no other one.
func (l Login) Credential(host string) (auth.CredentialFunc, error) {
	if l.User != "" {
		one := auth.Credential{Username: l.User, Password: l.Password}
		return only(host, func(context.Context, string) (auth.Credential, error) { return one, nil }), nil
	}
	var stores []credentials.Store
	for _, name := range l.Files {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) || err == nil && name == "" {
			continue
		}
		s, err := credentials.NewStore(name, credentials.StoreOptions{})
		if err != nil {
			return nil, fmt.Errorf("credentials cannot be read from %s: %w", name, cause(err))
		}
		stores = append(stores, s)
	}
	if len(stores) == 0 {
		return nil, nil
	}
	find := credentials.Credential(credentials.NewStoreWithFallbacks(stores[0], stores[1:]...))
	return only(host, func(ctx context.Context, host string) (auth.Credential, error) {
		ctx, cancel := context.WithTimeout(ctx, helperTime)
		defer cancel()
		one, err := find(ctx, host)
		if err != nil {
			return one, fmt.Errorf("the credentials for %s cannot be had: %s", host, clip(oneLine(err.Error()), maxSaid))
		}
		return one, nil
	}), nil
}

func only(host string, find auth.CredentialFunc) auth.CredentialFunc {
	return func(ctx context.Context, asked string) (auth.Credential, error) {
		if !strings.EqualFold(asked, host) {
			return auth.EmptyCredential, nil
		}
		return find(ctx, asked)
	}
}

// LoginFiles are the files of docker login and podman login by the environment.
func LoginFiles(getenv func(string) string) []string {
	var names []string
	if name := getenv("REGISTRY_AUTH_FILE"); name != "" {
		names = append(names, name)
	}
	home, _ := os.UserHomeDir()
	if dir := getenv("DOCKER_CONFIG"); dir != "" {
		names = append(names, filepath.Join(dir, "config.json"))
	} else if home != "" {
		names = append(names, filepath.Join(home, ".docker", "config.json"))
	}
	if dir := getenv("XDG_RUNTIME_DIR"); dir != "" {
		names = append(names, filepath.Join(dir, "containers", "auth.json"))
	}
	if home != "" && getenv("DOCKER_CONFIG") == "" {
		names = append(names, filepath.Join(home, ".config", "containers", "auth.json"))
	}
	return names
}
