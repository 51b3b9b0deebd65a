package poetrylock

import (
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/sbom"
)

// fresh holds the manifest against the digest in the lock, and tells where they
// do not fit. Poetry left dependency groups out of it before version 2.3.
func (r *reader) fresh(manifest *tomllines.Value) {
	digest := r.doc.Get("metadata", "content-hash")
	if digest.Str() == "" || manifest.Get("tool", "poetry") == nil && manifest.Get("project") == nil {
		return
	}
	for _, standard := range []bool{true, false} {
		for _, own := range []bool{true, false} {
			j := &pylock.JSON{}
			if text := relevant(j, manifest, standard, own); j.Failed || pylock.SHA256(text) == digest.Str() {
				return
			}
		}
	}
	r.Finding(sbom.RuleLockMismatch, "pyproject.toml is not the one that poetry.lock was made for: its digest differs", digest.Line())
}

// relevant writes what Poetry digests of a manifest: with dependency groups of
// the standard from 2.3 on, with groups of its own from 1.2 on.
func relevant(j *pylock.JSON, manifest *tomllines.Value, standard, own bool) string {
	project, poetry := map[string]string{}, map[string]string{}
	for _, k := range []string{"requires-python", "dependencies", "optional-dependencies"} {
		if v := manifest.Get("project", k); v != nil {
			project[k] = j.Value(v)
		}
	}
	groups := ""
	if v := manifest.Get("dependency-groups"); standard && len(v.Keys()) > 0 {
		groups = j.Value(v)
	}
	all := map[string]string{}
	if len(project) > 0 {
		all["project"] = j.Object(project)
	}
	if groups != "" {
		all["dependency-groups"] = groups
	}
	for _, k := range []string{"dependencies", "source", "extras", "dev-dependencies", "group"} {
		v := manifest.Get("tool", "poetry", k)
		if k == "group" && !own || v == nil && (k == "group" || len(all) > 0) {
			continue
		}
		poetry[k] = j.Value(v)
	}
	if len(all) == 0 {
		return j.Object(poetry)
	}
	all["tool"] = j.Object(map[string]string{"poetry": j.Object(poetry)})
	return j.Object(all)
}
