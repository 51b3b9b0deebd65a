package content

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pycode"
	"github.com/mlbom/mlbom/sbom"
)

const maxScript = 4 << 20 // bytes of a script or source text that are looked at

// isScript knows a text that a system runs by the program named in its first line.
func isScript(head []byte) bool {
	if !bytes.HasPrefix(head, []byte("#!")) {
		return false
	}
	line, _, _ := bytes.Cut(head[2:min(len(head), 256)], []byte("\n"))
	line = bytes.TrimLeft(line, " \t")
	return len(line) > 1 && line[0] == '/' && bytes.IndexByte(line, 0) < 0
}

// harmful are ways of shell scripts to fetch and run what others wrote, to open a
// way in, or to destroy. Scripts that do none of it are not judged.
var harmful = []struct {
	what string
	mark *pattern.Pattern
}{
	{"fetches a program and runs it", pattern.Lazy(`(?:curl|wget)[^\n|;&]*\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b|(?:ba)?sh\s+-c\s+["']?\$\((?:curl|wget)|\b(?:ba|z)?sh\s+<\(\s*(?:curl|wget)`)},
	{"decodes text and runs it", pattern.Lazy(`base64\s+(?:-d|-D|--decode)[^\n|]*\|\s*(?:sudo\s+)?(?:(?:ba|z|da|k)?sh|python[0-9.]*|perl)\b|eval\s+["']?\$\(\s*(?:echo|printf)[^\n]*base64`)},
	{"connects a shell to the network", pattern.Lazy(`\b(?:ba|z|da|k)?sh\s+-i\b[^\n]*/dev/(?:tcp|udp)/|/dev/(?:tcp|udp)/[^\n]*[^0-9]0>&1|\bnc(?:at)?\s[^\n]*-[a-z]*e\s+\S*sh\b|\bmkfifo\b[^\n]*\bnc(?:at)?\b[^\n]*\bsh\b|\bmkfifo\b[^\n]*\bsh\b[^\n]*\bnc(?:at)?\b`)},
	{"removes everything", pattern.Lazy(`\brm\s+-[a-zA-Z]*[rR][a-zA-Z]*\s+(?:--no-preserve-root\s+)?/(?:\*|\s|$)`)},
	{"runs hidden commands of PowerShell", pattern.Lazy(`(?i)powershell[^\n]*-e(?:nc|ncodedcommand)?\s+[A-Za-z0-9+/=]{20,}|(?:IEX|Invoke-Expression)[^\n]*(?:DownloadString|Net\.WebClient)`)},
}

func (x *examiner) script(in string, r io.Reader) {
	text, err := io.ReadAll(io.LimitReader(r, maxScript))
	if err != nil {
		x.fails(in, err)
	}
	x.shell(in, text)
}

// Script examines a text that is a script by its name.
func Script(f *sbom.File) (Report, error) {
	data, err := f.Bytes()
	if err != nil {
		return Report{}, err
	}
	x := &examiner{report: Report{Kind: "script", Inside: map[string]int{"script": 1}}}
	x.shell("", data[:min(len(data), maxScript)])
	return x.report, nil
}

func (x *examiner) shell(in string, text []byte) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.HasPrefix(line, []byte("#!")) && bytes.Contains(line, []byte("python")) {
		x.python(in, text)
		return
	}
	for _, h := range harmful {
		if at := h.mark.FindIndex(text); at != nil {
			n := bytes.Count(text[:at[0]], []byte("\n")) + 1
			x.find(sbom.Finding{Rule: sbom.RuleSuspicious, Where: place(in, n), Message: fmt.Sprintf("%s %s", script(in, n), h.what)})
			x.suspect()
		}
	}
}

func script(in string, line int) string {
	if in == "" {
		return "the script"
	}
	return fmt.Sprintf("the script %q, line %d,", clip(in), line)
}

// place gives the line, where the file itself has it.
func place(in string, line int) sbom.Place {
	if in == "" {
		return sbom.Place{Line: line}
	}
	return sbom.Place{}
}

// source examines a member that is Python by its name, in an archive whose code
// is imported with the model.
func (x *examiner) source(in string, m *archive.Member) {
	if !x.loaded || !isPython(in) {
		return
	}
	text, err := m.Head(maxScript)
	if err == nil {
		x.python(in, text)
	}
}

func isPython(name string) bool { return strings.EqualFold(path.Ext(name), ".py") }

func (x *examiner) python(in string, text []byte) {
	src, err := sbom.DecodeText(text)
	if err != nil {
		return
	}
	x.count("python")
	look := pycode.LookScript
	if x.loaded { // by what serves the model
		look = pycode.Look
	}
	for _, d := range look(src) {
		message := d.What
		if in != "" {
			message = fmt.Sprintf("%q, line %d: %s", clip(in), d.Line, d.What)
		}
		x.find(sbom.Finding{Rule: sbom.RuleSuspicious, Where: place(in, d.Line), Message: message})
		x.suspect()
	}
}
