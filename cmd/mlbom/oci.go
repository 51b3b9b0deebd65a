package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/deliver/oci"
	"github.com/mlbom/mlbom/sbom/document"
	"github.com/mlbom/mlbom/sbom/source"
)

// What attach and fetch share.

const (
	ociPassword    = "MLBOM_REGISTRY_PASSWORD"
	ociTimeout     = 10 * time.Minute
	maxPassword    = 64 << 10 // bytes
	ociRefHelp     = "HOST/REPOSITORY[:TAG | @DIGEST] | oci-layout:DIR[:TAG | @DIGEST]"
	ociCredentials = "Credentials are those of docker login and podman login; a credential helper that their files name is\n" +
		"run. Or say --username, with the password in " + ociPassword + " or on standard input. They go to that\n" +
		"registry, and to where it has tokens given, and not to where a redirection leads."
)

func ociFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "platform", Usage: "where REF is an index, take the manifest in it for `OS/ARCH[/VARIANT]` (default: the index itself)", EnvVars: env("platform")},
		&cli.StringFlag{Name: "username", Usage: "sign in as `NAME`, with the password in " + ociPassword, EnvVars: env("username")},
		&cli.BoolFlag{Name: "password-stdin", Usage: "read the password from standard input", EnvVars: env("password-stdin")},
		&cli.StringSliceFlag{Name: "plain-http", Usage: "ask `HOST[:PORT]` without TLS (this machine is, always); again for more", EnvVars: env("plain-http")},
		&cli.StringFlag{Name: "ca", Usage: "trust registries by the certificates in `FILE` (PEM) too", EnvVars: env("ca")},
		&cli.StringFlag{Name: "timeout", Usage: "`TIME` that all of it may take, such as 90s or 20m (default " + ociTimeout.String() + ")", EnvVars: env("timeout")},
		&cli.StringFlag{Name: "format", Usage: "say what was done as `FORMAT`: text (the default) or json", EnvVars: env("format")},
	}
}

// ociJob is a place that was opened.
type ociJob struct {
	ref   oci.Ref
	place *oci.Place
	json  bool
}

// openOCI reads these flags and opens the place. The context ends with --timeout.
func openOCI(c *cli.Context, text string, stdin bool) (*ociJob, context.Context, context.CancelFunc, error) {
	ref, err := oci.ParseRef(text)
	if err != nil {
		return nil, nil, nil, usage("%v", err)
	}
	format := c.String("format")
	if format != "" && format != "text" && format != "json" {
		return nil, nil, nil, usage("--format %q: say text or json", format)
	}
	most := ociTimeout
	if t := c.String("timeout"); t != "" {
		if most, err = time.ParseDuration(t); err != nil || most <= 0 {
			return nil, nil, nil, usage("--timeout %q: want a time such as 90s or 20m", t)
		}
	}
	login, err := ociLogin(c, stdin)
	if err != nil {
		return nil, nil, nil, err
	}
	roots, err := readCA(c.String("ca"))
	if err != nil {
		return nil, nil, nil, err
	}
	client := source.NewClient(source.Options{UserAgent: "mlbom/" + toolVersion(), Plain: c.StringSlice("plain-http"), Roots: roots})
	options := oci.Options{Client: client}
	if ref.Folder == "" {
		if options.Credential, err = login.Credential(ref.Server()); err != nil {
			return nil, nil, nil, usage("%v", err)
		}
	}
	place, err := oci.Open(ref, options)
	if err != nil {
		return nil, nil, nil, usage("%v", err)
	}
	ctx, cancel := context.WithTimeout(c.Context, most)
	return &ociJob{ref, place, format == "json"}, ctx, cancel, nil
}

func ociLogin(c *cli.Context, taken bool) (oci.Login, error) {
	l := oci.Login{User: c.String("username"), Password: os.Getenv(ociPassword), Files: oci.LoginFiles(os.Getenv)}
	if c.Bool("password-stdin") {
		if taken {
			return l, usage("--password-stdin and a document on standard input cannot both be; name a file, or set %s", ociPassword)
		}
		text, err := io.ReadAll(io.LimitReader(os.Stdin, maxPassword))
		if err != nil {
			return l, usage("the password cannot be read from standard input: %v", err)
		}
		l.Password = strings.TrimRight(string(text), "\r\n")
		if l.User == "" {
			return l, usage("--password-stdin needs --username NAME")
		}
	}
	if l.User != "" && l.Password == "" {
		return l, usage("--username needs a password: set %s, or say --password-stdin", ociPassword)
	}
	return l, nil
}

// readCA gives the certificates of the system with those in a file.
func readCA(name string) (*x509.CertPool, error) {
	if name == "" {
		return nil, nil
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	n := 0
	err = eachPEM(name, "CERTIFICATE", func(der []byte) error {
		one, err := x509.ParseCertificate(der)
		if err == nil {
			roots.AddCert(one)
			n++
		}
		return err
	})
	if err != nil || n == 0 {
		return nil, usage("--ca %s: %v", name, orNone(err, "it has no CERTIFICATE in PEM"))
	}
	return roots, nil
}

// unreached is the error of a place: exit code 3.
func unreached(err error) error {
	var coded *exitError
	if errors.As(err, &coded) {
		return err
	}
	return failed("%w", err)
}

// called is a BOM's format and version for people: "CycloneDX 1.6".
func called(format, version string) string {
	if strings.HasPrefix(format, "spdx") {
		return fmt.Sprintf("SPDX %s (%s)", version, strings.TrimPrefix(format, "spdx-"))
	}
	return fmt.Sprintf("CycloneDX %s (%s)", version, strings.TrimPrefix(format, "cyclonedx-"))
}

// checkDocument holds a BOM against its schema.
func checkDocument(data []byte, name string, lenient bool) (format, version string, err error) {
	if lenient {
		read, err := decodeDocument(data, name, name, true)
		return read.Format, read.Version, err
	}
	return document.Check(data, name)
}
