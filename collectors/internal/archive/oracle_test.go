package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// TestOracle reads archives that Python's libraries made, and compares every byte.
func TestOracle(t *testing.T) {
	dir := filepath.Join(os.Getenv("MLBOM_ORACLE_FILES"), "archives")
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if os.Getenv("MLBOM_ORACLE_FILES") == "" || errors.Is(err, os.ErrNotExist) {
		t.Skip("MLBOM_ORACLE_FILES has no archives: run collectors/model/archive/testdata/oracle.py with a Python that has lz4, zstandard and py7zr, and name its folder")
	}
	var manifest map[string]map[string]string
	if err := errors.Join(err, json.Unmarshal(text, &manifest)); err != nil {
		t.Fatal(err)
	}
	for name, want := range manifest {
		data, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		info, _ := data.Stat()
		got, err := digests(data, info.Size())
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v\n got %v\nwant %v", name, err, got, want)
		}
		data.Close()
	}
	t.Logf("%d archives", len(manifest))
}

// digests gives those of all members, or of the one stream.
func digests(r io.ReaderAt, size int64) (map[string]string, error) {
	all := map[string]string{}
	add := func(name string, r io.Reader) error {
		sum := sha256.New()
		_, err := io.Copy(sum, r)
		all[name] = hex.EncodeToString(sum.Sum(nil))
		return err
	}
	head := make([]byte, min(size, 512))
	_, _ = r.ReadAt(head, 0)
	whole := io.NewSectionReader(r, 0, size)
	if content, _, ok := Unpack(whole, head, Options{}); ok {
		inner, again, _ := Unpack(io.NewSectionReader(r, 0, size), head, Options{})
		first := make([]byte, 512)
		n, _ := io.ReadFull(inner, first)
		if kind, _ := IsArchive(first[:n]); kind != Tar || again == "" {
			return all, add("", content)
		}
		_, err := Each(content, Options{}, func(m *Member, c io.Reader) error { return add(m.Name, c) })
		return all, err
	}
	a, err := Open(r, size, Options{})
	if err != nil {
		return nil, err
	}
	if len(a.Faults)+len(a.Gaps) > 0 || a.Coverage != sbom.Complete {
		err = errors.New(a.Reason + " faults, gaps or a reason")
	}
	for _, m := range a.Members {
		c, failed := m.Open()
		if failed == nil {
			failed = add(m.Name, c)
		}
		if m.BadSum() {
			failed = errors.New("bad sum")
		}
		err = errors.Join(err, failed)
	}
	return all, err
}
