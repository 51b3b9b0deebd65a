package plugin

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Command is a program with its arguments.
type Command struct {
	Name string // of the program, in lower case: facts are seen by "plugin/" + Name

	program string // absolute path
	args    []string
	env     []string // beside our own environment, which has the last word
}

// Stand-ins in arguments.
const (
	treeArg = "{}"    // the folder to read
	fileArg = "{out}" // a file for the document, in place of standard output
)

type template struct{ args, env []string }

// templates are the arguments of programs that are named alone.
var templates = map[string]template{
	"syft":   {args: []string{"scan", "dir:{}", "-o", "cyclonedx-json", "-q"}, env: []string{"SYFT_CHECK_FOR_APP_UPDATE=false"}},
	"trivy":  {args: []string{"fs", "--format", "cyclonedx", "--quiet", "--offline-scan", "{}"}, env: []string{"TRIVY_SKIP_VERSION_CHECK=true"}},
	"cdxgen": {args: []string{"--no-install-deps", "-o", "{out}", "{}"}}, // its standard output also has tables
}

// Parse reads a program and its arguments as a shell splits words: by blanks,
// with single quotes, double quotes and backslashes; nothing else is special. A
// program of the built-in templates that stands alone gets its arguments; any
// other gets {} replaced by the folder, or the folder after its last argument.
// The program must exist.
func Parse(text string) (Command, error) {
	words, err := split(text)
	if err != nil {
		return Command{}, fmt.Errorf("%q: %w", text, err)
	}
	if len(words) == 0 || words[0] == "" {
		return Command{}, errors.New("no program is named; say for example syft, or 'tool --flag {}'")
	}
	program, err := exec.LookPath(words[0])
	if err == nil {
		program, err = filepath.Abs(program)
	}
	if err != nil {
		return Command{}, fmt.Errorf("the program %q is not found; install it or give its path", words[0])
	}
	c := Command{Name: nameOf(words[0]), program: program, args: words[1:]}
	if t, ok := templates[c.Name]; ok && len(words) == 1 {
		c.args, c.env = t.args, t.env
	}
	return c, nil
}

// nameOf keeps what is safe in any document.
func nameOf(program string) string {
	base := strings.ToLower(filepath.Base(program))
	base = strings.TrimSuffix(strings.TrimSuffix(base, ".exe"), ".cmd")
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, base)
	return name[:min(len(name), 40)]
}

func split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, inWord = r, true
		case quote == 0 && (r == ' ' || r == '\t' || r == '\n'):
			if inWord {
				words = append(words, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quote != 0 || escaped {
		return nil, errors.New("a quote or a backslash at the end is left open")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// arguments puts the folder and the file in place.
func (c Command) arguments(dir, out string) (args []string, toFile bool) {
	named := false
	for _, a := range c.args {
		named = named || strings.Contains(a, treeArg)
		toFile = toFile || strings.Contains(a, fileArg)
		args = append(args, strings.NewReplacer(treeArg, dir, fileArg, out).Replace(a))
	}
	if !named {
		args = append(args, dir)
	}
	return args, toFile
}
