package xgboost

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

const maxDepth = 64

// readJSON reads a model by its tokens.
func readJSON(ctx context.Context, r io.Reader, s *summary) error {
	p := &jsonReader{ctx: ctx, dec: json.NewDecoder(bufio.NewReaderSize(r, 1<<16)), s: s}
	p.dec.UseNumber()
	err := p.value("", 0)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the model is not complete: its JSON ends in the middle")
	}
	return err
}

type jsonReader struct {
	ctx context.Context
	dec *json.Decoder
	s   *summary
	n   int
}

func (p *jsonReader) value(path string, depth int) error {
	if p.n++; p.n%4096 == 0 && p.ctx.Err() != nil {
		return p.ctx.Err()
	}
	if depth > maxDepth {
		return fmt.Errorf("the model is nested more than %d deep", maxDepth)
	}
	t, err := p.dec.Token()
	if err != nil {
		return err
	}
	switch t := t.(type) {
	case json.Delim:
		return p.members(t, path, depth)
	case string:
		p.s.take(path, t)
	case json.Number:
		p.s.take(path, t.String())
	}
	return nil
}

func (p *jsonReader) members(open json.Delim, path string, depth int) error {
	for p.dec.More() {
		at := path
		if open == '{' {
			key, err := p.dec.Token()
			if err != nil {
				return err
			}
			at = strings.TrimPrefix(path+"."+key.(string), ".")
			if len(at) > maxText {
				at = "?"
			}
		}
		if err := p.value(at, depth+1); err != nil {
			return err
		}
	}
	_, err := p.dec.Token()
	return err
}
