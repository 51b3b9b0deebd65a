package rdata

import (
	"errors"
	"fmt"
)

// environment reads one: locked, and four lists.
func (s *stream) environment(depth int) error {
	s.code["environments"]++
	if err := s.keep("", nil); err != nil {
		return err
	}
	if _, err := s.int(); err != nil {
		return err
	}
	s.env++
	defer func() { s.env-- }()
	for range 4 {
		if _, err := s.item(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// named reads the name of a package or a namespace.
func (s *stream) named(depth int) error {
	if n, err := s.int(); err != nil || n != 0 {
		return errors.Join(errors.New("the name of a package has names of its own"), err)
	}
	n, err := s.int()
	if err != nil {
		return err
	}
	name := ""
	for i := range n {
		x, err := s.item(depth + 1)
		if err != nil {
			return err
		}
		if i == 0 {
			name = x.name
		}
	}
	return s.keep(name, nil)
}

// vector reads the elements of a vector.
func (s *stream) vector(o *object, depth int) error {
	switch o.kind {
	case typePointer: // an address, which is not kept, and two items
		s.code["pointers"]++
		if err := s.keep("", nil); err != nil {
			return err
		}
		for range 2 {
			if _, err := s.item(depth + 1); err != nil {
				return err
			}
		}
		return nil
	case typeWeak:
		return s.keep("", nil)
	case typeS4:
		return nil
	}
	n, err := s.length()
	if err != nil {
		return err
	}
	switch o.kind {
	case typeLogical, typeInt:
		return s.skip(n, 4)
	case typeReal:
		return s.skip(n, 8)
	case typeComplex:
		return s.skip(n, 16)
	case typeRaw:
		return s.skip(n, 1)
	case typeExpr:
		s.code["expressions"]++
	case typeString, typeVector:
	default:
		return fmt.Errorf("an item of type %d is not known", o.kind)
	}
	for range n {
		x, err := s.item(depth + 1)
		if err != nil {
			return err
		}
		if o.kind == typeString && len(o.texts) < 16 {
			o.texts = append(o.texts, x.name)
		}
	}
	return nil
}

// altrep reads a vector in another representation: its class, its state, its
// attributes.
func (s *stream) altrep(depth int) (object, error) {
	var parts [3]object
	for i := range parts {
		var err error
		if parts[i], err = s.item(depth + 1); err != nil {
			return object{}, err
		}
	}
	return object{kind: typeVector, texts: parts[1].texts, class: parts[2].class}, nil
}

// bytecode reads compiled code: how many shared parts it has, then the code.
func (s *stream) bytecode(depth int) error {
	if n, err := s.int(); err != nil || n < 0 {
		return errors.Join(errors.New("the number of shared parts of byte code is wrong"), err)
	}
	return s.compiled(depth)
}

// compiled reads one piece of byte code: the instructions, and the constants.
func (s *stream) compiled(depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("byte code is nested more than %d deep", maxDepth)
	}
	if _, err := s.item(depth + 1); err != nil {
		return err
	}
	n, err := s.int()
	if err != nil {
		return err
	}
	for range n {
		kind, err := s.int()
		if err != nil {
			return err
		}
		switch kind {
		case typeBytecode:
			err = s.compiled(depth + 1)
		case typeCall, typeList, typeAttrCall, typeAttrList, 243, 244:
			err = s.language(kind, depth+1)
		default:
			_, err = s.item(depth + 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// language reads a call in byte code, where calls are shared by number: 244 begins
// one that others refer to, 243 refers to it.
func (s *stream) language(kind, depth int) error {
	if s.items++; depth > maxDepth || s.items > maxItems {
		return fmt.Errorf("byte code is nested more than %d deep", maxDepth)
	}
	if kind == 243 {
		_, err := s.int()
		return err
	}
	if kind == 244 {
		if _, err := s.int(); err != nil {
			return err
		}
		next, err := s.int()
		if err != nil {
			return err
		}
		kind = next
	}
	switch kind {
	case typeCall, typeList, typeAttrCall, typeAttrList:
	default:
		_, err := s.item(depth)
		return err
	}
	if kind == typeAttrCall || kind == typeAttrList {
		if _, err := s.item(depth + 1); err != nil {
			return err
		}
	}
	if _, err := s.item(depth + 1); err != nil { // the tag
		return err
	}
	for range 2 {
		next, err := s.int()
		if err != nil {
			return err
		}
		if err := s.language(next, depth+1); err != nil {
			return err
		}
	}
	return nil
}
