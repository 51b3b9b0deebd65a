package scan

import (
	"path"
	"strings"
)

// Bounds of a scan.
const (
	MaxFiles     = 5_000_000 // files seen
	MaxDepth     = 100       // folders in folders
	MaxPath      = 4096      // bytes of a path
	MaxPerFile   = 200_000   // sightings that one collector may make of one file
	MaxSightings = 2_000_000 // sightings and problems of a whole report; a link counts for four
	SniffText    = 1 << 20   // bytes from which on files of harmless kinds are looked into where each look is a request over the network
	SniffMin     = 16        // bytes below which no model hides in a file
)

// Skipped names the folders that are not descended into: what version control
// keeps, caches, and what package managers unpack. The root itself is read
// whatever its name. Of an environment (a folder with pyvenv.cfg or conda-meta)
// the folders of [EnvironmentFolders] are left out and the rest is read, so that
// such a file hides no model. Below those of [PackageFolders] nothing is read but
// what installers write about packages, by name ([InstallerFile]).
func Skipped() []string {
	return []string{
		".git", ".hg", ".svn", ".bzr", ".jj", "CVS",
		"__pycache__", ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".pytype", ".hypothesis",
		".ipynb_checkpoints", "node_modules", "bower_components", ".pnpm-store", ".yarn",
		".gradle", ".terraform", ".DS_Store", "__MACOSX",
		".no_exist", ".locks", // of the Hugging Face cache: what is not there, and what is being written
	}
}

// EnvironmentFolders names what is left out of a Python or conda environment;
// "pkgs" is the store of conda, which holds every package once more.
func EnvironmentFolders() []string {
	return []string{"bin", "Scripts", "include", "Include", "share", "man", "pkgs"}
}

// PackageFolders names the folders of an environment that packages are in.
func PackageFolders() []string { return []string{"lib", "Lib", "lib64", "conda-meta"} }

func environment(name string) bool { return name == "pyvenv.cfg" || name == "conda-meta" }

// InstallerFile tells whether a file below a folder of [PackageFolders] is, by its
// name, one that an installer of Python or conda packages writes: all in
// NAME.dist-info, NAME.egg-info and EGG-INFO, eggs and links to them, files that
// run at startup, and the records of conda.
func InstallerFile(name string) bool {
	dir, base := path.Split(strings.ToLower(name))
	dir = strings.TrimSuffix(dir, "/")
	parent := path.Base(dir)
	switch path.Ext(base) {
	case ".egg", ".egg-info", ".egg-link":
		return true
	case ".pth":
		return parent == "site-packages" || parent == "dist-packages"
	case ".json":
		if parent == "conda-meta" {
			return true
		}
	}
	return strings.Contains(dir, ".dist-info/") || strings.HasSuffix(dir, ".dist-info") || strings.HasSuffix(dir, ".egg-info") || parent == "egg-info"
}

// HarmlessExtensions names the kinds of file whose name promises that they are
// no model: one that is a model all the same is disguised. In a tree that is far
// away they are looked into only from [SniffText] bytes on.
func HarmlessExtensions() []string {
	return []string{
		// source text
		"go", "py", "pyi", "pyx", "js", "mjs", "cjs", "jsx", "ts", "tsx", "vue", "svelte", "java", "kt", "kts", "scala",
		"c", "h", "cc", "cpp", "cxx", "hpp", "hh", "cu", "cuh", "m", "mm", "rs", "swift", "rb", "php", "pl", "pm", "lua",
		"r", "rmd", "jl", "cs", "fs", "dart", "ex", "exs", "erl", "hs", "ml", "mli", "clj", "sh", "bash", "zsh", "fish",
		"ps1", "bat", "cmd", "sql", "proto", "thrift", "graphql", "tf", "hcl", "cmake", "gradle", "mk", "s", "asm",
		// text
		"txt", "md", "markdown", "rst", "adoc", "tex", "bib", "org", "json", "jsonl", "ndjson", "json5", "yaml", "yml",
		"toml", "ini", "cfg", "conf", "properties", "env", "xml", "xsd", "xsl", "html", "htm", "xhtml", "css", "scss",
		"sass", "less", "svg", "csv", "tsv", "log", "diff", "patch", "lock", "sum", "mod", "ipynb", "map", "po", "srt",
		"vtt", "gitignore", "gitattributes", "dockerignore", "editorconfig", "snap", "golden", "txtar",
		// pictures, sound, film, fonts
		"png", "jpg", "jpeg", "gif", "webp", "bmp", "ico", "tif", "tiff", "heic", "avif", "mp3", "wav", "flac", "ogg",
		"opus", "m4a", "mp4", "mkv", "webm", "mov", "avi", "ttf", "otf", "woff", "woff2", "eot", "pdf",
	}
}

// names is a set of words.
type names map[string]struct{}

func setOf(words []string) names {
	set := make(names, len(words))
	for _, w := range words {
		set[w] = struct{}{}
	}
	return set
}

func (n names) has(word string) bool {
	_, ok := n[word]
	return ok
}

// extension is in lower case, without the dot.
func extension(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}
