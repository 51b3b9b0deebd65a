package archive

import (
	"path"
	"strings"
)

// Format tells which format of machine learning an archive is of, by its members
// alone: "pytorch", "torchscript", "pytorch-tar" (before version 0.2),
// "executorch", "keras", "npz", "skops", "nemo", "torchserve" (.mar),
// "llamafile", "coreml", "stable-baselines3"; "" for any other archive. The collectors of these
// formats and those of all the others ask here, so that they never differ.
func (a *Archive) Format() string {
	n := newNames(a)
	if a.Kind == Tar {
		return n.tarFormat()
	}
	if a.Kind != Zip {
		return ""
	}
	switch {
	case n.base["MANIFEST.json"] && n.base["MAR-INF"] || n.has("MAR-INF/MANIFEST.json"):
		return "torchserve"
	case n.has("_stable_baselines3_version") && n.has("data"):
		return "stable-baselines3"
	case n.base["model_config.yaml"]:
		return "nemo"
	case n.base["data.pkl"] && n.pickle && (n.base["constants.pkl"] || n.folder["code"]):
		return "torchscript"
	case n.base["data.pkl"] && n.pickle:
		return "pytorch"
	case n.has("schema.json"):
		return "skops"
	case n.has("config.json") && n.has("metadata.json"):
		return "keras"
	case n.files > 0 && n.ends[".npy"] == n.files:
		return "npz"
	case n.has("data.pte") || n.ends[".pte"] > 0:
		return "executorch"
	case n.ends[".gguf"] > 0 && n.has(".args") || n.ends[".gguf"] > 0 && len(a.Gaps) > 0 && a.Gaps[0].Where == Before:
		return "llamafile"
	case n.ends[".mlmodel"] > 0 && n.base["Manifest.json"]:
		return "coreml"
	}
	return ""
}

// known are the names of an archive's members, in the ways that formats ask.
type known struct {
	name   map[string]bool
	base   map[string]bool // last elements, in the top two levels
	folder map[string]bool // second to last, in the top three levels
	ends   map[string]int  // extensions
	pickle bool            // data.pkl stands at the top, or in the one folder there
	files  int
}

func newNames(a *Archive) known {
	n := known{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]int{}, false, 0}
	for _, m := range a.Members {
		name := strings.TrimPrefix(strings.ReplaceAll(m.Name, `\`, "/"), "./")
		dir, base := path.Split(strings.TrimSuffix(name, "/"))
		deep := strings.Count(dir, "/")
		if deep <= 1 {
			n.base[base] = true
		}
		if parts := strings.Split(dir, "/"); deep >= 1 && deep <= 3 {
			for _, p := range parts {
				n.folder[p] = true
			}
		}
		if m.Folder {
			continue
		}
		n.files++
		n.name[name] = true
		n.ends[strings.ToLower(path.Ext(base))]++
		n.pickle = n.pickle || base == "data.pkl" && deep <= 1
	}
	return n
}

func (n known) has(name string) bool { return n.name[name] }

func (n known) tarFormat() string {
	switch {
	case n.base["model_config.yaml"]:
		return "nemo"
	case n.has("sys_info") && n.has("pickle") && (n.has("storages") || n.has("tensors")):
		return "pytorch-tar"
	case n.has("MAR-INF/MANIFEST.json"):
		return "torchserve"
	}
	return ""
}
