package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/mlbom/mlbom/sbom/sign"
)

// maxGitHub bounds the predicate of GitHub's attestations, in bytes.
const maxGitHub = 16 << 20

// handOver writes the statement, and prints the commands that sign it by an identity.
// Sigstore's own library would make this program three times as large, and could not be
// used offline.
func (a *attested) handOver(c *cli.Context) error {
	statement, err := sign.NewStatement(a.kind, a.predicate, a.subjects)
	if err != nil {
		return usage("%s: %v", a.name, err)
	}
	file := c.String("output")
	if file == "" {
		file = a.beside(".statement.json")
	}
	if file == "-" {
		return usage("--keyless prints commands about a file; say -o FILE")
	}
	if err := writeFile(file, statement); err != nil {
		return err
	}
	fmt.Fprint(c.App.Writer, a.commands(file, c.StringSlice("subject")))
	return nil
}

// cosignTypes are the names that cosign has for the types of predicates.
func cosignType(kind string) string {
	switch kind {
	case sign.PredicateCycloneDX:
		return "cyclonedx"
	case sign.PredicateSPDX:
		return "spdxjson"
	}
	return kind
}

func (a *attested) commands(statement string, named []string) string {
	var b strings.Builder
	bundle := a.name + ".sigstore.json"
	if a.name == "-" {
		bundle = strings.TrimSuffix(statement, ".statement.json") + ".sigstore.json"
	}
	fmt.Fprintf(&b, "# With cosign 3: it asks who you are, and writes the bundle.\ncosign attest-blob --yes --statement %s --bundle %s\n", quoteShell(statement), quoteShell(bundle))
	fmt.Fprintf(&b, "cosign verify-blob-attestation --bundle %s --type %s --certificate-identity YOU --certificate-oidc-issuer ISSUER FILE\n", quoteShell(bundle), cosignType(a.kind))
	for _, name := range named {
		if inRegistry.MatchString(name) {
			fmt.Fprintf(&b, "\n# The image or artefact, beside it in its registry.\ncosign attest --yes --predicate %s --type %s %s\n", quoteShell(a.name), cosignType(a.kind), quoteShell(name))
		}
	}
	b.WriteString("\n# In a workflow of GitHub (permissions: id-token: write, attestations: write).\n- uses: actions/attest@v4\n  with:\n")
	fmt.Fprintf(&b, "    sbom-path: %s\n", a.name)
	b.WriteString(a.forGitHub(named))
	fmt.Fprintf(&b, "# and whoever got FILE:\n#   gh attestation verify FILE --repo OWNER/REPO --predicate-type %s\n", a.kind)
	if len(a.predicate) > maxGitHub {
		fmt.Fprintf(&b, "# The BOM has %s, and GitHub takes %s: write it with --compact.\n", size(int64(len(a.predicate))), sizeText(maxGitHub))
	}
	return b.String()
}

// forGitHub names the subjects as the action takes them.
func (a *attested) forGitHub(named []string) string {
	var files []string
	for _, name := range named {
		if m := inRegistry.FindStringSubmatch(name); m != nil {
			return fmt.Sprintf("    subject-name: %s\n    subject-digest: sha256:%s\n    push-to-registry: true\n", m[1], m[2])
		}
		files = append(files, "      "+plain(name)+"\n")
	}
	if len(files) == 0 {
		return "    subject-path: FILES\n"
	}
	return "    subject-path: |\n" + strings.Join(files, "")
}

var safeInShell = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quoteShell writes a word for a shell, of which nothing is more than a word.
func quoteShell(word string) string {
	if safeInShell.MatchString(word) && !strings.HasPrefix(word, "-") {
		return word
	}
	return "'" + strings.ReplaceAll(plain(word), "'", `'\''`) + "'"
}
