package tfds

import (
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/datafacts"
	"github.com/mlbom/mlbom/sbom"
)

// readChecksums reads lines "URL, tab, size, tab, SHA-256, tab, name"; the older form
// parts them by spaces and has no name. A file without one such line is another's.
func readChecksums(f *sbom.File, text string) ([]sbom.Sighting, error) {
	key := f.Dir()
	if base := path.Base(f.Path); path.Base(path.Dir(f.Path)) == "url_checksums" {
		key += "#" + strings.TrimSuffix(base, path.Ext(base))
	}
	d := datafacts.New(sbom.KindDataset, "tfds", sbom.Keys{Path: key}, 1)
	n, good := 0, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		file, ok := checksum(line)
		if file.Line = n; !ok {
			d.Problem(n, "want an address, a size in bytes and a SHA-256, parted by tabs")
			continue
		}
		good++
		d.Download(file)
	}
	if good == 0 {
		return nil, nil
	}
	return []sbom.Sighting{d.Sighting}, d.Err()
}

func checksum(line string) (f datafacts.Download, ok bool) {
	w := strings.Split(line, "\t")
	if len(w) < 3 {
		w = strings.Fields(line)
		if n := len(w); n > 3 { // addresses may hold spaces
			w = []string{strings.Join(w[:n-2], "%20"), w[n-2], w[n-1]}
		}
	}
	if len(w) < 3 || len(w[2]) != 64 || w[0] == "" {
		return f, false
	}
	size, err := strconv.ParseInt(w[1], 10, 64)
	if err != nil {
		return f, false
	}
	f = datafacts.Download{URL: strings.ReplaceAll(w[0], " ", "%20"), Size: size, SHA256: w[2]}
	if len(w) > 3 && len(w[3]) <= 300 {
		f.Name = w[3]
	}
	return f, true
}
