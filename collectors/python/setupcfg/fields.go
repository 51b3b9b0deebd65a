package setupcfg

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// metadata reads [metadata].
func (r *reader) metadata() {
	s := r.cfg.section("metadata")
	for _, name := range []string{"name", "license", "license_expression", "url", "home_page", "download_url", "description", "summary", "requires_python", "python_requires"} {
		if e := r.option(s, name); e != nil && !strings.HasPrefix(e.value(), "file:") {
			r.Text(name, e.value(), e.line)
		}
	}
	if e := r.option(s, "version"); e != nil {
		r.version(e)
	}
	for _, name := range []string{"license_file", "license_files"} {
		for _, l := range list(r.option(s, name), ",") {
			r.LicenseFile(l.text, l.line)
		}
	}
	for _, name := range []string{"author", "maintainer"} {
		who, mail := r.option(s, name), r.option(s, name+"_email")
		line := 0
		if who != nil {
			line = who.line
		} else if mail != nil {
			line = mail.line
		}
		r.Author(who.value(), mail.value(), line)
	}
	for _, l := range list(r.option(s, "keywords"), ",") {
		r.Tags([]string{l.text}, l.line)
	}
	for _, name := range []string{"classifiers", "classifier"} {
		for _, l := range r.followed(r.option(s, name), ",") {
			r.Classifier(l.text, l.line)
		}
	}
	for _, l := range list(r.option(s, "project_urls"), ",") {
		if label, at, ok := strings.Cut(l.text, "="); ok {
			r.URL(strings.TrimSpace(label), strings.TrimSpace(at), l.line)
		}
	}
}

// list cuts a value as setuptools does: at its lines, or where it has one only,
// at the separator.
func list(e *entry, separator string) []textLine {
	if e == nil {
		return nil
	}
	lines := e.lines
	if !strings.Contains(e.value(), "\n") {
		lines = nil
		for part := range strings.SplitSeq(e.value(), separator) {
			at := e.line
			if len(e.lines) > 0 {
				at = e.lines[0].line
			}
			lines = append(lines, textLine{part, at})
		}
	}
	var out []textLine
	for _, l := range lines {
		if l.text = strings.TrimSpace(l.text); l.text != "" {
			out = append(out, l)
		}
	}
	return out
}

// files gives the texts of the files that "file: a, b" names, joined.
func (r *reader) files(spec string, line int) (string, bool) {
	var texts []string
	for name := range strings.SplitSeq(spec, ",") {
		name = strings.TrimSpace(name)
		target := path.Join(path.Dir(r.file.Path), name)
		if name == "" {
			continue
		}
		dir := path.Dir(r.file.Path)
		if path.IsAbs(name) || dir != "." && !strings.HasPrefix(target, dir+"/") {
			r.Problem(line, "%.100q leaves the folder of the project, and is not read", name)
			return "", false
		}
		text, err := pysource.ReadFile(r.file.FS, target)
		if err != nil {
			r.Problem(line, "%.100q: %v", name, err)
			return "", false
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "\n"), true
}

// followed gives the lines of a value, or of the files that it names; those
// stand at the line that names them.
func (r *reader) followed(e *entry, separator string) []textLine {
	spec, ok := strings.CutPrefix(e.value(), "file:")
	if !ok {
		return list(e, separator)
	}
	text, ok := r.files(spec, e.line)
	if !ok {
		return nil
	}
	var out []textLine
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && len(out) < maxEntries {
			out = append(out, textLine{line, e.line})
		}
	}
	return out
}

// version reads a version, which may stand in a file or a module of the tree.
func (r *reader) version(e *entry) {
	value := e.value()
	if spec, ok := strings.CutPrefix(value, "file:"); ok {
		text, ok := r.files(spec, e.line)
		if text = strings.TrimSpace(text); ok && pep508.IsVersion(text) {
			r.Text("version", text, e.line)
		} else if ok {
			r.Problem(e.line, "the version in %.100q is none by PEP 440", strings.TrimSpace(spec))
		}
		return
	}
	name, ok := strings.CutPrefix(value, "attr:")
	if !ok {
		r.Text("version", value, e.line)
		return
	}
	if !attribute.MatchString(strings.TrimSpace(name)) {
		r.Problem(e.line, "%.100q names no attribute of a module", strings.TrimSpace(name))
		return
	}
	run := &pysource.Runner{Tree: r.file.FS, File: r.file.Path, Folders: r.packageDirs()}
	v, ok := run.Attribute(strings.TrimSpace(name))
	if text := joined(v); ok && text != "" {
		r.Text("version", text, e.line)
		return
	}
	why := "the module is not in the tree"
	if ok {
		why = "it is no plain text there"
		if v.Text != "" && v.Kind == pysource.Unknown {
			why = v.Text
		}
	}
	r.Problem(e.line, "the version is %.100q, and is not read: %s", strings.TrimSpace(name), why)
}

var attribute = pattern.Lazy(`^[A-Za-z_][\w.]*$`)

// joined gives a text, or the parts of a tuple with dots between them.
func joined(v pysource.Value) string {
	switch v.Kind {
	case pysource.TextValue:
		return strings.TrimSpace(v.Text)
	case pysource.NumberValue:
		return v.Text
	case pysource.ListValue:
		var parts []string
		for _, i := range v.Items {
			if i.Kind != pysource.TextValue && i.Kind != pysource.NumberValue {
				return ""
			}
			parts = append(parts, i.Text)
		}
		return strings.Join(parts, ".")
	}
	return ""
}

// packageDirs gives the folders that package_dir puts packages into.
func (r *reader) packageDirs() []string {
	var dirs []string
	for _, l := range list(r.option(r.cfg.section("options"), "package_dir"), ",") {
		if name, dir, ok := strings.Cut(l.text, "="); ok && len(dirs) < 20 {
			dir = strings.TrimSpace(dir)
			if name = strings.TrimSpace(name); name != "" && path.Base(dir) == name {
				dir = path.Dir(dir)
			}
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// options reads [options] and [options.extras_require].
func (r *reader) options() {
	s := r.cfg.section("options")
	if e := r.option(s, "python_requires"); e != nil {
		r.Text("python_requires", e.value(), e.line)
	}
	for _, o := range []struct{ name, group string }{{"install_requires", "main"}, {"requires", "main"}, {"setup_requires", "build"}, {"tests_require", "test"}} {
		r.requirements(r.option(s, o.name), o.group)
	}
	extras := r.cfg.section("options.extras_require")
	if extras == nil {
		return
	}
	for _, e := range extras.entries {
		r.requirements(r.filled(e, extras), pylock.ExtraLabel(e.key))
	}
}

// requirements reads a list of requirements. On a single line ";" separates
// them, so a marker there is not what its author meant.
func (r *reader) requirements(e *entry, groups ...string) {
	if e == nil {
		return
	}
	all := r.followed(e, ";")
	single := !strings.Contains(e.value(), "\n") && !strings.HasPrefix(e.value(), "file:")
	for i, l := range all {
		text, _, _ := strings.Cut(l.text, " #")
		if strings.HasPrefix(text, "#") || strings.HasPrefix(text, "-") {
			continue
		}
		marker := ""
		if single && i+1 < len(all) && pep508.CheckMarker(all[i+1].text) == nil {
			marker = all[i+1].text
		}
		if single && i > 0 && pep508.CheckMarker(text) == nil {
			r.Problem(l.line, "%.100q stands on one line with its requirement, where setuptools takes it for one more requirement; it is read as a marker", text)
			continue
		}
		r.Requirement(text, l.line, marker, groups...)
	}
}

// pbr reads what pbr keeps elsewhere: its requirements are in requirements.txt,
// which has a collector of its own.
func (r *reader) pbr() {
	meta := r.cfg.section("metadata")
	for _, name := range []string{"requires_dist", "setup_requires_dist"} {
		group := "main"
		if name != "requires_dist" {
			group = "build"
		}
		for _, l := range list(r.option(meta, name), ";") {
			r.pbrRequirement(l, group)
		}
	}
	if s := r.cfg.section("extras"); s != nil {
		for _, e := range s.entries {
			for _, l := range list(r.filled(e, s), ";") {
				r.pbrRequirement(l, pylock.ExtraLabel(e.key))
			}
		}
	}
}

// pbrRequirement reads "name>=1:marker" and "name>=1 (marker)", too.
func (r *reader) pbrRequirement(l textLine, group string) {
	text, _, _ := strings.Cut(l.text, " #")
	marker := ""
	if before, m, ok := strings.Cut(text, ":"); ok && pep508.CheckMarker(strings.Trim(m, " ()")) == nil {
		text, marker = before, strings.Trim(m, " ()")
	} else if before, m, ok := strings.Cut(text, "("); ok && strings.HasSuffix(m, ")") && pep508.CheckMarker(strings.TrimSuffix(m, ")")) == nil {
		text, marker = before, strings.TrimSuffix(m, ")")
	}
	if !strings.HasPrefix(text, "#") {
		r.Requirement(text, l.line, marker, group)
	}
}
