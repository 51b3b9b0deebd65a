package evaluation

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/sbom"
)

// loaders are names that stand for a format of files in place of a dataset.
var loaders = map[string]bool{"json": true, "csv": true, "text": true, "parquet": true, "arrow": true, "pandas": true, "xml": true,
	"imagefolder": true, "audiofolder": true, "videofolder": true, "webdataset": true, "generator": true}

// files are endings of files of data, which no id of the hub has.
var files = map[string]bool{".json": true, ".jsonl": true, ".csv": true, ".tsv": true, ".parquet": true, ".txt": true, ".yaml": true, ".yml": true,
	".arrow": true, ".py": true, ".gz": true, ".zip": true, ".xlsx": true}

// Dataset gives the dataset that a report names: a file or a folder of the tree, an
// address, one on the hub, else its name alone.
func Dataset(f *sbom.File, ref, revision string) sbom.Component {
	ref = strings.TrimSpace(ref)
	c := sbom.Component{Kind: sbom.KindDataset}
	if ref == "" || len(ref) > MaxText || hub.IsPlaceholder(ref) || loaders[ref] || strings.ContainsAny(ref, "\n\x00") {
		return c
	}
	if name, ok := InTree(f, ref, exists); ok && (strings.Contains(ref, "/") || path.Ext(ref) != "") {
		c.Name, c.Keys.Path = path.Base(name), name
		if info, err := fs.Stat(f.FS, name); err == nil && info.IsDir() {
			c.Keys.Path += "/"
		}
		return c
	}
	if revision == "main" || strings.ContainsAny(revision, " ?#\\") {
		revision = ""
	}
	if to, ok := hub.Dataset(ref, revision); ok && !files[strings.ToLower(path.Ext(ref))] {
		return to
	}
	if address := Address(ref); address != "" {
		c.Name, c.Keys.URL = path.Base(address), address
		return c
	}
	if c.Name = ref; foreign(ref) || files[strings.ToLower(path.Ext(ref))] {
		c.Name = path.Base(strings.ReplaceAll(ref, `\`, "/"))
	}
	if strings.Contains(ref, "://") || c.Name == "." || c.Name == ".." || c.Name == "/" {
		c.Name = ""
	}
	return c
}

func exists(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && name != "." && (info.IsDir() || info.Mode().IsRegular())
}

// Address gives an address without credentials and without a query, which may hold
// secrets; "" where it is none.
func Address(s string) string {
	scheme, rest, ok := strings.Cut(strings.TrimSpace(s), "://")
	scheme = strings.ToLower(scheme)
	switch scheme {
	case "http", "https", "s3", "gs", "az", "abfs", "abfss", "hf", "oci", "docker", "ws", "wss":
	default:
		return ""
	}
	if cut := strings.IndexAny(rest, "?#"); cut >= 0 {
		rest = rest[:cut]
	}
	host, tail, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndex(host, "@")+1:]
	if !ok || host == "" || len(s) > MaxText || strings.ContainsAny(rest, " \n\t\"<>\\^`{|}") {
		return ""
	}
	return strings.TrimSuffix(scheme+"://"+host+"/"+tail, "/")
}
