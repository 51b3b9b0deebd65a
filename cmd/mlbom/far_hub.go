package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
	"github.com/mlbom/mlbom/sbom/source/hub"
)

func reachHub(ctx context.Context, text string, client *source.Client) (*far, error) {
	name, err := hub.Parse(text)
	if err != nil {
		return nil, err
	}
	for _, v := range []string{"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"} {
		if truthy(os.Getenv(v)) {
			return nil, errors.New(v + " is set, so no hub is asked; unset it, or name a folder")
		}
	}
	r, err := hub.Open(ctx, name, hub.Options{Endpoint: os.Getenv("HF_ENDPOINT"), Token: hubToken(), Client: client})
	if err != nil {
		return nil, err
	}
	c := r.Facts[0].Component
	return &far{tree: r.Tree, facts: r.Facts, problems: r.Problems, by: r.Facts[0].Where.By, client: client,
		subject: sbom.Component{Kind: c.Kind, Keys: c.Keys}}, nil
}

// truthy reads a variable as huggingface_hub does.
func truthy(value string) bool {
	return slices.Contains([]string{"1", "ON", "YES", "TRUE"}, strings.ToUpper(value))
}

// hubToken is the token of the user, from where huggingface_hub has it.
func hubToken() string {
	for _, v := range []string{"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"} {
		if token := strings.TrimSpace(os.Getenv(v)); token != "" {
			return token
		}
	}
	if truthy(os.Getenv("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
		return ""
	}
	name := os.Getenv("HF_TOKEN_PATH")
	if name == "" {
		name = filepath.Join(hubHome(), "token")
	}
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	token, err := io.ReadAll(io.LimitReader(f, maxToken))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(token))
}

const maxToken = 1 << 14 // bytes

func hubHome() string {
	if dir := os.Getenv("HF_HOME"); dir != "" {
		return dir
	}
	if dir := os.Getenv("XDG_CACHE_HOME"); dir != "" {
		return filepath.Join(dir, "huggingface")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".cache", "huggingface")
}
