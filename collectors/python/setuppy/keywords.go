package setuppy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pylock"
	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

func sortedLines(m map[int]string) []int { return slices.Sorted(maps.Keys(m)) }

// setup reads the keywords of one call.
func (r *reader) setup(call pysource.Found) {
	line := func(v pysource.Value) int {
		if v.Line > 0 && v.File == "" {
			return v.Line
		}
		return at(call, v.Key)
	}
	var names, mails [2]pysource.Value
	for _, v := range first(call.Named, "name") {
		r.keyword = at(call, v.Key)
		switch v.Key {
		case "install_requires", "requires":
			r.needs(v, line(v), "", "main")
		case "setup_requires":
			r.needs(v, line(v), "", "build")
		case "tests_require":
			r.needs(v, line(v), "", "test")
		case "extras_require":
			r.extras(v, line(v))
		case "classifiers", "classifier":
			r.each(v, line(v), r.Classifier)
		case "license_files":
			r.each(v, line(v), r.LicenseFile)
		case "keywords":
			r.Tags(words(v), line(v))
		case "project_urls":
			for _, i := range v.Items {
				if at, ok := i.Str(); ok {
					r.URL(i.Key, at, line(i))
				}
			}
		case "author":
			names[0] = v
		case "author_email":
			mails[0] = v
		case "maintainer":
			names[1] = v
		case "maintainer_email":
			mails[1] = v
		case "use_scm_version":
			r.Problem(line(v), "the version is taken from the repository's history by setuptools_scm; it is not read")
		case "**":
			r.once(line(v), "keywords of setup() cannot be read without running the script: "+why(v))
		default:
			r.text(v, line(v))
		}
	}
	for i := range names {
		r.Author(names[i].Text, mails[i].Text, max(names[i].Line, mails[i].Line))
	}
}

// at gives the line of a keyword of a call.
func at(call pysource.Found, name string) int {
	for _, p := range call.Expr.Parts {
		if p.Kind == pysource.Keyword && p.Name == name {
			return p.Line
		}
	}
	return call.Line
}

// first puts the entry of that key before the others.
func first(list []pysource.Value, key string) []pysource.Value {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b pysource.Value) int {
		switch {
		case a.Key == key && b.Key != key:
			return -1
		case b.Key == key && a.Key != key:
			return 1
		}
		return 0
	})
	return list
}

// text reads a keyword with one text.
func (r *reader) text(v pysource.Value, line int) {
	value, ok := v.Str()
	if ok || v.Kind == pysource.NumberValue {
		if ok && v.Key == "version" {
			value = strings.TrimSpace(value)
		}
		r.Text(v.Key, value+number(v), line)
		return
	}
	if v.Kind != pysource.NoneValue && slices.Contains([]string{"name", "version", "license", "python_requires"}, v.Key) {
		r.Problem(line, "the %s cannot be read without running the script: %s", strings.ReplaceAll(v.Key, "_", " "), why(v))
	}
}

func number(v pysource.Value) string {
	if v.Kind == pysource.NumberValue {
		return v.Text
	}
	return ""
}

func why(v pysource.Value) string {
	switch {
	case v.Kind == pysource.FunctionValue && v.Text != "":
		return v.Text + " is not known"
	case v.Kind != pysource.Unknown || v.Text == "":
		return "it is not worked out"
	}
	return v.Text
}

// words gives a list of texts, or one text cut at commas, or else at spaces.
func words(v pysource.Value) []string {
	if s, ok := v.Str(); ok {
		if strings.Contains(s, ",") {
			return strings.Split(s, ",")
		}
		return strings.Fields(s)
	}
	var all []string
	for _, i := range v.Items {
		if s, ok := i.Str(); ok {
			all = append(all, s)
		}
	}
	return all
}

// each hands on every text of a list, or every line of a text.
func (r *reader) each(v pysource.Value, line int, take func(string, int)) {
	for _, i := range entries(v) {
		if s, ok := i.Str(); ok {
			at := line
			if i.Line > 0 {
				at = i.Line
			}
			take(strings.TrimSpace(s), at)
		}
	}
}

// entries gives the requirements of a list, or the lines of a text.
func entries(v pysource.Value) []pysource.Value {
	if v.Kind != pysource.TextValue {
		return v.Items
	}
	var all []pysource.Value
	for text := range strings.Lines(v.Text) {
		i := v
		i.Text = text
		all = append(all, i)
	}
	return all
}

// needs reads a list of requirements.
func (r *reader) needs(v pysource.Value, line int, marker string, groups ...string) {
	if v.Kind == pysource.NoneValue {
		return
	}
	if v.Kind != pysource.ListValue && v.Kind != pysource.TextValue {
		r.unread(v, line, groups)
		return
	}
	for _, i := range entries(v) {
		at := line
		if i.Line > 0 && i.File == "" {
			at = i.Line
		} else if i.File != "" && r.keyword > 0 { // where the file is used, not where a function reads it
			at = r.keyword
		}
		text, ok := i.Str()
		if !ok {
			r.unread(i, at, groups)
			continue
		}
		if i.File != "" {
			text = uncommented(text)
			if strings.HasPrefix(text, "-") {
				continue // an option of pip in a file that is read as it is
			}
		}
		r.Requirement(text, at, r.condition(text, i.When, marker, at), groups...)
	}
}

func (r *reader) unread(v pysource.Value, line int, groups []string) {
	r.App.Package.Dependencies = "incomplete"
	what := "requirements"
	if groups[0] != "main" {
		what += " (" + groups[0] + ")"
	}
	r.once(line, what+" cannot be read without running the script: "+why(v))
}

// once tells a problem that comes up several times once.
func (r *reader) once(line int, text string) {
	key := strconv.Itoa(line) + text
	if !r.told[key] {
		r.told[key] = true
		r.Problem(line, "%s", text)
	}
}

func uncommented(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "#") {
		return ""
	}
	if before, _, ok := strings.Cut(text, " #"); ok {
		return strings.TrimSpace(before)
	}
	return text
}

// condition gives the marker of a requirement that stands under a condition.
func (r *reader) condition(text, when, marker string, line int) string {
	if when == "" || strings.TrimSpace(text) == "" {
		return marker
	}
	m, ok := markerOf(when)
	if !ok {
		r.once(line, fmt.Sprintf("%.60q is required only where %s; this is not a marker, so it counts as always", strings.TrimSpace(text), when))
		return marker
	}
	if marker == "" {
		return m
	}
	return "(" + marker + ") and (" + m + ")"
}

// extras reads the requirements of extras; "extra:marker" and ":marker" are
// conditional.
func (r *reader) extras(v pysource.Value, line int) {
	if v.Kind == pysource.NoneValue {
		return
	}
	if v.Kind != pysource.DictValue {
		r.unread(v, line, []string{"extras"})
		return
	}
	for _, i := range v.Items {
		at := line
		if i.Line > 0 {
			at = i.Line
		}
		extra, marker := section(i.Key)
		group := "main"
		if extra != "" {
			group = pylock.ExtraLabel(extra)
		}
		if i.Key == "**" {
			r.unread(i, at, []string{"extras"})
			continue
		}
		r.needs(i, at, marker, group)
	}
}
