package buildhook

import "github.com/mlbom/mlbom/collectors/internal/pysource"

// name gives the full name of what is meant: by the imports, by "__import__('os')"
// and getattr(), and by a name that is assigned another one.
func (s *scanner) name(e *pysource.Expr) string { return s.follow(e, 0) }

func (s *scanner) follow(e *pysource.Expr, depth int) string {
	if depth > maxFollow {
		return ""
	}
	switch e.Kind {
	case pysource.Identifier:
		if _, imported := s.module.Imported[e.Name]; imported || len(s.from[e.Name]) != 1 {
			return s.module.Qualified(e)
		}
		if v := s.from[e.Name][0]; v.Kind == pysource.Attribute || v.Kind == pysource.Identifier || v.Kind == pysource.Call && isLookup(v) {
			if full := s.follow(v, depth+1); full != "" {
				return full
			}
		}
	case pysource.Attribute:
		if base := s.follow(e.Parts[0], depth+1); base != "" {
			return base + "." + e.Name
		}
		return ""
	case pysource.Call:
		positional, _ := e.Args()
		switch called := e.Parts[0].Dotted(); {
		case !isLookup(e) || len(positional) == 0:
			return ""
		case called == "getattr":
			if len(positional) > 1 && positional[1].Kind == pysource.StringLiteral {
				return s.follow(positional[0], depth+1) + "." + positional[1].Name
			}
		case positional[0].Kind == pysource.StringLiteral:
			return positional[0].Name
		}
		return ""
	}
	return s.module.Qualified(e)
}

// isLookup tells a call that gives a module or a part of one by its name.
func isLookup(e *pysource.Expr) bool {
	name := e.Parts[0].Dotted()
	return name == "getattr" || name == "__import__" || name == "import_module" || name == "importlib.import_module"
}
