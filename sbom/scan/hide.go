package scan

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/secret"
)

// hide takes credentials out of all that a collector says: whatever file it came from
// and whichever field it went to, it passes here. That there was one is a finding of
// what it was said of, without the value. Paths stay as they are, for files are found
// by them, and so do records of other tools' documents.
//
// The values may belong to the collector, so what changes is copied.
func hide(s *sbom.Sighting) {
	if !some(reflect.ValueOf(s).Elem()) {
		return
	}
	h := hider{what: map[string][]string{}}
	if c, changed := h.value(reflect.ValueOf(*s), ""); changed {
		*s = c.Interface().(sbom.Sighting)
	}
	fields := make([]string, 0, len(h.what))
	for field := range h.what {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	for _, field := range fields {
		where := s.Where
		if line := s.Lines[field]; line > 0 {
			where = sbom.Place{Path: where.Path, By: where.By, Line: line}
		}
		s.Findings = append(slices.Clip(s.Findings), sbom.Finding{
			Rule:    sbom.RuleCredential,
			Message: fmt.Sprintf("%s holds what looks like %s; it is left out here", field, strings.Join(h.what[field], " and ")),
			Where:   where,
		})
	}
}

// some tells quickly whether a value may hold a credential: few do.
func some(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return secret.May(v.String())
	case reflect.Pointer:
		return !v.IsNil() && some(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			if some(v.Index(i)) {
				return true
			}
		}
	case reflect.Struct:
		for _, m := range textMembers(v.Type()) {
			if some(v.Field(m.at)) {
				return true
			}
		}
	}
	return false
}

// hider notes what it found, by field.
type hider struct{ what map[string][]string }

// value gives a value without credentials, and whether it is another one.
func (h *hider) value(v reflect.Value, field string) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		return h.text(v, field)
	case reflect.Pointer:
		if v.IsNil() || !texts(v.Type()) {
			return v, false
		}
		c, changed := h.value(v.Elem(), field)
		if !changed {
			return v, false
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(c)
		return p, true
	case reflect.Slice:
		return h.list(v, field)
	case reflect.Struct:
		return h.members(v, field)
	}
	return v, false
}

func (h *hider) text(v reflect.Value, field string) (reflect.Value, bool) {
	clean, kinds := secret.Hide(v.String())
	if kinds == nil {
		return v, false
	}
	for _, k := range kinds {
		if !slices.Contains(h.what[field], k) {
			h.what[field] = append(h.what[field], k)
		}
	}
	c := reflect.New(v.Type()).Elem()
	c.SetString(clean)
	return c, true
}

func (h *hider) list(v reflect.Value, field string) (reflect.Value, bool) {
	if v.Len() == 0 || !texts(v.Type()) {
		return v, false
	}
	all, some := v, false
	for i := range v.Len() {
		c, changed := h.value(v.Index(i), field)
		if !changed {
			continue
		}
		if !some {
			all, some = reflect.MakeSlice(v.Type(), v.Len(), v.Len()), true
			reflect.Copy(all, v)
		}
		all.Index(i).Set(c)
	}
	return all, some
}

func (h *hider) members(v reflect.Value, field string) (reflect.Value, bool) {
	all, some := v, false
	for _, m := range textMembers(v.Type()) {
		name := field
		if m.name != "" && !sbom.IsField(field) {
			name = strings.TrimPrefix(field+"."+m.name, ".")
		}
		c, changed := h.value(v.Field(m.at), name)
		if !changed {
			continue
		}
		if !some {
			all, some = reflect.New(v.Type()).Elem(), true
			all.Set(v)
		}
		all.Field(m.at).Set(c)
	}
	return all, some
}

// member is a part of a struct that can hold a text of a stranger.
type member struct {
	at   int
	name string
}

// left are the types that are as they are: places, digests, what other tools said.
var left = []reflect.Type{reflect.TypeFor[sbom.Place](), reflect.TypeFor[sbom.Hash](), reflect.TypeFor[sbom.Record](), reflect.TypeFor[[]byte]()}

var known sync.Map // of a type: its members, or whether it holds texts

func textMembers(t reflect.Type) []member {
	if all, ok := known.Load(t); ok {
		return all.([]member)
	}
	var all []member
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if t == reflect.TypeFor[sbom.Keys]() && f.Name == "Path" || !f.IsExported() || !texts(f.Type) {
			continue
		}
		if f.Anonymous || name == "-" {
			name = ""
		}
		all = append(all, member{i, name})
	}
	known.Store(t, all)
	return all
}

// texts tells whether a type can hold a text at all.
func texts(t reflect.Type) bool {
	if slices.Contains(left, t) {
		return false
	}
	switch t.Kind() {
	case reflect.String:
		return true
	case reflect.Slice, reflect.Pointer:
		return t.Elem().Kind() == reflect.Struct || texts(t.Elem())
	case reflect.Struct:
		return true
	}
	return false
}
