package requirements

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/sbom/pep440"
)

// exported is a line of "conda list --export": name=version=build.
var exported = pattern.Lazy(`^([A-Za-z0-9_][A-Za-z0-9_.-]*)=([^=\s]+)=([^=\s]+)$`)

// requirement reads one package with its own options.
func (r *run) requirement(s *source, e reqfile.Entry, text string, editable bool) {
	if m := exported.FindStringSubmatch(text); m != nil && !editable {
		r.exported(s, e, m)
		return
	}
	parse := reqfile.Parse
	if editable {
		parse = reqfile.ParseEditable
	}
	parsed, err := withVariables(text, func(text string) (reqfile.Requirement, error) { return parse(text, r.isDir(s)) })
	if r.tally(err == nil); err != nil {
		shown := pydep.Address(text)
		if shown == "" {
			shown = "the address"
		}
		s.Problem(e.Line, "%.100q is no requirement: %v", shown, err)
		return
	}
	if editable && s.constraint {
		s.Problem(e.Line, "pip takes no -e in constraints")
		return
	}
	n := pydep.Need{Requirement: parsed.Requirement, Line: e.Line, Editable: editable}
	if !s.constraint {
		n.Groups = s.groups
	}
	if parsed.File != nil {
		n.Specifier = "" // which is not written: it is in the name of the file
	}
	for _, h := range e.All("--hash") {
		n.Integrity = append(n.Integrity, strings.ToLower(h))
	}
	if missing := pydep.Variables(n.Specifier); len(missing) > 0 {
		s.Problem(e.Line, "the version of %s hangs on %s, which is not expanded", n.Name, strings.Join(missing, ", "))
	}
	_, elsewhere := cutFold(n.URL, "file:/")
	elsewhere = elsewhere || absolute(parsed.Path)
	if r.local(s, &n, parsed) {
		r.add(s, e, item{need: n, elsewhere: elsewhere})
	}
}

func (r *run) add(s *source, e reqfile.Entry, it item) {
	r.count++
	it.via, it.direct, it.index = annotations(e.Comments, r.compiled(s))
	s.items = append(s.items, it)
	if s.constraint {
		r.pin(it.need)
	}
}

// exported reads a package of conda, or one that conda knows of pip.
func (r *run) exported(s *source, e reqfile.Entry, m []string) {
	r.tally(true)
	n := pydep.Need{Line: e.Line, Groups: s.groups, Exact: m[2], Conda: m[3] != "pypi_0" && m[3] != "<pip>"}
	if n.Name = m[1]; n.Conda {
		n.Specifier = "=" + m[2] + "=" + m[3]
	}
	r.add(s, e, item{need: n, exported: true})
}

// withVariables reads a text that names variables of the environment: as if they
// were digits, which stand where a name, a version and an address can.
func withVariables(text string, parse func(string) (reqfile.Requirement, error)) (reqfile.Requirement, error) {
	names := pydep.Variables(text)
	if len(names) == 0 {
		return parse(text)
	}
	var there, back []string
	for i, name := range names {
		digits := fmt.Sprintf("71%07d17", i)
		if strings.Contains(text, digits) {
			return reqfile.Requirement{}, fmt.Errorf("it hangs on %s, which is not expanded", strings.Join(names, ", "))
		}
		there, back = append(there, name, digits), append(back, digits, name)
	}
	r, err := parse(strings.NewReplacer(there...).Replace(text))
	restore := strings.NewReplacer(back...).Replace
	name := restore(r.Name)
	if err != nil || name != r.Name {
		return reqfile.Requirement{}, fmt.Errorf("it hangs on %s, which is not expanded", strings.Join(names, ", "))
	}
	r.Specifier, r.URL, r.Marker, r.Path = restore(r.Specifier), restore(r.URL), restore(r.Marker), restore(r.Path)
	for i := range r.Extras {
		r.Extras[i] = restore(r.Extras[i])
	}
	return r, nil
}

// local places what lies in the tree, or on somebody's machine.
func (r *run) local(s *source, n *pydep.Need, parsed reqfile.Requirement) bool {
	at := parsed.Path
	if rest, ok := cutFold(n.URL, "file:"); ok {
		rest, _, _ = strings.Cut(rest, "#")
		if n.URL = ""; strings.HasPrefix(rest, "/") {
			return r.ofMachine(s, n, rest)
		}
		at = rest
	}
	if at == "" {
		return true
	}
	if absolute(at) { // as "pip freeze" writes what it finds
		return r.ofMachine(s, n, at)
	}
	target, found := r.find(s, at)
	if isArchive := parsed.Archive || parsed.File != nil; isArchive {
		if n.Archive = at; found {
			n.Archive = relative(r.folder, target)
		}
		return true
	}
	if found {
		n.Project = target
		return true
	}
	if n.Folder = at; target != "" {
		s.Problem(n.Line, "the folder %.100q is not in the tree", at)
	}
	return true
}

// absolute knows paths from a root, of Windows too.
func absolute(at string) bool {
	return path.IsAbs(at) || strings.HasPrefix(at, `\`) || len(at) > 1 && at[1] == ':'
}

// ofMachine keeps the name, and the version where the file's name says it.
func (r *run) ofMachine(s *source, n *pydep.Need, at string) bool {
	if f, err := pep508.ParseFile(path.Base(at)); err == nil {
		if n.Exact = f.Version.String(); n.Name == "" {
			n.Name = f.Name
		}
	}
	if r.machine.count++; r.machine.count == 1 {
		r.machine = machine{1, n.Line, n.Name, s}
		if n.Name == "" {
			r.machine.name = "without a name"
		}
	}
	return n.Name != ""
}

// find looks for a path, which is relative to where pip is run: in the project's
// folder, the file's, and those above. target is "" for one that leaves the tree.
func (r *run) find(s *source, at string) (target string, found bool) {
	at = strings.ReplaceAll(at, `\`, "/")
	if path.IsAbs(at) {
		return "", false
	}
	dirs := []string{r.folder, path.Dir(s.path)}
	for up := r.folder; up != "."; {
		up = path.Dir(up)
		dirs = append(dirs, up)
	}
	for _, dir := range dirs {
		there := path.Join(dir, at)
		if !fs.ValidPath(there) {
			continue
		}
		if target == "" {
			target = there
		}
		if _, err := fs.Stat(r.fsys, there); err == nil {
			return there, true
		}
	}
	return target, false
}

func (r *run) isDir(s *source) func(string) bool {
	return func(at string) bool {
		target, found := r.find(s, at)
		if !found {
			return false
		}
		info, err := fs.Stat(r.fsys, target)
		return err == nil && info.IsDir()
	}
}

// relative writes a path from the root as one from the folder.
func relative(folder, target string) string {
	if folder == "." {
		return target
	}
	if inside, ok := strings.CutPrefix(target, folder+"/"); ok {
		return inside
	}
	return strings.Repeat("../", strings.Count(folder, "/")+1) + target
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}

// pin keeps the version that a constraint leaves; two that differ leave none.
func (r *run) pin(n pydep.Need) {
	version := pep440.Exact(n.Specifier)
	if n.Marker != "" || n.URL != "" || version == "" {
		return
	}
	name := pep508.Normalize(n.Name)
	if old, ok := r.pins[name]; ok && old != version {
		version = ""
	}
	r.pins[name] = version
}

// applyPins gives requirements the version that a constraint leaves, where they let
// it pass. A constraint that pins nothing names no version of its own.
func (r *run) applyPins() {
	applied := map[string]bool{}
	for _, s := range r.sources {
		for i := range s.items {
			n := &s.items[i].need
			name := pep508.Normalize(n.Name)
			if version := r.pins[name]; !s.constraint && fromIndex(n) && allows(n.Specifier, version) {
				n.Pinned, applied[name] = version, true
			}
		}
	}
	for _, s := range r.sources {
		for i := range s.items {
			n := &s.items[i].need
			n.Loose = s.constraint && !applied[pep508.Normalize(n.Name)]
		}
	}
}

func allows(specifiers, version string) bool {
	set, err := pep440.ParseSpecifiers(specifiers)
	v, broken := pep440.Parse(version)
	return err == nil && broken == nil && set.Exact() == "" && set.Contains(v, true)
}

// fromIndex: it is taken neither from an address nor from the tree.
func fromIndex(n *pydep.Need) bool {
	return n.URL == "" && n.Folder == "" && n.Project == "" && n.Archive == "" && !n.Conda
}
