package main

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/sign"
)

// attestation holds a signed statement against the BOM and the subjects that the user
// names.
func (r *checked) attestation(c *cli.Context, t *trusting, a *sign.Attestation, of string) error {
	r.Kind, r.Predicate = "attestation", a.PredicateType
	if info, err := os.Stat(of); err == nil && info.IsDir() {
		return usage("%s is an attestation (%s) and no signature of a model, and %s is a folder: name the BOM, and the files that it is of with --subject; mlbom verify BOM %s holds a folder against a BOM", r.Signature, a.PredicateType, of, of)
	}
	subjects, err := namedSubjects(c.StringSlice("subject"))
	if err != nil {
		return err
	}
	if a.Keyless() {
		if err := a.Intact(); err != nil {
			r.wrong("signature: %v", err)
		}
		r.keyless(a.Signed, "cosign verify-blob-attestation --bundle "+quoteShell(r.Signature)+" --type "+quoteShell(cosignType(a.PredicateType)), askedFile(c))
	} else {
		r.signer(t.who(leaf(a.Signed), a.VerifyAt))
		r.logs(a.Signed)
	}
	if of != "" {
		if err := r.predicate(a, of); err != nil {
			return err
		}
	} else {
		r.note("the document in it (%s) was held against no file; name the BOM", size(int64(len(a.Predicate))))
	}
	for i, s := range subjects {
		r.subject(a, s, c.StringSlice("subject")[i])
	}
	if len(subjects) == 0 {
		r.note("it is of %s, held against no file: %s", count(len(a.Subjects), "subject", "subjects"), listSubjects(a))
	}
	return nil
}

func askedFile(c *cli.Context) string {
	for _, s := range c.StringSlice("subject") {
		if !inRegistry.MatchString(s) {
			return quoteShell(s)
		}
	}
	return "FILE"
}

const subjectsShown = 5

func listSubjects(a *sign.Attestation) string {
	var names []string
	for i, s := range a.Subjects {
		if i == subjectsShown {
			names = append(names, fmt.Sprintf("and %d more", len(a.Subjects)-i))
			break
		}
		names = append(names, cmp.Or(s.Name, "one without a name"))
	}
	return strings.Join(names, ", ")
}

func (r *checked) predicate(a *sign.Attestation, of string) error {
	data, err := readDocument(of)
	if err != nil {
		return usage("%s: %v", of, rootCause(err))
	}
	exact, err := a.Holds(data)
	switch {
	case err != nil:
		r.wrong("%s: %v", of, err)
	case exact:
		r.good("%s is what was attested, byte for byte", of)
	default:
		r.good("%s has the content that was attested (who signed it wrote the JSON anew, so that bytes are not compared)", of)
	}
	return nil
}

// subject looks for a thing among those that the statement is of: its digest decides,
// and its name helps to say what is wrong.
func (r *checked) subject(a *sign.Attestation, s sign.Subject, given string) {
	want := s.Digests[0]
	named := ""
	for _, other := range a.Subjects {
		for _, h := range other.Digests {
			if h == want {
				as := ""
				if other.Name != s.Name {
					as = fmt.Sprintf(" (as %s)", other.Name)
				}
				r.good("%s is a subject%s", given, as)
				return
			}
			if h.Alg == want.Alg && (other.Name == s.Name || path.Base(other.Name) == path.Base(s.Name)) {
				named = h.Value
			}
		}
	}
	if named != "" {
		r.wrong("subject %s: it has sha256:%s, and the attestation is of one with sha256:%s", given, want.Value, named)
		return
	}
	r.wrong("subject %s: the attestation is not of it: none of its %s has sha256:%s", given, count(len(a.Subjects), "subject", "subjects"), want.Value)
}

// model holds the signature of a model against its folder.
func (r *checked) model(c *cli.Context, t *trusting, b *sign.Bundle, of string) error {
	r.Kind, r.Predicate = "signature of a model", sign.PredicateModel
	if len(c.StringSlice("subject")) > 0 {
		return usage("--subject goes with an attestation, and %s is the signature of a model", r.Signature)
	}
	if b.Method == sign.Sigstore {
		r.keylessModel(b, of)
	} else {
		chain := ""
		if b.Method == sign.Certificate {
			chain = b.Chain[0].Subject.String()
		}
		r.signer(t.who(chain, b.VerifyAt))
	}
	beside := filepath.Join(filepath.Dir(r.Signature), b.Name)
	if of == "" && filepath.IsLocal(b.Name) && r.Signature == beside+".sig" {
		of = beside
	}
	folder := cmp.Or(of, filepath.Dir(r.Signature))
	info, err := os.Stat(folder)
	if err != nil {
		return usage("%s: %v", folder, rootCause(err))
	}
	if !info.IsDir() {
		if len(b.Resources) == 0 || slices.ContainsFunc(b.Resources, func(p sign.Resource) bool { return p.Name != b.Resources[0].Name }) {
			return usage("%s is a file, and the model that was signed is a folder with %s", folder, count(len(b.Resources), "file", "files"))
		}
		b.Resources, b.Single, folder = renamed(b, filepath.Base(folder)), true, filepath.Dir(folder)
	}
	return r.files(c.Context, b, folder)
}

// renamed gives the pieces of a model that is one file under the name that the file has.
func renamed(b *sign.Bundle, name string) []sign.Resource {
	var all []sign.Resource
	for _, piece := range b.Resources {
		piece.Name = name
		all = append(all, piece)
	}
	return all
}

func (r *checked) keylessModel(b *sign.Bundle, of string) {
	if err := b.Intact(); err != nil {
		r.wrong("signature: %v", err)
	}
	who, issuer := b.Identity()
	r.Unchecked = append(r.Unchecked, fmt.Sprintf("it claims to be signed by %s, for whom %s vouches: not checked here, since that takes Sigstore's log and authority", who, issuer))
	r.Command = fmt.Sprintf("model_signing verify sigstore --signature %s --identity %s --identity_provider %s %s", quoteShell(r.Signature), quoteShell(who), quoteShell(issuer), quoteShell(cmp.Or(of, filepath.Dir(r.Signature))))
}

func (r *checked) files(ctx context.Context, b *sign.Bundle, folder string) error {
	var tree fs.FS
	if b.AllowSymlinks {
		tree = os.DirFS(folder)
	} else {
		root, err := os.OpenRoot(folder)
		if err != nil {
			return usage("%s: %v", folder, rootCause(err))
		}
		defer root.Close()
		tree = root.FS()
	}
	started := time.Now()
	held, err := b.Hold(ctx, tree, ".", below(folder, r.Signature))
	if err != nil {
		return failed("%s: %v", folder, modelCause(err))
	}
	for _, part := range []struct {
		names []string
		what  string
	}{{held.Differ, "changed since it was signed"}, {held.Missing, "signed and not there"}, {held.Added, "there and not signed"}} {
		for _, name := range firstOf(part.names) {
			r.wrong("%s: %s", name, part.what)
		}
	}
	for _, name := range firstOf(held.Unread) {
		r.Unchecked = append(r.Unchecked, name+": it could not be read")
	}
	left := b.LeftOut(tree, ".", below(folder, r.Signature))
	other := ", and no other"
	if len(left) > 0 {
		other = ""
		r.note("it does not cover, and nothing was held against it: %s", strings.Join(firstOf(left), ", "))
	}
	if held.Same() {
		r.good("%s of %s as signed%s (%s)", count(held.Equal, "file", "files"), folder, other, time.Since(started).Round(time.Millisecond))
	} else if held.Equal > 0 {
		r.note("%s as signed", count(held.Equal, "other file is", "other files are"))
	}
	return nil
}

const filesShown = 20

func firstOf(names []string) []string {
	if len(names) <= filesShown {
		return names
	}
	return append(names[:filesShown:filesShown], fmt.Sprintf("and %d more", len(names)-filesShown))
}
