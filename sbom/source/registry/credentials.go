package registry

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Credential signs in to one host.
type Credential struct {
	User, Password string
	Identity       string // a token by which the host gives others
	Token          string // a token for the registry itself
}

// Credentials are those of a user, by host.
type Credentials struct {
	byHost map[string]Credential
	helper map[string]string // program by host; "" is for all
}

// config is Docker's config.json.
type config struct {
	Auths map[string]struct {
		Auth          string `json:"auth"`
		Username      string `json:"username"`
		Password      string `json:"password"`
		IdentityToken string `json:"identitytoken"`
		RegistryToken string `json:"registrytoken"`
	} `json:"auths"`
	Store   string            `json:"credsStore"`
	Helpers map[string]string `json:"credHelpers"`
}

// ReadCredentials reads the text of Docker's config.json, or of the auth.json of
// Podman. An entry that is broken is an error, and the others are read.
func ReadCredentials(text []byte) (Credentials, error) {
	c := Credentials{map[string]Credential{}, map[string]string{}}
	var all config
	if err := json.Unmarshal(text, &all); err != nil {
		return c, errors.New("it is not valid JSON")
	}
	var faults []error
	for key, a := range all.Auths {
		one := Credential{a.Username, a.Password, a.IdentityToken, a.RegistryToken}
		if a.Auth != "" {
			plain, err := base64.StdEncoding.DecodeString(a.Auth)
			user, password, ok := strings.Cut(string(plain), ":")
			if err != nil || !ok {
				faults = append(faults, fmt.Errorf("the entry of %q is no user and password in base64", key))
				continue
			}
			one.User, one.Password = user, strings.TrimRight(password, "\x00")
		}
		if one != (Credential{}) {
			c.byHost[hostOf(key)] = one
		}
	}
	for key, program := range all.Helpers {
		c.helper[hostOf(key)] = program
	}
	if all.Store != "" {
		c.helper[""] = all.Store
	}
	return c, errors.Join(faults...)
}

// hostOf takes scheme and path off a key: "https://index.docker.io/v1/".
func hostOf(key string) string {
	if _, after, ok := strings.Cut(key, "://"); ok {
		key = after
	}
	key, _, _ = strings.Cut(key, "/")
	if key == "index.docker.io" || key == "registry-1.docker.io" {
		return dockerHub
	}
	return key
}

// find gives what the user has for a host, and the name of a helper program that
// may have it in its place.
func (c Credentials) find(host string) (one Credential, helper string) {
	host = hostOf(host)
	if one, ok := c.byHost[host]; ok {
		return one, ""
	}
	if h := c.helper[host]; h != "" {
		return Credential{}, h
	}
	return Credential{}, c.helper[""]
}
