// Package skops reads skops files (*.skops): a zip archive with schema.json, the
// tree of an estimator and everything in it, and arrays beside it. It gives the
// estimator with its settings, the versions of scikit-learn and skops, and the
// types that loading makes. Skops loads no type that the caller does not trust,
// but past versions could be made to: nodes whose loader does something else than
// their type says are reported. A Git LFS pointer in the file's place gives the
// digest and size that it states.
//
// Source: skops/io/_audit.py, _general.py, _numpy.py, _sklearn.py, old/;
// CVE-2025-54412 and CVE-2025-54413 (fixed in 0.12.0).
//
// Not understood: what the arrays mean; quantile forests.
package skops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/content"
	"github.com/mlbom/mlbom/collectors/internal/estimator"
	"github.com/mlbom/mlbom/collectors/internal/npy"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads skops files.
var Collector = sbom.Collector{
	Name: "model/skops",
	Doc: `Scikit-learn estimators in skops files
Reads the tree of the estimator: classes, settings, versions, inputs. Reports the
types that loading makes, and nodes that get past the audit of skops.`,
	Match:   []string{"*.skops"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format     = "skops"
	schemaName = "schema.json"
	maxArrays  = 100_000
	maxShown   = 64 // elements of an array that are read
)

// sniff knows a zip archive; whether it is one of skops shows further in.
func sniff(head []byte) bool { return strings.HasPrefix(string(head), "PK\x03\x04") }

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	named := strings.EqualFold(path.Ext(f.Path), ".skops")
	if named {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			if ok {
				seen[0].File.Scan = sbom.Scan{Verdict: sbom.Undecided, Coverage: sbom.Unsupported, Reason: "the bytes are not here"}
			}
			return seen, err
		}
	}
	if !named {
		if kind, err := content.Kind(f); err != nil || kind != format {
			return nil, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	a, err := archive.Open(r, size, archive.Options{Limits: f.Settings.Limits})
	if err != nil || a.Format() != format {
		if named {
			return nil, errors.New("the file is not what its name says: it is no archive with schema.json")
		}
		return nil, nil
	}
	return read(f, a, named, func() content.Report { return content.Bytes(ctx, r, size, f.Settings.Limits) })
}

// read reads the archive; examine looks into all of its members for code.
func read(f *sbom.File, a *archive.Archive, named bool, examine func() content.Report) ([]sbom.Sighting, error) {
	schema, broken := readSchema(a.Find(schemaName))
	if !named && schema.str("_skops_version") == "" {
		return nil, nil // some other archive that has a schema.json
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	u := newUses()
	each(schema, u.note)
	report := examine()
	file.File.Scan = pickle.Merge(u.scan(a, broken), report.Scan)
	file.Findings = append(report.Findings, u.findings...)
	model := weights.OwnerOf(f.Path).Model(format, file)
	v := readArrays(a).object(schema)
	if schema.str("__loader__") == "ObjectNode" {
		estimator.Describe(v, &model.Component)
	}
	if version := schema.str("_skops_version"); version != "" && len(version) < 64 {
		model.Component.Model.Training.Versions = append(model.Component.Model.Training.Versions, sbom.Property{Name: "skops", Value: version})
	}
	return []sbom.Sighting{file, model}, broken
}

func readSchema(m *archive.Member) (value, error) {
	if m == nil {
		return value{}, errors.New("the archive has no schema.json")
	}
	r, err := m.Open()
	if err != nil {
		return value{}, fmt.Errorf("schema.json cannot be read: %w", err)
	}
	defer r.Close()
	limited := &io.LimitedReader{R: r, N: maxSchema + 1}
	v, err := parse(limited)
	if limited.N <= 0 {
		return v, fmt.Errorf("%w: it has more than %d bytes", errTooMuch, maxSchema)
	}
	return v, err
}

// readArrays reads the headers of the arrays, and the elements of small ones of
// text or numbers.
func readArrays(a *archive.Archive) arrays {
	list := arrays{}
	for _, m := range a.Members {
		if !strings.HasSuffix(m.Name, ".npy") || len(list) >= maxArrays {
			continue
		}
		if array, ok := readArray(m); ok {
			list[m.Name] = array
		}
	}
	return list
}

func readArray(m *archive.Member) (estimator.Array, bool) {
	r, err := m.Open()
	if err != nil {
		return estimator.Array{}, false
	}
	defer r.Close()
	h, err := npy.Read(r)
	if err != nil {
		return estimator.Array{}, false
	}
	array := estimator.Array{DType: h.DType, Shape: h.Shape}
	if n, ok := h.DataSize(); ok && n <= maxShown*256 {
		data := make([]byte, n)
		if _, err := io.ReadFull(r, data); err == nil {
			array.Values = npy.Elements(h.DType, data, maxShown)
		}
	}
	return array, true
}
