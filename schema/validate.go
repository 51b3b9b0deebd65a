package schema

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The formats, as Detect names them and Validate takes them.
const (
	FormatJSON = "cyclonedx-json"
	FormatXML  = "cyclonedx-xml"
)

//go:embed cyclonedx/*.json cyclonedx/*.xsd.gz spdx/*.json
var files embed.FS

// compiled holds one schema a version, each compiled at its first use.
var compiled = map[string]func() (*jsonschema.Schema, error){
	"1.2": once("1.2"), "1.3": once("1.3"), "1.4": once("1.4"),
	"1.5": once("1.5"), "1.6": once("1.6"), "1.7": once("1.7"),
}

func once(version string) func() (*jsonschema.Schema, error) {
	return sync.OnceValues(func() (*jsonschema.Schema, error) { return compile(version) })
}

// Validate checks a whole document against what format and version demand. It
// gives nil, or an *Error when the document is at fault; another error says that
// the format or version is not one this package knows.
func Validate(format, version string, data []byte) error {
	switch format {
	case FormatJSON:
		return validateJSON(version, data)
	case FormatXML:
		return withNames(ValidateXML(version, data), data)
	case FormatSPDX:
		if strings.HasPrefix(version, "3.") {
			return validateSPDX3(version, data)
		}
		tree, err := parse(data)
		if err != nil && spdxCompiled[version] != nil {
			return err
		}
		return validateSPDX(version, tree, func(issues []Issue) { fillLines(data, issues) })
	case FormatSPDXYAML:
		return validateYAML(version, data)
	case FormatSPDXTag:
		return validateTagValue(version, data)
	case FormatSPDXRDF:
		return validateRDF(version, data)
	case FormatSPDXXML:
		return validateSPDXXML(version, data)
	}
	return fmt.Errorf("unknown format %s: want %s, %s, %s, %s, %s, %s or %s", quote(format), FormatJSON, FormatXML, FormatSPDX, FormatSPDXYAML, FormatSPDXTag, FormatSPDXRDF, FormatSPDXXML)
}

func validateJSON(version string, data []byte) error {
	get, ok := compiled[version]
	if !ok {
		return fmt.Errorf("no schema for CycloneDX %s in JSON: want 1.2 to 1.7", quote(version))
	}
	tree, err := parse(data)
	if err != nil {
		return err
	}
	return hold("CycloneDX "+version, unlistedCDX, tree, get, referenceIssues, func(issues []Issue) { fillLines(data, issues) })
}

// hold holds a document against its schema and against what no schema can say.
func hold(name, unlisted string, tree any, get func() (*jsonschema.Schema, error), beyond func(tree any) ([]Issue, int), locate func([]Issue)) error {
	sch, err := get()
	if err != nil {
		return fmt.Errorf("the embedded schema of %s: %w", name, err)
	}
	issues, more := schemaIssues(sch.Validate(tree))
	others, moreOthers := beyond(tree)
	n := newNames(unlisted).read(tree)
	issues = append(append(issues, others...), n.issues.list...)
	locate(issues)
	return toErrorOf(issues, more+moreOthers, n.issues.more)
}

// compile never reaches beyond the embedded files.
func compile(version string) (*jsonschema.Schema, error) {
	return compileAt(schemaURL + "bom-" + version + ".schema.json")
}

func compileAt(url string) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft7)
	c.AssertFormat()
	c.RegisterFormat(&jsonschema.Format{Name: "idn-email", Validate: validEmail})
	c.UseLoader(embedded{})
	return c.Compile(url)
}

// schemaURL is the folder that the schemas' own $id and references resolve to.
const schemaURL = "http://cyclonedx.org/schema/"

// embedded loads the schemas from the program itself.
type embedded struct{}

func (embedded) Load(url string) (any, error) {
	name, ok := strings.CutPrefix(url, schemaURL)
	if name = "cyclonedx/" + name; spdxSchemas[url] != "" {
		name, ok = spdxSchemas[url], true
	}
	if !ok {
		return nil, fmt.Errorf("schema %s is not embedded", url)
	}
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(data))
}

// validEmail holds for idn-email, which the schema library does not know: one
// address, local part and domain, no spaces.
func validEmail(v any) error {
	s, ok := v.(string)
	if !ok {
		return nil
	}
	i := strings.LastIndexByte(s, '@')
	if i < 1 || i == len(s)-1 || strings.ContainsAny(s, " \t\r\n<>") {
		return fmt.Errorf("want local@domain")
	}
	return nil
}
