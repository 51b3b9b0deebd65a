package pysource

import (
	"strconv"
	"strings"
)

// method gives what a method that alters nothing gives.
func (r *Runner) method(of Value, name string, a arguments) (Value, bool) {
	switch of.Kind {
	case TextValue:
		return r.textMethod(of, name, a)
	case FileValue:
		return r.fileMethod(of, name)
	case PathValue:
		return r.pathMethod(of, name, a)
	case DictValue:
		return r.dictMethod(of, name, a)
	case ListValue:
		switch name {
		case "copy":
			return of, true
		case "index", "count", "sort", "reverse", "clear":
			return Value{Kind: NoneValue}, name == "sort"
		}
		if len(of.Items) > 0 && of.Text == "match" { // groups of a match
			return group(of, name, a)
		}
	}
	return Value{}, false
}

func (r *Runner) fileMethod(of Value, name string) (Value, bool) {
	switch name {
	case "read":
		return r.read(of), true
	case "readlines":
		return r.items(of), true
	case "readline":
		if lines := r.items(of); lines.Kind == ListValue && len(lines.Items) > 0 {
			return lines.Items[0], true
		}
	case "close":
		return Value{Kind: NoneValue}, true
	}
	return Value{}, false
}

func (r *Runner) pathMethod(of Value, name string, a arguments) (Value, bool) {
	switch name {
	case "read_text", "read_bytes":
		return r.read(of), true
	case "open":
		of.Kind = FileValue
		return of, true
	case "resolve", "absolute", "expanduser":
		return of, true
	case "joinpath":
		for _, p := range a.list {
			s, ok := plainText(p)
			if !ok {
				return asUnknown(p), true
			}
			of.Text = joinPath(of.Text, s)
		}
		return of, true
	case "exists", "is_file":
		return boolOf(r.read(of).Kind == TextValue, a.line), true
	case "as_posix", "__str__":
		of.Kind = TextValue
		return of, true
	case "with_name":
		if s, ok := a.text(0, "name"); ok {
			of.Text = joinPath(strings.TrimSuffix(of.Text, of.Text[strings.LastIndexByte(of.Text, '/')+1:]), s)
			return of, true
		}
	}
	return Value{}, false
}

func (r *Runner) dictMethod(of Value, name string, a arguments) (Value, bool) {
	switch name {
	case "copy":
		return of, true
	case "keys":
		return r.items(of), true
	case "values":
		out := list(of.Line, of.Items...)
		return out, true
	case "items":
		out := list(of.Line)
		keys := r.items(of)
		for i := range keys.Items {
			pair := list(of.Line, keys.Items[i], of.Items[i])
			pair.When = of.Items[i].When
			out.Items = append(out.Items, pair)
		}
		return out, keys.Kind == ListValue
	case "get":
		key, ok := a.text(0, "")
		if !ok {
			return Value{}, false
		}
		if v, ok := of.Get(key); ok {
			return v, true
		}
		if v, ok := a.arg(1, "default"); ok {
			return v, true
		}
		return Value{Kind: NoneValue, Line: a.line}, true
	}
	return Value{}, false
}

func (r *Runner) textMethod(of Value, name string, a arguments) (Value, bool) {
	arg, given := a.text(0, "")
	second, _ := a.text(1, "")
	out := of
	switch name {
	case "strip", "lstrip", "rstrip":
		out.Text = strip(of.Text, name, arg, given)
	case "lower":
		out.Text = strings.ToLower(of.Text)
	case "upper":
		out.Text = strings.ToUpper(of.Text)
	case "title", "capitalize", "casefold", "expandtabs", "decode", "encode":
	case "removeprefix":
		out.Text = strings.TrimPrefix(of.Text, arg)
	case "removesuffix":
		out.Text = strings.TrimSuffix(of.Text, arg)
	case "replace":
		if arg == "" || strings.Count(of.Text, arg)*len(second) > maxSize {
			return Value{}, false
		}
		out.Text = strings.ReplaceAll(of.Text, arg, second)
	case "startswith", "endswith":
		return affix(of.Text, name, a)
	case "splitlines":
		return splitLines(of, false), true
	case "split", "rsplit":
		return split(of, name, a)
	case "partition", "rpartition":
		if arg == "" {
			return Value{}, false
		}
		return parted(of, name, arg), true
	case "join":
		return r.join(of, a)
	case "format":
		return format(of, a), true
	case "find", "index", "count":
		n := strings.Index(of.Text, arg)
		if name == "count" {
			n = strings.Count(of.Text, arg)
		}
		return Value{Kind: NumberValue, Text: strconv.Itoa(n), Line: a.line}, given
	case "isdigit":
		return boolOf(of.Text != "" && strings.Trim(of.Text, "0123456789") == "", a.line), true
	default:
		return Value{}, false
	}
	return out, true
}

func strip(s, name, set string, given bool) string {
	if !given {
		set = " \t\n\r\f\v"
	}
	if name != "rstrip" {
		s = strings.TrimLeft(s, set)
	}
	if name != "lstrip" {
		s = strings.TrimRight(s, set)
	}
	return s
}

func affix(s, name string, a arguments) (Value, bool) {
	v, ok := a.arg(0, "")
	if !ok {
		return Value{}, false
	}
	options := []Value{v}
	if v.Kind == ListValue {
		options = v.Items
	}
	is := false
	for _, o := range options {
		if o.Kind != TextValue {
			return Value{}, false
		}
		is = is || name == "startswith" && strings.HasPrefix(s, o.Text) || name == "endswith" && strings.HasSuffix(s, o.Text)
	}
	return boolOf(is, a.line), true
}

func split(of Value, name string, a arguments) (Value, bool) {
	sep, given := a.text(0, "sep")
	limit := -1
	if v, ok := a.arg(1, "maxsplit"); ok {
		if limit, ok = v.number(); !ok {
			return Value{}, false
		}
	}
	var parts []string
	switch {
	case !given && limit < 0:
		parts = strings.Fields(of.Text)
	case !given || sep == "":
		return Value{}, false
	case sep == "\n" && limit < 0:
		out := splitLines(of, false)
		if strings.HasSuffix(of.Text, "\n") {
			out.Items = append(out.Items, textOf("", of.Line))
		}
		return out, true
	case name == "rsplit" && limit >= 0:
		parts = strings.Split(of.Text, sep)
		if n := len(parts) - limit; n > 1 {
			parts = append([]string{strings.Join(parts[:n], sep)}, parts[n:]...)
		}
	default:
		if limit >= 0 {
			limit++
		}
		parts = strings.SplitN(of.Text, sep, limit)
	}
	if len(parts) > maxItems {
		return unknown(a.line, "it is too large to work out"), true
	}
	out := list(of.Line)
	for _, p := range parts {
		i := of
		i.Text = p
		out.Items = append(out.Items, i)
	}
	return out, true
}

func parted(of Value, name, sep string) Value {
	i := strings.Index(of.Text, sep)
	if name == "rpartition" {
		i = strings.LastIndex(of.Text, sep)
	}
	a, b, c := of, of, of
	switch {
	case i >= 0:
		a.Text, b.Text, c.Text = of.Text[:i], sep, of.Text[i+len(sep):]
	case name == "partition":
		b.Text, c.Text = "", ""
	default:
		a.Text, b.Text = "", ""
	}
	return list(of.Line, a, b, c)
}

func (r *Runner) join(of Value, a arguments) (Value, bool) {
	if len(a.list) != 1 {
		return Value{}, false
	}
	over := r.items(a.list[0])
	if over.Kind != ListValue || !over.plain() {
		return asUnknown(over), true
	}
	var parts []string
	size := 0
	for _, i := range over.Items {
		s, ok := i.Str()
		if size += len(s) + len(of.Text); !ok || size > maxSize {
			return asUnknown(i), true
		}
		parts = append(parts, s)
		of.File, of.FileLine = i.File, i.FileLine
	}
	of.Text = strings.Join(parts, of.Text)
	return of, true
}
