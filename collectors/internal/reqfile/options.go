package reqfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Option is one option with its value, under its long name: "--requirement".
type Option struct{ Name, Value string }

// Entry is one line as pip takes it apart.
type Entry struct {
	Line     int
	Args     string // what stands before the first option: a requirement
	Options  []Option
	Comments []Comment
	Passed   []string // words behind options, which pip passes over in silence
	Err      error    // pip refuses the line; what was read stands in the other fields
}

// Editable gives what -e names where the line is such a requirement.
func (e Entry) Editable() (string, bool) {
	if e.Args != "" {
		return "", false
	}
	return e.First("--editable")
}

// First gives the value of the option where it stands first.
func (e Entry) First(name string) (string, bool) {
	for _, o := range e.Options {
		if o.Name == name {
			return o.Value, true
		}
	}
	return "", false
}

// All gives the values of the option.
func (e Entry) All(name string) []string {
	var all []string
	for _, o := range e.Options {
		if o.Name == name {
			all = append(all, o.Value)
		}
	}
	return all
}

// Read gives the entries of a file in order until each says no.
func Read(text string, each func(Entry) bool) {
	lines(text, func(l logical) bool {
		e := Entry{Line: l.number, Comments: l.comments}
		if l.long {
			e.Err = fmt.Errorf("the line is longer than %d MiB", maxLine>>20)
			return each(e)
		}
		var rest string
		e.Args, rest = breakOptions(l.text)
		e.Args = strings.TrimSpace(e.Args)
		words, err := split(rest)
		if err == nil {
			e.Options, e.Passed, err = parseOptions(words)
		}
		if _, editable := e.First("--editable"); editable && e.Args != "" && err == nil {
			err = errors.New("a requirement and -e stand on one line")
		}
		e.Err = err
		return each(e)
	})
}

// breakOptions cuts before the first word that begins with a dash. Only blanks
// part words here, no tabs.
func breakOptions(line string) (args, options string) {
	if strings.HasPrefix(line, "-") {
		return "", line
	}
	if i := strings.Index(line, " -"); i >= 0 {
		return line[:i], line[i+1:]
	}
	return line, ""
}

// Options of pip, by their names; true for those with a value.
var (
	long = map[string]bool{
		"--index-url": true, "--pypi-url": true, "--extra-index-url": true, "--no-index": false, "--constraint": true, "--requirement": true,
		"--editable": true, "--find-links": true, "--no-binary": true, "--only-binary": true, "--prefer-binary": false, "--require-hashes": false,
		"--pre": false, "--all-releases": true, "--only-final": true, "--trusted-host": true, "--use-feature": true, "--hash": true, "--config-settings": true,
	}
	short = map[byte]string{'i': "--index-url", 'c': "--constraint", 'r': "--requirement", 'e': "--editable", 'f': "--find-links", 'C': "--config-settings"}
	// Options that pip had once. They say nothing of what is required.
	former = map[string]bool{
		"--use-wheel": false, "--no-use-wheel": false, "--always-unzip": false, "--process-dependency-links": false, "--allow-all-external": false, "--no-allow-external": false, "--no-allow-insecure": false,
		"--allow-external": true, "--allow-unverified": true, "--allow-insecure": true, "--global-option": true, "--install-option": true,
	}
	digests = []string{"sha256", "sha384", "sha512"}
)

// parseOptions reads as Python's optparse does. Words that are no options are
// passed over, as pip does. A wrong value spoils no other option.
func parseOptions(words []string) (all []Option, passed []string, wrong error) {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var o Option
		var err error
		switch {
		case word == "--":
			return all, append(passed, words...), wrong
		case word == "-Z":
			continue // --always-unzip, which pip had once
		case strings.HasPrefix(word, "--"):
			o, words, err = longOption(word, words)
		case len(word) > 1 && word[0] == '-':
			o, words, err = shortOption(word, words)
		default:
			passed = append(passed, word)
			continue
		}
		if err != nil {
			return all, passed, err
		}
		all = append(all, o)
		if err := o.check(); err != nil && wrong == nil {
			wrong = err
		}
	}
	return all, passed, wrong
}

// shortOption reads "-r file" and "-rfile".
func shortOption(word string, words []string) (Option, []string, error) {
	name, ok := short[word[1]]
	switch {
	case !ok:
		return Option{}, words, fmt.Errorf("the option %.20q is not known", word)
	case len(word) > 2:
		return Option{name, word[2:]}, words, nil
	case len(words) == 0:
		return Option{}, words, fmt.Errorf("%s stands without a value", name)
	}
	return Option{name, words[0]}, words[1:], nil
}

func longOption(word string, words []string) (Option, []string, error) {
	name, value, given := strings.Cut(word, "=")
	takes, known := former[name]
	if !known {
		full, err := expand(name)
		if err != nil {
			return Option{}, words, err
		}
		name, takes = full, long[full]
	}
	if name == "--pypi-url" {
		name = "--index-url"
	}
	switch {
	case given && !takes:
		return Option{}, words, fmt.Errorf("%s takes no value", name)
	case given || !takes:
		return Option{name, value}, words, nil
	case len(words) == 0:
		return Option{}, words, fmt.Errorf("%s stands without a value", name)
	}
	return Option{name, words[0]}, words[1:], nil
}

// expand finds the option of which the name is the beginning.
func expand(name string) (string, error) {
	if _, ok := long[name]; ok {
		return name, nil
	}
	found := ""
	for full := range long {
		if strings.HasPrefix(full, name) {
			if found != "" {
				return "", fmt.Errorf("the option %.50q can mean several", name)
			}
			found = full
		}
	}
	if found == "" {
		return "", fmt.Errorf("the option %.50q is not known", name)
	}
	return found, nil
}

func (o Option) check() error {
	switch o.Name {
	case "--hash":
		algorithm, _, ok := strings.Cut(o.Value, ":")
		if !ok {
			return errors.New("--hash wants an algorithm and a digest: sha256:HEX")
		}
		if !slices.Contains(digests, algorithm) {
			return fmt.Errorf("--hash with %.20q: pip takes sha256, sha384 and sha512 only", algorithm)
		}
	case "--config-settings":
		if !strings.Contains(o.Value, "=") {
			return errors.New("--config-settings wants KEY=VALUE")
		}
	}
	return nil
}

// split parts words as a POSIX shell does, without comments.
func split(s string) ([]string, error) {
	var words []string
	var word strings.Builder
	var quote byte
	inside := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && quote != '\'':
			if i++; i == len(s) {
				return nil, errors.New("a backslash at the end escapes nothing")
			}
			if quote == '"' && s[i] != '"' && s[i] != '\\' {
				word.WriteByte('\\')
			}
			word.WriteByte(s[i])
			inside = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inside = c, true
		case quote == 0 && strings.IndexByte(" \t\r\n", c) >= 0:
			if inside {
				words = append(words, word.String())
				word.Reset()
				inside = false
			}
		default:
			word.WriteByte(c)
			inside = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote is not closed")
	}
	if inside {
		words = append(words, word.String())
	}
	return words, nil
}
