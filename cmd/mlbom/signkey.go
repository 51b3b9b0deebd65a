package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/sign"
)

const (
	keyPassword    = "MLBOM_KEY_PASSWORD"
	cosignPassword = "COSIGN_PASSWORD"
	maxKeyPassword = 4096 // bytes
	maxKeyFile     = 1 << 20
)

// readSigner reads the private key that the user names.
func readSigner(c *cli.Context) (*sign.Signer, error) {
	name := c.String("key")
	if name == "" {
		return nil, usage("say --key FILE, the private key to sign with; mlbom sign --new-key NAME makes one, and --keyless says how to sign without")
	}
	password, err := readPassword(c)
	if err != nil {
		return nil, err
	}
	data, err := readSmall(name, maxKeyFile)
	if err != nil {
		return nil, usage("--key %s: %v", name, rootCause(err))
	}
	s, err := sign.ReadKey(data, password)
	if errors.Is(err, sign.ErrNoPassword) {
		err = fmt.Errorf("%w; set %s (or %s), or say --password-file FILE", err, keyPassword, cosignPassword)
	}
	if err != nil {
		return nil, usage("--key %s: %v", name, err)
	}
	return s, nil
}

// readPassword gives nil where there is none; an empty one is one.
func readPassword(c *cli.Context) ([]byte, error) {
	if name := c.String("password-file"); name != "" {
		data, err := readSmall(name, maxKeyPassword)
		if err != nil {
			return nil, usage("--password-file %s: %v", name, rootCause(err))
		}
		data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
		return append([]byte{}, data...), nil
	}
	for _, name := range []string{keyPassword, cosignPassword} {
		if value, ok := os.LookupEnv(name); ok {
			return append([]byte{}, value...), nil
		}
	}
	return nil, nil
}

// readSmall reads a file of few bytes.
func readSmall(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it is larger than %s", sizeText(most))
	}
	return data, err
}

// makeKey writes a new pair of keys.
func makeKey(c *cli.Context) error {
	password, err := readPassword(c)
	if err != nil {
		return err
	}
	if password == nil {
		return usage("the new key is encrypted under a password: set %s (or %s), or say --password-file FILE; an empty password is one", keyPassword, cosignPassword)
	}
	private, public, err := sign.NewKey(password)
	if err != nil {
		return err
	}
	key, pub := c.String("new-key")+".key", c.String("new-key")+".pub"
	if _, err := os.Lstat(pub); err == nil {
		return usage("%s is there already, and keys are never overwritten; choose another name", pub)
	}
	if err := writeNew(key, private, 0o600); err != nil {
		return err
	}
	if err := writeNew(pub, public, 0o644); err != nil {
		return errors.Join(err, os.Remove(key)) // half a pair is none
	}
	if !c.Bool("quiet") {
		fmt.Fprintf(c.App.ErrWriter, "%s: the private key; keep it and its password secret\n%s: the public key, for those who verify (--trust-key)\n", key, pub)
	}
	return nil
}

// writeNew writes a file that is not there yet, whole or not at all.
func writeNew(name string, data []byte, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".mlbom-*") // which nobody else may read
	if err != nil {
		return usage("cannot write %s: %v; choose a folder that exists and can be written", name, rootCause(err))
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(mode), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Link(tmp.Name(), name) // unlike a rename, it fails where the name is taken
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return usage("%s is there already, and keys are never overwritten; choose another name", name)
	case err != nil:
		return usage("cannot write %s: %v", name, rootCause(err))
	}
	return nil
}
