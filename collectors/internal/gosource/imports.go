package gosource

import (
	"errors"
	"go/scanner"
	"go/token"
	"io"
	"io/fs"
	"strconv"
)

// spec is one import of a file.
type spec struct {
	path  string
	line  int
	blank bool
}

// head is what a file says before its declarations.
type head struct {
	pkg   string // of the package clause
	specs []spec
	cgo   bool // it imports "C"
}

// steps are the sizes at which reading a file pauses to see whether the imports
// are complete: most heads are short and most files are not.
func steps() [3]int { return [3]int{8 << 10, 64 << 10, maxHeader} }

var errLong = errors.New("its imports do not end within the first MiB")

// readHead reads a file as far as its imports go. The text is valid until buf is
// used again.
func readHead(fsys fs.FS, name string, buf *[]byte) (h head, text []byte, err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return head{}, nil, err
	}
	defer f.Close()
	n := 0
	for _, size := range steps() {
		if len(*buf) < size {
			*buf = append(*buf, make([]byte, size-len(*buf))...)
		}
		more, err := io.ReadFull(f, (*buf)[n:size])
		n += more
		whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !whole {
			return head{}, nil, err
		}
		text = (*buf)[:n]
		h, complete, err := parseHead(text, whole)
		if complete {
			return h, text, err
		}
	}
	return head{}, nil, errLong
}

// tokens reads tokens and notices when the text may go on.
type tokens struct {
	scan  scanner.Scanner
	file  *token.File
	size  int
	whole bool
	open  bool // the last token touches the end of a text that is not whole
}

func (t *tokens) next() (tok token.Token, lit string, line int) {
	pos, tok, lit := t.scan.Scan()
	at := t.file.Offset(pos)
	if tok == token.EOF || at+max(len(lit), 1) >= t.size {
		t.open = !t.whole
	}
	return tok, lit, t.file.Line(pos)
}

var errSyntax = errors.New("it does not begin as a Go file")

// parseHead reads the package clause and the imports; what follows is not
// looked at. complete is false where the text ended before them and is not whole.
func parseHead(text []byte, whole bool) (h head, complete bool, err error) {
	t := &tokens{size: len(text), whole: whole}
	t.file = token.NewFileSet().AddFile("", -1, len(text))
	t.scan.Init(t.file, text, func(token.Position, string) {}, 0)
	if tok, _, _ := t.next(); tok != token.PACKAGE {
		return h, !t.open, errSyntax
	}
	tok, lit, _ := t.next()
	if tok != token.IDENT {
		return h, !t.open, errSyntax
	}
	h.pkg = lit
	for !t.open {
		switch tok, _, _ := t.next(); tok {
		case token.SEMICOLON:
		case token.IMPORT:
			if !h.imports(t) {
				return h, !t.open, errSyntax
			}
		default:
			return h, !t.open, nil
		}
	}
	return h, false, nil
}

// imports reads one import declaration behind its keyword.
func (h *head) imports(t *tokens) bool {
	tok, lit, line := t.next()
	if tok != token.LPAREN {
		return h.spec(t, tok, lit, line)
	}
	for {
		switch tok, lit, line := t.next(); tok {
		case token.SEMICOLON:
		case token.RPAREN:
			return true
		default:
			if !h.spec(t, tok, lit, line) {
				return false
			}
		}
	}
}

func (h *head) spec(t *tokens, tok token.Token, lit string, line int) bool {
	blank := false
	if tok == token.IDENT || tok == token.PERIOD {
		blank = lit == "_"
		tok, lit, line = t.next()
	}
	path, err := strconv.Unquote(lit)
	if tok != token.STRING || err != nil || len(h.specs) >= maxImports {
		return false
	}
	if path == "C" {
		h.cgo = true
	} else {
		h.specs = append(h.specs, spec{path, line, blank})
	}
	return true
}
