package notebook

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pydep"
	"github.com/mlbom/mlbom/collectors/internal/reqfile"
	"github.com/mlbom/mlbom/collectors/internal/shellcalls"
)

// sifted is a notebook taken apart: Python, shell, and lines of pip.
type sifted struct {
	code  []row // lines of one Python source; what is no Python is "pass"
	shell []shellcalls.Line
	pip   []shellcalls.Line // arguments of "pip install"
}

var (
	magic    = pattern.Lazy(`^\s*%{1,2}[A-Za-z_]`)
	assigned = pattern.Lazy(`^(\s*[A-Za-z_][\w, ]*=\s*)[!%][\w\s./~]`)
	help     = pattern.Lazy(`^\s*\?|^[\w. ]*\?{1,2}\s*$`)
	pip      = pattern.Lazy(`(?:^|[;&|]|\s)(?:(?:python3?|\{sys\.executable\}|uv)\s+(?:-m\s+)?)?pip3?\s+install\s+(.*)$`)
)

// shells are cell magics whose cell is a script; wrapping are those whose cell is Python.
var (
	shells   = map[string]bool{"bash": true, "sh": true, "shell": true, "!": true, "script": true, "system": true, "sx": true}
	wrapping = map[string]bool{"capture": true, "time": true, "timeit": true, "prun": true, "memit": true, "python": true, "python3": true, "skip": true, "wandb": true, "px": true, "no_capture": true}
)

// sift takes the cells apart.
func sift(b *book) *sifted {
	s := &sifted{}
	for _, rows := range b.cells {
		first := 0
		for first < len(rows) && strings.TrimSpace(rows[first].text) == "" {
			first++
		}
		if first < len(rows) && strings.HasPrefix(rows[first].text, "%%") {
			name, _, _ := strings.Cut(strings.TrimSpace(rows[first].text[2:]), " ")
			switch {
			case shells[name]:
				for _, r := range rows[first+1:] {
					s.command(r.text, r.at)
				}
				continue
			case !wrapping[name]:
				continue
			}
			rows[first].text = ""
		}
		s.cell(rows)
	}
	return s
}

func (s *sifted) cell(rows []row) {
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		trimmed := strings.TrimLeft(r.text, " \t")
		indent := r.text[:len(r.text)-len(trimmed)]
		switch {
		case strings.HasPrefix(trimmed, "!") || magic.MatchString(r.text):
			text := strings.TrimLeft(trimmed, "!%")
			if strings.HasPrefix(trimmed, "%") {
				text = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "sx "), "system "), "sh ")
			}
			r.text = indent + "pass"
			s.code = append(s.code, r)
			at := r.at
			for strings.HasSuffix(text, "\\") && i+1 < len(rows) {
				i++
				text = text[:len(text)-1] + " " + rows[i].text
				s.code = append(s.code, row{at: rows[i].at, cell: r.cell, in: rows[i].in})
			}
			s.command(text, at)
			continue
		case assigned.MatchString(r.text):
			m := assigned.FindStringSubmatch(r.text)
			s.command(strings.TrimLeft(r.text[len(m[1]):], "!%"), r.at)
			r.text = m[1] + "None"
		case help.MatchString(r.text):
			r.text = indent + "pass"
		}
		s.code = append(s.code, r)
	}
}

// command takes a line of a shell; those of pip are requirements.
func (s *sifted) command(text string, at int) {
	if m := pip.FindStringSubmatch(text); m != nil {
		s.pip = append(s.pip, shellcalls.Line{Text: m[1], At: at})
		return
	}
	s.shell = append(s.shell, shellcalls.Line{Text: text, At: at})
}

func (s *sifted) source() string {
	var b strings.Builder
	for _, r := range s.code {
		b.WriteString(r.text)
		b.WriteByte('\n')
	}
	return b.String()
}

// takes are options of pip that have a value.
var takes = map[string]bool{"-i": true, "--index-url": true, "--extra-index-url": true, "-f": true, "--find-links": true, "-r": true, "--requirement": true, "-c": true, "--constraint": true,
	"-t": true, "--target": true, "--prefix": true, "--root": true, "--python-version": true, "--platform": true, "--upgrade-strategy": true, "--progress-bar": true, "--config-settings": true, "--trusted-host": true, "--no-binary": true, "--only-binary": true, "--torch-backend": true, "--cache-dir": true, "--timeout": true, "--retries": true,
	// of uv
	"--prerelease": true, "--resolution": true, "--fork-strategy": true, "--index": true, "--default-index": true, "--index-strategy": true, "--keyring-provider": true, "--exclude-newer": true, "--link-mode": true,
	"-p": true, "--python": true, "--python-platform": true, "-P": true, "--upgrade-package": true, "--reinstall-package": true, "--refresh-package": true, "--no-build-package": true, "--no-build-isolation-package": true, "-C": true,
	"--config-setting": true, "--override": true, "--overrides": true, "-b": true, "--build-constraint": true, "--build-constraints": true, "--extra": true, "--group": true, "--config-file": true, "--directory": true, "--project": true, "--color": true, "--allow-insecure-host": true}

// install reads the requirements in lines of pip. What holds a variable, and what
// is a folder or an archive, is left out.
func install(m *pydep.Manifest, lines []shellcalls.Line) {
	for _, l := range lines {
		words := shellcalls.Words(l.Text)
		for i := 0; i < len(words); i++ {
			w := words[i]
			switch {
			case takes[w]:
				i++
			case strings.HasPrefix(w, "-") || w == "" || w == ".":
			default:
				q, err := reqfile.Parse(w, func(string) bool { return false })
				if err != nil || q.Path != "" || q.Name == "" && q.URL == "" {
					continue
				}
				m.Add(pydep.Need{Requirement: q.Requirement, Line: l.At, Groups: []string{"main"}})
			}
		}
	}
}
