package rdata

import (
	"fmt"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// The types of items, by Rinternals.h and serialize.c.
const (
	typeSym       = 1
	typeList      = 2 // pairlist
	typeClosure   = 3
	typeEnv       = 4
	typePromise   = 5
	typeCall      = 6
	typeSpecial   = 7
	typeBuiltin   = 8
	typeChar      = 9
	typeLogical   = 10
	typeInt       = 13
	typeReal      = 14
	typeComplex   = 15
	typeString    = 16
	typeDots      = 17
	typeVector    = 19
	typeExpr      = 20
	typeBytecode  = 21
	typePointer   = 22
	typeWeak      = 23
	typeRaw       = 24
	typeS4        = 25
	typeAltRep    = 238
	typeAttrList  = 239
	typeAttrCall  = 240
	typePersist   = 247
	typePackage   = 248
	typeNamespace = 249
	typeUnbound   = 252
	typeRef       = 255
)

// The kinds of code that are counted.
const promises = "promises"

var codeKinds = []string{promises, "functions", "byte_code", "expressions", "pointers", "environments"}

// plain are items without anything behind them: NULL and the environments that
// every R has, and markers.
var plain = map[int]bool{254: true, 253: true, 252: true, 251: true, 242: true, 241: true, 250: true, 246: true, 245: true}

// object is what is known of an item.
type object struct {
	kind   int
	name   string     // of a symbol, a text
	texts  []string   // of a character vector
	class  []string   // of its attribute
	tags   []string   // of a pairlist
	values [][]string // the classes of what stands under the tags
}

func (o object) classes() []string {
	switch {
	case len(o.class) > 0:
		return o.class
	case o.kind == typeClosure:
		return []string{"function"}
	case o.kind == typeEnv:
		return []string{"environment"}
	case o.kind == typeVector:
		return []string{"list"}
	}
	return nil
}

// item reads one item.
func (s *stream) item(depth int) (object, error) {
	if s.items++; depth > maxDepth || s.items > maxItems {
		return object{}, fmt.Errorf("the object is nested more than %d deep, or has more than %d parts", maxDepth, maxItems)
	}
	if s.items%4096 == 0 && s.ctx.Err() != nil {
		return object{}, s.ctx.Err()
	}
	flags, err := s.int()
	if err != nil {
		return object{}, err
	}
	return s.body(flags, depth)
}

// body reads what stands behind the flags of an item.
func (s *stream) body(flags, depth int) (object, error) {
	kind := flags & 255
	o := object{kind: kind}
	hasAttr, hasTag := flags&(1<<9) != 0, flags&(1<<10) != 0
	switch kind {
	case typeRef:
		return s.reference(flags)
	case typeSym:
		x, err := s.item(depth + 1)
		o.name = x.name
		return o, s.keep(x.name, err)
	case typeList, typeClosure, typePromise, typeCall, typeDots, typeAttrList, typeAttrCall:
		return s.pairs(kind, hasAttr || kind == typeAttrList || kind == typeAttrCall, hasTag, depth)
	case typeEnv:
		return o, s.environment(depth)
	case typeSpecial, typeBuiltin:
		n, err := s.int()
		if err == nil {
			o.name, err = s.text(n)
		}
		return o, err
	case typeChar:
		n, err := s.int()
		if err == nil {
			o.name, err = s.text(n)
		}
		return o, s.attributes(&o, hasAttr, depth, err)
	case typePackage, typeNamespace, typePersist:
		return o, s.named(depth)
	case typeBytecode:
		s.code["byte_code"]++
		return o, s.attributes(&o, hasAttr, depth, s.bytecode(depth))
	case typeAltRep:
		return s.altrep(depth)
	}
	if plain[kind] {
		return o, nil
	}
	err := s.vector(&o, depth)
	return o, s.attributes(&o, hasAttr, depth, err)
}

// keep adds to what can be referred to again.
func (s *stream) keep(name string, err error) error {
	if err == nil && len(s.refs) >= maxRefs {
		err = fmt.Errorf("the object has more than %d shared parts", maxRefs)
	}
	s.refs = append(s.refs, name)
	return err
}

func (s *stream) reference(flags int) (object, error) {
	n := flags >> 8
	if n == 0 {
		var err error
		if n, err = s.int(); err != nil {
			return object{}, err
		}
	}
	if n < 1 || n > len(s.refs) {
		return object{}, fmt.Errorf("part %d is referred to, and there are %d so far", n, len(s.refs))
	}
	return object{kind: typeSym, name: s.refs[n-1]}, nil
}

// pairs reads a pairlist, a call, a closure or a promise: attributes, tag, head, and
// the rest, which is the next of its kind.
func (s *stream) pairs(kind int, hasAttr, hasTag bool, depth int) (object, error) {
	o := object{kind: kind}
	for n := 0; ; n++ {
		if err := s.attributes(&o, hasAttr, depth, nil); err != nil {
			return o, err
		}
		if kind == typeClosure {
			s.code["functions"]++
		}
		tag := object{}
		var err error
		if hasTag {
			if tag, err = s.item(depth + 1); err != nil {
				return o, err
			}
		}
		head, err := s.item(depth + 1)
		if err != nil {
			return o, err
		}
		s.pair(&o, n, tag, head)
		flags, err := s.int()
		if err != nil {
			return o, err
		}
		next := flags & 255
		if kind == typeClosure || kind == typePromise || next != typeList && next != typeAttrList {
			return o, s.rest(kind == typePromise && head.kind == typeUnbound, flags, depth)
		}
		if s.items++; s.items > maxItems {
			return o, fmt.Errorf("the object has more than %d parts", maxItems)
		}
		kind, hasAttr, hasTag = typeList, flags&(1<<9) != 0 || next == typeAttrList, flags&(1<<10) != 0
	}
}

// rest reads the last part: of a promise without a value it is what runs. In an
// environment promises are common: arguments that no function looked at.
func (s *stream) rest(promise bool, flags, depth int) error {
	if promise {
		s.code[promises]++
	}
	if promise && s.env == 0 {
		s.live++
		s.promise++
		defer func() { s.promise-- }()
	}
	_, err := s.body(flags, depth+1)
	return err
}

// pair keeps what one element of a list says.
func (s *stream) pair(o *object, n int, tag, head object) {
	if o.kind == typeCall || o.kind == typeAttrCall {
		if n == 0 && head.name != "" {
			s.call(head.name)
		}
		return
	}
	if tag.name == "class" {
		o.class = head.texts
	}
	if tag.name != "" && o.kind == typeList && len(o.tags) < maxNames {
		o.tags = append(o.tags, tag.name)
		o.values = append(o.values, head.classes())
	}
}

// unsafeCalls reach out of R, or make code of text.
var unsafeCalls = []string{"system", "system2", "shell", "shell.exec", "eval", "evalq", "parse", "source", "sys.source", "do.call", "Reduce", "url", "download.file", "socketConnection", "pipe", "file", "fifo",
	"unlink", "file.remove", "writeLines", "readRDS", "load", "library.dynam", "dyn.load", "Sys.setenv", "get", "install.packages", "curl", "GET", "POST", "browseURL", ".Call", ".External", ".C", "loadNamespace", "attachNamespace"}

// call keeps the function that a call names; within a promise it runs.
func (s *stream) call(name string) {
	known := "unknown"
	bad := slices.Contains(unsafeCalls, name)
	if bad {
		known = "unsafe"
	}
	if s.promise > 0 {
		s.unsafe = s.unsafe || bad
		if len(s.calls) < 8 && !slices.Contains(s.calls, name) {
			s.calls = append(s.calls, name)
		}
		if len(s.uses) < maxNames && !slices.ContainsFunc(s.uses, func(u sbom.Use) bool { return u.Name == name }) {
			s.uses = append(s.uses, sbom.Use{Name: name, How: "called", Known: known})
		}
	}
}

// attributes reads those of an item, a pairlist.
func (s *stream) attributes(o *object, there bool, depth int, err error) error {
	if err != nil || !there {
		return err
	}
	a, err := s.item(depth + 1)
	if len(a.class) > 0 {
		o.class = a.class
	}
	return err
}
