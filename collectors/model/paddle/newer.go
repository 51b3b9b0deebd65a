package paddle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on the newer form.
const (
	maxTokens = 64 << 20
	maxDepth  = 200
)

// newer reads the newer form: {"base_code": {"magic": "pir", ...}, "program": ...},
// in which an operator is an object with its name under "#": "1.conv2d", the digit a
// short form of its dialect.
func (m *model) newer(f *sbom.File) error {
	r, size, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	w := &walk{m: m, d: json.NewDecoder(io.NewSectionReader(r, 0, size))}
	err = w.value("", 0)
	if !m.found {
		return nil // a name that other files have too
	}
	if err != nil {
		return fmt.Errorf("the program is damaged: %w", err)
	}
	return nil
}

type walk struct {
	m      *model
	d      *json.Decoder
	tokens int
}

func (w *walk) token() (json.Token, error) {
	if w.tokens++; w.tokens > maxTokens {
		return nil, fmt.Errorf("it has more than %d values", maxTokens)
	}
	return w.d.Token()
}

// value reads a value that stands under a key.
func (w *walk) value(key string, depth int) error {
	if depth > maxDepth {
		return errors.New("it is nested too deeply")
	}
	t, err := w.token()
	if err != nil {
		return err
	}
	switch v := t.(type) {
	case string:
		w.m.text(key, v, w.d.InputOffset())
	case float64:
		if key == "version" && depth == 2 {
			w.m.version = int64(min(max(v, 0), 1<<50))
		}
	case json.Delim:
		for w.d.More() {
			if v == '{' {
				k, err := w.token()
				if err != nil {
					return err
				}
				key, _ = k.(string)
			}
			if depth == 0 && !w.m.found && key != "base_code" {
				return errors.New("it does not begin with its kind")
			}
			if err := w.value(key, depth+1); err != nil {
				return err
			}
		}
		_, err = w.token()
	}
	return err
}

// text takes a text of the program.
func (m *model) text(key, value string, at int64) {
	switch {
	case key == "magic" && value == "pir":
		m.found, m.newerForm = true, true
	case key == "#" && m.found && !strings.HasPrefix(value, "region_") && !strings.HasPrefix(value, "block_"):
		name := value[strings.LastIndexByte(value, '.')+1:]
		if m.operators[value] > 0 || len(m.operators) < maxOperators && len(value) <= 256 && m.hold(len(value)) {
			m.operators[value]++
		}
		m.reach(name, at)
	}
}
