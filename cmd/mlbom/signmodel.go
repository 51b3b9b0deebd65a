package main

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/sign"
)

const signatureName = "model.sig"

// modelToSign is a folder, or a file, and where its signature goes.
type modelToSign struct {
	root   string // the folder; of a file that in which it lies
	name   string // of the model
	single bool
	out    string
	self   string // the signature below the folder; "" where it lies elsewhere
}

func signModel(c *cli.Context) error {
	for _, name := range []string{"subject", "keyless"} {
		if c.IsSet(name) {
			return usage("--%s goes with a BOM, not with --model", name)
		}
	}
	m, err := newModelToSign(c.String("model"), c.String("output"))
	if err != nil {
		return err
	}
	if _, err := os.Lstat(m.out); err == nil && m.out != "-" && !c.Bool("force") {
		return usage("%s is there already: somebody signed this model; mlbom verify-signature %s says who, and --force takes its place", m.out, m.out)
	}
	signer, err := readSigner(c)
	if err != nil {
		return err
	}
	chain, err := readChain(c.String("cert"))
	if err != nil {
		return err
	}
	started, bytes := time.Now(), int64(0)
	s, err := m.statement(c, func(n int64) { bytes += n })
	if err != nil {
		return err
	}
	data, err := sign.SignModel(signer, *s, chain)
	if err != nil {
		return usage("%s: %v", c.String("model"), err)
	}
	if err := (output{file: dash(m.out)}).write(data, c.App.Writer); err != nil {
		return err
	}
	if !c.Bool("quiet") {
		m.tell(c, s, chain, bytes, time.Since(started))
	}
	return nil
}

func newModelToSign(name, out string) (*modelToSign, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, usage("--model %s: %v", name, rootCause(err))
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return nil, usage("--model %s: %v", name, rootCause(err))
	}
	m := &modelToSign{root: name, name: filepath.Base(abs), out: out}
	if !info.IsDir() {
		m.single, m.root = true, filepath.Dir(name)
		m.out = cmp.Or(out, name+".sig")
		return m, nil
	}
	m.out = cmp.Or(out, filepath.Join(name, signatureName))
	if m.out != "-" {
		m.self = below(name, m.out)
	}
	return m, nil
}

// below names a file below a folder; "" where it lies elsewhere.
func below(folder, file string) string {
	root, err1 := realPath(folder)
	dir, err2 := realPath(filepath.Dir(file))
	if err1 != nil || err2 != nil {
		return ""
	}
	rel, err := filepath.Rel(root, filepath.Join(dir, filepath.Base(file)))
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// statement reads all files.
func (m *modelToSign) statement(c *cli.Context, told func(int64)) (*sign.Statement, error) {
	root, err := os.OpenRoot(m.root)
	if err != nil {
		return nil, usage("--model %s: %v", m.root, rootCause(err))
	}
	defer root.Close()
	var tree fs.FS = root.FS()
	links := c.Bool("allow-symlinks")
	if links {
		tree = os.DirFS(m.root) // links may lead out of the folder, as in caches of hubs
	}
	s := &sign.Statement{Name: m.name, Single: m.single}
	s.AllowSymlinks = links
	names := []string{m.name}
	if !m.single {
		ignore := c.StringSlice("ignore")
		for i := range ignore {
			ignore[i] = strings.TrimSuffix(filepath.ToSlash(ignore[i]), "/")
		}
		if m.self != "" {
			ignore = append(ignore, m.self)
		}
		if names, s.IgnorePaths, err = sign.ModelFiles(tree, ".", ignore, links); err != nil {
			return nil, usage("--model %s: %v", m.root, modelCause(err))
		}
	} else if len(c.StringSlice("ignore")) > 0 {
		return nil, usage("--ignore goes with a folder, and %s is a file", c.String("model"))
	}
	s.Resources, err = sign.HashFiles(c.Context, tree, ".", names, told)
	if err != nil {
		return nil, failed("--model %s: not all could be read, so nothing is signed: %v", m.root, err)
	}
	return s, nil
}

func modelCause(err error) error {
	if errors.Is(err, sign.ErrFiles) {
		return fmt.Errorf("%w: a signature holds %d", err, sign.MaxFiles)
	}
	return err
}

func readChain(name string) ([]*x509.Certificate, error) {
	if name == "" {
		return nil, nil
	}
	var chain []*x509.Certificate
	err := eachPEM(name, "CERTIFICATE", func(der []byte) error {
		certificate, err := x509.ParseCertificate(der)
		chain = append(chain, certificate)
		return err
	})
	if err != nil || len(chain) == 0 {
		return nil, usage("--cert %s: %v", name, orNone(err, "it has no CERTIFICATE in PEM"))
	}
	return chain, nil
}

// tell says what was signed, and what will break it.
func (m *modelToSign) tell(c *cli.Context, s *sign.Statement, chain []*x509.Certificate, bytes int64, took time.Duration) {
	w := c.App.ErrWriter
	with := "a key"
	if len(chain) > 0 {
		with = "the certificate of " + chain[0].Subject.String()
		if now := time.Now(); now.Before(chain[0].NotBefore) || now.After(chain[0].NotAfter) {
			fmt.Fprintf(w, "warning: the certificate is not valid today (%s to %s), so that the signature will not verify\n", chain[0].NotBefore.Format(time.DateOnly), chain[0].NotAfter.Format(time.DateOnly))
		}
	}
	fmt.Fprintf(w, "%s: %s (%s) of %s signed with %s in %s\n", (output{file: dash(m.out)}).where(), count(len(s.Resources), "file", "files"), size(bytes), plain(m.name), plain(with), took.Round(time.Millisecond))
	fmt.Fprintf(w, "root digest: sha256:%s\n", sign.Root(s.Resources))
	if m.single {
		return
	}
	left := slices.DeleteFunc(slices.Clone(s.IgnorePaths), func(p string) bool { return p == m.self || strings.HasPrefix(p, ".git") })
	if len(left) > 0 {
		fmt.Fprintf(w, "not covered: %s\n", plain(strings.Join(left, ", ")))
	}
	fmt.Fprintf(w, "A file that is put into %s from now on breaks this signature. Write the BOM beside the folder\n(-o %s.cdx.json), or write it first and sign then, or leave it out with --ignore.\n", plain(m.root), plain(filepath.Clean(m.root)))
}
