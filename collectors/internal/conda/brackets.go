package conda

import (
	"errors"
	"strings"
)

// cutBrackets parts the text and what stands in its brackets, which are a list
// "[key=value, key='value']" and stand at the end or before the version.
func cutBrackets(text string) (string, []Pair, error) {
	open := strings.IndexByte(text, '[')
	if open < 0 {
		return text, nil, nil
	}
	end := closing(text, open)
	if end < 0 {
		return "", nil, errors.New("a bracket is not closed")
	}
	pairs, err := pairs(text[open+1 : end])
	return strings.TrimSpace(text[:open] + text[end+1:]), pairs, err
}

// closing finds the bracket that closes the one at open.
func closing(text string, open int) int {
	depth, quote := 0, byte(0)
	for i := open; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// pairs reads "key=value" parts, with commas or spaces between them.
func pairs(text string) ([]Pair, error) {
	var list []Pair
	for {
		text = strings.TrimLeft(text, ", \t\n")
		if text == "" {
			return list, nil
		}
		key, rest, ok := strings.Cut(text, "=")
		if key = strings.TrimSpace(key); !ok || key == "" || strings.ContainsAny(key, " '\",[]") {
			return nil, errors.New("the brackets want key=value")
		}
		value, rest, err := value(strings.TrimLeft(rest, " "))
		if err != nil {
			return nil, err
		}
		list = append(list, Pair{strings.ToLower(key), value})
		text = rest
	}
}

func value(text string) (value, rest string, err error) {
	if text == "" {
		return "", "", errors.New("a value in the brackets is missing")
	}
	switch c := text[0]; c {
	case '\'', '"':
		end := strings.IndexByte(text[1:], c)
		for end > 0 && text[end] == '\\' { // escaped
			next := strings.IndexByte(text[end+2:], c)
			if next < 0 {
				end = -1
				break
			}
			end += next + 1
		}
		if end < 0 {
			return "", "", errors.New("a quoted value in the brackets is not closed")
		}
		return strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(text[1 : end+1]), text[end+2:], nil
	case '[':
		end := closing(text, 0)
		if end < 0 {
			return "", "", errors.New("a list in the brackets is not closed")
		}
		return text[1:end], text[end+1:], nil
	}
	end := strings.IndexAny(text, ", ")
	if end < 0 {
		end = len(text)
	}
	return strings.TrimSpace(text[:end]), text[end:], nil
}

// bracket takes a key in; it overrides what stands outside of the brackets.
func (s *Spec) bracket(p Pair) {
	switch p.Key {
	case "version":
		s.Version, s.Requirement = p.Value, ""
		s.Version = fuzzy(strings.ReplaceAll(p.Value, " ", ""), "")
	case "build", "build_string":
		s.Build, s.Requirement = p.Value, ""
	case "channel":
		s.setChannel(p.Value)
	case "subdir":
		s.Subdir = p.Value
	case "name":
		s.Name = strings.ToLower(p.Value)
	case "url":
		s.URL = Clean(p.Value)
	case "md5", "sha256":
		if d := Digest(p.Key + ":" + p.Value); d != "" {
			s.Digests = append(s.Digests, d)
		}
	case "extras":
		for e := range strings.SplitSeq(p.Value, ",") {
			if e = strings.Trim(e, " '\""); e != "" {
				s.Extras = append(s.Extras, e)
			}
		}
	case "when":
		s.Marker = p.Value
	default:
		s.Rest = append(s.Rest, p)
	}
}
