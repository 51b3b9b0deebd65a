package collectors

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom/scan"
)

// counting counts the reads by range.
type counting struct {
	fs.FS
	ranges *atomic.Int64
}

type countedFile struct {
	fs.File
	ranges *atomic.Int64
}

func (c counting) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if _, ok := f.(io.ReaderAt); err != nil || !ok {
		return f, err
	}
	return countedFile{f, c.ranges}, nil
}

func (f countedFile) ReadAt(p []byte, off int64) (int, error) {
	f.ranges.Add(1)
	return f.File.(io.ReaderAt).ReadAt(p, off)
}

// TestFewLooks: how often an archive is read does not grow with the number of
// collectors whose format could be in it, nor by more than one read for a member.
func TestFewLooks(t *testing.T) {
	const members = 200
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i := range members {
		m, err := w.Create(fmt.Sprintf("package/module%d.py", i))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = m.Write([]byte(strings.Repeat("x = 1\n", 20)))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	asked := counting{fstest.MapFS{"a.jar": {Data: packed.Bytes()}}, &atomic.Int64{}}
	if _, err := scan.Run(context.Background(), asked, All(), scan.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	if n := asked.ranges.Load(); n == 0 || n > 2*members {
		t.Errorf("%d reads by range of an archive with %d members", n, members)
	}
}
