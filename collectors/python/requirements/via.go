package requirements

import (
	"io/fs"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/sbom"
)

// via is one source of a package, as pip-compile and uv write it in a comment:
//
//	requests==2.31.0
//	    # via
//	    #   -r requirements.in
//	    #   huggingface-hub
//
// or behind it: "# via -r requirements.in, huggingface-hub".
type via struct {
	name string // of a package; "" for a file or a project
	line int
}

var parent = pattern.Lazy(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[^\]]*\])?$`)

// annotations reads the comments of a requirement. The project asks for it where
// a file or a project is named; a constraint does not ask, and neither does a file
// that is a lock itself: it holds what others brought into it.
func annotations(comments []reqfile.Comment, isLock func(file string) bool) (list []via, direct bool, from index) {
	open := false
	add := func(line int, text string) {
		for one := range strings.SplitSeq(text, ",") {
			one = strings.TrimSpace(one)
			m := parent.FindStringSubmatch(one)
			switch {
			case one == "":
			case strings.HasPrefix(one, "-c ") || strings.HasPrefix(one, "--constraint"):
			case m != nil && !isFile(one):
				list = append(list, via{m[1], line})
			case isLock(strings.TrimSpace(strings.TrimPrefix(one, "-r "))):
				list = append(list, via{"", line})
			default:
				list, direct = append(list, via{"", line}), true
			}
		}
	}
	for _, c := range comments {
		text := strings.TrimSpace(c.Text)
		rest, isVia := strings.CutPrefix(text, "via")
		isVia = isVia && (rest == "" || rest[0] == ' ')
		switch {
		case !c.Indent && !c.Inline:
			open = false
		case isVia:
			open = true
			add(c.Line, rest)
		case strings.HasPrefix(text, "from ") && strings.Contains(text, "://"):
			from, open = index{pydep.Address(text[len("from "):]), c.Line}, false
		case open && strings.HasPrefix(c.Text, "  "):
			add(c.Line, text)
		default:
			open = false
		}
	}
	return list, direct, from
}

// compiled tells whether a comment of the file names one that a tool wrote, as a
// layer below it ("-r requirements/base.txt"). Its path is that of the folder
// where the tool ran.
func (r *run) compiled(s *source) func(string) bool {
	return func(name string) bool {
		for _, dir := range []string{r.folder, path.Dir(s.path), "."} {
			at := path.Join(dir, name)
			if !fs.ValidPath(at) || at == s.path || !isFile(at) {
				continue
			}
			known, ok := r.written[at]
			if !ok && len(r.written) < maxIncluded {
				text, _, err := decode(sbom.NewFile(r.fsys, at))
				known = err == nil && head.MatchString(text[:min(len(text), headSize)])
				r.written[at] = known
			}
			if known {
				return true
			}
		}
		return false
	}
}

// isFile: pip-compile names files behind -r alone, others also without.
func isFile(s string) bool {
	for _, end := range []string{".txt", ".in", ".toml", ".cfg", ".py"} {
		if strings.HasSuffix(strings.ToLower(s), end) {
			return true
		}
	}
	return false
}

// edges tells which package of the file needs which, and marks those that the
// project asks for: all without a comment, and those that come by way of nothing
// in the file, which is then the project's own name.
func (s *source) edges() (list []pydep.Edge, annotated bool) {
	names := map[string]bool{}
	for _, it := range s.items {
		names[pep508.Normalize(it.need.Name)] = true
		if at := it.need.Project + it.need.Folder; at != "" && it.need.Name == "" {
			names[pep508.Normalize(path.Base(at))] = true // as a member of a workspace is called
		}
		annotated = annotated || len(it.via) > 0
	}
	if !annotated || s.constraint {
		return nil, false
	}
	for i := range s.items {
		it := &s.items[i]
		it.direct = it.direct || len(it.via) == 0
		brought := false
		for _, v := range it.via {
			if v.name == "" || pep508.Normalize(v.name) == pep508.Normalize(it.need.Name) {
				continue
			}
			if names[pep508.Normalize(v.name)] {
				list = append(list, pydep.Edge{From: v.name, To: it.need.Name, Line: v.line})
				brought = true
			} else {
				it.direct = true
			}
		}
		it.direct = it.direct || !brought
	}
	return list, true
}
