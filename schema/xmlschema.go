package schema

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"sync"

	"github.com/mlbom/mlbom/schema/xsd"
)

var xmlVersions = []string{"1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}

// compiledXML holds one schema a version, each compiled at its first use.
var compiledXML = func() map[string]func() (*xsd.Schema, error) {
	all := map[string]func() (*xsd.Schema, error){}
	for _, version := range xmlVersions {
		all[version] = sync.OnceValues(func() (*xsd.Schema, error) { return compileXML(version) })
	}
	return all
}()

// XSD gives the official XML schema of a CycloneDX version, 1.0 to 1.7, compiled.
func XSD(version string) (*xsd.Schema, error) {
	get, ok := compiledXML[version]
	if !ok {
		return nil, fmt.Errorf("no schema for CycloneDX %s in XML: want 1.0 to 1.7", quote(version))
	}
	return get()
}

func compileXML(version string) (*xsd.Schema, error) {
	bom, err := unpacked("bom-" + version + ".xsd")
	if err != nil {
		return nil, err
	}
	spdx, err := unpacked("spdx.xsd")
	if err != nil {
		return nil, err
	}
	s, err := xsd.Compile(bom, spdx)
	if err != nil {
		return nil, fmt.Errorf("the embedded schema of CycloneDX %s in XML: %w", version, err)
	}
	return s, nil
}

// unpacked gives the bytes that were published: most of them are documentation,
// so they are embedded compressed.
func unpacked(name string) ([]byte, error) {
	packed, err := files.ReadFile("cyclonedx/" + name + ".gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
