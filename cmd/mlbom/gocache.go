package main

import (
	"bufio"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/scan"
)

// Words that --go-mod-cache takes beside a folder.
const (
	cacheAuto = "auto"
	cacheNone = "none"
)

// openCaches opens the stores of package managers that the scan may read beside
// the tree. One that is found by itself may be missing or closed to us, one that is
// named not.
func openCaches(goModules string) (map[string]fs.FS, io.Closer, error) {
	none := io.NopCloser(nil)
	if goModules == cacheNone {
		return nil, none, nil
	}
	dir, found := goModules, goModules == "" || goModules == cacheAuto
	if found {
		dir = goModCache()
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		if found {
			return nil, none, nil
		}
		return nil, nil, usage("--go-mod-cache: %q is no folder; name one, or say none", dir)
	}
	if dir == "" {
		return nil, none, nil
	}
	fsys, closer, err := scan.Open(dir)
	switch {
	case err == nil:
		return map[string]fs.FS{sbom.GoModules: fsys}, closer, nil
	case found:
		return nil, none, nil
	}
	return nil, nil, usage("--go-mod-cache: %v, or say none", err)
}

// goModCache is where the go command keeps modules, by its own rules: the
// environment, the file that "go env -w" writes, the default.
func goModCache() string {
	config := goEnvFile()
	get := func(name string) string {
		if v := os.Getenv(name); v != "" {
			return v
		}
		return config[name]
	}
	if dir := get("GOMODCACHE"); filepath.IsAbs(dir) { // else the go command refuses it
		return dir
	}
	path := get("GOPATH")
	if path == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		path = filepath.Join(home, "go")
	}
	list := filepath.SplitList(path)
	if len(list) == 0 || !filepath.IsAbs(list[0]) {
		return ""
	}
	return filepath.Join(list[0], "pkg", "mod")
}

const maxGoEnv = 1 << 16 // bytes of the go command's own settings

func goEnvFile() map[string]string {
	name := os.Getenv("GOENV")
	if name == "off" {
		return nil
	}
	if name == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return nil
		}
		name = filepath.Join(dir, "go", "env")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	settings := map[string]string{}
	for lines := bufio.NewScanner(io.LimitReader(f, maxGoEnv)); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok {
			settings[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return settings
}
