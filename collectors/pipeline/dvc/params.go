package dvc

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/collectors/internal/tomllines"
	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

// paramSet is the parameters that a stage takes of one file.
type paramSet struct {
	def  string
	at   string
	keys []string // nil: all
	line int
}

const (
	paramsName = "params.yaml"
	maxParams  = 1000    // of one stage
	maxSmall   = 4 << 20 // bytes of a file of parameters or metrics
)

// mergeParams sorts the entries of "params" by their files, as DVC does: a text is a
// key of params.yaml, a dictionary names files with their keys, or with none for all.
func mergeParams(v *value, wdir string) (sets []paramSet) {
	add := func(def string, line int, all bool, keys ...string) {
		for i := range sets {
			if sets[i].def == def {
				if all || sets[i].keys == nil {
					sets[i].keys = nil
				} else {
					sets[i].keys = append(sets[i].keys, keys...)
				}
				return
			}
		}
		if all {
			keys = nil
		}
		sets = append(sets, paramSet{def, inside(wdir, def), keys, line})
	}
	for _, item := range itemsOf(v) {
		if item.is(text) {
			add(paramsName, item.line, false, item.str)
		}
		if !item.is(dict) {
			continue
		}
		for _, m := range item.members {
			keys := texts(m.v)
			add(m.key, item.line, len(keys) == 0, keys...)
		}
	}
	return sets
}

// paramFile reads a file of parameters by its ending.
func paramFile(tree fs.FS, at string) (*value, error) {
	type key string
	type parsed struct {
		v   *value
		err error
	}
	if !fs.ValidPath(at) {
		return nil, fmt.Errorf("%s is outside of the tree", lineage.Name(at))
	}
	p := sbom.Once(tree, key(at), func() parsed {
		v, err := readParams(tree, at)
		return parsed{v, err}
	})
	return p.v, p.err
}

func readParams(tree fs.FS, at string) (*value, error) {
	content, err := smallText(tree, at)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(path.Ext(at)) {
	case ".py":
		return fromPython(content), nil
	case ".toml":
		v, err := tomllines.Parse(content)
		left := maxNodes
		out := fromTOML(v, &left, 0)
		if left < 0 {
			err = errors.Join(err, fmt.Errorf("%s has more than %d values", path.Base(at), maxNodes))
		}
		return out, err
	}
	v, _ := yamllines.Parse(content)
	if v == nil {
		return nil, fmt.Errorf("%s is no YAML", path.Base(at))
	}
	out, whole := fromYAML(v)
	if !whole {
		return nil, fmt.Errorf("%s has more than %d values", path.Base(at), maxNodes)
	}
	return out, nil
}

func smallText(tree fs.FS, at string) (string, error) {
	info, err := fs.Stat(tree, at)
	switch {
	case err != nil:
		return "", fmt.Errorf("%s is not there", path.Base(at))
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no file", path.Base(at))
	case info.Size() > maxSmall:
		return "", fmt.Errorf("%s is larger than %d MiB", path.Base(at), maxSmall>>20)
	}
	return sbom.NewFile(tree, at).Text()
}

func isFile(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.Mode().IsRegular()
}

func isFolder(tree fs.FS, name string) bool {
	info, err := fs.Stat(tree, name)
	return err == nil && info.IsDir()
}

// pick goes down by a name with dots; a number is the place in a list.
func pick(v *value, name string) *value {
	for v.is(dict) || v.is(list) {
		if whole := v.get(name); whole != nil {
			return whole // dvc.lock keeps the name with its dots
		}
		head, rest, more := strings.Cut(name, ".")
		if v.is(list) {
			n, err := strconv.Atoi(head)
			if err != nil || n < 0 || n >= len(v.items) {
				return nil
			}
			v = v.items[n]
		} else {
			v = v.get(head)
		}
		if !more {
			return v
		}
		name = rest
	}
	return nil
}

// flat gives the scalars in a value, each with the names that lead to it; a list is
// one value.
func flat(name string, v *value, into []sbom.Property) []sbom.Property {
	if v.is(dict) && len(v.members) > 0 {
		for _, m := range v.members {
			at := m.key
			if name != "" {
				at = name + "." + m.key
			}
			if into = flat(at, m.v, into); len(into) >= maxParams {
				break
			}
		}
		return into
	}
	last := name[strings.LastIndex(name, ".")+1:]
	if v == nil || name == "" || lineage.Secret(last) || len(into) >= maxParams {
		return into
	}
	shown := v.shown()
	if v.composite() {
		shown = compact(v)
	} else if v.is(null) {
		shown = "null"
	}
	return append(into, sbom.Property{Name: clip(name, maxText), Value: lineage.Shown(clip(shown, maxText))})
}

// compact writes a value as JSON on one line.
func compact(v *value) string {
	var b strings.Builder
	writeCompact(&b, v)
	return b.String()
}

func writeCompact(b *strings.Builder, v *value) {
	if b.Len() > maxText {
		return // it is clipped anyway
	}
	switch {
	case v.is(list):
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeCompact(b, item)
		}
		b.WriteByte(']')
	case v.is(dict):
		b.WriteByte('{')
		for i, m := range v.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(m.key) + ":")
			writeCompact(b, m.v)
		}
		b.WriteByte('}')
	case v.is(text):
		b.WriteString(strconv.Quote(v.str))
	case v == nil || v.kind == null:
		b.WriteString("null")
	default:
		b.WriteString(v.shown())
	}
}

// parameters gives the values that a stage takes: those of the lock, which are what
// it ran with, else those that the files hold now. changed names those that differ.
func (st *stage) parameters(tree fs.FS, locked *value) (all []sbom.Property, changed []string) {
	for _, set := range st.params {
		now, _ := paramFile(tree, set.at)
		then := locked.get(set.def)
		prefix := ""
		if set.def != paramsName {
			prefix = clip(set.def, maxText) + ":"
		}
		keys := set.keys
		if keys == nil {
			keys = topNames(then, now)
		}
		for _, k := range keys {
			var was []sbom.Property
			is := flat(k, pick(now, k), nil)
			if v := pick(then, k); v != nil {
				if was = flat(k, v, nil); now != nil && !sameProperties(was, is) {
					changed = append(changed, prefix+k)
				}
			} else {
				was = is
			}
			for _, p := range was[:min(len(was), max(maxParams-len(all), 0))] {
				all = append(all, sbom.Property{Name: prefix + p.Name, Value: p.Value})
			}
		}
	}
	return all, changed
}

func topNames(vs ...*value) (names []string) {
	for _, v := range vs {
		if v.is(dict) {
			for _, m := range v.members {
				names = append(names, m.key)
			}
			return names
		}
	}
	return nil
}

func sameProperties(a, b []sbom.Property) bool {
	as := map[string]string{}
	for _, p := range a {
		as[p.Name] = p.Value
	}
	for _, p := range b {
		if v, ok := as[p.Name]; !ok || v != p.Value {
			return false
		}
	}
	return len(a) == len(b)
}
